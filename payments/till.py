"""Money taken over the counter: cash and cheques, by staff, in an open till session.

Rules:

1. Only while a till session is open; the till itself is behind ``Till``. It is a kiosk's, in its
   own journal (payments.counter). A hub has none: its ``ClosedTill`` refuses everything.
2. The money is in the agent's hand before it is entered: a payment is taken at once. Its id comes
   from the top-up's, so that the same order is one payment, however often it is asked for.
3. Cash up to CASH_MAX a payment (the régie's ceiling; the law's own is higher).
4. Nothing is given back by this provider but through the till, which counts it; a payment then
   tells so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kiosk.domain.errors import AmountRefused, PaymentUnknown, TillClosed
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import NOTHING
from payments.provider import Charge, Order


class Till(Protocol):
    """An agent's till, as these providers need it."""

    def is_open(self) -> bool:
        """Say whether a session is open."""
        ...

    def take(self, kind: str, order: Order) -> None:
        """Enter what was received, once an order; durable on return."""
        ...

    def taken(self, kind: str, topup: str) -> Money | None:
        """Give what was received for a top-up, None for nothing."""
        ...

    def given_back(self, topup: str) -> bool:
        """Say whether what was received for a top-up was given back."""
        ...


class ClosedTill:
    """The till of a hub without one: always closed."""

    def is_open(self) -> bool:
        """Say no."""
        return False

    def take(self, kind: str, order: Order) -> None:
        """Refuse; raises TillClosed."""
        raise TillClosed(f"no till takes {kind} for {order.topup}")

    def taken(self, kind: str, topup: str) -> Money | None:  # noqa: ARG002  # nothing was taken
        """Give nothing."""
        return None

    def given_back(self, topup: str) -> bool:  # noqa: ARG002  # nothing was taken
        """Say no."""
        return False


class CounterProvider:
    """payments.provider.Provider over the counter; ``kind`` is cash or cheque."""

    def __init__(self, kind: str, till: Till, *, most: Money) -> None:
        self._kind = kind
        self._till = till
        self._most = most

    def create(self, order: Order, *, key: str) -> Charge:  # noqa: ARG002  # the top-up is the key
        """Enter what the agent received; raises TillClosed, AmountRefused."""
        if not self._till.is_open():
            raise TillClosed(f"no open till session takes {self._kind}")
        if not Money(0) < order.amount <= self._most:
            raise AmountRefused(f"{self._kind}: {self._most.cents} cents at most")
        if self._till.taken(self._kind, order.topup) is None:
            self._till.take(self._kind, order)
        return self.retrieve(f"{self._kind}_{order.topup}")

    def find(self, topup: str, since: datetime) -> Charge | None:  # noqa: ARG002  # by the top-up
        """Look into the till."""
        amount = self._till.taken(self._kind, topup)
        return None if amount is None else self._charge(topup, amount)

    def retrieve(self, payment_id: str) -> Charge:
        """Read it in the till; raises PaymentUnknown."""
        topup = payment_id.removeprefix(f"{self._kind}_")
        amount = self._till.taken(self._kind, topup)
        if amount is None:
            raise PaymentUnknown(f"the till holds no {payment_id!r}")
        return self._charge(topup, amount)

    def capture(self, payment_id: str, *, key: str) -> Charge:  # noqa: ARG002  # taken at once
        """Tell how it stands."""
        return self.retrieve(payment_id)

    def cancel(self, payment_id: str, *, key: str) -> Charge:  # noqa: ARG002  # taken at once
        """Tell how it stands: the agent gives the money back through the till."""
        return self.retrieve(payment_id)

    def refund(self, payment_id: str, amount: Money, *, key: str) -> Charge:
        """Refuse: the till counts what it gives back."""
        raise TillClosed(f"given back through the till only: {payment_id} {amount.cents} {key}")

    def _charge(self, topup: str, amount: Money) -> Charge:
        return Charge(
            id=f"{self._kind}_{topup}",
            status=PaymentStatus.SUCCEEDED,
            amount=amount,
            refunded=amount if self._till.given_back(topup) else NOTHING,
        )
