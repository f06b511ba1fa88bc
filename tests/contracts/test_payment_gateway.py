"""The contract of ports.PaymentGateway; every provider's stand passes it.

The stands: the demonstration's bank in this process, and the kiosk's remote gateway over HTTP to a
hub over HTTP to the bank's stand-in, each request and answer held to Stripe's own description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol

import pytest

from kiosk.domain.errors import PaymentUnavailable, PaymentUnknown
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from kiosk.ports import PaymentGateway
from kiosk.store.psp import PspStore
from payments.hub_server import HubPayments, HubServer
from payments.provider import Setup
from payments.registry import load
from payments.remote import RemoteGateway
from payments.service import Counter, PaymentService
from payments.simulator.bank import SimulatedBank
from payments.simulator.faults import Fault
from payments.simulator.objects import Reader
from tests.stripe_description import DescribedServer
from tests.unit.payments.worlds import Time

P = PaymentStatus
AMOUNT = Money(2000)
TOKEN = "kiosk-1-" + "0" * 32


class Stand(Protocol):
    """A gateway and the citizen's phone; a new provider brings one."""

    @property
    def gateway(self) -> PaymentGateway: ...

    @property
    def shows_a_link(self) -> bool: ...

    def citizen_pays(self, payment_id: str) -> None: ...

    def citizen_refuses(self, payment_id: str) -> None: ...

    def lose_next_answer(self) -> None: ...

    def wait(self, delta: timedelta) -> None: ...

    def close(self) -> None: ...


STEP = timedelta(hours=12)


class SimulatorStand:
    shows_a_link = True

    def __init__(self) -> None:
        self.clock = Time()
        self.bank = SimulatedBank(clock=self.clock, environment="test")

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
        for step in steps(delta):
            self.clock.at += step
            self.bank.sweep()

    def close(self) -> None:
        self.bank.calm()


class RemoteStand:
    """Kiosk, hub and bank, each behind its own socket."""

    def __init__(self, provider: str) -> None:
        self.shows_a_link = provider != "stripe_terminal"
        self.clock = Time()
        self.bank = DescribedServer(clock=self.clock, environment="test")
        self.bank.psp.state.readers["tmr_1"] = Reader(id="tmr_1")
        options = {"return_url": "https://hub.example/merci", "reader": "tmr_1"}
        setup = Setup(
            clock=self.clock,
            environment="test",
            secret="rk_test_simulated",
            options={**options, "base": self.bank.url},
        )
        self.service = PaymentService(
            store=PspStore(None),
            provider=load(provider, setup),
            clock=self.clock,
            counter=Counter(provider=provider, public_url="https://hub.example"),
        )
        self.hub = HubServer(HubPayments(self.service, token=TOKEN), sweep_s=3600)
        self.gateway = RemoteGateway(self.hub.url, token=TOKEN)

    def citizen_pays(self, payment_id: str) -> None:
        self.bank.citizen(payment_id, pays=True)

    def citizen_refuses(self, payment_id: str) -> None:
        self.bank.citizen(payment_id, pays=False)

    def lose_next_answer(self) -> None:
        self.bank.plan.disturb(Fault.ANSWER_LOST)

    def wait(self, delta: timedelta) -> None:
        for step in steps(delta):
            self.clock.at += step
            self.service.sweep()

    def close(self) -> None:
        self.hub.close()
        self.bank.close()


def steps(delta: timedelta) -> list[timedelta]:
    """Cut a stretch of time into what a hub's timer sees of it."""
    whole = [STEP] * (delta // STEP)
    return [*whole, delta % STEP] if delta % STEP else whole


MAKERS: dict[str, Callable[[], Stand]] = {
    "simulator": SimulatorStand,
    "stripe_checkout": lambda: RemoteStand("stripe_checkout"),
    "stripe_terminal": lambda: RemoteStand("stripe_terminal"),
}


@pytest.fixture(params=sorted(MAKERS))
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    made = MAKERS[request.param]()
    yield made
    made.close()


def begin(stand: Stand, topup: str = "T-1") -> PaymentView:
    return stand.gateway.create(topup, AMOUNT, idempotency_key=f"{topup}:create")


def authorized(stand: Stand) -> str:
    payment = begin(stand)
    stand.citizen_pays(payment.id)
    return payment.id


def test_a_payment_begins_pending_with_something_to_show(stand: Stand) -> None:
    payment = begin(stand)
    assert (payment.status, payment.amount) == (P.PENDING, AMOUNT)
    assert payment.code
    assert payment.url.startswith("https://") == stand.shows_a_link
    assert (payment.expires_at is not None) == stand.shows_a_link


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
    first = begin(stand)
    stand.gateway.cancel(first.id, idempotency_key="T-1:cancel")
    assert begin(stand, "T-2").id != first.id


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
