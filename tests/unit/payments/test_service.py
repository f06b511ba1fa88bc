"""The hub's payment service: keys, lost answers, deadlines, refunds, bad requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from kiosk.domain.bill import BILL_MOST, BillOrder
from kiosk.domain.errors import (
    AmountRefused,
    BillBusy,
    BillPaid,
    CurrencyRefused,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
)
from kiosk.domain.money import CENTS_MAX, Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import PspPayment
from kiosk.store.psp import PspStore
from payments.deadlines import UNHELD_MAX, UNPAID_MAX
from payments.service import ATTEMPTS_MAX, RESEND_MAX, TWO_PEOPLE_FROM, Counter
from payments.simulator.faults import Fault
from tests.unit.payments.worlds import Hub

P = PaymentStatus
ONE = frozenset({"agent"})
TWO = frozenset({"agent", "chief"})


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.mark.parametrize("cents", [0, -1, -2000, 99, CENTS_MAX + 1, 15_001, 10**30])
def test_a_sum_that_no_territory_allows_is_refused(hub: Hub, cents: int) -> None:
    with pytest.raises(AmountRefused):
        hub.begin(cents=cents)
    assert hub.psp.state.sessions == {}


@pytest.mark.parametrize("currency", ["usd", "EUR", "", "eur "])
def test_another_currency_is_refused(hub: Hub, currency: str) -> None:
    with pytest.raises(CurrencyRefused):
        hub.service.create("T-1", 2000, currency, key="T-1:create")
    assert hub.psp.state.sessions == {}


@pytest.mark.parametrize("name", ["", "x" * 201, "T\n1", "É", "T\x00"])
def test_a_name_that_is_no_id_is_refused(hub: Hub, name: str) -> None:
    with pytest.raises(InputRefused):
        hub.service.create(name, 2000, "eur", key="k")
    with pytest.raises(InputRefused):
        hub.service.create("T-1", 2000, "eur", key=name)
    with pytest.raises(InputRefused):
        hub.service.find(name)


def test_a_key_with_another_body_is_refused(hub: Hub) -> None:
    hub.begin()
    with pytest.raises(InputRefused, match="another body"):
        hub.service.create("T-1", 2100, "eur", key="T-1:create")
    with pytest.raises(InputRefused, match="another body"):
        hub.service.create("T-2", 2000, "eur", key="T-1:create")


def test_the_key_is_durable_before_the_bank_is_asked(tmp_path: Path) -> None:
    hub = Hub(PspStore(tmp_path / "psp.db"))
    hub.plan.disturb(Fault.REQUEST_LOST)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    with PspStore(tmp_path / "psp.db") as after:
        (call,) = after.unanswered(hub.time.now())
    assert (call.key, call.subject, call.done) == ("T-1:create", "T-1", False)


def test_a_lost_answer_is_asked_for_again_under_the_same_key(hub: Hub) -> None:
    hub.plan.disturb(Fault.ANSWER_LOST)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    hub.begin()
    assert len(hub.psp.state.sessions) == 1


def test_an_old_unanswered_creation_is_looked_for_and_never_sent_again(hub: Hub) -> None:
    hub.plan.disturb(Fault.ANSWER_LOST)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    hub.time.move(seconds=RESEND_MAX.total_seconds())
    (session_id,) = hub.psp.state.sessions
    assert hub.begin().id == session_id
    assert len(hub.psp.state.sessions) == 1


def test_an_old_creation_that_never_arrived_is_over(hub: Hub) -> None:
    hub.plan.disturb(Fault.REQUEST_LOST)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    hub.time.move(seconds=RESEND_MAX.total_seconds())
    for _ in range(2):
        with pytest.raises(PaymentDeclined):
            hub.begin()
    assert hub.psp.state.sessions == {}


def test_a_broken_creation_gets_a_key_of_its_own_once_the_list_is_read(hub: Hub) -> None:
    hub.plan.disturb(Fault.BROKEN)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    assert hub.begin().status is P.PENDING
    assert set(hub.psp.state.kept) == {"T-1:create", "T-1:create:2"}


def test_a_bank_that_stays_broken_is_asked_a_few_times_only(hub: Hub) -> None:
    for _ in range(ATTEMPTS_MAX):
        hub.plan.disturb(*([None] if hub.psp.state.kept else []), Fault.BROKEN)
        with pytest.raises(PaymentUnavailable):
            hub.begin()
        hub.plan.calm()
    with pytest.raises(PaymentDeclined):
        hub.begin()


def test_a_refused_creation_stays_refused_under_its_key(hub: Hub) -> None:
    hub.plan.disturb(Fault.REFUSED)
    for _ in range(2):
        with pytest.raises(PaymentDeclined):
            hub.begin()


def test_a_no_to_a_creation_that_was_done_before_is_not_believed(hub: Hub) -> None:
    hub.plan.disturb(Fault.ANSWER_LOST, Fault.REFUSED)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    assert hub.begin().status is P.PENDING
    assert len(hub.psp.state.sessions) == 1


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.LIMITED])
def test_a_busy_bank_may_be_asked_again(hub: Hub, fault: Fault) -> None:
    hub.plan.disturb(fault)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    assert hub.begin().status is P.PENDING


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.REFUSED, Fault.ANSWER_LOST, Fault.LATE])
@pytest.mark.parametrize("call", [0, 1, 2])
def test_a_disturbed_capture_takes_the_money_once(hub: Hub, fault: Fault, call: int) -> None:
    payment_id = hub.held()
    hub.plan.disturb(*[None] * call, fault)
    with pytest.raises((PaymentUnavailable, PaymentDeclined)):
        hub.service.capture(payment_id, key="T-1:capture")
    assert hub.service.capture(payment_id, key="T-1:capture").status is P.SUCCEEDED
    assert [i.received for i in hub.psp.state.intents.values()] == [2000]


def test_what_nobody_pays_is_given_up(hub: Hub) -> None:
    hub.begin()
    hub.time.move(seconds=UNPAID_MAX.total_seconds() - 1)
    hub.service.sweep()
    assert [s.status for s in hub.psp.state.sessions.values()] == ["open"]
    hub.time.move(seconds=1)
    hub.service.sweep()
    assert [s.status for s in hub.psp.state.sessions.values()] == ["expired"]


def test_what_no_kiosk_holds_is_voided_by_the_hubs_timer(hub: Hub) -> None:
    hub.authorized()
    hub.time.move(seconds=UNHELD_MAX.total_seconds())
    assert hub.service.sweep() == 1
    assert hub.intents() == ["canceled"]
    assert hub.service.sweep() == 0


def test_what_is_held_is_captured_a_day_before_it_lapses(hub: Hub) -> None:
    hub.held()
    hub.time.move(days=6, seconds=-1)
    hub.service.sweep()
    assert hub.intents() == ["requires_capture"]
    hub.time.move(seconds=1)
    hub.service.sweep()
    assert hub.intents() == ["succeeded"]


def test_a_payment_that_is_being_given_up_can_t_be_held(hub: Hub) -> None:
    payment_id = hub.authorized()
    hub.plan.disturb(None, Fault.LATE)  # the voiding itself is under way in the network
    with pytest.raises(PaymentUnavailable):
        hub.service.cancel(payment_id, key="T-1:cancel")
    view = hub.service.hold(payment_id, 4, key="T-1:hold:4")
    assert not view.held
    hub.service.sweep()
    assert hub.intents() == ["canceled"]


def test_a_held_payment_that_the_kiosk_gives_up_is_voided(hub: Hub) -> None:
    payment_id = hub.held()
    assert hub.service.cancel(payment_id, key="T-1:cancel").status is P.CANCELED


def test_a_sweep_stops_at_a_silent_bank_and_the_next_one_goes_on(hub: Hub) -> None:
    hub.authorized("T-1")
    hub.authorized("T-2")
    hub.time.move(minutes=10)
    hub.plan.disturb(Fault.REQUEST_LOST)
    assert hub.service.sweep() == 0
    assert hub.service.sweep() == 2
    assert hub.intents() == ["canceled", "canceled"]


def test_a_payment_that_the_bank_has_lost_keeps_no_other_from_its_deadline(hub: Hub) -> None:
    lost = hub.begin("T-1")
    hub.authorized("T-2")
    del hub.psp.state.sessions[lost.id]
    hub.time.move(minutes=10)
    hub.service.sweep()
    assert hub.intents() == ["canceled"]


def test_a_payment_that_can_t_be_read_keeps_no_other_from_its_deadline(hub: Hub) -> None:
    hub.authorized("T-1")
    (strange,) = hub.psp.state.intents.values()
    hub.authorized("T-2")
    unheard = replace(strange, status="unheard_of")  # type: ignore[arg-type]  # the bank's news
    hub.psp.state.intents[strange.id] = unheard
    hub.time.move(minutes=10)
    for _ in range(2):
        hub.service.sweep()
    assert hub.intents() == ["unheard_of", "canceled"]


def test_a_full_disk_stops_a_sweep_and_the_next_one_goes_on(hub: Hub) -> None:
    hub.authorized()
    hub.time.move(minutes=10)
    hub.store._connection.execute("PRAGMA query_only = ON")
    assert hub.service.sweep() == 0
    hub.store._connection.execute("PRAGMA query_only = OFF")
    assert hub.service.sweep() == 1
    assert hub.intents() == ["canceled"]


class Meanwhile(PspStore):
    """A table beside which a kiosk calls, in its own thread, while a sweep is under way."""

    kiosk: Thread | None = None

    def open_payments(self) -> Sequence[PspPayment]:
        rows = super().open_payments()
        if self.kiosk is not None:
            self.kiosk.start()
            self.kiosk.join(10)
            assert not self.kiosk.is_alive(), "the kiosk waits for the whole sweep"
        return rows


def test_a_hold_that_comes_during_a_sweep_is_kept() -> None:
    store = Meanwhile(None)
    hub = Hub(store)
    payment_id = hub.authorized()
    hub.time.move(seconds=UNHELD_MAX.total_seconds())
    hold = partial(hub.service.hold, payment_id, 4, key="T-1:hold:4")
    store.kiosk = Thread(target=hold)
    hub.service.sweep()
    assert hub.intents() == ["requires_capture"]


def test_a_creation_that_no_kiosk_asks_for_again_is_found_and_given_up(hub: Hub) -> None:
    hub.plan.disturb(Fault.ANSWER_LOST)
    with pytest.raises(PaymentUnavailable):
        hub.begin()
    (session_id,) = hub.psp.state.sessions
    hub.psp.pay(session_id)
    hub.time.move(seconds=RESEND_MAX.total_seconds() + 1)
    hub.service.sweep()
    assert hub.intents() == ["canceled"]
    assert hub.store.unanswered(hub.time.now()) == []


def test_a_refund_gives_the_money_back_once(hub: Hub) -> None:
    payment_id = hub.captured()
    for _ in range(2):
        view = hub.service.refund(payment_id, Money(2000), staff=ONE, key="T-1:refund:1")
        assert view.refunded
    assert len(hub.psp.state.refunds) == 1


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.BROKEN, Fault.LATE])
def test_a_disturbed_refund_gives_the_money_back_once(hub: Hub, fault: Fault) -> None:
    payment_id = hub.captured()
    hub.plan.disturb(None, None, fault)
    with pytest.raises(PaymentUnavailable):
        hub.service.refund(payment_id, Money(2000), staff=ONE, key="T-1:refund:1")
    hub.service.refund(payment_id, Money(2000), staff=ONE, key="T-1:refund:1")
    assert [refund.amount for refund in hub.psp.state.refunds.values()] == [2000]


def test_no_more_is_given_back_than_was_taken(hub: Hub) -> None:
    payment_id = hub.captured()
    with pytest.raises(AmountRefused):
        hub.service.refund(payment_id, Money(2001), staff=ONE, key="T-1:refund:1")
    assert hub.psp.state.refunds == {}


def test_a_large_refund_needs_two_people(hub: Hub) -> None:
    payment_id = hub.captured(cents=TWO_PEOPLE_FROM.cents)
    with pytest.raises(AmountRefused, match="too few people"):
        hub.service.refund(payment_id, TWO_PEOPLE_FROM, staff=ONE, key="T-1:refund:1")
    assert hub.service.refund(payment_id, TWO_PEOPLE_FROM, staff=TWO, key="T-1:refund:1").refunded


def test_nobody_gives_money_back_alone_by_accident(hub: Hub) -> None:
    payment_id = hub.captured()
    with pytest.raises(AmountRefused):
        hub.service.refund(payment_id, Money(100), staff=frozenset(), key="T-1:refund:1")


def test_what_was_taken_can_be_held_though_it_was_being_given_up(hub: Hub) -> None:
    payment_id = hub.captured()
    row = hub.store.payment(payment_id)
    assert row is not None
    hub.store.save(payment=replace(row, voiding=True))
    assert hub.service.hold(payment_id, 4, key="T-1:hold:4").held


def test_a_later_answer_doesn_t_unsay_that_money_was_taken(hub: Hub) -> None:
    payment_id = hub.captured()
    session = hub.psp.state.sessions[payment_id]
    intent = hub.psp.state.intents[session.intent]
    hub.psp.state.intents[intent.id] = replace(intent, status="canceled")
    assert hub.service.retrieve(payment_id).status is PaymentStatus.SUCCEEDED


def test_a_transfer_of_the_regie_s_is_noted_as_a_refund_once(hub: Hub) -> None:
    payment_id = hub.captured()
    for _ in range(2):
        view = hub.service.repaid(payment_id, Money(2000), staff=frozenset({"a"}), key="T-1:repaid")
        assert view.refunded
    assert hub.service.retrieve(payment_id).refunded
    assert [r.refunded for r in hub.psp.state.intents.values()] == [0]


@pytest.mark.parametrize(("cents", "people"), [(2001, "a"), (0, "a"), (2000, ""), (5000, "a")])
def test_no_more_is_noted_as_given_back_than_was_taken_by_people_enough(
    hub: Hub, cents: int, people: str
) -> None:
    payment_id = hub.captured()
    with pytest.raises(AmountRefused):
        hub.service.repaid(payment_id, Money(cents), staff=frozenset(people), key="T-1:repaid")


def test_nothing_is_noted_as_given_back_before_it_was_taken(hub: Hub) -> None:
    payment_id = hub.authorized()
    with pytest.raises(AmountRefused):
        hub.service.repaid(payment_id, Money(2000), staff=frozenset("a"), key="T-1:repaid")


def test_a_refund_from_the_banks_dashboard_is_seen(hub: Hub) -> None:
    payment_id = hub.captured()
    (intent_id,) = hub.psp.state.intents
    hub.post("/v1/refunds", {"payment_intent": intent_id})
    assert hub.service.retrieve(payment_id).refunded


def test_an_unknown_payment_is_said_unknown(hub: Hub) -> None:
    with pytest.raises(PaymentUnknown):
        hub.service.refund("cs_nothing", Money(100), staff=ONE, key="k")


def test_a_short_code_leads_to_its_pay_page_while_it_can_be_paid(hub: Hub) -> None:
    payment = hub.begin()
    assert hub.service.link(payment.code) == payment.url
    assert hub.service.link("NOTHING") == ""
    hub.service.cancel(payment.id, key="T-1:cancel")
    assert hub.service.link(payment.code) == ""


def test_a_short_code_is_given_once(hub: Hub) -> None:
    hub.service._counter = Counter(provider="simulator", new_code=lambda: "SAME-CODE")
    hub.begin("T-1")
    with pytest.raises(PaymentUnavailable, match="no short code"):
        hub.begin("T-2")


def test_a_hub_started_again_knows_its_payments(tmp_path: Path) -> None:
    hub = Hub(PspStore(tmp_path / "psp.db"))
    payment_id = hub.held()
    before = hub.store.payment(payment_id)
    hub.store.close()
    with PspStore(tmp_path / "psp.db") as after:
        assert after.payment(payment_id) == before
        assert before is not None
        assert before.authorized_at is not None
        assert (before.held, before.load_number) == (True, 4)
        assert before.expires_at is not None
        assert before.expires_at - before.created_at == timedelta(hours=2)


BILL = BillOrder(issuer="900001", reference="2026CANT000417")


def bill(hub: Hub, topup: str, cents: int = 40_000) -> str:
    return hub.service.create(topup, cents, "eur", key=f"{topup}:create", bill=BILL).id


def test_a_bill_has_bounds_of_its_own(hub: Hub) -> None:
    assert bill(hub, "T-1")
    for cents in (0, 99, BILL_MOST.cents + 1):
        with pytest.raises(AmountRefused):
            bill(hub, "T-2", cents)


def test_a_bill_that_is_being_paid_isn_t_begun_by_another_kiosk(hub: Hub) -> None:
    first = bill(hub, "T-1")
    with pytest.raises(BillBusy):
        bill(hub, "T-2")
    assert bill(hub, "T-1") == first
    hub.service.cancel(first, key="c")
    assert bill(hub, "T-2") != first


def test_a_bill_that_is_paid_isn_t_paid_again_until_it_is_given_back(hub: Hub) -> None:
    first = bill(hub, "T-1")
    hub.psp.pay(first)
    hub.service.capture(first, key="T-1:capture")
    with pytest.raises(BillPaid):
        bill(hub, "T-2")
    hub.service.refund(first, Money(40_000), staff=TWO, key="r")
    assert bill(hub, "T-2") != first


def test_a_bill_whose_call_was_lost_is_busy_until_the_bank_s_list_was_asked(hub: Hub) -> None:
    hub.plan.disturb(Fault.REQUEST_LOST)
    with pytest.raises(PaymentUnavailable):
        bill(hub, "T-1")
    with pytest.raises(BillBusy):
        bill(hub, "T-2")
    hub.time.move(hours=2)
    hub.service.sweep()
    assert bill(hub, "T-2")


def test_who_pays_a_bill_is_known_after_a_restart(tmp_path: Path) -> None:
    bill(Hub(PspStore(tmp_path / "psp.db")), "T-1")
    with pytest.raises(BillBusy):
        bill(Hub(PspStore(tmp_path / "psp.db")), "T-2")


def test_a_key_that_came_with_another_bill_is_refused(hub: Hub) -> None:
    bill(hub, "T-1")
    with pytest.raises(InputRefused, match="another body"):
        hub.service.create("T-1", 4_000, "eur", key="T-1:create")
