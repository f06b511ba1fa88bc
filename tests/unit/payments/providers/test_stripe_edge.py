"""Stripe's library behind our transport: secrets, codes, time-outs, no retry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from kiosk.domain.errors import (
    AmountRefused,
    CurrencyRefused,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    ProviderRefused,
)
from payments.providers import stripe_edge
from payments.providers.stripe_edge import API_VERSION, StripeEdge, checked_secret
from payments.providers.stripe_wire import IntentShape, Reply, charge_of, refuse, shaped
from payments.simulator.faults import Fault
from payments.simulator.objects import VERSION, Reader
from payments.simulator.server import SimulatorServer
from tests.unit.payments.worlds import Time

INTENTS = "/v1/payment_intents"
FORM = {"amount": 2000, "currency": "eur"}


@pytest.fixture
def bank() -> Iterator[SimulatorServer]:
    with SimulatorServer(clock=Time(), environment="test") as one:
        yield one


@pytest.fixture
def edge(bank: SimulatorServer) -> StripeEdge:
    return StripeEdge("rk_test_simulated", base=bank.url)


def test_a_full_live_secret_is_refused() -> None:
    with pytest.raises(InputRefused, match="restricted key") as refused:
        checked_secret("sk_live_" + "x" * 24)
    assert "xxxx" not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "secret", "pk_test_12345678", "rk_live_", "rk_live_é" * 9])
def test_what_is_no_stripe_key_is_refused(secret: str) -> None:
    with pytest.raises(InputRefused):
        StripeEdge(secret)


@pytest.mark.parametrize("secret", ["rk_live_12345678", "rk_test_12345678", "sk_test_12345678"])
def test_a_restricted_or_a_test_key_is_taken(secret: str) -> None:
    assert checked_secret(secret) == secret


def test_the_pinned_version_is_the_described_one() -> None:
    assert API_VERSION == VERSION


def test_an_answer_comes_decoded(edge: StripeEdge) -> None:
    reply = edge.ask("POST", INTENTS, FORM, key="k")
    assert shaped(reply, IntentShape).amount == 2000


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.REFUSED, 402, "card_declined"),
        (Fault.CONFLICT, 409, "lock_timeout"),
        (Fault.LIMITED, 429, "rate_limit"),
        (Fault.BROKEN, 500, ""),
    ],
)
def test_an_errors_code_is_read_where_it_stands(
    bank: SimulatorServer, edge: StripeEdge, fault: Fault, status: int, code: str
) -> None:
    bank.plan.disturb(fault)
    reply = edge.ask("POST", INTENTS, FORM, key="k")
    assert (reply.status, reply.code) == (status, code)


def test_a_busy_reader_is_asked_once(bank: SimulatorServer, edge: StripeEdge) -> None:
    bank.psp.state.readers["tmr_1"] = Reader(id="tmr_1", action="in_progress", intent="pi_0")
    present = {**FORM, "payment_method_types": ["card_present"]}
    intent = shaped(edge.ask("POST", INTENTS, present), IntentShape)
    path = "/v1/terminal/readers/tmr_1/process_payment_intent"
    reply = edge.ask("POST", path, {"payment_intent": intent.id}, key="k")
    assert (reply.status, reply.code) == (409, "terminal_reader_busy")


def test_a_lost_call_is_unavailable_and_isn_t_sent_again(
    bank: SimulatorServer, edge: StripeEdge
) -> None:
    bank.plan.disturb(Fault.ANSWER_LOST)
    with pytest.raises(PaymentUnavailable):
        edge.ask("POST", INTENTS, FORM)
    assert len(bank.psp.state.intents) == 1


def test_nobody_waits_longer_than_ten_seconds() -> None:
    assert 8 <= stripe_edge.TIMEOUT_S <= 10


def test_a_dead_bank_is_unavailable(bank: SimulatorServer) -> None:
    edge = StripeEdge("rk_test_simulated", base="http://127.0.0.1:9")
    with pytest.raises(PaymentUnavailable):
        edge.ask("GET", INTENTS, {})


@pytest.mark.parametrize(
    ("status", "code", "kind", "error"),
    [
        (401, "", "", ProviderRefused),
        (403, "", "", ProviderRefused),
        (402, "card_declined", "card_error", PaymentDeclined),
        (404, "resource_missing", "", PaymentUnknown),
        (409, "lock_timeout", "", PaymentUnavailable),
        (429, "rate_limit", "", PaymentUnavailable),
        (500, "", "api_error", PaymentUnavailable),
        (503, "", "", PaymentUnavailable),
        (400, "", "idempotency_error", InputRefused),
        (400, "amount_too_small", "", AmountRefused),
        (400, "currency_not_supported", "", CurrencyRefused),
        (400, "parameter_unknown", "", ProviderRefused),
    ],
)
def test_every_refusal_has_its_declared_error(
    status: int, code: str, kind: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        refuse(Reply(status=status, document=None, code=code, kind=kind))
    broke = isinstance(raised.value, PaymentUnavailable) and raised.value.failed
    assert broke == (status >= 500)


@pytest.mark.parametrize("document", [None, [], {}, {"id": 3}])
def test_an_answer_that_can_t_be_read_is_unavailable(document: object) -> None:
    with pytest.raises(PaymentUnavailable):
        shaped(Reply(status=200, document=document), IntentShape)


def test_another_currency_of_the_bank_is_refused() -> None:
    intent = IntentShape(id="pi_1", amount=1, currency="usd", status="succeeded")
    with pytest.raises(CurrencyRefused):
        charge_of(intent)


def test_a_status_that_nobody_knows_is_unavailable() -> None:
    intent = IntentShape(id="pi_1", amount=1, currency="eur", status="?")
    with pytest.raises(PaymentUnavailable):
        charge_of(intent)


def test_the_library_s_facts_that_the_edge_rests_on_still_hold() -> None:
    major = int(stripe.VERSION.partition(".")[0])
    assert major == 16, "read stripe_edge's facts again for this version"
