"""Stripe Terminal, server-driven: the hub hands the payment to a reader beside the kiosk.

Rules:

1. The truth is the intent's status, never the reader's.
2. Creating is two calls, each under its own key: the intent, then the reader's action. A busy
   reader leaves the intent; the next try under the same keys goes on.
3. A card that the bank refused ends the payment: the intent is canceled, the next one is new.
4. It can't work offline (Stripe: server-driven excludes it); the kiosk says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from kiosk.domain.money import Money
from kiosk.domain.psp import FINAL
from payments.provider import CURRENCY, Charge, Order
from payments.providers.stripe_wire import (
    Intents,
    IntentShape,
    Transport,
    charge_of,
    find_id,
    refuse,
    shaped,
)

PATH = "/v1/payment_intents"


class ProcessShape(msgspec.Struct, frozen=True):
    """Which intent a reader works on."""

    payment_intent: str


class ActionShape(msgspec.Struct, frozen=True):
    """What a reader does."""

    status: Literal["in_progress", "succeeded", "failed"]
    process_payment_intent: ProcessShape | None = None


class ReaderShape(msgspec.Struct, frozen=True):
    """A reader."""

    id: str
    action: ActionShape | None = None


class Terminal:
    """payments.provider.Provider over one reader."""

    def __init__(self, transport: Transport, *, reader: str) -> None:
        self._transport = transport
        self._intents = Intents(transport)
        self._reader = f"/v1/terminal/readers/{reader}"

    def create(self, order: Order, *, key: str) -> Charge:
        """Make an intent and hand it to the reader; raises PaymentDeclined, AmountRefused."""
        params = {
            "amount": order.amount.cents,
            "currency": CURRENCY,
            "capture_method": "manual",
            "payment_method_types": ["card_present"],
            "description": order.label,
            "metadata": {"topup": order.topup},
        }
        reply = self._transport.ask("POST", PATH, params, key=key)
        intent = shaped(reply, IntentShape)
        if not self._works_on(intent.id):
            params = {"payment_intent": intent.id}
            handed = self._transport.ask(
                "POST", f"{self._reader}/process_payment_intent", params, key=f"{key}:reader"
            )
            if handed.status != 200 and handed.code != "payment_intent_unexpected_state":
                refuse(handed)
        return charge_of(intent)

    def find(self, topup: str, since: datetime) -> Charge | None:
        """Look through the intents made at ``since`` or later (search would lag behind)."""
        found = find_id(self._transport, PATH, topup, since)
        return self.retrieve(found) if found else None

    def retrieve(self, payment_id: str) -> Charge:
        """Read an intent; one whose card was refused is canceled."""
        intent = self._intents.retrieve(payment_id)
        if intent.status == "requires_payment_method" and intent.last_payment_error is not None:
            self._intents.cancel(payment_id, key=f"{payment_id}:refused")
            intent = self._intents.retrieve(payment_id)
        return charge_of(intent)

    def capture(self, payment_id: str, *, key: str) -> Charge:
        """Take the authorized money."""
        if self._intents.retrieve(payment_id).status == "requires_capture":
            self._intents.capture(payment_id, key=key)
        return self.retrieve(payment_id)

    def cancel(self, payment_id: str, *, key: str) -> Charge:
        """Free the reader from this payment, then void the intent."""
        charge = self.retrieve(payment_id)
        if charge.status in FINAL:
            return charge
        if self._works_on(payment_id):
            reply = self._transport.ask(
                "POST", f"{self._reader}/cancel_action", {}, key=f"{key}:reader"
            )
            if reply.status != 200:
                refuse(reply)
        self._intents.cancel(payment_id, key=key)
        return self.retrieve(payment_id)

    def refund(self, payment_id: str, amount: Money, *, key: str) -> Charge:
        """Give money back."""
        self._intents.refund(payment_id, amount, key=key)
        return self.retrieve(payment_id)

    def _works_on(self, intent_id: str) -> bool:
        reader = shaped(self._transport.ask("GET", self._reader, {}), ReaderShape)
        action = reader.action
        if action is None or action.process_payment_intent is None:
            return False
        mine = action.process_payment_intent.payment_intent == intent_id
        return mine and action.status == "in_progress"
