"""The contract of ports.MoveJournal; every journal of movements passes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.card_move import MoveRow, MoveState
from kiosk.domain.card_rules import OfflineUse
from kiosk.domain.money import Money
from kiosk.ports import MoveJournal
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves

NOW = datetime(2026, 11, 22, 9, 42, 7, 123_456, tzinfo=UTC)
MOVE = MoveRow(
    id="M-1",
    state=MoveState.COMMIT_SENT,
    kind="debit",
    card="tag",
    product=301,
    service="cinema",
    amount=Money(650),
    sequence=12,
    commits=40,
    balance_before=Money(1240),
    balance_after=Money(590),
    created_at=NOW,
    changed_at=NOW,
)
ENTRY = replace(
    MOVE,
    id="M-2",
    state=MoveState.UNKNOWN,
    kind="entry",
    product=101,
    service="piscine",
    amount=Money(0),
    balance_after=Money(1240),
    book=3,
    entries=-1,
    entries_before=7,
    entries_after=6,
    proof=b"\x01\xff",
    note="card.pulled",
    changed_at=NOW + timedelta(seconds=2),
)
CONFIRMED = replace(MOVE, state=MoveState.CONFIRMED)


class Reopened:
    """A journal that is closed and opened again between two calls."""

    def __init__(self, opener: Callable[[Path], Ledger], path: Path) -> None:
        self._open, self._path = opener, path
        self.ledger = opener(path)
        self.now = Moves(self.ledger)

    def again(self) -> MoveJournal:
        self.ledger.close()
        self.ledger = self._open(self._path)
        self.now = Moves(self.ledger)
        return self.now


OPENERS: dict[str, Callable[[Path], Ledger]] = {
    "sqlite": lambda path: Ledger(path, free=lambda _: 10**12)
}


@pytest.fixture(params=sorted(OPENERS))
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopened]:
    one = Reopened(OPENERS[request.param], tmp_path / "ledger.db")
    yield one
    one.ledger.close()


@pytest.mark.parametrize("row", [MOVE, ENTRY], ids=["debit", "every field"])
def test_a_saved_movement_is_there_after_a_restart(journal: Reopened, row: MoveRow) -> None:
    journal.now.save_move(row)
    assert list(journal.again().open_moves("tag")) == [row]


def test_another_cards_movements_are_not_given(journal: Reopened) -> None:
    journal.now.save_move(MOVE)
    assert list(journal.now.open_moves("other")) == []
    assert list(journal.now.unsettled()) == [MOVE]


def test_the_last_state_saved_is_the_one_kept(journal: Reopened) -> None:
    journal.now.save_move(MOVE)
    unknown = replace(MOVE, state=MoveState.UNKNOWN, note="card.pulled")
    journal.now.save_move(unknown)
    assert list(journal.again().open_moves("tag")) == [unknown]


@pytest.mark.parametrize("state", list(MoveState))
def test_only_what_nobody_has_settled_is_open(journal: Reopened, state: MoveState) -> None:
    journal.now.save_move(replace(MOVE, state=state))
    settled = state in {MoveState.CONFIRMED, MoveState.NOT_DONE}
    assert [r.state for r in journal.again().open_moves("tag")] == ([] if settled else [state])


def test_open_movements_come_oldest_first(journal: Reopened) -> None:
    for n in (1, 3, 2):
        journal.now.save_move(replace(MOVE, id=f"M-{n}", created_at=NOW - timedelta(minutes=n)))
    assert [row.id for row in journal.now.open_moves("tag")] == ["M-3", "M-2", "M-1"]
    assert [row.id for row in journal.now.unsettled()] == ["M-3", "M-2", "M-1"]


def test_a_movement_is_booked_once_however_often_it_is_asked(journal: Reopened) -> None:
    journal.now.save_move(MOVE)
    first = journal.now.book_move(CONFIRMED, at=NOW)
    later = journal.again().book_move(CONFIRMED, at=NOW + timedelta(hours=1))
    assert first == later == 1
    assert list(journal.now.open_moves("tag")) == []


def test_entries_are_numbered_without_gaps(journal: Reopened) -> None:
    seqs = [journal.again().book_move(replace(CONFIRMED, id=f"M-{n}"), at=NOW) for n in range(1, 5)]
    assert seqs == [1, 2, 3, 4]


def test_what_the_hub_has_not_heard_of_counts_by_card_and_in_all(journal: Reopened) -> None:
    journal.now.book_move(CONFIRMED, at=NOW)
    journal.now.save_move(ENTRY)
    journal.now.save_move(replace(MOVE, id="M-3", card="other", amount=Money(100)))
    assert journal.again().offline_use("tag") == OfflineUse(
        card_moves=2, card_sum=Money(650), kiosk_moves=3, kiosk_sum=Money(750)
    )


def test_what_was_not_done_does_not_count(journal: Reopened) -> None:
    journal.now.save_move(MOVE)
    journal.now.save_move(replace(MOVE, state=MoveState.NOT_DONE))
    assert journal.now.offline_use("tag") == OfflineUse()


def test_what_the_hub_has_acknowledged_counts_no_more(journal: Reopened) -> None:
    journal.now.book_move(CONFIRMED, at=NOW)
    heard = journal.ledger.events()[-1].seq
    journal.now.save_move(ENTRY)
    journal.now.acknowledge(heard)
    journal.now.acknowledge(heard - 1)  # an older answer comes late
    moves = journal.again()
    assert moves.offline_use("tag").card_moves == 1
    assert moves.offline_use("tag").card_sum == Money(0)
