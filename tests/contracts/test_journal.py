"""The contract of ports.Journal; every journal passes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.money import Money
from kiosk.domain.payment import ENDED, TopupRow, TopupState
from kiosk.ports import Journal
from kiosk.store.ledger import Ledger
from tests import tickets as order

NOW = datetime(2026, 11, 22, 9, 42, 7, 123_456, tzinfo=UTC)
ROW = TopupRow(
    id="T-1",
    state=TopupState.CREATED,
    card="tag",
    amount=Money(2000),
    provider="simulator",
    created_at=NOW,
    changed_at=NOW,
)
FULL = replace(
    ROW,
    state=TopupState.CARD_WRITING,
    payment_id="pay-1",
    load_number=4,
    balance_before=Money(0),
    changed_at=NOW + timedelta(seconds=9),
    note="card.pulled",
)
BOUGHT = replace(order.ROW, order=replace(order.ORDER, ticket="ALV1:CODE", copies=1))
Opener = Callable[[Path], Ledger]
OPENERS: dict[str, Opener] = {"sqlite": lambda path: Ledger(path, free=lambda _: 10**12)}


class Reopened:
    """A journal that is closed and opened again between two calls."""

    def __init__(self, opener: Opener, path: Path) -> None:
        self._open, self._path = opener, path
        self.now = opener(path)

    def again(self) -> Journal:
        self.now.close()
        self.now = self._open(self._path)
        return self.now


@pytest.fixture(params=sorted(OPENERS))
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopened]:
    one = Reopened(OPENERS[request.param], tmp_path / "ledger.db")
    yield one
    one.now.close()


def test_a_new_journal_holds_nothing_open(journal: Reopened) -> None:
    assert list(journal.now.open_topups()) == []


@pytest.mark.parametrize("row", [ROW, FULL, BOUGHT], ids=["new", "every field", "an order"])
def test_a_saved_topup_is_there_after_a_restart(journal: Reopened, row: TopupRow) -> None:
    journal.now.save_topup(row)
    assert list(journal.again().open_topups()) == [row]


def test_the_last_state_saved_is_the_one_kept(journal: Reopened) -> None:
    journal.now.save_topup(ROW)
    journal.now.save_topup(FULL)
    assert list(journal.again().open_topups()) == [FULL]


def test_who_takes_the_money_is_known_later_than_the_topup(journal: Reopened) -> None:
    journal.now.save_topup(ROW)
    journal.now.save_topup(replace(ROW, provider="payfip"))
    assert [row.provider for row in journal.again().open_topups()] == ["payfip"]


def test_saving_twice_is_saving_once(journal: Reopened) -> None:
    journal.now.save_topup(ROW)
    journal.now.save_topup(ROW)
    assert list(journal.now.open_topups()) == [ROW]


def test_open_topups_come_oldest_first(journal: Reopened) -> None:
    rows = [replace(ROW, id=f"T-{n}", created_at=NOW - timedelta(minutes=n)) for n in (1, 3, 2)]
    for row in rows:
        journal.now.save_topup(row)
    assert [row.id for row in journal.now.open_topups()] == ["T-3", "T-2", "T-1"]


@pytest.mark.parametrize("state", TopupState)
def test_a_topup_is_found_whether_it_has_ended_or_not(journal: Reopened, state: TopupState) -> None:
    journal.now.save_topup(replace(ROW, state=state))
    assert journal.again().find_topup(ROW.id) == replace(ROW, state=state)


def test_a_topup_that_never_was_is_not_found(journal: Reopened) -> None:
    assert journal.now.find_topup("T-2") is None


@pytest.mark.parametrize("state", TopupState)
def test_ended_topups_are_not_open(journal: Reopened, state: TopupState) -> None:
    journal.now.save_topup(replace(ROW, state=state))
    assert [r.state for r in journal.again().open_topups()] == ([] if state in ENDED else [state])


def test_booking_gives_the_entrys_sequence_and_keeps_state(journal: Reopened) -> None:
    journal.now.save_topup(ROW)
    capturing = replace(FULL, state=TopupState.CAPTURING)
    assert journal.now.book_topup(capturing, at=NOW) == 1
    assert list(journal.again().open_topups()) == [replace(capturing, entry=1)]


def test_a_topup_is_booked_once_however_often_it_is_asked(journal: Reopened) -> None:
    capturing = replace(FULL, state=TopupState.CAPTURING)
    first = journal.now.book_topup(capturing, at=NOW)
    later = journal.again().book_topup(capturing, at=NOW + timedelta(hours=1))
    assert first == later == 1


def test_entries_are_numbered_without_gaps(journal: Reopened) -> None:
    capturing = replace(FULL, state=TopupState.CAPTURING)
    seqs = [
        journal.again().book_topup(replace(capturing, id=f"T-{n}"), at=NOW) for n in range(1, 6)
    ]
    assert seqs == [1, 2, 3, 4, 5]


def test_a_booked_topup_may_end(journal: Reopened) -> None:
    capturing = replace(FULL, state=TopupState.CAPTURING)
    entry = journal.now.book_topup(capturing, at=NOW)
    journal.now.save_topup(replace(capturing, state=TopupState.DONE, entry=entry))
    assert list(journal.again().open_topups()) == []


def test_an_order_is_booked_once_with_its_ticket(journal: Reopened) -> None:
    paid = replace(BOUGHT, state=TopupState.CAPTURING)
    first = journal.now.book_topup(paid, at=NOW)
    assert journal.again().book_topup(paid, at=NOW) == first == 1
    assert list(journal.now.open_topups()) == [replace(paid, entry=1)]
