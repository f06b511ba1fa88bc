"""Reads the bank's reports, CSV, into the lines that the journal is compared with (pure).

Rules:

1. ``stripe`` is the report balance_change_from_activity.itemized (Stripe, "Report types") with the
   column ``payment_metadata[topup]``: sums in euros with a point, moments in UTC. A payment is all
   lines of one intent: charges and their reversals are what was taken, refunds and disputes what
   was given back; payouts and fees concern no payment.
2. ``payfip`` is a semicolon-separated list whose columns bear the names of the web service's own
   result (``refdet``, ``montant`` in cents, ``dattrans`` ddmmyyyy, ``heurtrans`` hhmm,
   ``resultrans``): the State publishes no layout of its lists, so other columns are ignored.
3. A file is read whole or refused with its line: unknown words are never guessed.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.money import CENTS_MAX
from kiosk.domain.payment import PaymentStatus
from payments.reconcile import BankLine

BYTES_MAX = 50_000_000
LINES_MAX = 200_000
FIELD_MAX = 2000  # characters of one cell
COLUMNS_MAX = 200
_PARIS = ZoneInfo("Europe/Paris")  # in which PayFiP tells its moments

_TOPUP, _INTENT = "payment_metadata[topup]", "payment_intent_id"
_STRIPE = ("created_utc", "currency", "gross", "reporting_category", _INTENT, _TOPUP)
_TAKEN = frozenset({"charge", "charge_failure", "partial_capture_reversal"})
_GIVEN_BACK = frozenset({"refund", "refund_failure", "dispute", "dispute_reversal"})
_PAYFIP = ("refdet", "montant", "dattrans", "heurtrans", "resultrans")
_PAYFIP_RESULTS: Mapping[str, PaymentStatus] = {
    "P": PaymentStatus.SUCCEEDED,
    "V": PaymentStatus.SUCCEEDED,
    "R": PaymentStatus.CANCELED,
    "Z": PaymentStatus.CANCELED,
    "A": PaymentStatus.CANCELED,
}

Row = Mapping[str, str]


def reference(topup: str) -> str:
    """Give a top-up's reference for PayFiP: 24 capitals and digits, the same for the same one."""
    return base64.b32encode(hashlib.sha256(topup.encode()).digest()[:15]).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a report is written: its separator, the columns it must have, what reads its rows."""

    separator: str
    columns: Sequence[str]
    read: Callable[[Iterator[tuple[int, Row]]], tuple[BankLine, ...]]


def read_report(content: bytes, form: str) -> tuple[BankLine, ...]:
    """Give a report's payments; ``topup`` of a PayFiP line is its reference.

    ``form`` is a key of LAYOUTS. Raises InputRefused, with the line where there is one.
    """
    layout = LAYOUTS[form]
    if len(content) > BYTES_MAX:
        raise InputRefused(f"more than {BYTES_MAX} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputRefused(f"not UTF-8 at byte {wrong.start}") from wrong
    return layout.read(_rows(text, layout))


def _rows(text: str, layout: Layout) -> Iterator[tuple[int, Row]]:
    """Give each row with its line, its cells by their column."""
    lines = csv.reader(text.splitlines(keepends=True), delimiter=layout.separator, strict=True)
    try:
        header = next(lines, list[str]())
        lacking = [name for name in layout.columns if header.count(name) != 1]
        if lacking or len(header) > COLUMNS_MAX:
            raise InputRefused(f"columns that must be there once: {', '.join(layout.columns)}")
        for cells in islice(lines, LINES_MAX + 1):
            if lines.line_num > LINES_MAX:
                raise InputRefused(f"more than {LINES_MAX} lines")
            if len(cells) != len(header) or any(len(cell) > FIELD_MAX for cell in cells):
                raise InputRefused("a row unlike its header", where=f"line {lines.line_num}")
            yield lines.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as wrong:
        raise InputRefused(f"not CSV: {wrong}", where=f"line {lines.line_num}") from wrong


def _stripe(rows: Iterator[tuple[int, Row]]) -> tuple[BankLine, ...]:
    payments: dict[str, BankLine] = {}
    for number, row in rows:
        category, payment = row["reporting_category"], row[_INTENT]
        if category not in _TAKEN | _GIVEN_BACK:
            continue
        if row["currency"].lower() != "eur" or not payment:
            raise InputRefused("not euro, or without its payment", where=f"line {number}")
        cents = _euros(row["gross"], number)
        before = payments.get(payment) or BankLine(
            payment=payment,
            topup=row[_TOPUP],
            status=PaymentStatus.SUCCEEDED,
            amount_cents=0,
            at=_moment(row["created_utc"], "%Y-%m-%d %H:%M:%S", number).replace(tzinfo=UTC),
        )
        taken, back = (cents, 0) if category in _TAKEN else (0, -cents)
        payments[payment] = replace(
            before,
            topup=before.topup or row[_TOPUP],
            amount_cents=before.amount_cents + taken,
            refunded_cents=before.refunded_cents + back,
        )
    return tuple(payments.values())


def _payfip(rows: Iterator[tuple[int, Row]]) -> tuple[BankLine, ...]:
    return tuple(_payfip_line(number, row) for number, row in rows)


def _payfip_line(number: int, row: Row) -> BankLine:
    status = _PAYFIP_RESULTS.get(row["resultrans"])
    if status is None or not re.fullmatch(r"[0-9]{1,11}", row["montant"]):
        raise InputRefused("a result or a sum that can't be read", where=f"line {number}")
    at = _moment(f"{row['dattrans']} {row['heurtrans']}", "%d%m%Y %H%M", number)
    return BankLine(
        payment=f"{row['refdet']}:{number}",
        topup=row["refdet"],
        status=status,
        amount_cents=_checked(int(row["montant"]), number),
        at=at.replace(tzinfo=_PARIS).astimezone(UTC),
    )


def _euros(word: str, number: int) -> int:
    """Read euros with a point, such as -20 or 12.50, as cents."""
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,2})?", word):
        raise InputRefused(f"not a sum: {word[:20]!r}", where=f"line {number}")
    whole, _, part = word.lstrip("-").partition(".")
    cents = int(whole) * 100 + int(part.ljust(2, "0"))
    return _checked(-cents if word.startswith("-") else cents, number)


def _checked(cents: int, number: int) -> int:
    if abs(cents) > CENTS_MAX:
        raise InputRefused("an absurd sum", where=f"line {number}")
    return cents


def _moment(word: str, form: str, number: int) -> datetime:
    try:
        return datetime.strptime(word, form)  # noqa: DTZ007  # the caller knows its zone
    except ValueError as wrong:
        raise InputRefused(f"not a moment: {word[:30]!r}", where=f"line {number}") from wrong


LAYOUTS: Mapping[str, Layout] = {
    "stripe": Layout(separator=",", columns=_STRIPE, read=_stripe),
    "payfip": Layout(separator=";", columns=_PAYFIP, read=_payfip),
}
