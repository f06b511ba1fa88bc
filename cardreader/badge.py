"""Badge cards: any card with a fixed UID or an NDEF text. They hold no value (CARD.md).

A UID is an identifier, never a proof: whoever copies it is the badge. Commands: PC/SC part 3
(GET DATA, READ BINARY of a storage card), NFC Forum Type 4 Tag 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cardreader import ndef
from cardreader.transport import DONE, GET_UID, Transport, data_of
from kiosk.domain.errors import CardForeign
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Load, Prepared, Spend, Written

SELECT_NDEF = bytes.fromhex("00A4040007D276000085010100")
SELECT_CONTAINER = bytes.fromhex("00A4000C02E103")
READ_CONTAINER = bytes.fromhex("00B000000F")
UID_LENGTHS = (4, 7, 10)  # ISO 14443-3
RANDOM_UID = 0x08  # first byte of a 4-byte UID that changes at every tap (ISO 14443-3): phones
PAGE_CONTAINER, PAGE_DATA, PAGES_A_READ, PAGE_LEN = 3, 4, 4, 4
BYTES_MAX = 512  # of an NDEF message; a badge's number is short
READ_MAX = 0xF0  # bytes of one READ BINARY
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeIdentity:
    """What a badge says it is: its UID, and the text of its NDEF message ("" without one)."""

    uid: bytes
    text: str = ""

    @property
    def number(self) -> str:
        """The text where it is a number (4 to 32 letters, digits, hyphens), else the UID in hex."""
        return self.text if NUMBER.fullmatch(self.text) else self.uid.hex().upper()


def read_uid(transport: Transport) -> bytes:
    """Read the UID; raises CardForeign when there is none that stays the same, CardPulled."""
    uid = data_of(transport, GET_UID)
    if len(uid) not in UID_LENGTHS or (len(uid) == 4 and uid[0] == RANDOM_UID):
        raise CardForeign("no UID that stays the same")
    return uid


def read_tag2(transport: Transport) -> str:
    """Read the text of a Type 2 tag (NTAG, Ultralight), "" without one; raises CardPulled."""
    room = min(ndef.tag2_size(_pages(transport, PAGE_CONTAINER)), BYTES_MAX)
    data = b""
    for page in range(PAGE_DATA, PAGE_DATA + room // PAGE_LEN, PAGES_A_READ):
        piece = _pages(transport, page)
        data += piece
        if len(piece) < PAGES_A_READ * PAGE_LEN or ndef.tag2_message(data) is not None:
            break
    return ndef.text_of(ndef.tag2_message(data))


def read_tag4(transport: Transport) -> str | None:
    """Read the text of a Type 4 tag, None when it is no such tag; raises CardPulled."""
    if not transport.transmit(SELECT_NDEF).endswith(DONE):
        return None
    if not transport.transmit(SELECT_CONTAINER).endswith(DONE):
        return ""
    file = ndef.tag4_file(data_of(transport, READ_CONTAINER))
    if file is None or not transport.transmit(_select(file.id)).endswith(DONE):
        return ""
    length = int.from_bytes(_binary(transport, 0, 2), "big")
    end, message = min(length, file.size, BYTES_MAX) + 2, b""
    step = min(file.read_max, READ_MAX)
    for at in range(2, end, step):
        wanted = min(step, end - at)
        piece = _binary(transport, at, wanted)
        message += piece
        if len(piece) != wanted:
            return ""
    return ndef.text_of(message)


class BadgeSession:
    """ports.CardSession of a badge that lies on the reader; its face is read once."""

    def __init__(self, read: Callable[[], BadgeIdentity]) -> None:
        self._read = read
        self._identity: BadgeIdentity | None = None

    def read(self) -> CardFace:
        """Read the identity; raises CardForeign, CardPulled."""
        identity = self._identity = self._identity or self._read()
        return CardFace(
            number=identity.number,
            kind="badge",
            balance=Money(0),
            last_load=0,
            sequence=0,
            books=(),
            entitlements=(),
            log=(),
        )

    def glance(self) -> CardFace:
        """Read the identity, which is all there is; raises CardForeign, CardPulled."""
        return self.read()

    def write_load(self, load: Load) -> CardFace:
        """Refuse: a badge holds no value; raises CardForeign."""
        raise CardForeign(f"load {load.number}: a badge holds no value")

    def spend(
        self,
        spend: Spend,
        prepared: Callable[[Prepared], None],  # noqa: ARG002  # the port's
    ) -> Written:
        """Refuse: a badge holds no value; raises CardForeign."""
        raise CardForeign(f"{spend.kind}: a badge holds no value")


def _pages(transport: Transport, page: int) -> bytes:
    return data_of(transport, bytes((0xFF, 0xB0, 0, page, PAGES_A_READ * PAGE_LEN)))


def _binary(transport: Transport, at: int, length: int) -> bytes:
    return data_of(transport, bytes((0x00, 0xB0, *at.to_bytes(2, "big"), length)))


def _select(file: bytes) -> bytes:
    return bytes((0x00, 0xA4, 0x00, 0x0C, len(file))) + file
