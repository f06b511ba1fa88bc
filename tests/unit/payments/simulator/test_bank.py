"""The bank's stand-in beyond its port: keys, faults, the demo's controls, its limits."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from kiosk.domain.errors import (
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from payments.deadlines import UNPAID_MAX
from payments.service import short_code
from payments.simulator.bank import SimulatedBank
from payments.simulator.faults import Fault
from payments.simulator.psp import HOST
from tests.unit.payments.worlds import Time

P = PaymentStatus
AMOUNT = Money(2000)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def bank(time: Time) -> SimulatedBank:
    numbers = count(1)
    return SimulatedBank(clock=time, environment="", new_code=lambda: f"CODE-{next(numbers)}")


def begin(bank: SimulatedBank, topup: str = "T-1", amount: Money = AMOUNT) -> PaymentView:
    return bank.create(topup, amount, idempotency_key=f"{topup}:create")


def paid(bank: SimulatedBank) -> str:
    payment = begin(bank)
    bank.confirm(payment.id)
    return payment.id


def test_production_refuses_the_stand_in(time: Time) -> None:
    with pytest.raises(InputRefused, match="refused in production"):
        SimulatedBank(clock=time, environment="production")


@pytest.mark.parametrize("environment", ["", "test", "demo", "staging"])
def test_anything_but_production_may_simulate(time: Time, environment: str) -> None:
    assert SimulatedBank(clock=time, environment=environment).payments() == ()


def test_a_simulated_payment_shows_that_it_is_simulated(bank: SimulatedBank) -> None:
    payment = begin(bank)
    assert "_sim" in payment.id
    assert payment.url == f"{HOST}/p/CODE-1"
    assert HOST.endswith(".example")
    assert "simule" in HOST


def test_short_codes_can_be_read_aloud_and_differ() -> None:
    codes = {short_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == 9
        assert code[4] == "-"
        assert not set("IO01") & set(code)


def test_a_key_with_another_body_is_refused(bank: SimulatedBank) -> None:
    begin(bank)
    with pytest.raises(InputRefused, match="another body"):
        bank.create("T-1", Money(2001), idempotency_key="T-1:create")
    with pytest.raises(InputRefused, match="another body"):
        bank.create("T-2", AMOUNT, idempotency_key="T-1:create")
    assert len(bank.payments()) == 1


def test_an_answered_key_gives_the_payment_as_it_stands_now(bank: SimulatedBank) -> None:
    payment = begin(bank)
    bank.confirm(payment.id)
    assert begin(bank).status is P.AUTHORIZED
    assert len(bank.payments()) == 1


@pytest.mark.parametrize("cents", [0, -1])
def test_a_sum_that_is_no_payment_is_declined(bank: SimulatedBank, cents: int) -> None:
    with pytest.raises(PaymentDeclined):
        begin(bank, amount=Money(cents))
    assert bank.payments() == ()


@pytest.mark.parametrize(
    ("fault", "begun"),
    [
        (Fault.REQUEST_LOST, 0),
        (Fault.REFUSED, 0),
        (Fault.CONFLICT, 0),
        (Fault.LIMITED, 0),
        (Fault.BROKEN, 0),
        (Fault.LATE, 0),
        (Fault.ANSWER_LOST, 1),
    ],
)
def test_a_fault_gives_no_answer_and_tells_what_was_done(
    bank: SimulatedBank, fault: Fault, begun: int
) -> None:
    bank.disturb(fault)
    with pytest.raises(PaymentUnavailable, match=fault.value):
        begin(bank)
    assert len(bank.payments()) == begun


def test_a_late_request_is_done_before_the_next_call(bank: SimulatedBank) -> None:
    bank.disturb(Fault.LATE)
    with pytest.raises(PaymentUnavailable):
        begin(bank)
    found = bank.find("T-1")
    assert found is not None
    assert begin(bank).id == found.id


def test_a_repeated_request_is_one_payment(bank: SimulatedBank) -> None:
    bank.disturb(Fault.REPEATED)
    assert begin(bank).status is P.PENDING
    assert len(bank.payments()) == 1


def test_a_late_request_that_is_refused_disturbs_nobody(bank: SimulatedBank) -> None:
    bank.disturb(Fault.LATE)
    with pytest.raises(PaymentUnavailable):
        begin(bank, amount=Money(0))
    assert bank.find("T-1") is None


def test_faults_meet_the_calls_in_their_order(bank: SimulatedBank) -> None:
    bank.disturb(None, Fault.REFUSED, None)
    payment = begin(bank)
    with pytest.raises(PaymentUnavailable):
        bank.retrieve(payment.id)
    assert bank.retrieve(payment.id) == payment


def test_a_calmed_network_forgets_its_faults(bank: SimulatedBank) -> None:
    bank.disturb(Fault.REFUSED, Fault.REFUSED)
    bank.calm()
    assert begin(bank).status is P.PENDING


def test_only_a_waiting_payment_can_be_paid_or_refused(bank: SimulatedBank) -> None:
    payment_id = paid(bank)
    assert bank.decline(payment_id).status is P.AUTHORIZED
    bank.capture(payment_id, idempotency_key="T-1:capture")
    assert bank.confirm(payment_id).status is P.SUCCEEDED
    other = begin(bank, "T-2")
    assert bank.decline(other.id).status is P.CANCELED
    assert bank.confirm(other.id).status is P.CANCELED


def test_a_payment_that_was_refused_says_so_when_asked_again(bank: SimulatedBank) -> None:
    payment = begin(bank)
    bank.decline(payment.id)
    held = bank.hold(payment.id, load_number=1, idempotency_key="T-1:hold:1")
    assert (held.status, held.held) == (P.CANCELED, False)


def test_only_taken_money_can_be_given_back(bank: SimulatedBank) -> None:
    payment_id = paid(bank)
    assert not bank.refund(payment_id).refunded
    bank.capture(payment_id, idempotency_key="T-1:capture")
    assert bank.refund(payment_id).refunded
    assert bank.retrieve(payment_id).status is P.SUCCEEDED


def test_a_payment_nobody_pays_lapses(bank: SimulatedBank, time: Time) -> None:
    payment = begin(bank)
    time.at += UNPAID_MAX - timedelta(seconds=1)
    assert bank.retrieve(payment.id).status is P.PENDING
    time.at += timedelta(seconds=1)
    assert bank.retrieve(payment.id).status is P.CANCELED
    assert bank.confirm(payment.id).status is P.CANCELED


def test_a_payment_tells_the_load_it_is_held_for(bank: SimulatedBank) -> None:
    payment_id = paid(bank)
    bank.hold(payment_id, load_number=4, idempotency_key="T-1:hold:4")
    (payment,) = bank.payments()
    assert (payment.load_number, payment.topup_id, payment.view.held) == (4, "T-1", True)
