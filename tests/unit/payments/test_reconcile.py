"""Bank report against journal."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.payment import PaymentStatus
from payments.reconcile import SETTLE, BankLine, Credit, Trouble, reconcile

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MORNING = NOW - timedelta(hours=8)
T = Trouble


def line(
    payment: str = "pi_1",
    *,
    topup: str = "T-1",
    cents: int = 2000,
    refunded: int = 0,
    status: PaymentStatus = PaymentStatus.SUCCEEDED,
    at: datetime = MORNING,
) -> BankLine:
    return BankLine(
        payment=payment,
        topup=topup,
        status=status,
        amount_cents=cents,
        refunded_cents=refunded,
        at=at,
    )


def credit(cents: int = 2000, *, topup: str = "T-1", at: datetime = MORNING) -> Credit:
    return Credit(topup=topup, cents=cents, at=at)


AUTHORIZED = line(status=PaymentStatus.AUTHORIZED)
CANCELED = line(status=PaymentStatus.CANCELED)


def test_a_payment_that_was_credited_is_no_trouble() -> None:
    assert reconcile([line()], [credit()], now=NOW) == ()


def test_nothing_agrees_with_nothing() -> None:
    assert reconcile([], [], now=NOW) == ()
    assert reconcile([CANCELED], [], now=NOW) == ()


def test_a_refund_agrees_with_its_correction() -> None:
    report = [line(refunded=2000)]
    assert reconcile(report, [credit(), credit(-2000)], now=NOW) == ()
    assert reconcile(report, [], now=NOW) == ()


@pytest.mark.parametrize(
    ("report", "credits_", "trouble"),
    [
        ([line()], [], T.CAPTURED_WITHOUT_CREDIT),
        ([], [credit()], T.CREDITED_WITHOUT_CAPTURE),
        ([CANCELED], [credit()], T.CREDITED_WITHOUT_CAPTURE),
        ([AUTHORIZED], [credit()], T.CREDITED_WITHOUT_CAPTURE),
        ([line(), line("pi_2")], [credit()], T.CAPTURED_TWICE),
        ([line()], [credit(), credit()], T.CREDITED_TWICE),
        ([line(cents=2100)], [credit()], T.WRONG_AMOUNT),
        ([line(refunded=500)], [credit()], T.WRONG_AMOUNT),
        ([line()], [credit(), credit(-2000)], T.MISSING_REFUND),
        ([line(topup="")], [], T.UNKNOWN_PAYMENT),
        ([AUTHORIZED], [], T.LEFT_AUTHORIZED),
    ],
)
def test_a_difference_has_its_name(
    report: list[BankLine], credits_: list[Credit], trouble: Trouble
) -> None:
    (action,) = reconcile(report, credits_, now=NOW)
    assert action.trouble is trouble


def test_an_action_names_both_sums_and_the_payments() -> None:
    (action,) = reconcile([line("pi_2"), line("pi_1")], [credit()], now=NOW)
    assert (action.topup, action.payments) == ("T-1", ("pi_1", "pi_2"))
    assert (action.bank_cents, action.journal_cents) == (4000, 2000)


def test_a_difference_that_may_be_under_way_is_left_alone() -> None:
    young = NOW - SETTLE + timedelta(seconds=1)
    assert reconcile([line(at=young)], [], now=NOW) == ()
    assert reconcile([], [credit(at=young)], now=NOW) == ()
    assert reconcile([line(status=PaymentStatus.AUTHORIZED, at=young)], [], now=NOW) == ()


def test_a_strangers_canceled_payment_is_no_trouble() -> None:
    assert reconcile([line(topup="", status=PaymentStatus.CANCELED)], [], now=NOW) == ()


LINES = st.builds(
    line,
    st.sampled_from(["pi_1", "pi_2", "pi_3"]),
    topup=st.sampled_from(["T-1", "T-2", ""]),
    cents=st.integers(1, 5000),
    status=st.sampled_from(PaymentStatus),
)
CREDITS = st.builds(credit, st.integers(-5000, 5000), topup=st.sampled_from(["T-1", "T-2"]))


@given(st.lists(LINES, max_size=6), st.lists(CREDITS, max_size=6), st.randoms())
def test_the_order_of_lines_changes_nothing(
    report: list[BankLine], credits_: list[Credit], dice: random.Random
) -> None:
    found = reconcile(report, credits_, now=NOW)
    dice.shuffle(report)
    dice.shuffle(credits_)
    assert set(reconcile(report, credits_, now=NOW)) == set(found)


@given(st.lists(LINES, max_size=6), st.lists(CREDITS, max_size=6))
def test_every_cent_of_difference_stands_in_an_action(
    report: list[BankLine], credits_: list[Credit]
) -> None:
    actions = reconcile(report, credits_, now=NOW)
    taken = [one for one in report if one.status is PaymentStatus.SUCCEEDED]
    bank = sum(one.amount_cents - one.refunded_cents for one in taken)
    journal = sum(one.cents for one in credits_)
    told = sum(one.bank_cents - one.journal_cents for one in actions)
    assert told == bank - journal


@given(st.lists(st.integers(1, 5000), max_size=20))
def test_a_day_without_trouble_asks_for_nothing(sums: list[int]) -> None:
    report = [line(f"pi_{n}", topup=f"T-{n}", cents=cents) for n, cents in enumerate(sums)]
    credits_ = [credit(cents, topup=f"T-{n}") for n, cents in enumerate(sums)]
    assert reconcile(report, credits_, now=NOW) == ()


@given(st.sets(st.integers(0, 19)), st.sets(st.integers(0, 19)))
def test_what_one_side_lacks_is_named_once(lost: set[int], uncredited: set[int]) -> None:
    report = [line(f"pi_{n}", topup=f"T-{n}") for n in range(20) if n not in lost]
    credits_ = [credit(topup=f"T-{n}") for n in range(20) if n not in uncredited]
    found = {action.topup: action.trouble for action in reconcile(report, credits_, now=NOW)}
    assert found == {f"T-{n}": T.CREDITED_WITHOUT_CAPTURE for n in lost - uncredited} | {
        f"T-{n}": T.CAPTURED_WITHOUT_CREDIT for n in uncredited - lost
    }
