"""What the bank's stand-in keeps, and how Stripe's API spells it (API version of ``VERSION``).

Only the fields that the description requires or that a client reads are given; tests hold every
answer to Stripe's own OpenAPI description.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from payments.simulator.forms import Json

VERSION = "2026-05-27.dahlia"  # the description that the tests read

IntentStatus = Literal["requires_payment_method", "requires_capture", "succeeded", "canceled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent: amounts in cents, moments in epoch seconds."""

    id: str
    amount: int
    currency: str
    status: IntentStatus
    capture_method: str
    method: str  # card or card_present
    metadata: dict[str, str]
    created: int
    authorized_at: int | None = None
    canceled_at: int | None = None
    received: int = 0
    refunded: int = 0
    declined: bool = False

    def document(self, *, charge: bool = False) -> Json:
        """Give it as the API spells it, its charge whole or by its id."""
        there = self.authorized_at is not None
        capturable = self.amount if self.status == "requires_capture" else 0
        return {
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": capturable,
            "amount_received": self.received,
            "canceled_at": self.canceled_at,
            "capture_method": self.capture_method,
            "created": self.created,
            "currency": self.currency,
            "last_payment_error": _card_error() if self.declined else None,
            "latest_charge": (self.charge() if charge else self._charge_id) if there else None,
            "livemode": False,
            "metadata": self.metadata,
            "payment_method_types": [self.method],
            "status": self.status,
        }

    @property
    def _charge_id(self) -> str:
        return self.id.replace("pi_", "ch_", 1)

    def charge(self) -> Json:
        """Give the charge, which tells what was given back; it bears its intent's metadata."""
        return {
            "id": self._charge_id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.received,
            "amount_refunded": self.refunded,
            "billing_details": {},
            "captured": self.status == "succeeded",
            "created": self.authorized_at,
            "currency": self.currency,
            "disputed": False,
            "livemode": False,
            "metadata": self.metadata,
            "paid": True,
            "refunded": 0 < self.received == self.refunded,
            "status": "succeeded",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A Checkout Session; its intent is made when somebody pays, as Stripe does."""

    id: str
    status: Literal["open", "complete", "expired"]
    amount: int
    currency: str
    reference: str
    capture_method: str
    metadata: dict[str, str]
    intent_metadata: dict[str, str]
    success_url: str
    created: int
    expires_at: int
    url: str
    intent: str = ""

    def document(self, intent: Intent | None, *, expanded: bool) -> Json:
        """Give it as the API spells it, its intent whole (with its charge) or by its id."""
        told = None if intent is None else intent.document(charge=True) if expanded else intent.id
        paid = intent is not None and intent.status == "succeeded"
        return {
            "id": self.id,
            "object": "checkout.session",
            "amount_subtotal": self.amount,
            "amount_total": self.amount,
            "automatic_tax": {"enabled": False},
            "client_reference_id": self.reference or None,
            "created": self.created,
            "currency": self.currency,
            "custom_fields": [],
            "custom_text": {},
            "expires_at": self.expires_at,
            "livemode": False,
            "metadata": self.metadata,
            "mode": "payment",
            "payment_intent": told,
            "payment_method_types": ["card"],
            "payment_status": "paid" if paid else "unpaid",
            "shipping_options": [],
            "status": self.status,
            "success_url": self.success_url,
            "url": self.url if self.status == "open" else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A payment terminal and what it does; ``display`` is the sum on its screen, 0 for none."""

    id: str
    intent: str = ""
    action: Literal["", "in_progress", "succeeded", "failed"] = ""
    display: int = 0

    def document(self) -> Json:
        """Give it as the API spells it."""
        failed = self.action == "failed"
        action: Json | None = None
        if self.action:
            action = {
                "type": "process_payment_intent",
                "status": self.action,
                "failure_code": "card_declined" if failed else None,
                "failure_message": "Your card was declined." if failed else None,
                "process_payment_intent": {"payment_intent": self.intent},
            }
        return {
            "id": self.id,
            "object": "terminal.reader",
            "action": action,
            "device_type": "simulated_stripe_s700",
            "label": "SIMULATION",
            "livemode": False,
            "metadata": {},
            "serial_number": self.id,
            "status": "online",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back."""

    id: str
    intent: str
    amount: int
    currency: str
    created: int

    def document(self) -> Json:
        """Give it as the API spells it."""
        return {
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "created": self.created,
            "currency": self.currency,
            "metadata": {},
            "payment_intent": self.intent,
            "status": "succeeded",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, with the object as it stood then."""

    id: str
    type: str
    created: int
    about: Json

    def document(self) -> Json:
        """Give it as the API spells it."""
        return {
            "id": self.id,
            "object": "event",
            "api_version": VERSION,
            "created": self.created,
            "data": {"object": self.about},
            "livemode": False,
            "pending_webhooks": 1,
            "request": None,
            "type": self.type,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer kept under an idempotency key."""

    fingerprint: str
    status: int
    document: Json
    at: int


@dataclass(slots=True, kw_only=True)
class State:
    """All that the stand-in knows; written to its file after each change."""

    count: int = 0
    intents: dict[str, Intent] = field(default_factory=dict[str, Intent])
    sessions: dict[str, Session] = field(default_factory=dict[str, Session])
    readers: dict[str, Reader] = field(default_factory=dict[str, Reader])
    refunds: dict[str, Refund] = field(default_factory=dict[str, Refund])
    events: list[Event] = field(default_factory=list[Event])
    kept: dict[str, Kept] = field(default_factory=dict[str, Kept])


def listed(documents: list[Json], url: str, *, more: bool) -> Json:
    """Give a page of objects as the API spells it."""
    return {"object": "list", "data": documents, "has_more": more, "url": url}


def _card_error() -> Json:
    return {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
