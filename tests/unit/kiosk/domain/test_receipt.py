"""Receipts and entry tickets: what they say comes back from their code, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import CodeForeign
from kiosk.domain.money import CENTS_MAX, Money
from kiosk.domain.receipt import (
    ENTRY_MAX,
    LINES_MAX,
    TEXT_BYTES_MAX,
    TICKET_PAYLOAD_MAX,
    EntryTicket,
    Mark,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    read_receipt,
    read_ticket,
    receipt_code,
    ticket_code,
)
from kiosk.domain.sealed import HEAD_BYTES, Kind, known, opened, sealed
from tests.signers import OURS, a_receipt, a_ticket

KEYS = known((OURS.public_key,))
LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
)
SECONDS_MAX = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) - 1
MOMENTS = st.integers(0, SECONDS_MAX).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MARKS = st.integers(0, 7).map(Mark)
SUMS = st.integers(-(10**9), 10**9).map(Money)
LINES = st.lists(
    st.builds(ReceiptLine, label=LABELS, amount=SUMS), min_size=1, max_size=LINES_MAX
).map(tuple)
RECEIPTS = st.builds(
    Receipt,
    number=LABELS,
    kind=st.sampled_from(ReceiptKind),
    lines=LINES,
    territory=LABELS,
    kiosk=LABELS,
    at=MOMENTS,
    entry=st.integers(1, ENTRY_MAX),
    last_four=st.from_regex(r"([0-9A-Z]{4})?", fullmatch=True),
    marks=MARKS,
)
CODES = st.text("abcdefghijklmnopqrstuvwxyz-0123456789", min_size=1)
TICKETS = st.builds(
    EntryTicket,
    id=st.binary(min_size=8, max_size=8),
    product=CODES.map(lambda code: code[:20]),
    quantity=st.integers(1, 100),
    amount=st.integers(0, CENTS_MAX).map(Money),
    first_day=st.dates(date(1970, 1, 1), date(2050, 1, 1)),
    last_day=st.dates(date(2050, 1, 1), date(2099, 12, 31)),
    kiosk=CODES.map(lambda code: code[:8]),
    at=MOMENTS,
    marks=MARKS,
)


@given(RECEIPTS)
def test_a_receipt_comes_back_from_its_code(receipt: Receipt) -> None:
    assert read_receipt(receipt_code(receipt, OURS), KEYS) == receipt


@given(TICKETS)
def test_a_ticket_comes_back_from_its_code_and_is_small(ticket: EntryTicket) -> None:
    code = ticket_code(ticket, OURS)
    assert read_ticket(code, KEYS) == ticket
    assert HEAD_BYTES + len(opened(code, KEYS).body) <= TICKET_PAYLOAD_MAX


def test_the_sum_is_that_of_the_lines() -> None:
    lines = (
        ReceiptLine(label="Entrée", amount=Money(1200)),
        ReceiptLine(label="Remise", amount=Money(-150)),
    )
    receipt = replace(a_receipt(), lines=lines)
    assert receipt.total == Money(1050)
    assert receipt.total_in_words("fr") == "dix euros cinquante"


def test_a_sum_given_back_is_put_in_words_without_its_sign() -> None:
    lines = (ReceiptLine(label="Remboursement", amount=Money(-2000)),)
    assert replace(a_receipt(), lines=lines).total_in_words("fr") == "vingt euros"


def test_a_copy_knows_that_it_is_one() -> None:
    assert not a_receipt().duplicate
    assert a_receipt(Mark.DEMO | Mark.DUPLICATE).duplicate


BAD_RECEIPTS: list[tuple[str, object]] = [
    ("number", ""),
    ("number", "x" * (TEXT_BYTES_MAX + 1)),
    ("territory", "L’Orne\n"),
    ("kiosk", "half \ud800"),
    ("at", datetime(2026, 11, 22, 9, 42)),  # noqa: DTZ001  # naive on purpose
    ("at", datetime(2026, 11, 22, 9, 42, tzinfo=timezone(timedelta(hours=1)))),
    ("at", datetime(2026, 11, 22, 9, 42, 0, 1, tzinfo=UTC)),
    ("at", datetime(2100, 1, 1, tzinfo=UTC)),
    ("at", datetime(1969, 1, 1, tzinfo=UTC)),
    ("entry", 0),
    ("entry", ENTRY_MAX + 1),
    ("lines", ()),
    ("lines", (ReceiptLine(label="x", amount=Money(1)),) * (LINES_MAX + 1)),
    ("last_four", "482"),
    ("last_four", "482a"),
    ("marks", Mark(8)),
]


@pytest.mark.parametrize(("name", "value"), BAD_RECEIPTS)
def test_a_receipt_out_of_its_bounds_is_not_made(name: str, value: object) -> None:
    changes: dict[str, object] = {name: value}
    with pytest.raises(ValueError):
        replace(a_receipt(), **changes)  # type: ignore[arg-type]  # wrong on purpose


BAD_TICKETS: list[tuple[str, object]] = [
    ("id", b"short"),
    ("product", "x" * 21),
    ("kiosk", "x" * 9),
    ("quantity", 0),
    ("quantity", 101),
    ("amount", Money(-1)),
    ("last_day", date(2026, 11, 21)),
    ("marks", Mark(8)),
]


@pytest.mark.parametrize(("name", "value"), BAD_TICKETS)
def test_a_ticket_out_of_its_bounds_is_not_made(name: str, value: object) -> None:
    changes: dict[str, object] = {name: value}
    with pytest.raises(ValueError):
        replace(a_ticket(), **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_the_longest_ticket_of_all_is_still_small() -> None:
    late = datetime(2099, 12, 31, tzinfo=UTC)
    ticket = replace(a_ticket(), amount=Money(CENTS_MAX), at=late, last_day=late.date())
    body = opened(ticket_code(ticket, OURS), KEYS).body
    assert HEAD_BYTES + len(body) <= TICKET_PAYLOAD_MAX


def test_the_longest_receipt_of_all_has_room() -> None:
    line = ReceiptLine(label="x" * TEXT_BYTES_MAX, amount=Money(CENTS_MAX // LINES_MAX))
    names = dict.fromkeys(("number", "territory", "kiosk"), "é" * (TEXT_BYTES_MAX // 2))
    receipt = replace(a_receipt(), lines=(line,) * LINES_MAX, entry=ENTRY_MAX, **names)  # type: ignore[arg-type]  # mypy takes the dictionary for any field
    assert read_receipt(receipt_code(receipt, OURS), KEYS) == receipt


def test_an_entry_is_good_on_its_first_and_last_day_only() -> None:
    ticket = a_ticket()
    days = [date(2026, 11, 21), ticket.first_day, ticket.last_day, date(2027, 11, 23)]
    assert [ticket.valid_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize("read", [read_receipt, read_ticket])
def test_one_kind_is_not_read_as_the_other(read: Callable[..., object]) -> None:
    tickets = read is read_receipt
    code = ticket_code(a_ticket(), OURS) if tickets else receipt_code(a_receipt(), OURS)
    with pytest.raises(CodeForeign, match="it is no"):
        read(code, KEYS)


@given(st.binary(max_size=120))
def test_whatever_our_key_signed_is_read_or_refused(body: bytes) -> None:
    for kind, read in ((Kind.RECEIPT, read_receipt), (Kind.ENTRY, read_ticket)):
        try:
            read(sealed(kind, body, OURS), KEYS)
        except CodeForeign:
            continue


def test_a_receipt_of_too_many_lines_is_refused() -> None:
    body = bytearray(opened(receipt_code(a_receipt(), OURS), KEYS).body)
    body[body.index(b"\x044821") + 5] = LINES_MAX + 1
    with pytest.raises(CodeForeign, match="5 lines"):
        read_receipt(sealed(Kind.RECEIPT, bytes(body), OURS), KEYS)


def test_what_follows_a_receipt_is_refused() -> None:
    body = opened(receipt_code(a_receipt(), OURS), KEYS).body
    with pytest.raises(CodeForeign, match="follows its end"):
        read_receipt(sealed(Kind.RECEIPT, body + b"\x00", OURS), KEYS)


@pytest.mark.parametrize("at", [0, 2, 9, 13, 17, 20])
def test_a_receipt_cut_anywhere_is_refused(at: int) -> None:
    body = opened(receipt_code(a_receipt(), OURS), KEYS).body
    with pytest.raises(CodeForeign):
        read_receipt(sealed(Kind.RECEIPT, body[:at], OURS), KEYS)
