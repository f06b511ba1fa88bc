"""Notifications from the bank's stand-in to a hub, over HTTP, through a disturbed network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.domain.payment import PaymentStatus
from payments.hub_server import HubPayments, HubServer
from payments.simulator.faults import Fault
from payments.simulator.notifier import TRIES_MAX, Delivery, Notifier
from tests.unit.payments.worlds import SECRET, Hub


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def server(hub: Hub) -> Iterator[HubServer]:
    with HubServer(HubPayments(hub.service, token="0" * 32), sweep_s=3600) as one:
        yield one


@pytest.fixture
def notifier(hub: Hub, server: HubServer) -> Notifier:
    return Notifier(hub.psp, f"{server.url}/webhooks/stripe", secret=SECRET)


def status(hub: Hub, payment_id: str) -> PaymentStatus:
    payment = hub.store.payment(payment_id)
    assert payment is not None
    return payment.status


@pytest.mark.parametrize("how", [Delivery.IN_ORDER, Delivery.REVERSED, Delivery.REPEATED])
def test_a_paid_payment_is_known_however_the_news_arrive(
    hub: Hub, notifier: Notifier, how: Delivery
) -> None:
    payment = hub.begin()
    hub.psp.pay(payment.id)
    assert notifier.deliver(how) == 2
    assert status(hub, payment.id) is PaymentStatus.AUTHORIZED
    assert notifier.waiting() == []


def test_lost_news_are_sent_again(hub: Hub, notifier: Notifier) -> None:
    payment = hub.begin()
    hub.psp.pay(payment.id)
    assert notifier.deliver(Delivery.LOST) == 0
    assert status(hub, payment.id) is PaymentStatus.PENDING
    notifier.deliver()
    assert status(hub, payment.id) is PaymentStatus.AUTHORIZED


def test_news_that_the_hub_can_t_follow_are_sent_again(hub: Hub, notifier: Notifier) -> None:
    payment = hub.begin()
    hub.psp.pay(payment.id)
    hub.plan.disturb(Fault.REQUEST_LOST, Fault.REQUEST_LOST)
    assert notifier.deliver() == 0
    assert notifier.deliver() == 2
    assert status(hub, payment.id) is PaymentStatus.AUTHORIZED


def test_a_hub_that_never_takes_them_is_left_alone_in_the_end(hub: Hub) -> None:
    forged = Notifier(hub.psp, "http://127.0.0.1:9/webhooks/stripe", secret="whsec_other")
    hub.authorized()
    for _ in range(TRIES_MAX):
        assert forged.deliver() == 0
    assert forged.waiting() == []


def test_news_under_another_secret_change_nothing(hub: Hub, server: HubServer) -> None:
    payment = hub.begin()
    hub.psp.pay(payment.id)
    forged = Notifier(hub.psp, f"{server.url}/webhooks/stripe", secret="whsec_other")
    assert forged.deliver() == 0
    assert status(hub, payment.id) is PaymentStatus.PENDING
