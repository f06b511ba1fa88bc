"""Receipts and bought entries: what they say, and their signed compact form.

Rules:
1. The sum is the sum of the lines; it is never told apart from them.
2. Of a card only the last four characters are told, of a person nothing.
3. A copy after the first says "duplicata", the demo's says so, and so does training mode.
4. What is written in a code is read back equal, or refused; every field has its bound.

The body of a receipt (kiosk.domain.packing): flags, kind, number, moment (seconds since 1970),
territory, kiosk, entry, last four, count of lines, then a label and signed cents for each.
The body of an entry ticket: 8 bytes of id, flags, moment, first and last day (days since 1970),
product, quantity, cents, kiosk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, IntFlag
from typing import TypeVar

from kiosk.domain.amounts import in_words
from kiosk.domain.errors import CodeForeign
from kiosk.domain.money import Money
from kiosk.domain.packing import Packer, Unpacker
from kiosk.domain.sealed import HEAD_BYTES, Kind, Signer, opened, sealed

TEXT_BYTES_MAX = 40  # a label, a number, a place's name, in UTF-8
LINES_MAX = 4
ENTRY_MAX = 10**9
TICKET_PAYLOAD_MAX = 64  # bytes without the signature: a QR code of version 8 holds it
TICKET_NAME_MAX, TICKET_PLACE_MAX = 20, 8  # bytes of the product's code and the kiosk's
TICKET_ID_BYTES = 8
QUANTITY_MAX = 100
_FOUR = re.compile(r"|[0-9A-Z]{4}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EPOCH, _FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1)
_MOMENT_MAX = datetime(2100, 1, 1, tzinfo=UTC)
Value = TypeVar("Value")


class ReceiptKind(IntEnum):
    """What was done."""

    TOPUP = 1
    PURCHASE = 2
    INVOICE = 3
    REFUND = 4
    CASH = 5  # taken by staff in a till session


class Mark(IntFlag):
    """What must be said loudly."""

    NONE = 0
    DUPLICATE = 1
    DEMO = 2
    TRAINING = 4


ALL_MARKS = Mark.DUPLICATE | Mark.DEMO | Mark.TRAINING


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line: what it is for, and its sum (negative: given back)."""

    label: str
    amount: Money

    def __post_init__(self) -> None:
        _check_text(self.label, "label", TEXT_BYTES_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt; ``at`` is aware, in UTC, to the second; ``entry`` the journal's sequence.

    ``last_four`` is "" where no card was used.
    """

    number: str
    kind: ReceiptKind
    lines: tuple[ReceiptLine, ...]
    territory: str
    kiosk: str
    at: datetime
    entry: int
    last_four: str = ""
    marks: Mark = Mark.NONE

    def __post_init__(self) -> None:
        for name in ("number", "territory", "kiosk"):
            _check_text(getattr(self, name), name, TEXT_BYTES_MAX)
        _check_moment(self.at)
        _check(0 < self.entry <= ENTRY_MAX, f"entry {self.entry}")
        _check(1 <= len(self.lines) <= LINES_MAX, f"{len(self.lines)} lines")
        _check(_FOUR.fullmatch(self.last_four) is not None, f"last four {self.last_four!r}")
        _check(self.marks | ALL_MARKS == ALL_MARKS, f"marks {self.marks!r}")

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        return Money(sum(line.amount.cents for line in self.lines))

    def total_in_words(self, language: str) -> str:
        """Give the sum in words, without its sign; raises AmountRefused above 1000 €."""
        return in_words(Money(abs(self.total.cents)), language)

    @property
    def duplicate(self) -> bool:
        """Whether a copy was given before."""
        return Mark.DUPLICATE in self.marks


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTicket:
    """A bought entry that a gate redeems once; its days are the territory's, both included."""

    id: bytes
    product: str
    quantity: int
    amount: Money
    first_day: date
    last_day: date
    kiosk: str
    at: datetime
    marks: Mark = Mark.NONE

    def __post_init__(self) -> None:
        _check(len(self.id) == TICKET_ID_BYTES, f"an id of {len(self.id)} bytes")
        _check_text(self.product, "product", TICKET_NAME_MAX)
        _check_text(self.kiosk, "kiosk", TICKET_PLACE_MAX)
        _check_moment(self.at)
        _check(1 <= self.quantity <= QUANTITY_MAX, f"{self.quantity} entries")
        _check(self.amount.cents >= 0, f"{self.amount.cents} cents")
        _check(self.marks | ALL_MARKS == ALL_MARKS, f"marks {self.marks!r}")
        days = (_FIRST_DAY, self.first_day, self.last_day, _MOMENT_MAX.date())
        _check(list(days) == sorted(days), f"from {self.first_day} to {self.last_day}")

    def valid_on(self, day: date) -> bool:
        """Say whether the entry may be used on ``day``."""
        return self.first_day <= day <= self.last_day


def receipt_code(receipt: Receipt, signer: Signer) -> str:
    """Give the signed code of a receipt."""
    return sealed(Kind.RECEIPT, _receipt_body(receipt), signer)


def read_receipt(code: str, keys: Mapping[bytes, bytes]) -> Receipt:
    """Verify and read a receipt's code; raises CodeForeign, CodeTampered."""
    return _read(code, keys, Kind.RECEIPT, _receipt_of)


def ticket_code(ticket: EntryTicket, signer: Signer) -> str:
    """Give the signed code of an entry."""
    body = _ticket_body(ticket)
    assert HEAD_BYTES + len(body) <= TICKET_PAYLOAD_MAX, "the bounds of the fields keep it small"
    return sealed(Kind.ENTRY, body, signer)


def read_ticket(code: str, keys: Mapping[bytes, bytes]) -> EntryTicket:
    """Verify and read an entry's code; raises CodeForeign, CodeTampered."""
    return _read(code, keys, Kind.ENTRY, _ticket_of)


def _read(
    code: str, keys: Mapping[bytes, bytes], kind: Kind, value_of: Callable[[Unpacker], Value]
) -> Value:
    found = opened(code, keys)
    if found.kind is not kind:
        raise CodeForeign(f"it is no {kind.name.lower()}")
    try:
        body = Unpacker(found.body)
        value = value_of(body)
        body.end()
    except ValueError as wrong:
        raise CodeForeign(str(wrong)) from wrong
    return value


def _receipt_body(receipt: Receipt) -> bytes:
    packer = Packer()
    packer.number(receipt.marks)
    packer.number(receipt.kind)
    packer.text(receipt.number)
    packer.number(_seconds(receipt.at))
    packer.text(receipt.territory)
    packer.text(receipt.kiosk)
    packer.number(receipt.entry)
    packer.text(receipt.last_four)
    packer.number(len(receipt.lines))
    for line in receipt.lines:
        packer.text(line.label)
        packer.signed(line.amount.cents)
    return bytes(packer.data)


def _receipt_of(body: Unpacker) -> Receipt:
    marks, kind = Mark(body.number()), ReceiptKind(body.number())
    return Receipt(
        marks=marks,
        kind=kind,
        number=body.text(TEXT_BYTES_MAX),
        at=_moment(body.number()),
        territory=body.text(TEXT_BYTES_MAX),
        kiosk=body.text(TEXT_BYTES_MAX),
        entry=body.number(),
        last_four=body.text(4),
        lines=tuple(_line(body) for _ in range(_few(body.number()))),
    )


def _line(body: Unpacker) -> ReceiptLine:
    return ReceiptLine(label=body.text(TEXT_BYTES_MAX), amount=Money(body.signed()))


def _few(count: int) -> int:
    _check(count <= LINES_MAX, f"{count} lines")
    return count


def _ticket_body(ticket: EntryTicket) -> bytes:
    packer = Packer()
    packer.raw(ticket.id)
    packer.number(ticket.marks)
    packer.number(_seconds(ticket.at))
    packer.number((ticket.first_day - _FIRST_DAY).days)
    packer.number((ticket.last_day - _FIRST_DAY).days)
    packer.text(ticket.product)
    packer.number(ticket.quantity)
    packer.number(ticket.amount.cents)
    packer.text(ticket.kiosk)
    return bytes(packer.data)


def _ticket_of(body: Unpacker) -> EntryTicket:
    return EntryTicket(
        id=body.raw(TICKET_ID_BYTES),
        marks=Mark(body.number()),
        at=_moment(body.number()),
        first_day=_day(body.number()),
        last_day=_day(body.number()),
        product=body.text(TICKET_NAME_MAX),
        quantity=body.number(),
        amount=Money(body.number()),
        kiosk=body.text(TICKET_PLACE_MAX),
    )


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())


def _moment(seconds: int) -> datetime:
    _check(seconds < _seconds(_MOMENT_MAX), f"moment {seconds}")
    return _EPOCH + timedelta(seconds=seconds)


def _day(days: int) -> date:
    _check(days < (_MOMENT_MAX - _EPOCH).days, f"day {days}")
    return _FIRST_DAY + timedelta(days=days)


def _check_moment(moment: datetime) -> None:
    whole = moment.tzinfo is not None and moment.utcoffset() == timedelta(0)
    _check(whole and moment.microsecond == 0, f"{moment} is no second of UTC")
    _check(_EPOCH <= moment < _MOMENT_MAX, f"{moment} is out of bounds")


def _check_text(text: str, name: str, bytes_max: int) -> None:
    size = len(text.encode(errors="replace"))
    _check(1 <= size <= bytes_max, f"{name} of {size} bytes, 1 to {bytes_max} are allowed")
    _check(not _CONTROL.search(text), f"{name} has control characters")
    _check(not re.search("[\ud800-\udfff]", text), f"{name} has half a character")


def _check(fine: bool, what: str) -> None:  # noqa: FBT001  # reads as an assertion
    """Raise ValueError when a bound is passed."""
    if not fine:
        raise ValueError(what)
