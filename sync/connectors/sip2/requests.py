"""Writes the requests that a kiosk sends to a library system (3M SIP 2.00, chapter 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sync.connectors.sip2.messages import build, date_text

VERSION = "2.00"
LANGUAGES = {"fr": "002", "en": "001", "de": "003", "it": "004", "nl": "005", "es": "008"}
_NO_DATE = " " * 18

Detail = Literal["holds", "overdue", "charged", "fines", "recalls", "unavailable_holds", ""]
_DETAILS: tuple[Detail, ...] = (
    "holds", "overdue", "charged", "fines", "recalls", "unavailable_holds",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The terminal: the library's institution id, and the terminal's password if it has one."""

    institution: str
    terminal_password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The person: barcode of the card, and PIN. Held for one session only, never logged."""

    barcode: str
    pin: str = ""


def login(user: str, password: str, location: str, sequence: int | None = None) -> bytes:
    """Write message 93, in clear (algorithm 0): the transport must be encrypted."""
    fixed = {"uid_algorithm": "0", "pwd_algorithm": "0"}
    return build("93", fixed, [("CN", user), ("CO", password), ("CP", location)], sequence)


def status(sequence: int | None = None) -> bytes:
    """Write message 99: the terminal is well, and speaks version 2.00."""
    return build("99", {"status": "0", "print_width": "080", "version": VERSION}, [], sequence)


def patron_information(
    desk: Desk,
    reader: Reader,
    at: datetime,
    *,
    detail: Detail = "charged",
    language: str = "fr",
    sequence: int | None = None,
) -> bytes:
    """Write message 63; only one list may be asked for at a time. ``at`` is local time."""
    summary = "".join("Y" if detail == name else " " for name in _DETAILS).ljust(10)
    fixed = {
        "language": LANGUAGES.get(language, "000"),
        "date": date_text(at),
        "summary": summary,
    }
    return build("63", fixed, _who(desk, reader), sequence)


def renew(
    desk: Desk, reader: Reader, item: str, at: datetime, sequence: int | None = None
) -> bytes:
    """Write message 29 for one item, by its barcode; no fee is accepted in the reader's name."""
    fixed = {"third_party": "N", "no_block": "N", "date": date_text(at), "due_date": _NO_DATE}
    fields = [*_who(desk, reader), ("AB", item), ("BO", "N")]
    return build("29", fixed, fields, sequence)


def item_information(desk: Desk, item: str, at: datetime, sequence: int | None = None) -> bytes:
    """Write message 17 for one item, by its barcode."""
    fields = [("AO", desk.institution), ("AB", item), ("AC", desk.terminal_password)]
    return build("17", {"date": date_text(at)}, fields, sequence)


def renew_all(desk: Desk, reader: Reader, at: datetime, sequence: int | None = None) -> bytes:
    """Write message 65; no fee is accepted in the reader's name."""
    fields = [*_who(desk, reader), ("BO", "N")]
    return build("65", {"date": date_text(at)}, fields, sequence)


def end_session(desk: Desk, reader: Reader, at: datetime, sequence: int | None = None) -> bytes:
    """Write message 35: the reader has left."""
    return build("35", {"date": date_text(at)}, _who(desk, reader), sequence)


def resend() -> bytes:
    """Write message 97, which never bears a sequence: the last answer was damaged."""
    return build("97", {}, [])


def _who(desk: Desk, reader: Reader) -> list[tuple[str, str]]:
    return [
        ("AO", desk.institution),
        ("AA", reader.barcode),
        ("AC", desk.terminal_password),
        ("AD", reader.pin),
    ]
