"""What time asks of a payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import Op, PspPayment
from payments.deadlines import due

P = PaymentStatus
BEGUN = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
PAYMENT = PspPayment(
    id="cs_1",
    topup="T-1",
    provider="stripe_checkout",
    status=P.PENDING,
    amount=Money(2000),
    created_at=BEGUN,
)
AUTHORIZED = replace(PAYMENT, status=P.AUTHORIZED, authorized_at=BEGUN + timedelta(minutes=5))
HELD = replace(AUTHORIZED, held=True)
WEEK, TWO_DAYS = timedelta(days=7), timedelta(days=2)


@pytest.mark.parametrize(
    ("payment", "after", "lapses_after", "act"),
    [
        (PAYMENT, timedelta(minutes=29), WEEK, None),
        (PAYMENT, timedelta(minutes=30), WEEK, Op.CANCEL),
        (AUTHORIZED, timedelta(minutes=14), WEEK, None),
        (AUTHORIZED, timedelta(minutes=15), WEEK, Op.CANCEL),
        (replace(AUTHORIZED, authorized_at=None), timedelta(minutes=10), WEEK, Op.CANCEL),
        (HELD, timedelta(days=6), WEEK, None),
        (HELD, timedelta(days=6, minutes=5), WEEK, Op.CAPTURE),
        (HELD, timedelta(days=1), TWO_DAYS, None),
        (HELD, timedelta(days=1, minutes=5), TWO_DAYS, Op.CAPTURE),
        (replace(HELD, voiding=True), timedelta(0), WEEK, Op.CANCEL),
        (replace(PAYMENT, voiding=True), timedelta(0), WEEK, Op.CANCEL),
        (replace(HELD, status=P.SUCCEEDED), timedelta(days=30), WEEK, None),
        (replace(PAYMENT, status=P.CANCELED, voiding=True), timedelta(days=30), WEEK, None),
    ],
)
def test_time_asks_for_one_act_at_most(
    payment: PspPayment, after: timedelta, lapses_after: timedelta, act: Op | None
) -> None:
    assert due(payment, BEGUN + after, lapses_after=lapses_after) is act
