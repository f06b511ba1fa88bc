"""The bank's stand-in over HTTP: its file, its pay page, its disturbed network."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kiosk.domain.errors import InputRefused
from payments.simulator.faults import Fault
from payments.simulator.server import BODY_BYTES_MAX, SimulatorServer
from tests.unit.payments.worlds import Time

FORM = "amount=2000&currency=eur&capture_method=manual"
SESSION = (
    "mode=payment&client_reference_id=T%3C1&success_url=https%3A%2F%2Fhub.example"
    "&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1250"
    "&payment_intent_data[capture_method]=manual"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bank.json"


@pytest.fixture
def server(file: Path) -> Iterator[SimulatorServer]:
    with SimulatorServer(clock=Time(), environment="test", file=file) as one:
        yield one


def ask(
    server: SimulatorServer, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    sent = {
        "Authorization": "Bearer sk_test_1",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    try:
        connection.request(method, path, body.encode(), sent)
        response = connection.getresponse()
        return response.status, response.read().decode(), dict(response.headers)
    finally:
        connection.close()


def test_production_refuses_it() -> None:
    with pytest.raises(InputRefused):
        SimulatorServer(clock=Time(), environment="production")


def test_an_answer_comes_with_the_version_and_is_replayed(server: SimulatorServer) -> None:
    status, first, headers = ask(server, "POST", "/v1/payment_intents", FORM, Idempotency_Key="k")
    assert (status, headers["Stripe-Version"][:4]) == (200, "2026")
    _, again, headers = ask(server, "POST", "/v1/payment_intents", FORM, Idempotency_Key="k")
    assert (again, headers["Idempotent-Replayed"]) == (first, "true")


def test_nobody_is_answered_without_a_key(server: SimulatorServer) -> None:
    assert ask(server, "GET", "/v1/events", Authorization="")[0] == 401


def test_what_is_no_form_is_refused(server: SimulatorServer) -> None:
    assert ask(server, "POST", "/v1/payment_intents", "a[=1")[0] == 400


def test_an_endless_body_is_refused_unread(server: SimulatorServer) -> None:
    status, _, _ = ask(
        server, "POST", "/v1/payment_intents", Content_Length=str(BODY_BYTES_MAX + 1)
    )
    assert status == 413


def test_a_stand_in_started_again_is_as_it_was(file: Path) -> None:
    with SimulatorServer(clock=Time(), environment="test", file=file) as first:
        ask(first, "POST", "/v1/checkout/sessions", SESSION, Idempotency_Key="k")
        (session_id,) = first.psp.state.sessions
        first.citizen(session_id, pays=True)
        before = first.psp.state
    with SimulatorServer(clock=Time(), environment="test", file=file) as again:
        assert again.psp.state == before


def test_a_call_that_only_reads_writes_no_file(server: SimulatorServer, file: Path) -> None:
    ask(server, "POST", "/v1/payment_intents", FORM)
    file.unlink()
    ask(server, "GET", "/v1/events")
    assert not file.exists()
    ask(server, "POST", "/v1/payment_intents", FORM)
    assert file.exists()


def test_a_broken_state_file_is_refused_with_what_to_do(file: Path) -> None:
    file.write_text("{", encoding="utf-8")
    with pytest.raises(InputRefused, match="delete it"):
        SimulatorServer(clock=Time(), environment="test", file=file)


@pytest.mark.parametrize(("answer", "said"), [("pay", "Payé"), ("decline", "Rien n’a été débité")])
def test_the_pay_page_is_marked_and_has_two_buttons(
    server: SimulatorServer, answer: str, said: str
) -> None:
    ask(server, "POST", "/v1/checkout/sessions", SESSION)
    (session_id,) = server.psp.state.sessions
    status, page, headers = ask(server, "GET", f"/pay/{session_id}")
    assert status == 200
    assert "SIMULATION" in page
    assert "12,50\N{NO-BREAK SPACE}€" in page
    assert "T&lt;1" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    _, after, _ = ask(server, "POST", f"/pay/{session_id}", f"answer={answer}")
    assert said in after
    assert "<button" not in after


def test_an_unknown_pay_page_says_so(server: SimulatorServer) -> None:
    status, page, _ = ask(server, "GET", "/pay/nothing")
    assert (status, "inconnu" in page) == (404, True)


@pytest.mark.parametrize(("fault", "done"), [(Fault.REQUEST_LOST, 0), (Fault.ANSWER_LOST, 1)])
def test_a_lost_call_ends_without_a_word(server: SimulatorServer, fault: Fault, done: int) -> None:
    server.plan.disturb(fault)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, "POST", "/v1/payment_intents", FORM)
    assert len(server.psp.state.intents) == done


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.REFUSED, 402), (Fault.CONFLICT, 409), (Fault.LIMITED, 429), (Fault.BROKEN, 500)],
)
def test_a_refusal_is_kept_where_stripe_keeps_it(
    server: SimulatorServer, fault: Fault, status: int
) -> None:
    server.plan.disturb(fault)
    assert ask(server, "POST", "/v1/payment_intents", FORM, Idempotency_Key="k")[0] == status
    again, _, _ = ask(server, "POST", "/v1/payment_intents", FORM, Idempotency_Key="k")
    assert again == (status if status in {402, 500} else 200)


def test_a_late_call_is_done_before_the_next_one(server: SimulatorServer) -> None:
    server.plan.disturb(Fault.LATE)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, "POST", "/v1/payment_intents", FORM)
    assert len(server.psp.state.intents) == 0
    ask(server, "GET", "/v1/events")
    assert len(server.psp.state.intents) == 1


def test_a_repeated_call_without_a_key_is_done_twice(server: SimulatorServer) -> None:
    server.plan.disturb(Fault.REPEATED, Fault.REPEATED)
    ask(server, "POST", "/v1/payment_intents", FORM)
    ask(server, "POST", "/v1/payment_intents", FORM, Idempotency_Key="k")
    assert len(server.psp.state.intents) == 3
