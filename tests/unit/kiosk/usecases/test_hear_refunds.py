"""What a bank gave back comes into the journal exactly once, whatever is lost, repeated, killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from kiosk.domain.bank_refund import HEARD_MAX, BankRefund
from kiosk.domain.errors import PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.ledger_credits import bank_credits
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_refunds import Refunds
from kiosk.usecases.hear_refunds import HearRefunds
from payments.hub_server import HubPayments
from payments.simulator.faults import Fault
from payments.webhooks import header
from payments.wire import RefundsShape, refunds_of, refunds_shape
from tests.contracts.test_journal import FULL, NOW
from tests.tickets import ORDER
from tests.unit.payments.worlds import SECRET, Hub

TOKEN = "kiosk-1-" + "0" * 32
ONE = frozenset({"agent"})
DONE = replace(FULL, state=TopupState.DONE)


class Killed(BaseException):
    """The kiosk's process ends here."""


class Line:
    """The kiosk's line to its hub, byte for byte, which may lose what is asked or answered."""

    def __init__(self, hub: Hub) -> None:
        self.routes = HubPayments(hub.service, token=TOKEN)
        self.loses: list[str] = []  # of the next calls: "", "question" or "answer"
        self.calls = 0

    def refunds(self, heard: Sequence[BankRefund]) -> Sequence[BankRefund]:
        self.calls += 1
        lost = self.loses.pop(0) if self.loses else ""
        if lost == "question":
            raise PaymentUnavailable("no answer")
        body = msgspec.json.encode(refunds_shape(heard))
        said = self.routes.post("/payments/refunds", body, {"Authorization": f"Bearer {TOKEN}"})
        if lost == "answer":
            raise PaymentUnavailable("no answer")
        assert said.status == 200
        return refunds_of(msgspec.json.decode(said.body, type=RefundsShape))


class KilledAfter(Refunds):
    """A journal whose process ends right after its commit."""

    def book_refund(self, paid: TopupRow, told: BankRefund, *, at: datetime) -> Money:
        super().book_refund(paid, told, at=at)
        raise Killed


class World:
    """A bank, its hub, and a kiosk whose journal has booked what was paid."""

    def __init__(self, folder: Path) -> None:
        self.hub = Hub()
        self.line = Line(self.hub)
        self.path = folder / "ledger.db"
        self.ledger = Ledger(self.path, free=lambda _: 10**12)

    def paid(self, row: TopupRow = DONE) -> str:
        """Take 20 € for a top-up and book it; gives the payment."""
        payment = self.hub.captured(row.id)
        self.ledger.book_topup(replace(row, payment_id=payment), at=NOW)
        return payment

    def dashboard(self, cents: int, intent: int = 0) -> None:
        """Give back at the bank's own dashboard, past the hub; the bank notifies the hub."""
        about = list(self.hub.psp.state.intents)[intent]
        before = len(self.hub.psp.state.events)
        self.hub.post("/v1/refunds", {"payment_intent": about, "amount": str(cents)})
        at_s = int(self.hub.time.now().timestamp())
        for event in self.hub.psp.state.events[before:]:
            said = msgspec.json.encode(event.document())
            self.hub.service.webhook(said, header(said, at_s, SECRET))

    def hear(self, journal: Callable[[Ledger], Refunds] = Refunds) -> list[int]:
        """Run once; gives the cents booked of each refund heard."""
        told = HearRefunds(journal(self.ledger), self.line, self.hub.time).run()
        return [one.booked.cents for one in told]

    def again(self) -> None:
        """Start the kiosk anew."""
        self.ledger.close()
        self.ledger = Ledger(self.path, free=lambda _: 10**12)

    def lines(self) -> list[tuple[str, int]]:
        """Give the refunds' entries: subject and cents."""
        rows = self.ledger.read(
            "SELECT e.subject, l.cents FROM entry AS e JOIN leg AS l ON l.entry = e.seq"
            " WHERE e.kind = 'bank.refund' AND l.cents > 0 ORDER BY e.seq"
        )
        return [(row[0], row[1]) for row in rows]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.ledger.close()
    one.hub.store.close()


def test_a_refund_of_the_bank_s_dashboard_becomes_one_line(world: World) -> None:
    world.paid()
    world.dashboard(2000)
    assert world.hear() == [2000]
    assert world.hear() == []
    assert world.lines() == [("T-1:2000", 2000)]
    assert verify_file(world.path).sound


def test_a_refund_that_staff_made_at_the_hub_becomes_one_line(world: World) -> None:
    payment = world.paid()
    world.hub.service.refund(payment, Money(500), staff=ONE, key="T-1:refund:1")
    assert world.hear() == [500]


def test_a_transfer_of_the_regie_becomes_one_line(world: World) -> None:
    payment = world.paid()
    world.hub.service.repaid(payment, Money(2000), staff=ONE, key="T-1:repaid")
    assert world.hear() == [2000]


def test_each_part_that_is_given_back_is_a_line(world: World) -> None:
    world.paid()
    world.dashboard(500)
    assert world.hear() == [500]
    world.dashboard(700)
    world.dashboard(100)
    assert world.hear() == [800]
    assert world.lines() == [("T-1:500", 500), ("T-1:1300", 800)]


@pytest.mark.parametrize("loses", [["question"], ["answer"], ["", "question"], ["", "answer"]])
def test_a_lost_message_neither_loses_nor_doubles_a_refund(world: World, loses: list[str]) -> None:
    world.paid()
    world.dashboard(2000)
    world.line.loses = loses
    with pytest.raises(PaymentUnavailable):
        world.hear()
    world.hear()
    assert world.lines() == [("T-1:2000", 2000)]
    assert world.line.refunds(()) == ()


def test_a_kiosk_killed_after_its_commit_books_nothing_twice(world: World) -> None:
    world.paid()
    world.dashboard(2000)
    with pytest.raises(Killed):
        world.hear(KilledAfter)
    world.again()
    assert world.hear() == [0]
    assert world.lines() == [("T-1:2000", 2000)]


def test_a_total_that_comes_late_books_nothing(world: World) -> None:
    world.paid()
    world.dashboard(2000)
    world.hear()
    old = BankRefund(topup="T-1", total=Money(500))
    assert Refunds(world.ledger).book_refund(DONE, old, at=NOW) == Money(0)


def test_an_answer_that_the_bank_lost_makes_one_line(world: World) -> None:
    payment = world.paid()
    world.hub.plan.disturb(None, None, Fault.ANSWER_LOST)
    with pytest.raises(PaymentUnavailable):
        world.hub.service.refund(payment, Money(2000), staff=ONE, key="T-1:refund:1")
    world.hub.service.refund(payment, Money(2000), staff=ONE, key="T-1:refund:1")
    assert world.hear() == [2000]


def test_what_is_under_way_waits_for_its_own_end(world: World) -> None:
    payment = world.hub.captured()
    row = replace(FULL, state=TopupState.REFUNDING, payment_id=payment)
    world.ledger.save_topup(row)
    world.dashboard(2000)
    assert world.hear() == []
    world.ledger.save_topup(replace(row, state=TopupState.REFUNDED))
    assert world.hear() == [0]
    assert world.lines() == []


def test_what_staff_must_judge_waits_for_them(world: World) -> None:
    row = replace(FULL, state=TopupState.MANUAL, payment_id=world.hub.captured())
    world.ledger.save_topup(row)
    world.dashboard(2000)
    assert world.hear() == []
    world.ledger.book_topup(replace(row, state=TopupState.DONE), at=NOW)
    assert world.hear() == [2000]


def test_a_refund_that_waits_holds_no_other_one_back(world: World) -> None:
    first = world.hub.captured("T-0")
    world.ledger.save_topup(replace(FULL, id="T-0", state=TopupState.MANUAL, payment_id=first))
    world.paid(replace(DONE, id="T-2"))
    world.dashboard(2000)
    world.dashboard(300, intent=1)
    assert world.hear() == [300]


def test_a_payment_that_this_journal_never_knew_is_told_without_a_line(world: World) -> None:
    world.hub.captured()
    world.dashboard(2000)
    assert world.hear() == [0]
    assert world.hear() == []


def test_more_refunds_than_one_answer_holds_are_heard_in_one_run(world: World) -> None:
    for number in range(HEARD_MAX + 1):
        payment = world.paid(replace(DONE, id=f"T-{number:03}"))
        world.hub.service.repaid(payment, Money(100), staff=ONE, key=f"{number}:repaid")
    assert world.hear() == [100] * (HEARD_MAX + 1)
    assert world.line.calls == 3


def test_an_order_s_refund_takes_its_income_back(world: World) -> None:
    world.paid(replace(DONE, order=ORDER, card=""))
    world.dashboard(2000)
    world.hear()
    (earned,) = world.ledger.read("SELECT sum(cents) FROM leg WHERE account = 'income.piscine'")
    assert earned[0] == 0


def test_a_closing_and_the_comparison_with_the_bank_see_it(world: World, tmp_path: Path) -> None:
    world.paid()
    world.dashboard(2000)
    world.hear()
    closings = Closings(world.ledger, DeviceKey(tmp_path))
    closing = closings.close_period("day", "2026-11-22", at=world.hub.time.now())
    assert closing.tally("bank.refund").cents == 2000
    assert closing.suspense == 2000
    credits_ = [(one.topup, one.cents, one.provider) for one in bank_credits(world.path)]
    assert credits_ == [("T-1", 2000, "simulator"), ("T-1", -2000, "simulator")]
    assert verify_file(world.path).sound


def test_the_hub_is_told_by_the_outbox(world: World) -> None:
    world.paid()
    world.dashboard(500)
    world.hear()
    (event,) = [one for one in world.ledger.events() if one.kind == "bank.refund"]
    told = msgspec.json.decode(event.payload)
    assert told == {"topup": "T-1", "amount_cents": 500, "total_cents": 500, "entry": 2}
