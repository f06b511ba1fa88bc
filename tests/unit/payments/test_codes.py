"""The hub's side of offline codes: what it believes, what it takes, when it shows a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from kiosk.domain.errors import (
    AmountRefused,
    CodeExpired,
    CodeForeign,
    CodeTampered,
    LimitReached,
    PaymentUnavailable,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.reload_code import (
    ReloadRequest,
    code_for,
    read_paid,
    request_text,
    short_of,
)
from kiosk.domain.sealed import known
from kiosk.store.hub_codes import HubCodes
from kiosk.store.psp import PspStore
from payments.codes import CodeOffice, CodePayments, KnownKiosk, PayState
from payments.providers.stripe_checkout.checkout import Checkout
from payments.service import Counter, PaymentService
from payments.simulator.api import Api
from payments.simulator.disturbed import DisturbedApi
from payments.simulator.faults import Fault, FaultPlan
from payments.simulator.in_process import InProcess
from payments.simulator.psp import HOST, Psp
from tests.code_requests import CODE_KEY, NOW, OTHER_KEY, TAG, a_purchase, a_request
from tests.signers import OTHER, OURS
from tests.unit.kiosk.usecases.money_world import Moved

HUB = OTHER


@dataclass
class HubWorld:
    """A hub in memory with the bank's stand-in; one kiosk is known, another one too."""

    clock: Moved = field(default_factory=Moved)

    def __post_init__(self) -> None:
        self.clock.at = NOW
        self.psp = Psp(clock=self.clock, environment="test")
        self.plan = FaultPlan()
        self.store, self.payments = HubCodes(None), PspStore(None)
        answer = DisturbedApi(Api(self.psp), self.plan).answer
        self.service = PaymentService(
            store=self.payments,
            provider=Checkout(InProcess(answer), return_url=f"{HOST}/merci"),
            clock=self.clock,
            counter=Counter(provider="simulator", public_url=HOST),
        )
        kiosks = {
            "borne-01": KnownKiosk(public_key=OURS.public_key, code_key=CODE_KEY),
            "borne-02": KnownKiosk(public_key=OTHER.public_key, code_key=OTHER_KEY),
        }
        self.codes = CodePayments(
            store=self.store,
            service=self.service,
            clock=self.clock,
            office=CodeOffice(kiosks=kiosks, hub=HUB),
        )

    def citizen_pays(self) -> None:
        for session in list(self.psp.state.sessions):
            self.psp.pay(session)

    def citizen_refuses(self) -> None:
        for session in list(self.psp.state.sessions):
            self.psp.decline(session)

    def taken(self) -> list[int]:
        """Give the cents of each payment that the bank has taken."""
        intents = self.psp.state.intents.values()
        return [one.received for one in intents if one.status == "succeeded"]

    def close(self) -> None:
        self.store.close()
        self.payments.close()


@pytest.fixture
def world() -> Iterator[HubWorld]:
    one = HubWorld()
    yield one
    one.close()


def text(request: ReloadRequest | None = None) -> str:
    return request_text(request or a_request(), OURS)


def test_before_paying_the_page_shows_what_the_kiosk_shows(world: HubWorld) -> None:
    page = world.codes.look(text())
    assert (page.state, page.request, page.short) == (
        PayState.NEW,
        a_request(),
        short_of(a_request()),
    )
    assert (page.code, page.scanned, page.url) == ("", "", "")


def test_looking_asks_nothing_of_the_bank(world: HubWorld) -> None:
    world.codes.look(text())
    assert not world.psp.state.sessions
    assert world.store.find(a_request().id) is None


def test_a_paid_request_shows_its_code_and_its_scanned_value(world: HubWorld) -> None:
    began = world.codes.pay(text())
    assert began.state is PayState.PAYING
    assert began.url.startswith(HOST)
    assert began.code == ""
    world.citizen_pays()
    page = world.codes.look(text())
    assert (page.state, page.code) == (PayState.PAID, code_for(a_request(), CODE_KEY))
    assert read_paid(page.scanned, known([HUB.public_key])) == (a_request().id, page.code)
    assert world.taken() == [2000]


def test_a_second_visit_shows_the_same_code_days_later(world: HubWorld) -> None:
    world.codes.pay(text())
    world.citizen_pays()
    first = world.codes.look(text())
    world.clock.move(days=3)
    assert world.codes.look(text()) == first
    assert world.codes.pay(text()) == first
    assert world.taken() == [2000]


def test_two_taps_begin_one_payment(world: HubWorld) -> None:
    assert world.codes.pay(text()) == world.codes.pay(text())
    assert len(world.psp.state.sessions) == 1


def test_no_code_is_shown_while_nothing_is_paid(world: HubWorld) -> None:
    world.codes.pay(text())
    assert world.codes.look(text()).code == ""


def test_a_refused_payment_is_over_and_shows_no_code(world: HubWorld) -> None:
    world.codes.pay(text())
    world.citizen_refuses()
    for _ in range(2):
        page = world.codes.look(text())
        assert (page.state, page.code) == (PayState.OVER, "")


def test_a_payment_that_nobody_came_back_for_is_captured_by_the_sweep(world: HubWorld) -> None:
    world.codes.pay(text())
    world.citizen_pays()
    assert world.codes.sweep() == 1
    assert world.taken() == [2000]
    assert world.codes.sweep() == 0


def test_a_silent_bank_stops_the_sweep_and_loses_nothing(world: HubWorld) -> None:
    world.codes.pay(text())
    world.citizen_pays()
    world.plan.disturb(Fault.REQUEST_LOST)
    assert world.codes.sweep() == 0
    assert world.codes.sweep() == 1
    assert world.taken() == [2000]


@pytest.mark.parametrize("fault", [Fault.REQUEST_LOST, Fault.ANSWER_LOST, Fault.BROKEN])
def test_a_disturbed_creation_begins_one_payment(world: HubWorld, fault: Fault) -> None:
    world.plan.disturb(fault)
    with pytest.raises(PaymentUnavailable):
        world.codes.pay(text())
    world.codes.pay(text())
    world.citizen_pays()
    assert world.codes.look(text()).state is PayState.PAID
    assert world.taken() == [2000]


def test_an_edited_request_is_tampered(world: HubWorld) -> None:
    changed = text()[:30] + ("A" if text()[30] != "A" else "B") + text()[31:]
    with pytest.raises(CodeTampered):
        world.codes.pay(changed)


def test_a_kiosk_signs_for_no_other_one(world: HubWorld) -> None:
    with pytest.raises(CodeForeign):
        world.codes.pay(request_text(a_request(), OTHER))


def test_an_unknown_kiosk_is_foreign(world: HubWorld) -> None:
    with pytest.raises(CodeForeign):
        world.codes.pay(text(a_request(kiosk="borne-09")))


def test_a_second_request_under_one_id_is_foreign(world: HubWorld) -> None:
    world.codes.pay(text())
    for call in (world.codes.pay, world.codes.look):
        with pytest.raises(CodeForeign):
            call(text(a_request(cents=1000)))


@pytest.mark.parametrize("minutes", [-6, 30])
def test_a_request_that_is_too_old_or_from_the_future_is_not_paid(
    world: HubWorld, minutes: int
) -> None:
    world.clock.at = NOW + timedelta(minutes=minutes)
    for call in (world.codes.look, world.codes.pay):
        with pytest.raises(CodeExpired):
            call(text())


def test_a_sum_above_the_ceiling_is_not_paid(world: HubWorld) -> None:
    with pytest.raises(AmountRefused):
        world.codes.pay(text(a_request(cents=5001)))


def test_a_kiosk_is_paid_no_more_than_a_day_allows(world: HubWorld) -> None:
    for number in range(10):
        world.codes.pay(text(a_request(name=f"C-{number}", cents=5000)))
    with pytest.raises(LimitReached):
        world.codes.pay(text(a_request(name="C-10", cents=100)))
    other = replace(a_request(name="C-11"), kiosk="borne-02")
    assert world.codes.pay(request_text(other, OTHER)).state is PayState.PAYING


def test_paid_loads_are_pending_until_a_kiosk_tells_that_it_gave_them(world: HubWorld) -> None:
    assert list(world.codes.pending_loads()) == []
    for one in (a_request(), a_purchase()):
        world.codes.pay(text(one))
    world.citizen_pays()
    world.codes.sweep()
    (load,) = world.codes.pending_loads()
    assert (load.id, load.card, load.cents, load.load_number) == (a_request().id, TAG, 2000, 5)
    for _ in range(2):
        world.codes.delivered(a_request().id)
    world.codes.delivered("C-unknown")
    assert list(world.codes.pending_loads()) == []


def test_the_payment_is_the_service_s_own_under_the_request_s_id(world: HubWorld) -> None:
    world.codes.pay(text())
    world.citizen_pays()
    world.codes.look(text())
    found = world.service.find(a_request().id)
    assert found is not None
    assert (found.status, found.amount) == (PaymentStatus.SUCCEEDED, Money(2000))
