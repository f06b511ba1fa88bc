"""Notifications: unsigned, forged, replayed, out of order, old, from the future."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import PaymentUnavailable, WebhookForged, WebhookStale
from kiosk.domain.payment import PaymentStatus
from payments.simulator.faults import Fault
from payments.webhooks import AGE_MAX, AHEAD_MAX, BYTES_MAX, header, sign, verified
from tests.unit.payments.worlds import SECRET, Hub

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
NOW_S = int(NOW.timestamp())


def event(**changes: Any) -> bytes:
    about = {"id": "cs_1", "client_reference_id": "T-1"}
    whole: dict[str, Any] = {
        "id": "evt_1",
        "type": "checkout.session.completed",
        "created": NOW_S,
        "data": {"object": about},
    }
    return json.dumps(whole | changes).encode()


def check(payload: bytes, signature: str) -> object:
    return verified(payload, signature, secrets_=(SECRET,), now=NOW)


def test_a_signed_notification_is_read() -> None:
    payload = event()
    notice = verified(payload, header(payload, NOW_S, SECRET), secrets_=(SECRET,), now=NOW)
    assert (notice.id, notice.object_id, notice.topup) == ("evt_1", "cs_1", "T-1")


def test_an_intents_topup_stands_in_its_metadata() -> None:
    payload = event(data={"object": {"id": "pi_1", "metadata": {"topup": "T-9"}}})
    notice = verified(payload, header(payload, NOW_S, SECRET), secrets_=(SECRET,), now=NOW)
    assert notice.topup == "T-9"


def test_while_a_secret_is_rolled_both_sign() -> None:
    payload = event()
    both = f"t={NOW_S},v1={sign(payload, NOW_S, 'old')},v1={sign(payload, NOW_S, SECRET)}"
    check(payload, both)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "v1=00",
        f"t={NOW_S}",
        f"t={NOW_S},v1=",
        f"t={NOW_S},v1={'0' * 64}",
        f"t=soon,v1={'0' * 64}",
        f"t={NOW_S},t={NOW_S},v1={'0' * 64}",
        f"t={NOW_S},v0={sign(event(), NOW_S, SECRET)}",
        f"t={NOW_S + 1},v1={sign(event(), NOW_S, SECRET)}",
        f"t={NOW_S},v1=é",
    ],
)
def test_an_unsigned_or_forged_notification_is_refused(signature: str) -> None:
    with pytest.raises(WebhookForged):
        check(event(), signature)


def test_a_signature_under_another_secret_is_refused() -> None:
    with pytest.raises(WebhookForged):
        check(event(), header(event(), NOW_S, "whsec_other"))


def test_without_any_secret_nothing_is_believed() -> None:
    payload = event()
    with pytest.raises(WebhookForged):
        verified(payload, header(payload, NOW_S, ""), secrets_=(), now=NOW)


@given(st.integers(0, len(event()) - 1), st.integers(1, 255))
def test_a_changed_byte_breaks_the_signature(place: int, change: int) -> None:
    payload = bytearray(event())
    payload[place] ^= change
    with pytest.raises(WebhookForged):
        check(bytes(payload), header(event(), NOW_S, SECRET))


def test_an_old_notification_is_refused_as_a_replay() -> None:
    at_s = NOW_S - int(AGE_MAX.total_seconds()) - 1
    with pytest.raises(WebhookStale, match="old"):
        check(event(), header(event(), at_s, SECRET))


def test_a_notification_from_the_future_is_refused() -> None:
    at_s = NOW_S + int(AHEAD_MAX.total_seconds()) + 1
    with pytest.raises(WebhookStale, match="future"):
        check(event(), header(event(), at_s, SECRET))


def test_an_event_from_the_future_is_refused() -> None:
    payload = event(created=NOW_S + 3600)
    with pytest.raises(WebhookStale, match="event"):
        check(payload, header(payload, NOW_S, SECRET))


@pytest.mark.parametrize("payload", [b"", b"{}", b"null", b"\xff", event(data={}), event(id=3)])
def test_what_is_signed_and_no_event_is_refused(payload: bytes) -> None:
    with pytest.raises(WebhookForged, match="not an event"):
        check(payload, header(payload, NOW_S, SECRET))


def test_an_endless_payload_is_refused_unread() -> None:
    payload = b" " * (BYTES_MAX + 1)
    with pytest.raises(WebhookForged, match="longer"):
        check(payload, header(payload, NOW_S, SECRET))


class Bank:
    """The bank's side: sends the events that happened, in any order, as often as wanted."""

    def __init__(self) -> None:
        self.hub = Hub()

    def send(self, place: int) -> None:
        payload = json.dumps(self.hub.psp.state.events[place].document()).encode()
        at_s = int(self.hub.time.now().timestamp())
        self.hub.service.webhook(payload, header(payload, at_s, SECRET))

    def status(self, payment_id: str) -> PaymentStatus:
        payment = self.hub.store.payment(payment_id)
        assert payment is not None
        return payment.status


@pytest.fixture
def bank() -> Bank:
    return Bank()


def test_a_notification_makes_the_hub_read_the_payment_back(bank: Bank) -> None:
    payment = bank.hub.begin()
    bank.hub.psp.pay(payment.id)
    bank.send(-1)
    assert bank.status(payment.id) is PaymentStatus.AUTHORIZED


def test_a_repeated_notification_changes_nothing(bank: Bank) -> None:
    payment = bank.hub.begin()
    bank.hub.psp.pay(payment.id)
    bank.send(-1)
    bank.hub.plan.disturb(Fault.REQUEST_LOST)  # a second reading would meet this
    bank.send(-1)
    assert bank.status(payment.id) is PaymentStatus.AUTHORIZED


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_notifications_doesn_t_matter(bank: Bank, order: tuple[int, ...]) -> None:
    payment_id = bank.hub.held()
    (intent_id,) = bank.hub.psp.state.intents
    bank.hub.post(f"/v1/payment_intents/{intent_id}/capture")
    for place in order:
        bank.send(place)
    assert bank.status(payment_id) is PaymentStatus.SUCCEEDED


def test_a_notification_about_a_stranger_is_taken_and_ignored(bank: Bank) -> None:
    bank.hub.post("/v1/payment_intents", {"amount": "500", "currency": "eur"})
    bank.send(-1)
    assert bank.hub.store.payments() == []


def test_a_notification_that_can_t_be_followed_is_sent_again(bank: Bank) -> None:
    payment = bank.hub.begin()
    bank.hub.psp.pay(payment.id)
    bank.hub.plan.disturb(Fault.REQUEST_LOST)
    with pytest.raises(PaymentUnavailable):
        bank.send(-1)
    bank.send(-1)
    assert bank.status(payment.id) is PaymentStatus.AUTHORIZED


def test_a_forged_notification_changes_nothing(bank: Bank) -> None:
    payment = bank.hub.begin()
    bank.hub.psp.pay(payment.id)
    with pytest.raises(WebhookForged):
        bank.hub.service.webhook(event(), "t=1,v1=00")
    assert bank.status(payment.id) is PaymentStatus.PENDING


def test_an_event_keeps_its_age_limits(bank: Bank) -> None:
    bank.hub.authorized()
    bank.hub.time.move(seconds=timedelta(days=1).total_seconds())
    bank.send(-1)  # late, but signed now: the bank sends for three days
    assert bank.hub.intents() == ["canceled"]
