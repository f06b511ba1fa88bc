"""The contract of ports.TicketJournal and of ports.Redemptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import StorageFull
from kiosk.domain.payment import TopupState
from kiosk.domain.ticket import Redemption, redemption_of
from kiosk.ports import Journal, Redemptions, TicketJournal
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_tickets import RedemptionStore, Tickets
from tests.tickets import NOW, ORDER, ROW, TICKET

LET_IN = redemption_of(TICKET, NOW)
PAID = replace(ROW, state=TopupState.CAPTURING, order=replace(ORDER, ticket="ALV1:CODE"))


@dataclass
class Store:
    """A journal's three sides; ``again`` closes it and opens it anew."""

    path: Path
    free: Callable[[Path], int] = lambda _: 10**12

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.path, free=self._free)
        self.journal: Journal = self.ledger
        self.tickets: TicketJournal = Tickets(self.ledger)
        self.redemptions: Redemptions = RedemptionStore(self.ledger)

    def _free(self, folder: Path) -> int:
        return self.free(folder)

    def again(self) -> Store:
        self.ledger.close()
        self.__post_init__()
        return self

    def told(self, kind: str) -> list[object]:
        events = [event for event in self.ledger.events() if event.kind == kind]
        return [json.loads(event.payload) for event in events]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def test_an_order_is_found_with_its_ticket_after_it_has_ended(store: Store) -> None:
    entry = store.journal.book_topup(PAID, at=NOW)
    done = replace(PAID, state=TopupState.DONE, entry=entry)
    store.journal.save_topup(done)
    assert store.again().tickets.bought(PAID.id) == done


def test_an_order_is_found_by_the_number_of_its_entry(store: Store) -> None:
    entry = store.journal.book_topup(PAID, at=NOW)
    store.journal.save_topup(replace(PAID, state=TopupState.DONE, entry=entry))
    found = store.again().tickets.numbered(entry)
    assert found is not None
    assert found.id == PAID.id
    assert store.tickets.numbered(entry + 1) is None


def test_an_order_that_isn_t_booked_has_no_number(store: Store) -> None:
    store.journal.save_topup(ROW)
    assert store.tickets.numbered(0) is None


def test_a_load_is_no_order(store: Store) -> None:
    store.journal.save_topup(replace(ROW, order=None, card="tag"))
    assert store.tickets.bought(ROW.id) is None
    assert store.tickets.bought("T-none") is None


def test_copies_are_counted_durably(store: Store) -> None:
    store.journal.book_topup(PAID, at=NOW)
    counted = [store.tickets.count_copy(PAID.id), store.again().tickets.count_copy(PAID.id)]
    assert counted == [1, 2]
    assert store.tickets.count_copy("T-none") == 0


def test_a_later_state_takes_no_copy_back(store: Store) -> None:
    store.journal.book_topup(PAID, at=NOW)
    store.tickets.count_copy(PAID.id)
    store.journal.save_topup(replace(PAID, state=TopupState.DONE))
    assert store.tickets.count_copy(PAID.id) == 2


def test_the_hub_is_told_what_was_bought(store: Store) -> None:
    store.journal.book_topup(PAID, at=NOW)
    (told,) = store.told("topup.capturing")
    assert isinstance(told, dict)
    assert (told["product"], told["persons"], told["card"]) == (101, 2, "")


def test_a_journal_with_orders_is_sound(store: Store) -> None:
    store.journal.book_topup(PAID, at=NOW)
    assert verify_file(store.path).sound


def test_a_ticket_that_was_let_in_is_known_after_a_restart(store: Store) -> None:
    assert store.redemptions.find(LET_IN.ticket) is None
    assert store.redemptions.redeem(LET_IN) == LET_IN
    assert store.again().redemptions.find(LET_IN.ticket) == LET_IN


def test_a_ticket_is_let_in_once_and_its_first_row_stays(store: Store) -> None:
    store.redemptions.redeem(LET_IN)
    later = replace(LET_IN, at=NOW + timedelta(minutes=5))
    assert store.again().redemptions.redeem(later) == LET_IN
    assert len(store.told("ticket.redeemed")) == 1


def test_the_one_more_scan_is_answered_once(store: Store) -> None:
    store.redemptions.redeem(LET_IN)
    again = NOW + timedelta(seconds=9)
    assert store.redemptions.answered_again(LET_IN.ticket, at=again)
    assert not store.again().redemptions.answered_again(LET_IN.ticket, at=again)
    assert store.redemptions.find(LET_IN.ticket) == replace(LET_IN, again_at=again)
    assert store.told("ticket.counted_again") == store.told("ticket.redeemed")


def test_a_ticket_that_was_never_let_in_is_not_answered_again(store: Store) -> None:
    assert not store.redemptions.answered_again(LET_IN.ticket, at=NOW)
    assert store.told("ticket.counted_again") == []


def test_people_are_unheard_of_until_the_hub_acknowledges(store: Store) -> None:
    for number in range(3):
        store.redemptions.redeem(replace(LET_IN, ticket=f"{number:016x}"))
    store.redemptions.redeem(replace(LET_IN, ticket="f" * 16, kiosk="autre"))
    assert store.redemptions.unheard_persons("borne") == 6
    Moves(store.ledger).acknowledge(2)
    assert store.again().redemptions.unheard_persons("borne") == 2
    assert store.redemptions.unheard_persons("nobody") == 0


def test_a_nearly_full_disk_lets_nobody_in(store: Store) -> None:
    store.free = lambda _: 0
    with pytest.raises(StorageFull):
        store.redemptions.redeem(LET_IN)
    assert store.redemptions.find(LET_IN.ticket) is None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM redemption",
        "DELETE FROM ticket_order",
        "UPDATE ticket_order SET ticket = 'ALV1:OTHER'",
    ],
)
def test_what_was_given_or_let_in_is_never_taken_back(store: Store, statement: str) -> None:
    import sqlite3

    store.journal.book_topup(PAID, at=NOW)
    store.redemptions.redeem(LET_IN)
    with (
        pytest.raises(sqlite3.IntegrityError, match="is never"),
        store.ledger.transaction() as connection,
    ):
        connection.execute(statement)


def test_a_redemption_tells_the_hub_who_sold_it(store: Store) -> None:
    store.redemptions.redeem(LET_IN)
    wanted = {"ticket": LET_IN.ticket, "product": "101", "persons": 2, "kiosk": "borne"}
    assert store.told("ticket.redeemed") == [wanted]
    assert isinstance(LET_IN, Redemption)
