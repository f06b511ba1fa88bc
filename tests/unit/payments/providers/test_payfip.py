"""PayFiP over SOAP: sums, mailbox, results, documented faults, pages that lapse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import (
    AmountRefused,
    InputRefused,
    PaymentUnavailable,
    PaymentUnknown,
    ProviderRefused,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.provider import Order, Setup, order_for
from payments.providers.payfip.client import PayfipClient, envelope
from payments.providers.payfip.payfip import Payfip, Regie
from payments.registry import load
from payments.reports import reference
from payments.simulator.faults import Fault
from payments.simulator.payfip import PayfipServer, Result, SimulatedPayfip
from tests.unit.payments.worlds import Time

P = PaymentStatus
OPTIONS = {
    "numcli": "012345",
    "mode": "T",
    "email": "regie@commune.example",
    "return_url": "https://hub.example/merci",
    "notify_url": "https://hub.example/payfip",
}


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def service(time: Time) -> SimulatedPayfip:
    return SimulatedPayfip(clock=time, environment="test")


@pytest.fixture
def payfip(service: SimulatedPayfip, time: Time) -> Iterator[Payfip]:
    with PayfipServer(service) as server:
        options = {**OPTIONS, "base": server.url}
        made = load("payfip", Setup(clock=time, environment="test", options=options))
        assert isinstance(made, Payfip)
        yield made


def order(time: Time, cents: int = 2000, *, email: str = "", label: str = "Recharge") -> Order:
    return Order(topup="T-1", amount=Money(cents), at=time.now(), email=email, label=label)


def begun(payfip: Payfip, time: Time) -> tuple[str, str]:
    charge = payfip.create(order(time), key="k")
    return charge.id, charge.url.rpartition("=")[2]


def test_production_refuses_the_simulated_service(time: Time) -> None:
    with pytest.raises(InputRefused):
        SimulatedPayfip(clock=time, environment="production")


def test_a_payment_begins_with_the_states_page(payfip: Payfip, time: Time) -> None:
    charge = payfip.create(order(time), key="k")
    assert (charge.status, charge.amount) == (P.PENDING, Money(2000))
    assert charge.url.startswith("https://www.payfip.gouv.fr/tpa/paiementws.web?idop=")
    assert charge.expires_at is not None
    assert (charge.expires_at - time.now()).total_seconds() == 900


def test_the_service_is_told_what_it_wants(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    payfip.create(order(time, email="citoyenne@poste.example", label="Piscine & <thé>"), key="k")
    (operation,) = service.operations.values()
    assert operation.fields == {
        "exer": "2026",
        "mel": "citoyenne@poste.example",
        "montant": "2000",
        "numcli": "012345",
        "objet": "Piscine & <thé>",
        "refdet": reference("T-1"),
        "saisie": "T",
        "urlnotif": "https://hub.example/payfip",
        "urlredirect": "https://hub.example/merci",
    }


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.fr", "a<b>@c.fr"])
def test_without_a_sound_address_the_regie_s_mailbox_stands_in(
    payfip: Payfip, service: SimulatedPayfip, time: Time, email: str
) -> None:
    payfip.create(order(time, email=email), key="k")
    (operation,) = service.operations.values()
    assert operation.fields["mel"] == OPTIONS["email"]


@pytest.mark.parametrize("cents", [0, 1, 99, 10_000_001, -100])
def test_a_sum_that_payfip_doesn_t_take_is_refused(payfip: Payfip, time: Time, cents: int) -> None:
    with pytest.raises(AmountRefused):
        payfip.create(order(time, cents), key="k")


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("P", P.SUCCEEDED),
        ("V", P.SUCCEEDED),
        ("R", P.CANCELED),
        ("Z", P.CANCELED),
        ("A", P.CANCELED),
    ],
)
def test_a_result_is_read_back(
    payfip: Payfip, service: SimulatedPayfip, time: Time, result: Result, status: PaymentStatus
) -> None:
    payment_id, idop = begun(payfip, time)
    service.end(idop, result)
    charge = payfip.retrieve(payment_id)
    assert (charge.status, charge.amount) == (status, Money(2000))
    assert payfip.capture(payment_id, key="k") == charge
    assert payfip.cancel(payment_id, key="k") == charge


def test_p5_means_that_there_is_no_result_yet(payfip: Payfip, time: Time) -> None:
    payment_id, _ = begun(payfip, time)
    assert payfip.retrieve(payment_id).status is P.PENDING


def test_a_page_that_lapsed_isn_t_shown_and_may_still_end(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    payment_id, idop = begun(payfip, time)
    service.end(idop, "P")
    service.operations[idop] = replace(service.operations[idop], result="")
    time.move(minutes=16)
    charge = payfip.cancel(payment_id, key="k")
    assert (charge.status, charge.url) == (P.PENDING, "")
    service.operations[idop] = replace(service.operations[idop], result="P")
    assert payfip.retrieve(payment_id).status is P.SUCCEEDED


def test_a_payment_without_result_is_over_after_the_page(payfip: Payfip, time: Time) -> None:
    payment_id, _ = begun(payfip, time)
    time.move(minutes=45)
    assert payfip.retrieve(payment_id).status is P.CANCELED


def test_p1_means_that_there_is_no_such_payment(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    payment_id, _ = begun(payfip, time)
    service.operations.clear()
    with pytest.raises(PaymentUnknown):
        payfip.retrieve(payment_id)


@pytest.mark.parametrize("payment_id", ["", "cs_1", "payfip_1_2_x", "payfip_1700000000_2000_é" * 3])
def test_another_providers_payment_is_unknown(payfip: Payfip, payment_id: str) -> None:
    with pytest.raises(PaymentUnknown):
        payfip.retrieve(payment_id)


def test_another_fault_is_a_refusal(payfip: Payfip, service: SimulatedPayfip, time: Time) -> None:
    payment_id, _ = begun(payfip, time)
    service.fault = "T1"
    with pytest.raises(ProviderRefused, match="T1"):
        payfip.create(order(time), key="k")
    with pytest.raises(ProviderRefused, match="T1"):
        payfip.retrieve(payment_id)


def test_a_technical_fault_is_a_broken_service(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    service.fault = "technical"
    with pytest.raises(PaymentUnavailable) as broke:
        payfip.create(order(time), key="k")
    assert broke.value.failed


def test_a_silent_service_is_unavailable(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    service.fault = "silent"
    with pytest.raises(PaymentUnavailable) as silent:
        payfip.create(order(time), key="k")
    assert not silent.value.failed


def test_a_result_about_something_else_is_refused(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    payment_id, idop = begun(payfip, time)
    broken = {**service.operations[idop].fields, "montant": "-5"}
    service.operations[idop] = replace(service.operations[idop], fields=broken, result="P")
    with pytest.raises(ProviderRefused):
        payfip.retrieve(payment_id)


def test_payfip_has_no_list_and_gives_nothing_back(payfip: Payfip, time: Time) -> None:
    payment_id, _ = begun(payfip, time)
    assert payfip.find("T-1", time.now()) is None
    with pytest.raises(ProviderRefused):
        payfip.refund(payment_id, Money(100), key="k")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("numcli", "12345"),
        ("numcli", ""),
        ("mode", "R"),
        ("email", "regie"),
        ("return_url", "http://hub.example"),
        ("notify_url", "hub"),
    ],
)
def test_a_wrong_option_is_refused(time: Time, name: str, value: str) -> None:
    setup = Setup(clock=time, environment="test", options={**OPTIONS, name: value})
    with pytest.raises(InputRefused, match=name):
        load("payfip", setup)


def test_real_money_is_for_production_only() -> None:
    real = Regie(**{**OPTIONS, "mode": "W"})
    real.check(environment="production")
    with pytest.raises(InputRefused, match="production only"):
        real.check(environment="")


def test_a_reference_is_the_same_for_the_same_topup_and_no_other() -> None:
    found = {reference(f"T-{n}") for n in range(200)}
    assert len(found) == 200
    assert all(len(one) == 24 and one.isalnum() for one in found)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.REQUEST_LOST,
        Fault.ANSWER_LOST,
        Fault.LATE,
        Fault.CONFLICT,
        Fault.LIMITED,
        Fault.BROKEN,
    ],
)
def test_a_disturbed_service_is_unavailable_and_may_be_asked_again(
    payfip: Payfip, service: SimulatedPayfip, time: Time, fault: Fault
) -> None:
    service.plan.disturb(fault)
    with pytest.raises(PaymentUnavailable) as silent:
        payfip.create(order(time), key="k")
    assert silent.value.failed == (fault is Fault.BROKEN)
    payment_id, _ = begun(payfip, time)
    assert payfip.retrieve(payment_id).status is P.PENDING
    done = fault in {Fault.ANSWER_LOST, Fault.LATE}
    assert len(service.operations) == (2 if done else 1)


def test_a_request_that_the_network_repeats_makes_a_page_that_nobody_sees(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    service.plan.disturb(Fault.REPEATED, Fault.REFUSED)
    payment_id, _ = begun(payfip, time)
    assert len(service.operations) == 2
    with pytest.raises(ProviderRefused):
        payfip.retrieve(payment_id)


BOMB = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


@pytest.mark.parametrize("body", [b"", b"<html>", BOMB, b"<x/>", b"\xff" * 10, b"<x>" * 3000])
def test_an_answer_that_isn_t_payfip_s_is_unavailable(body: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_answer_once, args=(listener, body))
        thread.start()
        client = PayfipClient(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(PaymentUnavailable):
            client.ask("recupererDetailPaiementSecurise", {"idOp": "x"})
        thread.join()


def _answer_once(listener: socket.socket, body: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + body)


def test_text_is_escaped_in_a_call() -> None:
    assert b"&lt;a&gt; &amp; b" in envelope("call", {"objet": "<a> & b"})


def test_a_bill_goes_under_its_own_number_and_reference(
    payfip: Payfip, service: SimulatedPayfip, time: Time
) -> None:
    bill = BillOrder(issuer="900001", reference="2026CANT000417", service="cantines")
    payfip.create(order_for("T-1", Money(4_620), time.now(), bill), key="k")
    (asked,) = service.operations.values()
    assert (asked.fields["numcli"], asked.fields["refdet"]) == ("900001", "2026CANT000417")
    assert asked.fields["objet"] == "Facture 2026CANT000417"
