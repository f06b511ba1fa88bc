"""Entries sold for cash at the till, and their tickets printed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.errors import (
    AmountRefused,
    DrawerFull,
    ProductUnknown,
    TicketUnknown,
    TillClosed,
    TillOther,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.printing import PrinterState, Slip, SlipLine
from kiosk.domain.receipt import Mark, read_ticket
from kiosk.domain.sealed import known
from kiosk.domain.ticket_order import TicketOrder
from kiosk.domain.till import Hands
from kiosk.domain.till_entry import session_of
from kiosk.store.ledger_tickets import Tickets
from kiosk.usecases.at_till import hands_of
from kiosk.usecases.count_till import count_till
from kiosk.usecases.order_ticket import Wish
from kiosk.usecases.reload_progress import Progress, Stage
from kiosk.usecases.reprint_ticket import reprint_ticket
from kiosk.usecases.sell_entry import check_sale, sell_entry
from kiosk.usecases.till_paper import session_lines
from tests.signers import OURS
from tests.tickets import POOL
from tests.unit.kiosk.usecases.till_world import BY_AGENT, OTHER, TillWorld

TWO = Wish(product=POOL.code, persons=2)
TEN = Money(1_000)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TillWorld]:
    one = TillWorld(tmp_path / "ledger.db")
    one.boot()
    yield one
    one.die()


@pytest.fixture
def till(world: TillWorld) -> TillWorld:
    world.open()
    return world


def sells(
    world: TillWorld, wish: Wish = TWO, given: Money = TEN, hands: Hands = BY_AGENT
) -> Progress:
    """Take the money for an entry, and make its ticket."""
    received = check_sale(wish, given, hands, world.desk, world.shop)
    world.cash += received.amount.cents
    return sell_entry(wish, world.reload)


def test_cash_buys_an_entry_and_its_signed_ticket(till: TillWorld) -> None:
    told = sells(till)
    assert (told.stage, told.row.provider) == (Stage.DONE, "cash")
    assert told.row.ticket_order is not None
    ticket = read_ticket(told.row.ticket_order.ticket, known((OURS.public_key,)))
    assert (ticket.quantity, ticket.amount, ticket.kiosk) == (2, Money(640), "guichet")
    assert ticket.marks == Mark.DEMO  # the counter's own world: its gate lets it in
    assert till.faults() == []


def test_the_money_goes_through_suspense_to_the_service(till: TillWorld) -> None:
    sells(till)
    legs = till.rows("SELECT kind, account, cents FROM entry JOIN leg ON entry = seq ORDER BY seq")
    assert legs[-4:] == [
        ("cash", "cash.drawer", 640),
        ("cash", "suspense", -640),
        ("purchase", "suspense", 640),
        ("purchase", "income.piscine", -640),
    ]


def test_the_change_is_told(till: TillWorld) -> None:
    assert check_sale(TWO, TEN, BY_AGENT, till.desk, till.shop).change == Money(360)


@pytest.mark.parametrize(
    ("wish", "given", "error"),
    [
        (TWO, Money(639), AmountRefused),
        (replace(TWO, product=999), TEN, ProductUnknown),
        (replace(TWO, tariff="friend"), TEN, ProductUnknown),
        (replace(TWO, persons=10), TEN, AmountRefused),
    ],
)
def test_what_can_t_be_sold_begins_nothing(
    till: TillWorld, wish: Wish, given: Money, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sells(till, wish, given)
    assert till.rows("SELECT id FROM topup") == []


def test_a_closed_till_sells_nothing(world: TillWorld) -> None:
    with pytest.raises(TillClosed):
        sells(world)


def test_who_doesn_t_hold_the_till_sells_nothing(till: TillWorld) -> None:
    with pytest.raises(TillOther):
        sells(till, hands=hands_of(OTHER))


def test_a_full_drawer_sells_nothing(world: TillWorld) -> None:
    world.open(Money(99_900))
    with pytest.raises(DrawerFull):
        sells(world)


def test_the_session_s_report_counts_it_as_cash(till: TillWorld) -> None:
    sells(till)
    count_till(till.there, BY_AGENT, till.desk)
    report = session_lines(
        session_of(till.desk.journal.session(1)), Money(0), ZoneInfo("Europe/Paris")
    )
    assert any("6,40" in line.right for line in report)
    assert till.faults() == []


def test_an_order_that_a_crash_has_cut_off_is_ended_at_the_next_start(till: TillWorld) -> None:
    row = sells(till).row
    undone = replace(row, id="T-undone", state=TopupState.CREATED, payment_id="", entry=0)
    assert row.ticket_order is not None
    undone = replace(undone, order=replace(row.ticket_order, ticket=""))
    till.topups.save_topup(undone)
    till.reload.resume()
    kept = till.topups.find_topup("T-undone")
    assert kept is not None
    assert kept.state is TopupState.DONE
    till.cash += 640
    assert till.faults() == []
    assert till.desk.journal.manual() == []


@dataclass
class Paper:
    """A printer that keeps what it prints."""

    slips: list[Slip] = field(default_factory=list[Slip])

    def state(self) -> PrinterState:
        return PrinterState.READY

    def print(self, slip: Slip) -> None:
        self.slips.append(slip)


def slip_of(row: TopupRow, order: TicketOrder) -> Slip:
    return Slip(lines=(SlipLine(text=row.id, right=f"{order.copies}"),))


def test_a_ticket_is_printed_again_by_its_number_and_counted(till: TillWorld) -> None:
    row, paper = sells(till).row, Paper()
    assert till.ledger is not None
    tickets = Tickets(till.ledger)
    copies = [reprint_ticket(row.entry, tickets, paper, slip_of) for _ in range(2)]
    assert copies == [1, 2]
    assert [slip.lines[0].right for slip in paper.slips] == ["0", "1"]
    assert {slip.lines[0].text for slip in paper.slips} == {row.id}


@pytest.mark.parametrize("number", [0, 1, 99])
def test_a_number_without_a_ticket_prints_nothing(till: TillWorld, number: int) -> None:
    sells(till)
    assert till.ledger is not None
    paper = Paper()
    with pytest.raises(TicketUnknown):
        reprint_ticket(number, Tickets(till.ledger), paper, slip_of)
    assert paper.slips == []
