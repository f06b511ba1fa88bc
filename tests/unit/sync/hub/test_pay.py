"""Payments by device identity: whose top-up it is, what only staff may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.wire import (
    ActAsk,
    CreateAsk,
    FindAsk,
    HoldAsk,
    ProviderShape,
    RefundShape,
    RefundsShape,
    RetrieveAsk,
    ViewShape,
)
from sync.hub.accounts.models import Membership, Role, User
from sync.hub.audit.models import Entry
from sync.hub.here import Here
from tests.conftest import MovedClock
from tests.hubs import made
from tests.kiosks import HOST, Kiosk, enrolled, get, send
from tests.unit.payments.worlds import Hub


@dataclass(frozen=True)
class Counted:
    hub: Here
    bank: Hub


@pytest.fixture
def counter(database: str, tmp_path: Path, clock: MovedClock) -> Iterator[Counted]:
    """A hub that takes money of the bank's stand-in."""
    bank = Hub()
    hub = made(tmp_path / "hub", clock, payments=bank.service)
    with override_settings(HUB=hub):
        yield Counted(hub=hub, bank=bank)
    bank.store.close()


@pytest.fixture
def kiosk(counter: Counted) -> Kiosk:
    return enrolled(counter.hub)


def view(answer: HttpResponse) -> ViewShape:
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content, type=ViewShape)


def create(kiosk: Kiosk, topup: str = "T-1", cents: int = 2000) -> HttpResponse:
    ask = CreateAsk(topup=topup, amount_cents=cents, currency="eur", key=f"{topup}:create")
    return kiosk.post("/v1/payments/create", ask, headers={"idempotency-key": ask.key})


def test_a_device_asks_holds_and_finds_its_payment(counter: Counted, kiosk: Kiosk) -> None:
    begun = view(create(kiosk))
    assert view(create(kiosk)).id == begun.id
    found = kiosk.post("/v1/payments/find", FindAsk(topup="T-1"))
    assert view(found).id == begun.id
    assert view(kiosk.post("/v1/payments/retrieve", RetrieveAsk(payment=begun.id))).url == begun.url
    hold = HoldAsk(payment=begun.id, load_number=1, key="T-1:hold")
    assert kiosk.post("/v1/payments/hold", hold).status_code == 200
    gone = view(kiosk.post("/v1/payments/cancel", ActAsk(payment=begun.id, key="T-1:cancel")))
    assert gone.status is PaymentStatus.CANCELED


def test_another_device_s_payment_doesn_t_exist(counter: Counted, kiosk: Kiosk) -> None:
    begun = view(create(kiosk))
    other = enrolled(counter.hub, "borne-2")
    asks = {
        "create": CreateAsk(topup="T-1", amount_cents=2000, currency="eur", key="other"),
        "find": FindAsk(topup="T-1"),
        "retrieve": RetrieveAsk(payment=begun.id),
        "hold": HoldAsk(payment=begun.id, load_number=1, key="other:hold"),
        "capture": ActAsk(payment=begun.id, key="other:capture"),
        "cancel": ActAsk(payment=begun.id, key="other:cancel"),
    }
    for name, ask in asks.items():
        answer = other.post(f"/v1/payments/{name}", ask)
        assert (name, answer.status_code) == (name, 422)
        assert b"payment.unknown" in answer.content


def test_a_top_up_that_nobody_began_is_null(kiosk: Kiosk) -> None:
    answer = kiosk.post("/v1/payments/find", FindAsk(topup="T-9"))
    assert (answer.status_code, answer.content) == (200, b"null")


@pytest.mark.parametrize("cents", [0, 1, -500, 10_000_000])
def test_the_limits_of_the_sum_hold_for_devices(kiosk: Kiosk, cents: int) -> None:
    assert create(kiosk, cents=cents).status_code == 422


def test_a_device_can_t_refund(kiosk: Kiosk) -> None:
    begun = view(create(kiosk))
    body = {"payment": begun.id, "amount_cents": 100, "key": "r"}
    for path in ("/v1/payments/refund", "/v1/staff/orne/refunds"):
        assert kiosk.post(path, body).status_code in {401, 403, 404}


def test_a_short_link_leads_to_the_pay_page(kiosk: Kiosk) -> None:
    begun = view(create(kiosk))
    answer = get(f"/p/{begun.code}")
    assert (answer.status_code, answer["Location"]) == (303, begun.url)
    assert get("/p/AAAA-AAAA").status_code == 422


def test_a_forged_notification_is_refused(kiosk: Kiosk) -> None:
    asked = kiosk.signed("POST", "/v1/webhooks/stripe", b"{}")
    assert send(asked, b"{}", media="application/json").status_code == 400


def test_a_hub_that_takes_no_money_says_so(here: Here) -> None:
    kiosk = enrolled(here)
    assert create(kiosk).status_code == 503


@dataclass(frozen=True)
class Paid:
    payment: str
    cents: int


@pytest.fixture
def paid(counter: Counted, kiosk: Kiosk) -> Paid:
    begun = view(create(kiosk, cents=8000))
    counter.bank.psp.pay(begun.id)
    hold = HoldAsk(payment=begun.id, load_number=1, key="T-1:hold")
    kiosk.post("/v1/payments/hold", hold)
    taken = view(kiosk.post("/v1/payments/capture", ActAsk(payment=begun.id, key="T-1:take")))
    assert taken.status is PaymentStatus.SUCCEEDED
    return Paid(payment=begun.id, cents=8000)


def refunds(kiosk: Kiosk, *heard: RefundShape) -> list[tuple[str, int]]:
    answer = kiosk.post("/v1/payments/refunds", RefundsShape(refunds=heard))
    assert answer.status_code == 200, answer.content
    told = msgspec.json.decode(answer.content, type=RefundsShape)
    return [(one.topup, one.total_cents) for one in told.refunds]


def test_a_refund_is_told_to_its_own_kiosk_until_that_has_booked_it(
    counter: Counted, kiosk: Kiosk, paid: Paid
) -> None:
    other = enrolled(counter.hub, "borne-2")
    counter.bank.service.repaid(paid.payment, Money(500), staff=frozenset({"a"}), key="r")
    assert refunds(other) == []
    assert refunds(other, RefundShape(topup="T-1", total_cents=500)) == []
    assert refunds(kiosk) == [("T-1", 500)]
    assert refunds(kiosk, RefundShape(topup="T-1", total_cents=500)) == []


def person(name: str, role: Role = Role.REGISSEUR, territory: str = "orne") -> Client:
    user = User.objects.create_user(name, password=f"{name}-long-password")
    Membership.objects.create(user=user, territory_id=territory, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def refund(client: Client, paid: Paid, cents: int, **more: str) -> HttpResponse:
    body = {"payment": paid.payment, "amount_cents": cents, "key": f"r-{cents}", **more}
    answer = client.post(
        "/v1/staff/orne/refunds",
        msgspec.json.encode(body),
        content_type="application/json",
        secure=True,
        headers={"host": HOST},
    )
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_regisseur_gives_money_back_and_it_is_noted(paid: Paid) -> None:
    assert refund(person("claire"), paid, 1000).status_code == 200
    entry = Entry.objects.get(action="payment.refunded")
    assert (entry.actor, entry.details) == ("claire", {"amount_cents": 1000, "people": 1})


def test_from_fifty_euros_on_a_second_person_confirms(paid: Paid) -> None:
    first = person("claire")
    person("paul")
    assert refund(first, paid, 6000).status_code == 422
    wrong = {"second": "paul", "second_password": "guess"}
    assert refund(first, paid, 6000, **wrong).status_code == 403
    alone = {"second": "claire", "second_password": "claire-long-password"}
    assert refund(first, paid, 6000, **alone).status_code == 422
    right = {"second": "paul", "second_password": "paul-long-password"}
    assert refund(first, paid, 6000, **right).status_code == 200


def test_the_second_person_needs_the_right_too(paid: Paid) -> None:
    first = person("claire")
    person("paul", Role.AGENT)
    second = {"second": "paul", "second_password": "paul-long-password"}
    assert refund(first, paid, 6000, **second).status_code == 403


def test_another_territory_s_payment_isn_t_there(counter: Counted, paid: Paid) -> None:
    enrolled(counter.hub, territory="sarthe")
    client = person("jeanne", territory="sarthe")
    body = {"payment": paid.payment, "amount_cents": 100, "key": "r"}
    answer = client.post(
        "/v1/staff/sarthe/refunds",
        msgspec.json.encode(body),
        content_type="application/json",
        secure=True,
        headers={"host": HOST},
    )
    assert answer.status_code == 404


def test_money_is_never_negative(paid: Paid) -> None:
    assert Money(paid.cents) > Money(0)
    assert refund(person("claire"), paid, -1).status_code == 422


def test_a_device_learns_what_the_hub_takes_money_with(kiosk: Kiosk) -> None:
    answer = kiosk.ask("POST", "/v1/payments/provider")
    assert msgspec.json.decode(answer.content, type=ProviderShape).provider == "simulator"
