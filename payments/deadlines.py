"""What time asks of a payment (pure).

Rules (MONEY.md, "The top-up"):

1. What nobody pays is given up after UNPAID_MAX.
2. An authorization that no kiosk holds is voided after UNHELD_MAX.
3. A held one is never voided: it is captured CAPTURE_AHEAD before it lapses, at the latest.
4. What is being given up is given up until the bank says how it ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import Op, PspPayment

UNPAID_MAX = timedelta(minutes=30)
UNHELD_MAX = timedelta(minutes=10)
CAPTURE_AHEAD = timedelta(hours=24)


def due(payment: PspPayment, now: datetime, *, lapses_after: timedelta) -> Op | None:
    """Say what must be done now: cancel, capture, or nothing.

    ``lapses_after`` is how long the provider's authorizations live (about 7 days online, about
    2 for some brands in person).
    """
    if payment.final:
        return None
    if payment.voiding:
        return Op.CANCEL
    if payment.status is PaymentStatus.PENDING:
        return Op.CANCEL if now - payment.created_at >= UNPAID_MAX else None
    age = now - (payment.authorized_at or payment.created_at)
    if payment.held:
        return Op.CAPTURE if age >= lapses_after - CAPTURE_AHEAD else None
    return Op.CANCEL if age >= UNHELD_MAX else None
