"""The contract of ports.TillJournal, and what the file itself refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.card_move import MoveState
from kiosk.domain.errors import LedgerTampered, ReversalRefused, StorageFull, TillFrozen
from kiosk.domain.money import Money
from kiosk.domain.till import NOTHING, Count, Hands, Till, TillEvent, TillKind, TillState
from kiosk.domain.till_acts import counting, giving_back, opening, paying_out, reversing, taking
from kiosk.domain.till_rules import TillRules
from kiosk.ports import TillJournal
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_till import TillStore
from tests.contracts.test_journal import FULL
from tests.contracts.test_move_journal import MOVE
from tests.journals import Forger

NOW = datetime(2026, 11, 30, 8, 30, 0, 1, tzinfo=UTC)
RULES = TillRules()
AGENT = Hands(by="a" * 32)
PAIR = replace(AGENT, second="b" * 32, manager=True)
Opener = Callable[[Path], Ledger]
OPENERS: dict[str, Opener] = {"sqlite": lambda path: Ledger(path, free=lambda _: 10**12)}


class Reopened:
    """A journal that can be closed and opened again."""

    def __init__(self, opener: Opener, path: Path) -> None:
        self._open, self.path = opener, path
        self.ledger = opener(path)

    @property
    def now(self) -> TillJournal:
        return TillStore(self.ledger)

    def again(self) -> TillJournal:
        self.ledger.close()
        self.ledger = self._open(self.path)
        return self.now


@pytest.fixture(params=sorted(OPENERS))
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopened]:
    one = Reopened(OPENERS[request.param], tmp_path / "ledger.db")
    yield one
    one.ledger.close()


def begin(journal: TillJournal) -> TillEvent:
    return journal.record(opening(journal.till(), AGENT, Money(15_000), RULES, NOW))


def take(journal: TillJournal, topup: str = "T-1", cents: int = 2_000) -> TillEvent:
    event = taking(journal.till(), TillKind.CASH, Money(cents), topup, RULES, at=NOW)
    return journal.record(event)


def test_a_new_till_is_closed_and_empty(journal: Reopened) -> None:
    assert journal.now.till() == Till()
    assert list(journal.now.session(1)) == []
    assert journal.now.event(1) is None
    assert (journal.now.on_cards(), journal.now.in_suspense()) == (NOTHING, NOTHING)


def test_every_event_outlives_the_process(journal: Reopened) -> None:
    events = [begin(journal.now), take(journal.now)]
    events.append(
        journal.now.record(counting(journal.now.till(), AGENT, Count(cash=Money(1)), at=NOW))
    )
    again = journal.again()
    assert list(again.session(1)) == events
    assert again.event(2) == events[1]
    till = again.till()
    assert (till.state, till.cash, till.counts) == (TillState.COUNTED, Money(17_000), 1)
    assert till.counted == Count(cash=Money(1))


def test_every_event_is_an_entry_and_the_journal_stays_sound(journal: Reopened) -> None:
    begin(journal.now)
    take(journal.now)
    verdict = verify_file(journal.path)
    assert (verdict.sound, verdict.entries) == (True, 2)
    kinds = [event.kind for event in journal.ledger.events()]
    assert kinds == ["till.open", "till.cash"]


def test_what_was_received_is_found_by_its_top_up_and_its_kind(journal: Reopened) -> None:
    begin(journal.now)
    event = take(journal.now)
    assert journal.now.taken(TillKind.CASH, "T-1") == event
    assert journal.now.taken(TillKind.CHEQUE, "T-1") is None
    assert journal.now.taken(TillKind.CASH, "T-2") is None


def test_money_waits_in_suspense_until_its_card_is_loaded(journal: Reopened) -> None:
    begin(journal.now)
    take(journal.now, "T-1")
    assert journal.now.in_suspense() == Money(-2_000)
    journal.ledger.book_topup(replace(FULL, provider="cash"), at=NOW)
    assert (journal.now.in_suspense(), journal.now.on_cards()) == (NOTHING, Money(2_000))


def test_money_is_given_back_once(journal: Reopened) -> None:
    begin(journal.now)
    event = take(journal.now)
    assert not journal.now.given_back("T-1")
    journal.now.record(giving_back(journal.now.till(), AGENT, event, at=NOW))
    assert journal.now.given_back("T-1")
    assert journal.now.in_suspense() == NOTHING
    with pytest.raises(sqlite3.IntegrityError):
        journal.now.record(giving_back(journal.now.till(), AGENT, event, at=NOW))


def test_a_reversed_receipt_counts_as_given_back_and_is_reversed_once(journal: Reopened) -> None:
    begin(journal.now)
    event = take(journal.now)
    take(journal.now, "T-2")
    journal.now.record(reversing(journal.now.till(), PAIR, event, at=NOW))
    assert (journal.now.given_back("T-1"), journal.now.given_back("T-2")) == (True, False)
    with pytest.raises(ReversalRefused):
        journal.now.record(reversing(journal.now.till(), PAIR, event, at=NOW))


def test_what_was_taken_off_a_card_is_owed_until_it_is_paid_out(journal: Reopened) -> None:
    begin(journal.now)
    refund = replace(MOVE, kind="refund", state=MoveState.CONFIRMED, service="")
    seq = Moves(journal.ledger).book_move(refund, at=NOW)
    assert [(move.id, move.entry) for move in journal.now.owed()] == [(refund.id, seq)]
    assert journal.now.in_suspense() == -refund.amount
    journal.now.record(paying_out(journal.now.till(), AGENT, refund.amount, refund.id, at=NOW))
    assert list(journal.now.owed()) == []
    assert journal.now.in_suspense() == NOTHING


def test_an_event_that_was_decided_on_an_older_till_is_refused(journal: Reopened) -> None:
    begin(journal.now)
    late = taking(journal.now.till(), TillKind.CASH, Money(1), "T-9", RULES, at=NOW)
    take(journal.now)
    with pytest.raises(TillFrozen):
        journal.now.record(late)
    assert journal.now.taken(TillKind.CASH, "T-9") is None


def test_nothing_is_taken_on_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 0) as ledger, pytest.raises(StorageFull):
        begin(TillStore(ledger))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE till_event SET cash_cents = 1",
        "DELETE FROM till_event",
        (
            "INSERT INTO till_event SELECT 9, session, kind, at, by, second, 0, 0,"
            " cash_after_cents, 0, NULL, NULL, '', 99 FROM till_event WHERE number = 2"
        ),
        (
            "INSERT INTO till_event SELECT 3, session, 'deposit', at, by, second, 0, 0, 1, 0, NULL,"
            " NULL, '', 99 FROM till_event WHERE number = 2"
        ),
        (
            "INSERT INTO till_event SELECT 3, session, 'deposit', at, by, second, 0, 0,"
            " cash_after_cents, 0, NULL, NULL, '', 99 FROM till_event WHERE number = 2"
        ),
    ],
    ids=["change", "delete", "gap in numbers", "cash from nowhere", "without an entry"],
)
def test_the_file_refuses_what_no_till_may_do(journal: Reopened, statement: str) -> None:
    begin(journal.now)
    take(journal.now)
    with pytest.raises(sqlite3.IntegrityError), journal.ledger.transaction() as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE till_event SET by = 'somebody else' WHERE number = 2",
        "UPDATE till_event SET cash_cents = 1000, cash_after_cents = 16000 WHERE number = 2",
        "DELETE FROM till_event WHERE number = 2",
    ],
    ids=["another name", "half the money", "the last event gone"],
)
def test_a_forged_event_is_found_by_the_chain(journal: Reopened, forgery: str) -> None:
    begin(journal.now)
    take(journal.now)
    journal.ledger.close()
    Forger(journal.path).run(forgery)
    with pytest.raises(LedgerTampered):
        journal.again().till()


def test_a_forged_event_is_not_read_either(journal: Reopened) -> None:
    begin(journal.now)
    take(journal.now)
    journal.ledger.close()
    Forger(journal.path).run("UPDATE till_event SET by = 'somebody else' WHERE number = 2")
    with pytest.raises(LedgerTampered):
        journal.again().event(2)
