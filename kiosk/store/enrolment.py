"""What this kiosk is at its hub: two small files of mode 0600 in the data folder.

``enrolment.json``
    A request that waits (its device code is a secret), or, once it was let in, the kiosk's id and
    the keys of the hub that are believed from then on. Written by ``alveole sync enrol``.
``licence.json``
    The last licence, with the hub's key that has signed it, and when the hub shut the kiosk out.
    Written by the sync process, read wherever money begins.

Rules:
1. Each is written whole and durably, or not at all.
2. One that can't be read is as if it weren't there: a kiosk without a licence that holds sells
   nothing; one without an enrolment asks again, and a hub answers a key that it has let in at once.
3. sync.db may be lost: what it knew of the hub's keys begins again from here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.errors import CodeForeign, CodeTampered
from kiosk.domain.standing import Standing
from kiosk.store.private_file import read_private_file, write_private_file
from sync.licence import Licence, open_licence

FILE, LICENCE_FILE = "enrolment.json", "licence.json"
BYTES_MAX = 20_000

Hex: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Aware: TypeAlias = Annotated[datetime, Meta(tz=True)]


class Waiting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="waiting"):
    """A request that waits for people: ``page`` is what the QR leads to, with the code in it."""

    hub: str
    territory: str
    name: str
    device_code: str
    user_code: str
    page: str
    expires_at: Aware
    interval_s: int


class LetIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="let_in"):
    """A kiosk that was let in: its id, and the keys of its hub (hex) with their epoch."""

    hub: str
    territory: str
    name: str
    kiosk: str
    root: Hex
    key: Hex
    epoch: int


class LicenceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What licence.json holds; ``key`` is the hub's that signed ``text``."""

    text: str
    key: Hex
    revoked_at: Aware | None = None


_ENROLMENT: msgspec.json.Decoder[Waiting | LetIn] = msgspec.json.Decoder(Waiting | LetIn)
_LICENCE = msgspec.json.Decoder(LicenceFile)


class EnrolmentStore:
    """Both files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self) -> Waiting | LetIn | None:
        """Give how the enrolment stands, None before the first request."""
        return read_private_file(self._folder / FILE, _ENROLMENT, bytes_max=BYTES_MAX)

    def let_in(self) -> LetIn | None:
        """Give what this kiosk is at its hub, None before it was let in."""
        known = self.known()
        return known if isinstance(known, LetIn) else None

    def keep(self, state: Waiting | LetIn) -> None:
        """Keep how the enrolment stands; raises DataAbsent."""
        write_private_file(self._folder / FILE, msgspec.json.encode(state))

    def licence(self) -> LicenceFile | None:
        """Give the last licence, not verified."""
        file = self._folder / LICENCE_FILE
        return read_private_file(file, _LICENCE, bytes_max=BYTES_MAX)

    def keep_licence(self, text: str, key: bytes) -> None:
        """Keep a licence that was verified; a kiosk that was shut out stays so. DataAbsent."""
        before = self.licence()
        revoked_at = None if before is None else before.revoked_at
        new = LicenceFile(text=text, key=key.hex(), revoked_at=revoked_at)
        if new != before:
            write_private_file(self._folder / LICENCE_FILE, msgspec.json.encode(new))

    def first_licence(self, text: str, key: bytes) -> None:
        """Keep the licence of a new enrolment: what an older one was is over. DataAbsent."""
        new = LicenceFile(text=text, key=key.hex())
        write_private_file(self._folder / LICENCE_FILE, msgspec.json.encode(new))

    def revoke(self, at: datetime) -> None:
        """Keep that the hub has shut this kiosk out; raises DataAbsent."""
        before = self.licence() or LicenceFile(text="", key="0" * 64)
        if before.revoked_at is None:
            after = msgspec.structs.replace(before, revoked_at=at)
            write_private_file(self._folder / LICENCE_FILE, msgspec.json.encode(after))

    def standing(self) -> Standing | None:
        """Give what this kiosk may, None when no hub has let it in."""
        let_in = self.let_in()
        if let_in is None:
            return None
        file = self.licence()
        if file is None:
            return Standing()
        licence = _opened(file)
        if licence is None or licence.kiosk != let_in.kiosk or licence.key != self._own_key():
            return Standing(revoked=file.revoked_at is not None)
        until = datetime.fromtimestamp(licence.until, UTC)
        return Standing(until=until, revoked=file.revoked_at is not None)

    def _own_key(self) -> str:
        from kiosk.store.device_key import DeviceKey

        return DeviceKey(self._folder).public_key.hex()


def _opened(file: LicenceFile) -> Licence | None:
    try:
        return open_licence(file.text, bytes.fromhex(file.key))
    except (CodeForeign, CodeTampered):
        return None
