"""Cards made and kept by staff: personalisation, and the move to newer keys.

Rules:

1. A card is personalised through an authority that holds every key (test, the hub's relay).
2. The master key is moved last: while it is the factory's, the card isn't issued, and the next
   try begins anew.
3. The number is written before its file becomes read-only for good.
4. Keys may stand at different versions when a card is pulled away between two of them: the next
   move goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardreader.apdu import NativeCard
from cardreader.authority import CardAuthority
from cardreader.desfire.commands import PICC, DesfireCard
from cardreader.desfire.constants import Access, KeySettings
from cardreader.keys import FACTORY_VERSION
from cardreader.layout import (
    ACCESS,
    AID,
    CARD_KEYS,
    ENTITLEMENTS,
    ENTITLEMENTS_LEN,
    ENTRIES,
    ENTRIES_UPPER,
    IDENTITY,
    IDENTITY_LEN,
    LAST_LOAD,
    LAST_LOAD_LEN,
    LOG,
    PURSE,
    PURSE_UPPER,
    RECORD_LEN,
    RECORDS,
    STATUS,
    STATUS_LEN,
    Identity,
    Key,
    Record,
    Slot,
    Standing,
    pack_slots,
)
from cardreader.opened import OpenCard
from cardreader.transport import Transport
from kiosk.domain.errors import CardForeign

# Keys are changed with the master key, and files listed or made with it only.
APPLICATION_SETTINGS = KeySettings.MASTER_CHANGEABLE | KeySettings.SETTINGS_CHANGEABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """What a card is issued with; money comes later, by numbered loads."""

    identity: Identity
    standing: Standing
    at: datetime
    slots: tuple[Slot | None, ...] = ()
    opening_cents: int = 0
    opening_entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Fill a new application: files, contents, keys."""

    new: NewCard
    uid: bytes | None = None

    def perform(self, card: OpenCard) -> bytes:
        """Give the UID of the card; raises CardTampered when it isn't new, KeyAbsent."""
        master = card.use(Key.MASTER, version=FACTORY_VERSION)
        self._create_files(master)
        self._write(master)
        log = card.use(Key.RELOAD, version=FACTORY_VERSION)
        log.write_record(LOG, self._first_record().pack())
        log.commit_silently()
        card.use(Key.MASTER, version=FACTORY_VERSION)
        card.create_proof_file()
        _move_keys(card)
        return card.uid

    def _create_files(self, master: DesfireCard) -> None:
        open_identity = Access(
            read=Key.IDENTIFY, write=Key.MASTER, read_write=Key.MASTER, change=Key.MASTER
        )
        master.create_data_file(IDENTITY, open_identity, IDENTITY_LEN, backup=False)
        for file, size in (
            (STATUS, STATUS_LEN),
            (ENTITLEMENTS, ENTITLEMENTS_LEN),
            (LAST_LOAD, LAST_LOAD_LEN),
        ):
            master.create_data_file(file, ACCESS[file], size, backup=True)
        cents, entries = self.new.opening_cents, self.new.opening_entries
        master.create_value_file(PURSE, ACCESS[PURSE], upper=PURSE_UPPER, value=cents)
        master.create_value_file(ENTRIES, ACCESS[ENTRIES], upper=ENTRIES_UPPER, value=entries)
        master.create_cyclic_file(LOG, ACCESS[LOG], size=RECORD_LEN, records=RECORDS)

    def _write(self, master: DesfireCard) -> None:
        master.write_data(IDENTITY, self.new.identity.pack())
        master.change_access(IDENTITY, ACCESS[IDENTITY])
        master.write_data(STATUS, self.new.standing.pack())
        master.write_data(ENTITLEMENTS, pack_slots(self.new.slots))
        master.commit_silently()

    def _first_record(self) -> Record:
        return Record(
            seq=0,
            kind=None,
            file=PURSE,
            amount=self.new.opening_cents,
            balance_after=self.new.opening_cents,
            at=self.new.at,
            transaction_id="",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveKeys:
    """Move a card to the newest key version (a stolen kiosk leaks its debit keys)."""

    uid: bytes | None = None

    def perform(self, card: OpenCard) -> int:
        """Give how many keys were moved; raises KeyAbsent, CardTampered, CardPulled."""
        card.use(Key.MASTER)
        return _move_keys(card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrap:
    """Delete an application whose master key is still the factory's."""

    uid: bytes | None = None

    def perform(self, card: OpenCard) -> None:
        """Delete it; raises CardTampered when the card refuses."""
        card.use(Key.MASTER, version=FACTORY_VERSION).delete_own_application(AID)


def personalise(transport: Transport, authority: CardAuthority, new: NewCard) -> bytes:
    """Make a purse card of a blank one and give its UID.

    The card must let anybody create an application, as blank ones do. What an earlier try left
    half made is deleted first. Raises CardForeign (no blank card), CardTampered, KeyAbsent,
    CardPulled (lay it again).
    """
    card = DesfireCard(NativeCard(transport))
    if _begun(card):
        authority.run(transport, Scrap())
    card.select(PICC)
    card.create_application(AID, settings=APPLICATION_SETTINGS, keys=len(CARD_KEYS))
    return authority.run(transport, Issue(new=new))


def _begun(card: DesfireCard) -> bool:
    """Say whether the application is there, half made; raises CardForeign on an issued card."""
    card.select(PICC)
    try:
        card.select(AID)
    except CardForeign:
        return False
    if card.key_version(Key.MASTER) != FACTORY_VERSION:
        raise CardForeign("not a blank card: it is issued already")
    return True


def _move_keys(card: OpenCard) -> int:
    return sum(card.move_key(key) for key in (*CARD_KEYS[1:], CARD_KEYS[0]))
