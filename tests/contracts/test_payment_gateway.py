"""The contract of ports.PaymentGateway; every provider's stand passes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from kiosk.domain.errors import PaymentUnavailable, PaymentUnknown
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from kiosk.ports import PaymentGateway
from payments.registry import load
from payments.simulator.bank import Fault, SimulatedBank

P = PaymentStatus
AMOUNT = Money(2000)


class Time:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Stand(Protocol):
    """A gateway and the citizen's phone; a new provider brings one."""

    @property
    def gateway(self) -> PaymentGateway: ...

    def citizen_pays(self, payment_id: str) -> None: ...

    def citizen_refuses(self, payment_id: str) -> None: ...

    def lose_next_answer(self) -> None: ...

    def wait(self, delta: timedelta) -> None: ...


class SimulatorStand:
    def __init__(self) -> None:
        self.clock = Time()
        gateway = load("simulator", clock=self.clock, environment="test")
        assert isinstance(gateway, SimulatedBank)
        self.bank = gateway

    @property
    def gateway(self) -> PaymentGateway:
        return self.bank

    def citizen_pays(self, payment_id: str) -> None:
        self.bank.confirm(payment_id)

    def citizen_refuses(self, payment_id: str) -> None:
        self.bank.decline(payment_id)

    def lose_next_answer(self) -> None:
        self.bank.disturb(Fault.ANSWER_LOST)

    def wait(self, delta: timedelta) -> None:
        self.clock.at += delta


MAKERS: dict[str, Callable[[], Stand]] = {"simulator": SimulatorStand}


@pytest.fixture(params=sorted(MAKERS))
def stand(request: pytest.FixtureRequest) -> Stand:
    return MAKERS[request.param]()


def begin(stand: Stand, topup: str = "T-1") -> PaymentView:
    return stand.gateway.create(topup, AMOUNT, idempotency_key=f"{topup}:create")


def authorized(stand: Stand) -> str:
    payment = begin(stand)
    stand.citizen_pays(payment.id)
    return payment.id


def test_a_payment_begins_pending_with_something_to_show(stand: Stand) -> None:
    payment = begin(stand)
    assert (payment.status, payment.amount) == (P.PENDING, AMOUNT)
    assert payment.url.startswith("https://")
    assert payment.code
    assert payment.expires_at is not None


def test_the_same_key_gives_the_same_payment(stand: Stand) -> None:
    assert begin(stand) == begin(stand)


def test_a_lost_answer_is_given_again_under_its_key(stand: Stand) -> None:
    stand.lose_next_answer()
    with pytest.raises(PaymentUnavailable):
        begin(stand)
    found = stand.gateway.find("T-1")
    assert found is not None
    assert begin(stand).id == found.id


def test_another_topup_gets_another_payment(stand: Stand) -> None:
    assert begin(stand).id != begin(stand, "T-2").id


def test_a_search_finds_a_topups_payment_or_nothing(stand: Stand) -> None:
    payment = begin(stand)
    found = stand.gateway.find("T-1")
    assert found is not None
    assert found.id == payment.id
    assert stand.gateway.find("T-2") is None


def test_a_paid_payment_waits_for_the_capture(stand: Stand) -> None:
    payment_id = authorized(stand)
    assert stand.gateway.retrieve(payment_id).status is P.AUTHORIZED
    taken = stand.gateway.capture(payment_id, idempotency_key="T-1:capture")
    assert taken.status is P.SUCCEEDED
    assert stand.gateway.retrieve(payment_id).status is P.SUCCEEDED


def test_a_capture_can_be_repeated(stand: Stand) -> None:
    payment_id = authorized(stand)
    first = stand.gateway.capture(payment_id, idempotency_key="T-1:capture")
    assert stand.gateway.capture(payment_id, idempotency_key="T-1:capture") == first


def test_an_unpaid_payment_can_t_be_captured(stand: Stand) -> None:
    payment = begin(stand)
    answer = stand.gateway.capture(payment.id, idempotency_key="T-1:capture")
    assert answer.status is P.PENDING


def test_a_canceled_payment_is_never_taken(stand: Stand) -> None:
    payment_id = authorized(stand)
    gone = stand.gateway.cancel(payment_id, idempotency_key="T-1:cancel")
    assert gone.status is P.CANCELED
    late = stand.gateway.capture(payment_id, idempotency_key="T-1:capture")
    assert late.status is P.CANCELED


def test_canceling_what_went_through_says_so(stand: Stand) -> None:
    payment_id = authorized(stand)
    stand.gateway.capture(payment_id, idempotency_key="T-1:capture")
    late = stand.gateway.cancel(payment_id, idempotency_key="T-1:cancel")
    assert late.status is P.SUCCEEDED


def test_a_refused_payment_is_canceled(stand: Stand) -> None:
    payment = begin(stand)
    stand.citizen_refuses(payment.id)
    assert stand.gateway.retrieve(payment.id).status is P.CANCELED


def test_a_hold_keeps_an_authorization_from_being_voided(stand: Stand) -> None:
    payment_id = authorized(stand)
    held = stand.gateway.hold(payment_id, load_number=4, idempotency_key="T-1:hold:4")
    assert (held.held, held.status) == (True, P.AUTHORIZED)
    stand.wait(timedelta(hours=12))
    assert stand.gateway.retrieve(payment_id).status is P.AUTHORIZED


def test_a_held_payment_is_captured_before_it_lapses(stand: Stand) -> None:
    payment_id = authorized(stand)
    stand.gateway.hold(payment_id, load_number=4, idempotency_key="T-1:hold:4")
    stand.wait(timedelta(days=8))
    assert stand.gateway.retrieve(payment_id).status is P.SUCCEEDED


def test_an_authorization_that_nobody_holds_is_voided(stand: Stand) -> None:
    payment_id = authorized(stand)
    stand.wait(timedelta(minutes=10))
    assert stand.gateway.retrieve(payment_id).status is P.CANCELED


def test_only_an_authorized_payment_can_be_held(stand: Stand) -> None:
    payment = begin(stand)
    answer = stand.gateway.hold(payment.id, load_number=4, idempotency_key="T-1:hold:4")
    assert not answer.held


def test_an_unknown_payment_is_said_unknown_by_every_call(stand: Stand) -> None:
    gateway = stand.gateway
    asks: list[Callable[[], PaymentView]] = [
        lambda: gateway.retrieve("nothing"),
        lambda: gateway.capture("nothing", idempotency_key="a"),
        lambda: gateway.cancel("nothing", idempotency_key="b"),
        lambda: gateway.hold("nothing", load_number=1, idempotency_key="c"),
    ]
    for ask in asks:
        with pytest.raises(PaymentUnknown):
            ask()
