"""What the hub remembers of the payment side: calls with their keys, and payments.

The rows outlive the hub's process: a call is persisted before it is made (MONEY.md, "The top-up").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus

NOTHING = Money(0)
FINAL = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED})


class Op(StrEnum):
    """What a call asks."""

    CREATE = "create"
    HOLD = "hold"
    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class PspCall:
    """A call by its idempotency key.

    ``subject`` is the top-up's id (create) or the payment's; ``body`` what a repetition must
    match. ``attempt`` counts from 1, ``asked_at`` is when this attempt began: a new one begins
    only after the far side answered that the last one broke (``failed``). ``done`` once the
    answer is known for good; ``refusal`` is then the message key of a "no".
    """

    key: str
    op: Op
    subject: str
    body: str
    asked_at: datetime
    created_at: datetime
    attempt: int = 1
    failed: bool = False
    done: bool = False
    payment: str = ""
    refusal: str = ""

    @property
    def far_key(self) -> str:
        """The key that the far side sees: another one for another attempt."""
        return self.key if self.attempt == 1 else f"{self.key}:{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PspPayment:
    """A payment as the hub knows it.

    ``held``: the kiosk was promised that it is never voided; ``voiding``: it is being given up,
    and from then on it can't be held; ``code`` is the short code beside the QR.
    """

    id: str
    topup: str
    provider: str
    status: PaymentStatus
    amount: Money
    created_at: datetime
    url: str = ""
    code: str = ""
    expires_at: datetime | None = None
    authorized_at: datetime | None = None
    held: bool = False
    voiding: bool = False
    load_number: int = 0
    refunded: Money = NOTHING

    @property
    def final(self) -> bool:
        """Whether the bank moves it no more (but by a refund)."""
        return self.status in FINAL
