"""The card keys of the territories: made, imported, retired, and what a kiosk is given of them.

Rules:
1. A territory has one key for the names of cards (tags), for good, and up to SETS_MAX versions of
   masters: a card keeps its version until an authority that holds every key moves it on.
2. They lie in the database under ``hub-card.key``, a file of the hub's folder that no backup holds.
   A hub that has lost this file reads none of them: it is carried away like the root key.
3. A kiosk is given K1 (identify) and K2 (debit), and the key of the tags. What credits, grants or
   changes keys never leaves the hub.
4. No master is printed, logged or shown: the audit log has versions and editions.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec
from django.db import transaction
from msgspec import Meta

from cardreader.at_rest import unwrap_secret, wrap_secret
from cardreader.desfire.constants import KEY_LEN
from cardreader.keys import VERSION_MAX, KeySet
from cardreader.layout import Key
from kiosk.domain.errors import InputRefused
from kiosk.store.device_key import SEED_BYTES, make_private
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.cardkeys.models import CardKeys
from sync.hub.config import CARD_KEY
from sync.hub.here import Here
from sync.hub.keys import read_private
from sync.hub.territories.models import Territory
from sync.protocol.card_keys import SETS_MAX, Delivered, DeliveredSet
from sync.protocol.manifest import Strict

TAGS_BYTES: Final = 32
FILE_BYTES_MAX: Final = 10_000
_LABEL: Final = b"alveole hub card keys 1\x00"

Hex16: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{32}\Z")]
Hex32: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{64}\Z")]
Version: TypeAlias = Annotated[int, Meta(ge=1, le=VERSION_MAX)]


class Masters(Strict, frozen=True, kw_only=True):
    """One version's masters by the layout's names (hex): what an administrator imports."""

    version: Version
    master: Hex16
    identify: Hex16
    debit: Hex16
    refund: Hex16
    reload: Hex16
    services: Hex16
    proof: Hex16

    def __repr__(self) -> str:
        """Show the version alone."""
        return f"Masters(version={self.version})"

    def of(self, key: Key) -> bytes:
        """Give a key's master."""
        return bytes.fromhex(getattr(self, key.name.lower()))


class ImportFile(Masters, frozen=True, kw_only=True):
    """A file to import; ``tags`` (hex) where the cards' names were made with another key before."""

    tags: Hex32 | None = None


class _Kept(Strict, frozen=True, kw_only=True):
    """What is sealed."""

    tags: Hex32
    sets: tuple[Masters, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What may be told of a territory's card keys: edition 0 is none."""

    territory: str
    edition: int
    versions: tuple[int, ...]


def standing(hub: Here, territory: str) -> Standing:
    """Tell how a territory's keys stand; raises InputRefused when they can't be opened."""
    row = CardKeys.objects.filter(territory=territory).first()
    versions = () if row is None else tuple(one.version for one in _opened(hub, row).sets)
    edition = 0 if row is None else row.edition
    return Standing(territory=territory, edition=edition, versions=versions)


def edition_of(territory: str) -> int:
    """Give the edition in force, 0 for no keys."""
    found = CardKeys.objects.filter(territory=territory).values_list("edition", flat=True).first()
    return found or 0


def add_version(hub: Here, territory: str, by: User | None = None) -> Standing:
    """Make the first version of a territory's keys, or its next one.

    Raises InputRefused: no such territory, SETS_MAX versions, no further number.
    """
    made = {key.name.lower(): os.urandom(KEY_LEN).hex() for key in Key}
    with transaction.atomic():
        kept = _locked(hub, territory)
        version = 1 if kept is None else max(one.version for one in kept.sets) + 1
        if version > VERSION_MAX:
            raise InputRefused(f"versions end at {VERSION_MAX}", where=territory)
        tags = os.urandom(TAGS_BYTES).hex() if kept is None else kept.tags
        new = msgspec.convert({"version": version, **made}, Masters)
        sets = (*(() if kept is None else kept.sets), new)
        return _kept(hub, territory, _Kept(tags=tags, sets=sets), ("cardkeys.made", version, by))


def import_version(hub: Here, territory: str, file: Path, by: User | None = None) -> Standing:
    """Take the masters of cards that are issued elsewhere; whoever gives them deletes the file.

    Raises InputRefused: no such territory, a file that others may read or that holds no masters, a
    version that is here, another key of the tags, SETS_MAX versions.
    """
    given = _read(file)
    with transaction.atomic():
        kept = _locked(hub, territory)
        held = () if kept is None else kept.sets
        if given.version in {one.version for one in held}:
            raise InputRefused(f"version {given.version} is here already", where=file.name)
        if kept is not None and given.tags not in (None, kept.tags):
            raise InputRefused("the tags have another key already", where=file.name)
        tags = given.tags or (os.urandom(TAGS_BYTES).hex() if kept is None else kept.tags)
        fields = {name: getattr(given, name) for name in Masters.__struct_fields__}
        new = msgspec.convert(fields, Masters)
        return _kept(
            hub,
            territory,
            _Kept(tags=tags, sets=(*held, new)),
            ("cardkeys.imported", new.version, by),
        )


def retire_version(hub: Here, territory: str, version: int, by: User | None = None) -> Standing:
    """Forget a version that no card has any more; raises InputRefused for an absent or last one."""
    with transaction.atomic():
        kept = _locked(hub, territory)
        sets = () if kept is None else tuple(one for one in kept.sets if one.version != version)
        if kept is None or len(sets) == len(kept.sets):
            raise InputRefused(f"no version {version} is here", where=territory)
        if not sets:
            raise InputRefused("the last version stays", where=territory, todo="make one first")
        after = _Kept(tags=kept.tags, sets=sets)
        return _kept(hub, territory, after, ("cardkeys.retired", version, by))


def key_sets(hub: Here, territory: str) -> Sequence[KeySet]:
    """Give every master, for an authority of this process; raises InputRefused without any."""
    row = CardKeys.objects.filter(territory=territory).first()
    if row is None:
        raise InputRefused("no card keys are here", where=territory)
    return [
        KeySet(version=one.version, masters={key: one.of(key) for key in Key})
        for one in _opened(hub, row).sets
    ]


def tags_of(hub: Here, territory: str) -> bytes:
    """Give the key of a territory's card tags; raises InputRefused without any."""
    row = CardKeys.objects.filter(territory=territory).first()
    if row is None:
        raise InputRefused("no card keys are here", where=territory)
    return bytes.fromhex(_opened(hub, row).tags)


def delivered_to(hub: Here, territory: str, kiosk: str) -> Delivered | None:
    """Give what a kiosk may hold (rule 3), None while the territory has no keys."""
    row = CardKeys.objects.filter(territory=territory).first()
    if row is None:
        return None
    kept = _opened(hub, row)
    sets = tuple(
        DeliveredSet(version=one.version, identify=one.of(Key.IDENTIFY), debit=one.of(Key.DEBIT))
        for one in kept.sets
    )
    tags = bytes.fromhex(kept.tags)
    return Delivered(edition=row.edition, territory=territory, kiosk=kiosk, tags=tags, sets=sets)


def _locked(hub: Here, territory: str) -> _Kept | None:
    if Territory.objects.select_for_update().filter(slug=territory).first() is None:
        raise InputRefused("no such territory", where=territory)
    row = CardKeys.objects.filter(territory=territory).first()
    return None if row is None else _opened(hub, row)


def _kept(hub: Here, territory: str, kept: _Kept, act: tuple[str, int, User | None]) -> Standing:
    """Seal and keep, with the next edition, and note it; raises InputRefused past SETS_MAX."""
    done, version, by = act
    if len(kept.sets) > SETS_MAX:
        raise InputRefused(f"{SETS_MAX} versions at most", where=territory, todo="retire one")
    edition = edition_of(territory) + 1
    plain = msgspec.json.encode(kept)
    sealed = wrap_secret(plain, _wrapping_key(hub, make=True), _label(territory))
    CardKeys.objects.update_or_create(
        territory_id=territory,
        defaults={"edition": edition, "sealed": sealed, "changed_at": hub.clock.now()},
    )
    details = {"version": version, "edition": edition}
    note(hub, by, (done, territory), str(version), details)
    versions = tuple(one.version for one in kept.sets)
    return Standing(territory=territory, edition=edition, versions=versions)


def _opened(hub: Here, row: CardKeys) -> _Kept:
    plain = unwrap_secret(bytes(row.sealed), _wrapping_key(hub), _label(row.territory_id))
    return msgspec.json.decode(plain, type=_Kept)


def _wrapping_key(hub: Here, *, make: bool = False) -> bytes:
    """Read the key under which all lies; the first keys of a hub make it.

    Raises InputRefused: where sealed keys are, it must be brought back, never made anew.
    """
    file = hub.config.data / CARD_KEY
    if make and not file.exists() and not CardKeys.objects.exists():
        make_private(file, os.urandom(SEED_BYTES))
    if not file.exists():
        todo = "bring it back from where it was carried to"
        raise InputRefused("the key of the card keys isn't there", where=CARD_KEY, todo=todo)
    return read_private(file)


def _label(territory: str) -> bytes:
    return _LABEL + territory.encode()


def _read(file: Path) -> ImportFile:
    data = read_private(file)
    if len(data) > FILE_BYTES_MAX:
        raise InputRefused(f"more than {FILE_BYTES_MAX} bytes", where=file.name)
    try:
        return msgspec.json.decode(data, type=ImportFile)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # the decoder's words could quote what stands there
        raise InputRefused("not a version's masters", where=file.name) from None
