"""Stripe's API as the stand-in plays it: keys, states, readers, refunds, lists, time.

Each request and answer is held to Stripe's own description.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, cast

import pytest

from kiosk.domain.errors import InputRefused
from payments.simulator import psp as psp_module
from payments.simulator.api import Answer, Api, Request
from payments.simulator.forms import Json
from payments.simulator.objects import Reader
from payments.simulator.psp import AUTHORIZED_MAX, Psp
from tests.stripe_description import answer_faults, event_faults, request_faults
from tests.unit.payments.worlds import Time

SESSIONS, INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
READER = "/v1/terminal/readers/tmr_1"


class Stripe:
    """Asks the stand-in; ``wild`` requests may break the description."""

    def __init__(self) -> None:
        self.time = Time()
        self.psp = Psp(clock=self.time, environment="test")
        self.psp.state.readers["tmr_1"] = Reader(id="tmr_1")
        self.api = Api(self.psp)

    def ask(
        self,
        method: Literal["GET", "POST"],
        path: str,
        form: Json | None = None,
        *,
        key: str = "",
        wild: bool = False,
    ) -> Answer:
        request = Request(method=method, path=path, form=form or {}, key=key)
        answer = self.api.answer(request)
        if not wild:
            assert request_faults(request) == []
        assert answer_faults(request, answer) == []
        return answer

    def post(self, path: str, form: Json | None = None, *, key: str = "") -> Answer:
        return self.ask("POST", path, form, key=key)

    def session(self, key: str = "", **changes: str) -> Json:
        return self.post(SESSIONS, self.session_form(**changes), key=key).document

    def session_form(self, **changes: str) -> Json:
        price: Json = {
            "currency": "eur",
            "unit_amount": "2000",
            "product_data": {"name": "Recharge"},
        }
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": "1"}],
            "payment_intent_data": {"capture_method": "manual"},
            "success_url": "https://hub.example",
            **changes,
        }

    def paid(self) -> str:
        """Give an intent whose money is set aside."""
        session = self.session()
        self.psp.pay(str(session["id"]))
        told = self.ask("GET", f"{SESSIONS}/{session['id']}").document
        return str(told["payment_intent"])

    def card_present(self) -> str:
        form: Json = {
            "amount": "2000",
            "currency": "eur",
            "capture_method": "manual",
            "payment_method_types": ["card_present"],
        }
        return str(self.post(INTENTS, form).document["id"])


@pytest.fixture
def stripe() -> Stripe:
    return Stripe()


def code(answer: Answer) -> tuple[int, object]:
    error = cast("dict[str, Any]", answer.document["error"])
    return answer.status, error["code"]


def test_production_refuses_the_stand_in() -> None:
    with pytest.raises(InputRefused, match="refused in production"):
        Psp(clock=Time(), environment="production")


def test_the_same_key_and_body_get_the_same_answer(stripe: Stripe) -> None:
    first = stripe.post(SESSIONS, stripe.session_form(), key="k")
    again = stripe.post(SESSIONS, stripe.session_form(), key="k")
    assert (again.document, again.replayed, first.replayed) == (first.document, True, False)
    assert len(stripe.psp.state.sessions) == 1


def test_a_kept_answer_is_the_old_one_whatever_happened_since(stripe: Stripe) -> None:
    session = stripe.session(key="k")
    stripe.psp.pay(str(session["id"]))
    assert stripe.session(key="k")["status"] == "open"


def test_a_key_with_another_body_is_refused(stripe: Stripe) -> None:
    stripe.session(key="k")
    other = stripe.post(SESSIONS, stripe.session_form(client_reference_id="T-2"), key="k")
    error = cast("dict[str, Any]", other.document["error"])
    assert (other.status, error["type"]) == (400, "idempotency_error")


def test_a_key_is_pruned_after_a_day(stripe: Stripe) -> None:
    stripe.session(key="k")
    stripe.time.move(hours=24)
    stripe.session(key="k")
    assert len(stripe.psp.state.sessions) == 2


def test_what_was_refused_before_it_began_isn_t_kept(stripe: Stripe) -> None:
    path = f"{INTENTS}/pi_nothing/capture"
    assert stripe.post(path, key="k").status == 404
    assert stripe.psp.state.kept == {}


@pytest.mark.parametrize(
    ("amount", "currency", "wanted"),
    [
        ("0", "eur", "amount_too_small"),
        ("-2000", "eur", "amount_too_small"),
        ("49", "eur", "amount_too_small"),
        ("100000000", "eur", "amount_too_large"),
        ("2000", "usd", "currency_not_supported"),
    ],
)
def test_a_sum_that_stripe_refuses_is_refused(
    stripe: Stripe, amount: str, currency: str, wanted: str
) -> None:
    answer = stripe.post(INTENTS, {"amount": amount, "currency": currency})
    assert code(answer) == (400, wanted)


def test_an_intent_is_captured_once(stripe: Stripe) -> None:
    path = f"{INTENTS}/{stripe.paid()}/capture"
    assert stripe.post(path).document["amount_received"] == 2000
    assert code(stripe.post(path)) == (400, "payment_intent_unexpected_state")


def test_a_captured_intent_can_t_be_canceled(stripe: Stripe) -> None:
    intent = stripe.paid()
    stripe.post(f"{INTENTS}/{intent}/capture")
    assert code(stripe.post(f"{INTENTS}/{intent}/cancel"))[0] == 400


def test_an_authorization_lapses(stripe: Stripe) -> None:
    intent = stripe.paid()
    stripe.time.move(seconds=AUTHORIZED_MAX.total_seconds())
    assert stripe.ask("GET", f"{INTENTS}/{intent}").document["status"] == "canceled"


def test_an_intent_without_manual_capture_is_taken_at_once(stripe: Stripe) -> None:
    form = stripe.session_form()
    del form["payment_intent_data"]
    session = stripe.post(SESSIONS, form).document
    stripe.psp.pay(str(session["id"]))
    assert [i.status for i in stripe.psp.state.intents.values()] == ["succeeded"]


def test_a_paid_session_can_t_be_expired(stripe: Stripe) -> None:
    session = stripe.session()
    stripe.psp.pay(str(session["id"]))
    assert stripe.post(f"{SESSIONS}/{session['id']}/expire").status == 400


def test_an_expired_session_can_t_be_paid(stripe: Stripe) -> None:
    session = stripe.session()
    assert stripe.post(f"{SESSIONS}/{session['id']}/expire").document["status"] == "expired"
    stripe.psp.pay(str(session["id"]))
    assert stripe.psp.state.intents == {}


@pytest.mark.parametrize("lives", [timedelta(minutes=20), timedelta(hours=25)])
def test_a_session_lives_half_an_hour_to_a_day(stripe: Stripe, lives: timedelta) -> None:
    until = str(stripe.psp.now + int(lives.total_seconds()))
    assert stripe.post(SESSIONS, stripe.session_form(expires_at=until)).status == 400


def test_a_session_that_nobody_pays_expires(stripe: Stripe) -> None:
    session = stripe.session()
    stripe.time.move(days=1)
    told = stripe.ask("GET", f"{SESSIONS}/{session['id']}").document
    assert (told["status"], told["url"]) == ("expired", None)


def test_a_reader_runs_one_action_at_a_time(stripe: Stripe) -> None:
    first, second = stripe.card_present(), stripe.card_present()
    path = f"{READER}/process_payment_intent"
    assert stripe.post(path, {"payment_intent": first}).status == 200
    assert code(stripe.post(path, {"payment_intent": second})) == (409, "terminal_reader_busy")
    assert stripe.post(f"{READER}/cancel_action").document["action"] is None
    assert stripe.post(path, {"payment_intent": second}).status == 200


def test_a_busy_reader_shows_nothing_else(stripe: Stripe) -> None:
    cart: Json = {"currency": "eur", "total": "2000", "line_items": []}
    form: Json = {"type": "cart", "cart": cart}
    assert stripe.post(f"{READER}/set_reader_display", form).status == 200
    assert stripe.psp.state.readers["tmr_1"].display == 2000
    process = {"payment_intent": stripe.card_present()}
    stripe.post(f"{READER}/process_payment_intent", cast("Json", process))
    assert stripe.post(f"{READER}/set_reader_display", form).status == 409


@pytest.mark.parametrize("pays", [True, False])
def test_a_card_on_the_reader_decides_its_intent(stripe: Stripe, *, pays: bool) -> None:
    intent = stripe.card_present()
    stripe.post(f"{READER}/process_payment_intent", {"payment_intent": intent})
    (stripe.psp.pay if pays else stripe.psp.decline)(intent)
    told = stripe.ask("GET", f"{INTENTS}/{intent}").document
    assert told["status"] == ("requires_capture" if pays else "requires_payment_method")
    assert (told["last_payment_error"] is None) == pays
    action = cast("dict[str, Any]", stripe.ask("GET", READER).document["action"])
    assert action["status"] == ("succeeded" if pays else "failed")


def test_an_online_intent_doesn_t_go_to_a_reader(stripe: Stripe) -> None:
    intent = stripe.post(INTENTS, {"amount": "500", "currency": "eur"}).document["id"]
    answer = stripe.post(f"{READER}/process_payment_intent", {"payment_intent": intent})
    assert code(answer) == (400, "payment_intent_unexpected_state")


def test_no_more_is_given_back_than_was_received(stripe: Stripe) -> None:
    intent = stripe.paid()
    form: Json = {"payment_intent": intent, "amount": "1500"}
    assert code(stripe.post("/v1/refunds", form)) == (400, "charge_already_refunded")
    stripe.post(f"{INTENTS}/{intent}/capture")
    assert stripe.post("/v1/refunds", form).status == 200
    assert code(stripe.post("/v1/refunds", form)) == (400, "amount_too_large")
    assert stripe.post("/v1/refunds", {"payment_intent": intent}).document["amount"] == 500
    told = stripe.ask("GET", "/v1/refunds", {"payment_intent": intent}).document
    assert len(cast("list[object]", told["data"])) == 2


@pytest.mark.parametrize(
    "path",
    [
        f"{SESSIONS}/x",
        f"{INTENTS}/x",
        "/v1/terminal/readers/x",
    ],
)
def test_what_isn_t_there_is_said_missing(stripe: Stripe, path: str) -> None:
    assert code(stripe.ask("GET", path)) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (f"{SESSIONS}/x/expire", {}),
        (f"{INTENTS}/x/capture", {}),
        (f"{INTENTS}/x/cancel", {}),
        ("/v1/terminal/readers/x/process_payment_intent", {"payment_intent": "x"}),
        ("/v1/terminal/readers/x/cancel_action", {}),
        ("/v1/terminal/readers/x/set_reader_display", {"type": "cart"}),
        ("/v1/refunds", {"payment_intent": "x"}),
    ],
)
def test_an_act_on_what_isn_t_there_is_said_missing(stripe: Stripe, path: str, form: Json) -> None:
    assert code(stripe.post(path, form)) == (404, "resource_missing")


def test_a_list_comes_in_pages_newest_first(stripe: Stripe) -> None:
    made = [stripe.session()["id"] for _ in range(3)]
    first = stripe.ask("GET", SESSIONS, {"limit": "2"}).document
    ids = [one["id"] for one in cast("list[Json]", first["data"])]
    assert (ids, first["has_more"]) == ([made[2], made[1]], True)
    rest = stripe.ask("GET", SESSIONS, {"limit": "2", "starting_after": str(made[1])}).document
    assert [one["id"] for one in cast("list[Json]", rest["data"])] == [made[0]]


def test_a_list_may_begin_at_a_moment(stripe: Stripe) -> None:
    stripe.card_present()
    stripe.time.move(hours=1)
    since: Json = {"created": {"gte": str(stripe.psp.now)}}
    assert stripe.ask("GET", INTENTS, since).document["data"] == []


def test_every_change_is_an_event(stripe: Stripe) -> None:
    intent = stripe.paid()
    stripe.post(f"{INTENTS}/{intent}/capture")
    stripe.post("/v1/refunds", {"payment_intent": intent})
    assert [event.type for event in stripe.psp.state.events] == [
        "payment_intent.amount_capturable_updated",
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.refunded",
        "refund.created",
    ]
    assert [fault for event in stripe.psp.state.events for fault in event_faults(event)] == []
    told = stripe.ask("GET", "/v1/events", {"limit": "1"}).document
    assert len(cast("list[object]", told["data"])) == 1


def test_the_oldest_objects_are_forgotten_one_day(
    stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psp_module, "OBJECTS_MAX", 2)
    made = [stripe.session()["id"] for _ in range(3)]
    assert list(stripe.psp.state.sessions) == made[1:]


def test_an_unknown_path_is_said_so(stripe: Stripe) -> None:
    answer = stripe.api.answer(Request(method="GET", path="/v1/charges", form={}))
    assert code(answer) == (404, "resource_missing")


def test_the_check_catches_a_request_that_stripe_doesn_t_describe() -> None:
    wild = Request(method="POST", path=INTENTS, form={"amount": "lots", "currency": "eur"})
    assert request_faults(wild) != []
    stray = Request(method="POST", path=INTENTS, form={"amount": "5", "currency": "eur", "x": "1"})
    assert request_faults(stray) != []


def test_the_check_catches_an_answer_that_stripe_doesn_t_describe() -> None:
    asked = Request(method="GET", path=f"{INTENTS}/pi_1", form={})
    assert answer_faults(asked, Answer(status=200, document={"id": "pi_1"})) != []
