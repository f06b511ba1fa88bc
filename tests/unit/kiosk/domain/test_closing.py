"""The closings' rules: totals, canonical bytes, and reading them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.closing import (
    PERIODS,
    Closing,
    Period,
    Standing,
    Tally,
    canonical,
    name_of,
    read,
    to_sign,
)
from kiosk.domain.errors import LedgerTampered

AT = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
BEFORE = Standing(
    last=2,
    accounts={"bank.clearing": 2000, "purse.float": -2000},
    kinds={"topup": Tally(entries=2, cents=2000)},
)
NOW = BEFORE.then(
    4,
    bytes(range(32)),
    moved={"purse.float": 150, "income.pool": -150, "bank.clearing": 500, "suspense": -500},
    met={"topup": Tally(entries=1, cents=500), "debit": Tally(entries=1, cents=150)},
)
CLOSING = Closing(number=3, period="day", name="2026-11-30", at=AT, since=BEFORE, now=NOW)
# Written by hand from the module's rule 3; it must never change.
GOLDEN = (
    b"ALV-CLOSING-1\n3\nday\n2026-11-30\n2026-11-30T19:00:00.000000Z\n3\n4\n"
    b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
    b"650\n2650\n-500\n"
    b"account bank.clearing 500 2500\n"
    b"account income.pool -150 -150\n"
    b"account purse.float 150 -1850\n"
    b"account suspense -500 -500\n"
    b"kind debit 1 150 1 150\n"
    b"kind topup 1 500 3 2500\n"
)


def test_the_canonical_bytes_are_the_golden_ones() -> None:
    assert canonical(CLOSING) == GOLDEN


def test_a_closing_is_read_back_from_its_bytes() -> None:
    told = read(GOLDEN)
    assert (told.number, told.period, told.name, told.at) == (3, "day", "2026-11-30", AT)
    assert (told.first, told.entries, told.cents, told.suspense) == (3, 2, 650, -500)
    assert told.now == NOW
    assert told.moved("bank.clearing") == 500
    assert told.tally("topup") == Tally(entries=1, cents=500)


def test_a_period_without_entries_has_a_closing_too() -> None:
    quiet = replace(CLOSING, number=4, since=NOW)
    assert (quiet.entries, quiet.cents, quiet.first, quiet.now.last) == (0, 0, 5, 4)
    assert read(canonical(quiet)).now == NOW


def test_a_reversal_adds_to_the_perpetual_total() -> None:
    undone = NOW.then(
        5,
        bytes(32),
        moved={"purse.float": -150, "income.pool": 150},
        met={"reversal": Tally(entries=1, cents=150)},
    )
    assert undone.cents == NOW.cents + 150
    assert undone.accounts["income.pool"] == 0


@pytest.mark.parametrize(
    ("period", "name"), [("day", "2026-11-30"), ("month", "2026-11"), ("year", "2026")]
)
def test_a_period_is_named_for_its_local_day(period: Period, name: str) -> None:
    assert name_of(period, date(2026, 11, 30)) == name


def test_the_smaller_period_comes_first() -> None:
    assert PERIODS == ("day", "month", "year")


def test_the_device_signs_the_hash_under_its_own_name() -> None:
    assert to_sign(bytes(32)) == b"ALV-CLOSING-1\n" + bytes(32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        GOLDEN[:-1],
        GOLDEN[:60],
        GOLDEN.replace(b"\nday\n", b"\nweek\n"),
        GOLDEN.replace(b"\n650\n", b"\n651\n"),
        GOLDEN.replace(b"account suspense -500 -500", b"account suspense -500"),
        GOLDEN.replace(b"kind debit 1 150 1 150", b"kind debit 1"),
        GOLDEN.replace(b"3\nday", b"three\nday"),
    ],
)
def test_bytes_that_are_no_closing_are_tampered_with(content: bytes) -> None:
    with pytest.raises(LedgerTampered):
        read(content)


TOTALS = st.dictionaries(
    st.sampled_from(["bank.clearing", "purse.float", "income.pool", "suspense"]),
    st.integers(-(10**9), 10**9),
)
TALLIES = st.dictionaries(
    st.sampled_from(["topup", "debit", "refund"]),
    st.builds(Tally, entries=st.integers(1, 9), cents=st.integers(0, 10**9)),
)


@given(old=TOTALS, moved=TOTALS, met=TALLIES)
def test_any_closing_comes_back_from_its_bytes(
    old: dict[str, int], moved: dict[str, int], met: dict[str, Tally]
) -> None:
    before = Standing(last=7, accounts=old)
    now = before.then(9, bytes(32), moved=moved, met=met)
    closing = replace(CLOSING, since=before, now=now)
    assert canonical(read(canonical(closing))) == canonical(closing)
