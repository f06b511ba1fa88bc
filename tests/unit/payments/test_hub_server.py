"""The hub over HTTP and the kiosk's side of it: identity, strictness, errors, short links."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from threading import Thread
from urllib.parse import urlsplit

import pytest
import structlog

from kiosk.domain.bank_refund import BankRefund
from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import (
    AmountRefused,
    BillBusy,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
)
from kiosk.domain.money import Money
from payments import webhooks
from payments.hub_server import Answered, HubPayments, HubServer
from payments.remote import RemoteGateway
from payments.service import Counter
from payments.simulator.faults import Fault
from payments.wire import BYTES_MAX, error_named
from tests.unit.payments.worlds import SECRET, Hub

TOKEN = "kiosk-1-" + "0" * 32
ASK = {"topup": "T-1", "amount_cents": 2000, "currency": "eur", "key": "T-1:create"}


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def server(hub: Hub) -> Iterator[HubServer]:
    with HubServer(HubPayments(hub.service, token=TOKEN), sweep_s=3600) as one:
        yield one


@pytest.fixture
def gateway(server: HubServer) -> RemoteGateway:
    return RemoteGateway(server.url, token=TOKEN)


def ask(
    server: HubServer, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    sent = {"authorization": f"Bearer {TOKEN}"} | {
        name.replace("_", "-"): said for name, said in headers.items()
    }
    try:
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get("Location", "")
    finally:
        connection.close()


def create(server: HubServer, **changes: object) -> tuple[int, bytes, str]:
    return ask(server, "POST", "/payments/create", json.dumps(ASK | changes).encode())


def test_a_kiosk_without_its_token_is_refused(server: HubServer, hub: Hub) -> None:
    with pytest.raises(PaymentUnavailable):
        RemoteGateway(server.url, token="guess").create("T-1", Money(2000), idempotency_key="k")
    assert hub.psp.state.sessions == {}


def test_a_hub_says_what_it_takes_money_with(gateway: RemoteGateway) -> None:
    assert gateway.provider() == "simulator"
    view = gateway.create("T-1", Money(2000), idempotency_key="T-1:create")
    assert view.provider == "simulator"


def test_a_kiosk_without_its_token_is_told_no_provider(server: HubServer) -> None:
    with pytest.raises(PaymentUnavailable, match="401"):
        RemoteGateway(server.url, token="guess").provider()


@pytest.mark.parametrize("body", [b"", b"null", b'{"provider": 3}', b'{"provider": "a", "b": 1}'])
def test_a_provider_that_can_t_be_read_is_no_answer(
    hub: Hub, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HubPayments, "post", lambda *_: Answered(status=200, body=body))
    with (
        HubServer(HubPayments(hub.service, token=TOKEN), sweep_s=3600) as server,
        pytest.raises(PaymentUnavailable, match="can't be read"),
    ):
        RemoteGateway(server.url, token=TOKEN).provider()


@pytest.mark.parametrize("token", ["", "short", "é" * 40])
def test_a_token_that_can_be_guessed_is_refused(hub: Hub, token: str) -> None:
    with pytest.raises(InputRefused):
        HubPayments(hub.service, token=token)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": "2000"},
        {"amount_cents": 20.5},
        {"amount_cents": None},
        {"amount_cents": 10**30},
        {"topup": ""},
        {"topup": "x" * 201},
        {"surplus": 1},
        {"key": 3},
    ],
)
def test_a_malformed_request_is_refused(
    server: HubServer, hub: Hub, changes: dict[str, object]
) -> None:
    status, body, _ = create(server, **changes)
    assert (status, json.loads(body)["error"]) == (422, "input.refused")
    assert hub.psp.state.sessions == {}


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"\xff"])
def test_what_is_no_request_is_refused(server: HubServer, body: bytes) -> None:
    assert ask(server, "POST", "/payments/create", body)[0] == 422


def test_a_bug_of_the_service_never_looks_like_a_malformed_request(hub: Hub) -> None:
    def broken() -> str:
        raise ValueError("a bug")

    hub.service._counter = Counter(provider="simulator", new_code=broken)
    routes = HubPayments(hub.service, token=TOKEN)
    with pytest.raises(ValueError, match="a bug"):
        routes.post(
            "/payments/create", json.dumps(ASK).encode(), {"Authorization": f"Bearer {TOKEN}"}
        )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount_cents": 0}, "amount.refused"),
        ({"amount_cents": -2000}, "amount.refused"),
        ({"amount_cents": 9_999_999}, "amount.refused"),
        ({"currency": "usd"}, "currency.refused"),
    ],
)
def test_a_sum_that_isn_t_taken_has_its_declared_error(
    server: HubServer, changes: dict[str, object], error: str
) -> None:
    status, body, _ = create(server, **changes)
    assert (status, json.loads(body)["error"]) == (422, error)


def test_an_endless_request_is_refused_unread(server: HubServer) -> None:
    length = str(BYTES_MAX + 1)
    assert ask(server, "POST", "/payments/create", Content_Length=length)[0] == 413


def test_an_unknown_call_is_refused(server: HubServer) -> None:
    assert ask(server, "POST", "/payments/refund", b"{}")[0] == 404


def test_a_kiosk_can_t_refund(gateway: RemoteGateway) -> None:
    assert not hasattr(gateway, "refund")


def test_a_refused_sum_is_declined_at_the_kiosk(gateway: RemoteGateway) -> None:
    with pytest.raises(PaymentDeclined, match=r"amount\.refused"):
        gateway.create("T-1", Money(1), idempotency_key="k")


def test_a_declined_payment_is_declined_at_the_kiosk(hub: Hub, gateway: RemoteGateway) -> None:
    hub.plan.disturb(Fault.REFUSED)
    with pytest.raises(PaymentDeclined):
        gateway.create("T-1", Money(2000), idempotency_key="k")


def test_a_key_with_another_body_never_looks_like_a_no(gateway: RemoteGateway) -> None:
    gateway.create("T-1", Money(2000), idempotency_key="k")
    with pytest.raises(PaymentUnavailable, match=r"input\.refused"):
        gateway.create("T-1", Money(2100), idempotency_key="k")


def test_a_silent_bank_is_unavailable_at_the_kiosk(hub: Hub, gateway: RemoteGateway) -> None:
    hub.plan.disturb(Fault.REQUEST_LOST)
    with pytest.raises(PaymentUnavailable):
        gateway.create("T-1", Money(2000), idempotency_key="k")


def test_an_unknown_payment_is_unknown_at_the_kiosk(gateway: RemoteGateway) -> None:
    with pytest.raises(PaymentUnknown):
        gateway.retrieve("nothing")


def test_a_dead_hub_is_unavailable() -> None:
    with pytest.raises(PaymentUnavailable):
        RemoteGateway("http://127.0.0.1:9", token=TOKEN).find("T-1")


@pytest.mark.parametrize("url", ["http://hub.example", "ftp://127.0.0.1", "https://", "", "x:y:z"])
def test_the_kiosk_asks_over_https_or_on_loopback_only(url: str) -> None:
    with pytest.raises(InputRefused):
        RemoteGateway(url, token=TOKEN)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n\xff",
        b"HTTP/1.0 200 OK\r\n\r\nnull",
        b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * (BYTES_MAX + 1),
        b"HTTP/1.0 500 No\r\n\r\n",
        b"HTTP/1.0 422 No\r\n\r\n" + b'{"error":"new.error","message":""}',
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_a_hub_that_talks_nonsense_is_unavailable(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_answer_once, args=(listener, answer))
        thread.start()
        gateway = RemoteGateway(f"http://127.0.0.1:{listener.getsockname()[1]}", token=TOKEN)
        with pytest.raises(PaymentUnavailable):
            gateway.retrieve("cs_1")
        thread.join()


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


def test_an_error_is_known_by_its_key() -> None:
    assert error_named("amount.refused") is AmountRefused
    assert error_named("nobody.knows") is PaymentUnavailable


def test_a_short_link_leads_to_the_pay_page(server: HubServer, hub: Hub) -> None:
    payment = hub.begin()
    status, _, location = ask(server, "GET", f"/p/{payment.code}")
    assert (status, location) == (303, payment.url)
    assert ask(server, "GET", "/p/NOTHING")[0] == 404
    assert ask(server, "GET", "/")[0] == 404


def test_a_notification_is_taken_by_its_signature_alone(server: HubServer, hub: Hub) -> None:
    payment = hub.begin()
    hub.psp.pay(payment.id)
    payload = json.dumps(hub.psp.state.events[-1].document()).encode()
    signed = webhooks.header(payload, int(hub.time.now().timestamp()), SECRET)
    path = "/webhooks/stripe"
    status, _, _ = ask(server, "POST", path, payload, authorization="", stripe_signature=signed)
    assert status == 200
    status, body, _ = ask(server, "POST", path, payload, stripe_signature="t=1,v1=00")
    assert (status, json.loads(body)["error"]) == (400, "webhook.forged")
    old = webhooks.header(payload, 1, SECRET)
    status, body, _ = ask(server, "POST", path, payload, stripe_signature=old)
    assert (status, json.loads(body)["error"]) == (422, "webhook.stale")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount_cents": 0}, "amount.refused"),
        ({"amount_cents": -2000}, "amount.refused"),
        ({"amount_cents": 10**9}, "amount.refused"),
        ({"currency": "usd"}, "currency.refused"),
    ],
)
def test_a_bad_sum_is_a_fact_of_the_log(hub: Hub, change: dict[str, object], why: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with structlog.testing.capture_logs() as facts:
        told = HubPayments(hub.service, token=TOKEN).post(
            "/payments/create", json.dumps(ASK | change).encode(), headers
        )
    assert told.status == 422
    assert [(one["event"], one["why"]) for one in facts] == [("payment.refused", why)]


@pytest.mark.parametrize(
    ("signature", "why"), [("t=1,v1=00", "webhook.forged"), ("", "webhook.forged")]
)
def test_a_bad_notification_is_a_fact_of_the_log(hub: Hub, signature: str, why: str) -> None:
    with structlog.testing.capture_logs() as facts:
        HubPayments(hub.service, token=TOKEN).post(
            "/webhooks/stripe", b"{}", {"Stripe-Signature": signature}
        )
    assert [(one["event"], one["why"]) for one in facts] == [("payment.refused", why)]


def test_the_timer_keeps_deadlines(hub: Hub) -> None:
    hub.authorized()
    hub.time.move(minutes=10)
    with HubServer(HubPayments(hub.service, token=TOKEN), sweep_s=0.01) as server:
        for _ in range(1000):
            if hub.intents() == ["canceled"]:
                break
            ask(server, "GET", "/")
    assert hub.intents() == ["canceled"]


BILL = {"issuer": "900001", "reference": "2026CANT000417"}


def test_a_bill_is_paid_once_over_the_wire(gateway: RemoteGateway) -> None:
    bill = BillOrder(**BILL, service="cantines")
    sum_ = Money(40_000)
    first = gateway.create("T-1", sum_, idempotency_key="T-1:create", bill=bill)
    assert first.amount == sum_
    with pytest.raises(BillBusy):
        gateway.create("T-2", sum_, idempotency_key="T-2:create", bill=bill)


@pytest.mark.parametrize(
    "bill",
    [
        {},
        BILL | {"issuer": "90000"},
        BILL | {"issuer": "900001\n"},
        BILL | {"reference": "2026-CANT"},
        BILL | {"reference": "A" * 31},
        BILL | {"more": 1},
    ],
)
def test_what_is_no_bill_is_refused(server: HubServer, hub: Hub, bill: dict[str, object]) -> None:
    status, body, _ = create(server, bill=bill)
    assert (status, json.loads(body)["error"]) == (422, "input.refused")
    assert hub.psp.state.sessions == {}


def test_a_refund_goes_over_the_line_until_it_is_heard(hub: Hub, gateway: RemoteGateway) -> None:
    payment_id = hub.captured()
    hub.service.repaid(payment_id, Money(500), staff=frozenset({"a"}), key="T-1:repaid")
    told = BankRefund(topup="T-1", total=Money(500))
    assert gateway.refunds(()) == (told,)
    assert gateway.refunds((told,)) == ()


def test_more_than_was_given_back_is_never_heard(hub: Hub, gateway: RemoteGateway) -> None:
    payment_id = hub.captured()
    staff = frozenset({"a"})
    hub.service.repaid(payment_id, Money(500), staff=staff, key="T-1:repaid")
    gateway.refunds((BankRefund(topup="T-1", total=Money(9000)),))
    hub.service.repaid(payment_id, Money(700), staff=staff, key="T-1:repaid:2")
    assert gateway.refunds(()) == (BankRefund(topup="T-1", total=Money(1200)),)


def test_refunds_are_told_to_this_kiosk_alone(server: HubServer) -> None:
    stranger = RemoteGateway(server.url, token="x" * 32)
    with pytest.raises(PaymentUnavailable, match="401"):
        stranger.refunds(())


def test_a_list_of_refunds_that_is_not_one_is_refused(server: HubServer) -> None:
    status, _, _ = ask(server, "POST", "/payments/refunds", b'{"refunds": [{"topup": ""}]}')
    assert status == 422
