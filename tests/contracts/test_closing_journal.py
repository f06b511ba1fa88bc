"""The contract of ports.ClosingJournal, and what the file itself refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import LedgerTampered
from kiosk.ports import ClosingJournal
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings, written_in
from kiosk.store.verify_ledger import verify
from tests.contracts.test_journal import FULL, NOW
from tests.journals import Forger

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as ledger:
        yield ledger


@pytest.fixture
def journal(ledger: Ledger, tmp_path: Path) -> ClosingJournal:
    return Closings(ledger, DeviceKey(tmp_path))


def book(ledger: Ledger, number: int, at: datetime = NOW) -> None:
    ledger.book_topup(replace(FULL, id=f"T-{number}"), at=at)


def test_an_empty_journal_has_neither_entry_nor_closing(journal: ClosingJournal) -> None:
    assert (journal.last_entry(), journal.last_closing("day")) == (0, None)
    assert journal.last_booked() is None


def test_the_last_moment_is_the_latest_that_no_later_closing_stands_before(
    journal: ClosingJournal, ledger: Ledger
) -> None:
    assert written_in(ledger) is None
    book(ledger, 1, NOW + DAY)
    book(ledger, 2, NOW)
    assert written_in(ledger) == NOW + DAY
    journal.close_period("day", "2026-11-22", at=NOW)
    assert written_in(ledger) == NOW
    book(ledger, 3, NOW - DAY)
    assert written_in(ledger) == NOW


def test_a_closing_covers_what_was_booked_since_the_last_of_its_kind(
    journal: ClosingJournal, ledger: Ledger
) -> None:
    book(ledger, 1)
    book(ledger, 2)
    first = journal.close_period("day", "2026-11-22", at=NOW)
    book(ledger, 3)
    second = journal.close_period("day", "2026-11-23", at=NOW + DAY)
    month = journal.close_period("month", "2026-11", at=NOW + DAY)
    assert [(one.number, one.first, one.now.last) for one in (first, second, month)] == [
        (1, 1, 2),
        (2, 3, 3),
        (3, 1, 3),
    ]
    assert [one.cents for one in (first, second, month)] == [4000, 2000, 6000]
    assert month.now.cents == second.now.cents == 6000
    assert (journal.last_entry(), journal.last_booked()) == (3, NOW)


def test_the_last_closing_of_a_period_is_read_back(
    journal: ClosingJournal, ledger: Ledger, tmp_path: Path
) -> None:
    book(ledger, 1)
    made = journal.close_period("day", "2026-11-22", at=NOW)
    journal.close_period("month", "2026-11", at=NOW)
    found = journal.last_closing("day")
    assert found is not None
    assert (found.number, found.name, found.now) == (1, made.name, made.now)
    assert verify(tmp_path / "ledger.db").closings == 2


def test_the_hub_is_told_in_the_same_transaction(journal: ClosingJournal, ledger: Ledger) -> None:
    journal.close_period("day", "2026-11-22", at=NOW)
    assert [event.kind for event in ledger.events()] == ["closing.day"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE closing SET name = 'x'",
        "DELETE FROM closing",
        (
            "INSERT INTO closing SELECT 3, period, name, at, 2, 1, canonical, hash, hash, key,"
            " signature FROM closing"
        ),
        (
            "INSERT INTO closing SELECT 2, period, name, at, 2, 1, canonical, zeroblob(32), hash,"
            " key, signature FROM closing"
        ),
        (
            "INSERT INTO closing SELECT 2, period, name, at, 1, 1, canonical, hash, hash, key,"
            " signature FROM closing"
        ),
        (
            "INSERT INTO closing SELECT 2, period, name, at, 2, 5, canonical, hash, hash, key,"
            " signature FROM closing"
        ),
    ],
    ids=["change", "delete", "gap in numbers", "other chain", "counted twice", "entries to come"],
)
def test_the_file_refuses_what_no_closing_may_be(
    journal: ClosingJournal, ledger: Ledger, statement: str
) -> None:
    book(ledger, 1)
    journal.close_period("day", "2026-11-22", at=NOW)
    with pytest.raises(sqlite3.IntegrityError), ledger.transaction() as connection:
        connection.execute(statement)


def test_a_forged_closing_stops_the_next_one(
    journal: ClosingJournal, ledger: Ledger, tmp_path: Path
) -> None:
    book(ledger, 1)
    journal.close_period("day", "2026-11-22", at=datetime(2026, 11, 22, 19, tzinfo=UTC))
    Forger(tmp_path / "ledger.db").run("UPDATE closing SET canonical = x'00'")
    with pytest.raises(LedgerTampered):
        journal.close_period("day", "2026-11-23", at=NOW)
