"""SIMULATION of a bank as a state machine: payments, sessions, readers, refunds and time.

Rules (Stripe's documentation of each object):

1. An authorization lapses after AUTHORIZED_MAX.
2. A session's intent is made when somebody pays; one that was paid can't be expired any more.
3. A reader runs one action at a time.
4. Each change is an event.

It refuses to exist in production. payments.simulator.api is how it is asked.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from payments.simulator.forms import Json
from payments.simulator.objects import Event, Intent, IntentStatus, Refund, Session, State

KEY_KEPT = timedelta(hours=24)
AUTHORIZED_MAX = timedelta(days=7)
OBJECTS_MAX = 10_000  # the oldest are forgotten: a demo may run for months
EVENTS_MAX = 10_000
HOST = "https://paiement-simule.example"  # RFC 2606: a domain that can't exist


class Psp:
    """The stand-in; any thread may call it, one at a time."""

    def __init__(self, *, clock: Clock, environment: str, state: State | None = None) -> None:
        """Begin with ``state``; raises InputRefused in production."""
        if environment == PRODUCTION:
            raise InputRefused(
                "simulated payments are refused in production",
                where="payments.simulator",
                todo="configure a real provider, or unset ALVEOLE_ENV",
            )
        self.state = state or State()
        self.pages = HOST  # where its pay pages lie, until a server puts them on loopback
        self._clock = clock
        self.turn = threading.RLock()

    @property
    def now(self) -> int:
        """The present in epoch seconds."""
        return int(self._clock.now().timestamp())

    # What the citizen does.

    def pay(self, reference: str) -> None:
        """Pay a session, or the intent that a reader shows; what can't be paid stays as it is."""
        self._respond(reference, "requires_capture")

    def decline(self, reference: str) -> None:
        """Give a session up, or have the card refused on a reader."""
        self._respond(reference, "canceled")

    def _respond(self, reference: str, status: IntentStatus) -> None:
        with self.turn:
            self.lapse()
            session = self.state.sessions.get(reference)
            if session is not None and session.status == "open":
                self._end_session(session, status)
            intent = self.state.intents.get(reference)
            if intent is not None and intent.status == "requires_payment_method":
                self._present_card(intent, status)

    def _end_session(self, session: Session, status: IntentStatus) -> None:
        if status == "canceled":
            self.expire(session)
            return
        intent = Intent(
            id=self.new_id("pi"),
            amount=session.amount,
            currency=session.currency,
            status="requires_payment_method",
            capture_method=session.capture_method,
            method="card",
            metadata=session.intent_metadata,
            created=self.now,
        )
        self._authorize(intent)
        self.set_session(
            replace(session, status="complete", intent=intent.id), "checkout.session.completed"
        )

    def _present_card(self, intent: Intent, status: IntentStatus) -> None:
        shown = [r for r in self.state.readers.values() if r.intent == intent.id]
        for reader in (r for r in shown if r.action == "in_progress"):
            declined = status == "canceled"
            self.state.readers[reader.id] = replace(
                reader, action="failed" if declined else "succeeded"
            )
            if declined:
                self.set_intent(replace(intent, declined=True), "payment_intent.payment_failed")
            else:
                self._authorize(intent)

    def _authorize(self, intent: Intent) -> None:
        held = replace(intent, status="requires_capture", authorized_at=self.now, declined=False)
        self.set_intent(held, "payment_intent.amount_capturable_updated")
        if intent.capture_method != "manual":
            taken = replace(held, status="succeeded", received=held.amount)
            self.set_intent(taken, "payment_intent.succeeded")

    def lapse(self) -> None:
        """Let time do its work: sessions expire, authorizations lapse, kept keys are pruned."""
        now = self.now
        for session in list(self.state.sessions.values()):
            if session.status == "open" and now >= session.expires_at:
                self.expire(session)
        last = now - int(AUTHORIZED_MAX.total_seconds())
        for intent in list(self.state.intents.values()):
            lapsed = intent.authorized_at is not None and intent.authorized_at <= last
            if intent.status == "requires_capture" and lapsed:
                gone = replace(intent, status="canceled", canceled_at=now)
                self.set_intent(gone, "payment_intent.canceled")
        oldest = now - int(KEY_KEPT.total_seconds())
        kept = self.state.kept
        for key in [key for key, one in kept.items() if one.at <= oldest]:
            del kept[key]

    # What the routes work with.

    def new_id(self, prefix: str) -> str:
        """Give an id that no object has."""
        self.state.count += 1
        return f"{prefix}_sim{self.now}n{self.state.count}"

    def set_intent(self, intent: Intent, event: str) -> Intent:
        """Keep an intent and tell the change."""
        self.state.intents[intent.id] = intent
        _forget_oldest(self.state.intents)
        self._tell(event, intent.document())
        return intent

    def set_session(self, session: Session, event: str = "") -> None:
        """Keep a session and tell the change; Stripe tells none of a new one."""
        self.state.sessions[session.id] = session
        _forget_oldest(self.state.sessions)
        if event:
            self._tell(event, self.session_document(session, expanded=False))

    def expire(self, session: Session) -> Session:
        """End an open session."""
        gone = replace(session, status="expired")
        self.set_session(gone, "checkout.session.expired")
        return gone

    def add_refund(self, intent: Intent, amount: int) -> Refund:
        """Give money back."""
        refund = Refund(
            id=self.new_id("re"),
            intent=intent.id,
            amount=amount,
            currency=intent.currency,
            created=self.now,
        )
        self.state.refunds[refund.id] = refund
        given = replace(intent, refunded=intent.refunded + amount)
        self.state.intents[intent.id] = given
        self._tell("charge.refunded", given.charge())
        self._tell("refund.created", refund.document())
        return refund

    def session_document(self, session: Session, *, expanded: bool) -> Json:
        """Spell a session with what became of its intent."""
        return session.document(self.state.intents.get(session.intent), expanded=expanded)

    def _tell(self, kind: str, document: Json) -> None:
        event = Event(id=self.new_id("evt"), type=kind, created=self.now, about=document)
        self.state.events.append(event)
        del self.state.events[:-EVENTS_MAX]


def _forget_oldest(objects: dict[str, Intent] | dict[str, Session]) -> None:
    if len(objects) > OBJECTS_MAX:
        del objects[next(iter(objects))]
