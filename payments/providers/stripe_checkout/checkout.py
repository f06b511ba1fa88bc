"""Checkout Sessions: the citizen pays on the own phone, on Stripe's page.

Rules:

1. A Session, not a Payment Link, which anybody could use again. Its id is the payment's id.
2. Manual capture; the truth is the intent's status once there is one.
3. Expiring a session that was just paid is refused: it is read again and its intent voided.
4. It lives SESSION_LIFE from the order's own moment, so that the same order gives the same body.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.provider import CURRENCY, Charge, Order
from payments.providers.stripe_wire import (
    Intents,
    IntentShape,
    Transport,
    charge_of,
    find_id,
    moment_of,
    refuse,
    shaped,
)

PATH = "/v1/checkout/sessions"
SESSION_LIFE = timedelta(hours=2)  # Stripe wants 30 min to 24 h; the hub expires it sooner
_WHOLE = {"expand": ["payment_intent.latest_charge"]}


class SessionShape(msgspec.Struct, frozen=True):
    """A session with its intent whole."""

    id: str
    status: Literal["open", "complete", "expired"]
    amount_total: int
    expires_at: int
    url: str | None = None
    payment_intent: IntentShape | str | None = None


class Checkout:
    """payments.provider.Provider over Checkout Sessions; ``return_url`` thanks the citizen."""

    def __init__(self, transport: Transport, *, return_url: str) -> None:
        self._transport = transport
        self._intents = Intents(transport)
        self._return_url = return_url

    def create(self, order: Order, *, key: str) -> Charge:
        """Make a session; raises PaymentDeclined, AmountRefused."""
        reply = self._transport.ask("POST", PATH, self._params(order), key=key)
        return _charge(shaped(reply, SessionShape))

    def find(self, topup: str, since: datetime) -> Charge | None:
        """Look through the sessions made at ``since`` or later, newest first."""
        found = find_id(self._transport, PATH, topup, since)
        return self.retrieve(found) if found else None

    def retrieve(self, payment_id: str) -> Charge:
        """Read a session and its intent."""
        return _charge(self._session(payment_id))

    def capture(self, payment_id: str, *, key: str) -> Charge:
        """Take the money of a session's intent."""
        intent = _intent(self._session(payment_id))
        if intent is not None and intent.status == "requires_capture":
            self._intents.capture(intent.id, key=key)
        return self.retrieve(payment_id)

    def cancel(self, payment_id: str, *, key: str) -> Charge:
        """Expire an open session; void the intent of one that was paid."""
        session = self._session(payment_id)
        if session.status == "open":
            reply = self._transport.ask("POST", f"{PATH}/{payment_id}/expire", {}, key=key)
            if reply.status not in {200, 400}:  # 400: it was paid in the meantime
                refuse(reply)
            session = self._session(payment_id)
        intent = _intent(session)
        if intent is not None and intent.status == "requires_capture":
            self._intents.cancel(intent.id, key=f"{key}:void")
        return self.retrieve(payment_id)

    def refund(self, payment_id: str, amount: Money, *, key: str) -> Charge:
        """Give money back; a session that wasn't paid stays as it is."""
        intent = _intent(self._session(payment_id))
        if intent is not None:
            self._intents.refund(intent.id, amount, key=key)
        return self.retrieve(payment_id)

    def _session(self, payment_id: str) -> SessionShape:
        reply = self._transport.ask("GET", f"{PATH}/{payment_id}", _WHOLE)
        return shaped(reply, SessionShape)

    def _params(self, order: Order) -> dict[str, object]:
        price = {
            "currency": CURRENCY,
            "unit_amount": order.amount.cents,
            "product_data": {"name": order.label},
        }
        return {
            "mode": "payment",
            "locale": "fr",
            "payment_method_types": ["card"],
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": order.topup,
            "payment_intent_data": {
                "capture_method": "manual",
                "metadata": {"topup": order.topup},
            },
            "expires_at": int((order.at + SESSION_LIFE).timestamp()),
            "success_url": self._return_url,
        }


def _intent(session: SessionShape) -> IntentShape | None:
    return session.payment_intent if isinstance(session.payment_intent, IntentShape) else None


def _charge(session: SessionShape) -> Charge:
    intent = _intent(session)
    if intent is not None and session.status == "complete":
        return charge_of(intent, payment_id=session.id)
    over = session.status == "expired"
    return Charge(
        id=session.id,
        status=PaymentStatus.CANCELED if over else PaymentStatus.PENDING,
        amount=Money(session.amount_total),
        url=session.url or "",
        expires_at=moment_of(session.expires_at),
    )
