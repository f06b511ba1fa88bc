"""Other things that people lay on a reader: a bank card, a phone, a badge. All invented.

None of them holds more than what a stranger may see: an answer to reset and a UID.
"""

from __future__ import annotations

from dataclasses import dataclass

from cardreader.transport import GET_UID

READ_BINARY = bytes.fromhex("FFB000")  # the reader's own command: page, length
PAGE_LEN = 4
SELECT = bytes.fromhex("00A4")
OK, NOT_FOUND, NO_INS, NO_CLA = b"\x90\x00", b"\x6a\x82", b"\x6d\x00", b"\x6e\x00"
NO_FUNCTION, WRONG_LENGTH = b"\x6a\x81", b"\x67\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A contactless chip that isn't ours (vpcd.Picc): it knows no application of us."""

    label: str
    atr: bytes
    uid: bytes

    def power_on(self) -> None:
        """Nothing is kept."""

    def power_off(self) -> None:
        """Nothing is lost."""

    def answer(self, apdu: bytes) -> bytes | None:
        """Give the UID; find no application; understand nothing else."""
        if apdu == GET_UID:
            return self.uid + OK
        if apdu.startswith(SELECT):
            return NOT_FOUND
        return NO_INS if apdu[:1] == b"\x00" else NO_CLA


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A memory badge (vpcd.Picc), NTAG-like: a UID, and pages that may hold an NDEF text."""

    uid: bytes
    pages: bytes = b""
    label: str = "badge"

    @property
    def atr(self) -> bytes:
        """What a reader composes for an Ultralight or NTAG (PC/SC part 3)."""
        return bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")

    def power_on(self) -> None:
        """Nothing is kept."""

    def power_off(self) -> None:
        """Nothing is lost."""

    def answer(self, apdu: bytes) -> bytes | None:
        """Give the UID and the pages, by the reader's own commands only."""
        if apdu == GET_UID:
            return self.uid + OK
        if not apdu.startswith(READ_BINARY):
            return NO_FUNCTION
        if len(apdu) != len(READ_BINARY) + 2:
            return WRONG_LENGTH
        start, length = apdu[3] * PAGE_LEN, apdu[4]
        found = self.pages[start : start + length]
        return found + OK if length and len(found) == length else NOT_FOUND


def bank_card() -> Stranger:
    """Give a bank card; nothing of it is ever read."""
    return Stranger(
        label="carte bancaire",
        atr=bytes.fromhex("3B8480018031806551"),
        uid=bytes.fromhex("3A5B7C01"),
    )


def phone() -> Stranger:
    """Give a phone: its UID is random, and begins with 08."""
    return Stranger(
        label="téléphone", atr=bytes.fromhex("3B80800101"), uid=bytes.fromhex("08D1E2F3")
    )


def staff_badge() -> Badge:
    """Give the badge of the demonstration's member of staff."""
    return Badge(uid=bytes.fromhex("04A6E17BAD6E01"), label="badge")


def second_badge() -> Badge:
    """Give the badge of a second member of staff, for what needs two people."""
    return Badge(uid=bytes.fromhex("04C8F27BAD6E02"), label="badge")


def library_badge() -> Badge:
    """Give a badge that has a UID only."""
    return Badge(uid=bytes.fromhex("04A1B2C3D4E5F6"))
