"""The counter's gateway: the till in the kiosk's own journal, as the top-up's machine sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.errors import PaymentDeclined, PaymentUnknown
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.till import Hands, TillKind
from kiosk.domain.till_acts import giving_back, opening
from kiosk.domain.till_rules import TillRules
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_till import TillStore
from payments.counter import CounterGateway
from tests.unit.payments.worlds import Time

RULES = TillRules()
AGENT = Hands(by="agent")
CLOCK = Time()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TillStore]:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as ledger:
        yield TillStore(ledger)


@pytest.fixture
def cash(store: TillStore) -> CounterGateway:
    store.record(opening(store.till(), AGENT, Money(15_000), RULES, CLOCK.now()))
    return CounterGateway(TillKind.CASH, store, RULES, CLOCK)


def test_money_is_there_and_held_at_once(cash: CounterGateway, store: TillStore) -> None:
    view = cash.create("T-1", Money(2_000), idempotency_key="k")
    assert (view.id, view.status, view.amount) == (
        "cash_T-1",
        PaymentStatus.SUCCEEDED,
        Money(2_000),
    )
    assert view.held
    assert cash.hold(view.id, load_number=4, idempotency_key="h") == view
    assert cash.capture(view.id, idempotency_key="c") == view
    assert store.till().cash == Money(17_000)


def test_asked_again_it_is_the_same_money(cash: CounterGateway, store: TillStore) -> None:
    first = cash.create("T-1", Money(2_000), idempotency_key="k")
    assert cash.create("T-1", Money(2_000), idempotency_key="k") == first
    assert cash.find("T-1") == cash.retrieve(first.id) == first
    assert store.till().cash == Money(17_000)


def test_what_was_never_received_is_not_found(cash: CounterGateway) -> None:
    assert cash.find("T-9") is None
    with pytest.raises(PaymentUnknown):
        cash.retrieve("cash_T-9")


def test_given_up_it_waits_for_the_agent_to_give_it_back(
    cash: CounterGateway, store: TillStore
) -> None:
    view = cash.create("T-1", Money(2_000), idempotency_key="k")
    assert not cash.cancel(view.id, idempotency_key="c").refunded
    taken = store.taken(TillKind.CASH, "T-1")
    assert taken is not None
    store.record(giving_back(store.till(), AGENT, taken, at=CLOCK.now()))
    assert cash.retrieve(view.id).refunded


@pytest.mark.parametrize("cents", [0, 30_001])
def test_what_the_till_refuses_is_declined(cash: CounterGateway, cents: int) -> None:
    with pytest.raises(PaymentDeclined):
        cash.create("T-1", Money(cents), idempotency_key="k")


def test_a_closed_till_declines(store: TillStore) -> None:
    gateway = CounterGateway(TillKind.CHEQUE, store, RULES, CLOCK)
    with pytest.raises(PaymentDeclined):
        gateway.create("T-1", Money(2_000), idempotency_key="k")
