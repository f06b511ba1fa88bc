"""Payments under the device's own identity: signed calls, answers of our hub alone."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from kiosk.domain.errors import InputRefused, PaymentUnavailable
from kiosk.domain.money import Money
from payments.hub_server import CALLS
from payments.signed import SignedGateway
from payments.wire import shape_of
from sync.message_signing import Asked, Identity
from tests.alv1 import HUB, STRANGER, Publisher, Reply, TestHub
from tests.signers import SeededSigner
from tests.unit.payments.worlds import Hub

KIOSK = SeededSigner(seed=bytes(range(9, 41)))
SUM = Money(2000)


class Paying(TestHub):
    """A hub whose answers to payments are signed as the real one's."""

    def __init__(self) -> None:
        super().__init__(Publisher())
        self.money = Hub()
        self.asked_of: list[Asked] = []

    def post(self, asked: Asked, body: bytes) -> Reply:
        self.asked_of.append(asked)
        return self._signed(asked, self._paid(asked.url.removeprefix(f"{self.url}/v1"), body))

    def _paid(self, path: str, body: bytes) -> bytes:
        if path == "/payments/provider":
            return b'{"provider":"simulator"}'
        view = CALLS[path](self.money.service, body)
        return msgspec.json.encode(None if view is None else shape_of(view))


@pytest.fixture
def hub() -> Iterator[Paying]:
    with Paying() as served:
        yield served
        served.money.store.close()


def gateway(hub: Paying, key: bytes = HUB.public_key) -> SignedGateway:
    return SignedGateway(hub.url, Identity(device="kabc", signer=KIOSK, hub_key=key))


def test_a_payment_is_asked_for_found_and_given_up(hub: Paying) -> None:
    ours = gateway(hub)
    begun = ours.create("T-1", SUM, idempotency_key="T-1:create")
    assert ours.find("T-1") == ours.retrieve(begun.id)
    assert ours.find("T-2") is None
    assert ours.cancel(begun.id, idempotency_key="T-1:cancel").id == begun.id
    assert ours.provider() == "simulator"
    assert all('keyid="kabc"' in one.headers["Signature-Input"] for one in hub.asked_of)


def test_an_answer_that_our_hub_hasn_t_signed_is_none(hub: Paying) -> None:
    with pytest.raises(PaymentUnavailable, match="not signed by our hub"):
        gateway(hub, STRANGER.public_key).create("T-1", SUM, idempotency_key="k")


def test_plain_http_beyond_this_machine_is_refused() -> None:
    with pytest.raises(InputRefused):
        SignedGateway(
            "http://hub.example.fr",
            Identity(device="kabc", signer=KIOSK, hub_key=HUB.public_key),
        )


def test_a_silent_hub_is_unavailable() -> None:
    nobody = Identity(device="kabc", signer=KIOSK, hub_key=HUB.public_key)
    with pytest.raises(PaymentUnavailable):
        SignedGateway("http://127.0.0.1:9", nobody).find("T-1")
