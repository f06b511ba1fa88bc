"""The values of a top-up's payment; the machine that moves them is payments.topup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.money import Money


class PaymentStatus(StrEnum):
    """A payment as its provider tells it (Stripe's PaymentIntent words)."""

    PENDING = "requires_payment_method"
    AUTHORIZED = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class TopupState(StrEnum):
    """MONEY.md, "The top-up"."""

    CREATED = "created"
    INTENT_CREATED = "intent_created"
    AUTHORIZED = "authorized"
    CARD_WRITING = "card_writing"
    CAPTURING = "capturing"
    DONE = "done"
    CANCELING = "canceling"
    CANCELED = "canceled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as seen from the kiosk; ``url`` is what the QR shows, ``code`` the short code."""

    id: str
    status: PaymentStatus
    amount: Money
    url: str = ""
    code: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopupRow:
    """A top-up as it is persisted."""

    id: str
    state: TopupState
    card: str  # pseudonymous number
    amount: Money
    provider: str
    payment_id: str = ""
    load_number: int = 0
    balance_before: Money | None = None
    created_at: datetime
