"""The page of the régie's transfers: what is owed, noted once, by people enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from django.http import HttpResponse
from django.test import override_settings

from kiosk.domain.money import Money
from payments.simulator.faults import Fault
from payments.wire import CreateAsk, RetrieveAsk, ViewShape
from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.here import Here
from sync.hub.office.tries import TRIES_MAX
from tests.conftest import MovedClock
from tests.hubs import made
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import ELSEWHERE, PASSWORD, Browser, somebody, territory, text
from tests.unit.payments.worlds import Hub

PAGE = "/gestion/virements/"


@dataclass(frozen=True)
class Office:
    hub: Here
    bank: Hub
    kiosk: Kiosk
    browser: Browser

    def taken(self, topup: str = "T-1", cents: int = 2000) -> str:
        """Let a citizen pay what the kiosk then gives up, and the kiosk tell it."""
        ask = CreateAsk(topup=topup, amount_cents=cents, currency="eur", key=f"{topup}:create")
        answer = self.kiosk.post("/v1/payments/create", ask)
        payment = msgspec.json.decode(answer.content, type=ViewShape).id
        self.bank.psp.pay(payment)
        self.bank.service.retrieve(payment)
        self.bank.service.capture(payment, key=f"{topup}:capture")
        told = f'{{"topup":"{topup}","payment":"{payment}","amount_cents":{cents}}}'
        self.kiosk.tell([event(1, kind="topup.refunding", payload=told)])
        return payment

    def note(self, topup: str = "T-1", **said: str) -> str:
        """Send the form; gives the page that follows."""
        form = {"reference": "VIR-2026-11", "seen": "0", **said}
        answer = self.browser.post(f"{PAGE}{topup}/noter", **form)
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        return text(self.browser.get(PAGE))


@pytest.fixture
def office(database: str, tmp_path: Path, clock: MovedClock) -> Iterator[Office]:
    bank = Hub()
    hub = made(tmp_path / "hub", clock, payments=bank.service)
    with override_settings(HUB=hub):
        kiosk = enrolled(hub)
        browser = Browser.of(somebody("rita", Role.REGISSEUR))
        yield Office(hub=hub, bank=bank, kiosk=kiosk, browser=browser)
    bank.store.close()


def refunded(office: Office, payment: str) -> bool:
    """Ask as the kiosk does."""
    answer = office.kiosk.post("/v1/payments/retrieve", RetrieveAsk(payment=payment))
    return msgspec.json.decode(answer.content, type=ViewShape).refunded


def test_what_was_paid_for_nothing_is_listed(office: Office) -> None:
    assert "Aucun virement à faire." in text(office.browser.get(PAGE))
    payment = office.taken()
    shown = text(office.browser.get(PAGE))
    assert "20,00 €" in shown
    assert payment in shown
    assert "deuxième personne" not in shown


def test_a_transfer_is_noted_with_its_reference_and_the_kiosk_hears_it(office: Office) -> None:
    payment = office.taken()
    page = office.note()
    assert "Le virement est noté." in page
    assert "Aucun virement à faire." in page
    assert refunded(office, payment)
    entry = Entry.objects.get(action="payment.transferred")
    assert (entry.actor, entry.territory, entry.subject) == ("rita", "orne", payment)
    assert entry.details == {"amount_cents": 2000, "people": 1, "reference": "VIR-2026-11"}


def test_a_second_tap_notes_nothing(office: Office) -> None:
    office.taken()
    office.note()
    assert "déjà noté" in office.note()
    assert Entry.objects.filter(action="payment.transferred").count() == 1


def test_what_the_bank_gave_back_in_part_leaves_the_rest(office: Office) -> None:
    payment = office.taken()
    office.bank.service.repaid(payment, Money(500), staff=frozenset({"a"}), key="part")
    assert "15,00 €" in text(office.browser.get(PAGE))
    assert "déjà noté" in office.note()
    assert "Le virement est noté." in office.note(seen="500")
    assert refunded(office, payment)


@pytest.mark.parametrize("reference", ["", "   ", "x" * 61])
def test_a_transfer_without_a_reference_is_not_noted(office: Office, reference: str) -> None:
    payment = office.taken()
    assert "référence du virement" in office.note(reference=reference)
    assert not refunded(office, payment)


def test_a_large_one_needs_a_second_person(office: Office) -> None:
    payment = office.taken(cents=5000)
    somebody("paul", Role.REGISSEUR, password=PASSWORD)
    somebody("anna", Role.AGENT, password=PASSWORD)
    assert "deuxième personne" in text(office.browser.get(PAGE))
    for name, password in (("", ""), ("rita", "x"), ("paul", "wrong"), ("anna", PASSWORD)):
        said = office.note(second=name, second_password=password)
        assert "ne peut pas confirmer" in said, name
    assert not refunded(office, payment)
    assert "Le virement est noté." in office.note(second="paul", second_password=PASSWORD)
    assert Entry.objects.get(action="payment.transferred").details["people"] == 2


def test_a_second_password_can_t_be_guessed(office: Office) -> None:
    payment = office.taken(cents=5000)
    somebody("paul", Role.REGISSEUR, password=PASSWORD)
    for _ in range(TRIES_MAX):
        office.note(second="paul", second_password="wrong")
    office.note(second="paul", second_password=PASSWORD)
    assert not refunded(office, payment)


def test_a_bank_that_is_silent_notes_nothing(office: Office) -> None:
    payment = office.taken()
    office.bank.plan.disturb(Fault.REQUEST_LOST)
    assert "La banque ne répond pas." in office.note()
    assert not Entry.objects.filter(action="payment.transferred").exists()
    assert not refunded(office, payment)


def test_another_territory_s_debts_don_t_exist(office: Office) -> None:
    office.taken()
    territory(ELSEWHERE)
    browser = Browser.of(somebody("otto", Role.REGISSEUR, ELSEWHERE))
    assert "Aucun virement à faire." in text(browser.get(PAGE))
    answer: HttpResponse = browser.post(f"{PAGE}T-1/noter", reference="V", seen="0")
    assert answer.status_code == 404


def test_an_unknown_payment_doesn_t_exist(office: Office) -> None:
    assert office.browser.post(f"{PAGE}T-9/noter", reference="V", seen="0").status_code == 404


def test_a_kiosk_can_t_have_another_one_s_payment_listed(office: Office) -> None:
    payment = office.taken()
    office.bank.service.repaid(payment, Money(2000), staff=frozenset({"a"}), key="r")
    other = enrolled(office.hub, "borne-2")
    ask = CreateAsk(topup="T-2", amount_cents=2000, currency="eur", key="T-2:create")
    answer = other.post("/v1/payments/create", ask)
    theirs = msgspec.json.decode(answer.content, type=ViewShape).id
    office.bank.psp.pay(theirs)
    office.bank.service.retrieve(theirs)
    office.bank.service.capture(theirs, key="T-2:capture")
    office.kiosk.tell([event(2, kind="topup.refunding", payload='{"topup":"T-2"}')])
    assert "Aucun virement à faire." in text(office.browser.get(PAGE))


def test_a_kiosk_can_t_hide_another_one_s_debt(office: Office) -> None:
    office.taken()
    other = enrolled(office.hub, "borne-2")
    other.tell([event(1, kind="topup.refunding", payload='{"topup":"T-1"}')])
    assert "20,00 €" in text(office.browser.get(PAGE))


def test_an_event_that_tells_no_top_up_is_passed_over(office: Office) -> None:
    office.kiosk.tell([event(1, kind="topup.refunding", payload="{}")])
    assert "Aucun virement à faire." in text(office.browser.get(PAGE))
