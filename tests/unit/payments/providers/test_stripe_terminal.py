"""Stripe Terminal beyond the contract: busy readers, refused cards, lists, refunds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.errors import PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.provider import Order, Provider
from payments.providers import stripe_wire
from payments.providers.stripe_checkout.checkout import Checkout
from payments.providers.stripe_terminal.terminal import Terminal
from payments.simulator.in_process import InProcess
from payments.simulator.objects import Reader
from tests.unit.payments.worlds import Hub

P = PaymentStatus
READER = "tmr_1"


@pytest.fixture
def hub() -> Hub:
    made = Hub()
    made.psp.state.readers[READER] = Reader(id=READER)
    return made


@pytest.fixture
def terminal(hub: Hub) -> Terminal:
    return Terminal(InProcess(hub.api.answer), reader=READER)


def order(hub: Hub, topup: str = "T-1") -> Order:
    return Order(topup=topup, amount=Money(2000), at=hub.time.now())


def test_a_busy_reader_leaves_the_payment_and_the_next_try_goes_on(
    hub: Hub, terminal: Terminal
) -> None:
    hub.psp.state.readers[READER] = Reader(id=READER, intent="pi_0", action="in_progress")
    with pytest.raises(PaymentUnavailable, match="terminal_reader_busy"):
        terminal.create(order(hub), key="k")
    hub.psp.state.readers[READER] = Reader(id=READER)
    charge = terminal.create(order(hub), key="k")
    assert list(hub.psp.state.intents) == [charge.id]
    assert hub.psp.state.readers[READER].intent == charge.id


def test_asked_again_a_payment_stays_on_its_reader(hub: Hub, terminal: Terminal) -> None:
    assert terminal.create(order(hub), key="k") == terminal.create(order(hub), key="k")


def test_a_refused_card_ends_the_payment(hub: Hub, terminal: Terminal) -> None:
    charge = terminal.create(order(hub), key="k")
    hub.psp.decline(charge.id)
    assert terminal.retrieve(charge.id).status is P.CANCELED
    assert terminal.cancel(charge.id, key="c").status is P.CANCELED


def test_giving_up_frees_the_reader(hub: Hub, terminal: Terminal) -> None:
    charge = terminal.create(order(hub), key="k")
    assert terminal.cancel(charge.id, key="c").status is P.CANCELED
    assert hub.psp.state.readers[READER].action == ""


def test_taken_money_is_given_back(hub: Hub, terminal: Terminal) -> None:
    charge = terminal.create(order(hub), key="k")
    hub.psp.pay(charge.id)
    assert terminal.capture(charge.id, key="c").status is P.SUCCEEDED
    assert terminal.refund(charge.id, Money(500), key="r").refunded == Money(500)


MAKERS: dict[str, Callable[[InProcess], Provider]] = {
    "checkout": lambda transport: Checkout(transport, return_url="https://hub.example"),
    "terminal": lambda transport: Terminal(transport, reader=READER),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_payment_is_found_on_any_page_of_the_list(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(stripe_wire, "PAGE", 2)
    monkeypatch.setattr(stripe_wire, "PAGES_MAX", 2)
    provider = MAKERS[kind](InProcess(hub.api.answer))
    since, made = hub.time.now(), list[str]()
    for number in range(5):
        charge = provider.create(order(hub, f"T-{number}"), key=f"k{number}")
        made.append(charge.id)
        hub.psp.state.readers[READER] = Reader(id=READER)
    found = provider.find("T-1", since)
    assert found is not None
    assert found.id == made[1]
    with pytest.raises(PaymentUnavailable, match="more than"):
        provider.find("T-0", since)
    hub.time.move(seconds=1)
    assert provider.find("T-1", hub.time.now()) is None
