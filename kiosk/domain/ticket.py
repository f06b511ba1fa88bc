"""The ticket of a paid order, and whether a gate lets its people in.

Rules of the ticket:
1. It is made of the order alone, its id too: after any crash the same order gives the same ticket,
   byte for byte (Ed25519 is deterministic, RFC 8032). It is kept before the money is taken.

Rules of the gate (what needs the journal is kiosk.usecases.redeem_ticket):
2. Only a code that a device of the territory has signed; a demonstration's or a training's ticket
   opens only a gate of the same mark.
3. The gate's own product, on one of the ticket's days.
4. Once. The row is durable before the yes. Within AGAIN_MAX of it the same gate answers one more
   scan with "already counted, go through": the kiosk may have died before its yes was seen. Each
   later scan is a no that tells when the ticket was used.
5. A gate knows of no other gate until the hub tells: two of them may let the same ticket in. Every
   row goes to the hub, which finds such doubles when it merges. Until the hub has acknowledged
   them a gate lets in at most ``persons_max`` people on tickets of one kiosk (LimitReached): that
   bounds what a stolen kiosk's key, or a ticket copied to many gates, can do unseen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from kiosk.domain.errors import LimitReached
from kiosk.domain.payment import TopupRow
from kiosk.domain.receipt import TICKET_ID_BYTES, EntryTicket, Mark
from kiosk.domain.ticket_order import TicketOrder

AGAIN_MAX = timedelta(seconds=30)
UNHEARD_PERSONS_MAX = 300  # rule 5; a busy day of one selling kiosk, see docs/money.md
_WORLDS = Mark.DEMO | Mark.TRAINING


class Answer(StrEnum):
    """What the gate tells."""

    YES = "yes"
    COUNTED = "counted"  # already counted a moment ago, here: go through
    USED = "used"
    EXPIRED = "expired"
    EARLY = "early"
    ELSEWHERE = "elsewhere"  # good, but for another product than this gate's
    WORTHLESS = "worthless"  # of the demonstration or a training, at a gate that is neither

    @property
    def lets_in(self) -> bool:
        """Whether the people may go through."""
        return self in {Answer.YES, Answer.COUNTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """What a gate accepts: the product's code, the mark of its world, the cap of rule 5."""

    product: int
    marks: Mark = Mark.NONE
    persons_max: int = UNHEARD_PERSONS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A ticket that was let in here, as it is persisted; ``ticket`` is its id in hex.

    ``again_at`` is when the one more scan of rule 4 was answered, None before.
    """

    ticket: str
    product: str
    persons: int
    kiosk: str
    at: datetime
    again_at: datetime | None = None


def ticket_of(row: TopupRow, order: TicketOrder, *, kiosk: str, marks: Mark) -> EntryTicket:
    """Give the ticket of a paid order (rule 1)."""
    return EntryTicket(
        id=hashlib.sha256(row.id.encode()).digest()[:TICKET_ID_BYTES],
        product=str(order.product),
        quantity=order.persons,
        amount=row.amount,
        first_day=order.first_day,
        last_day=order.last_day,
        kiosk=kiosk,
        at=row.created_at.astimezone(UTC).replace(microsecond=0),
        marks=marks,
    )


def refusal_of(ticket: EntryTicket, rules: GateRules, day: date) -> Answer | None:
    """Say why a ticket isn't for this gate today; None when only the journal can refuse it."""
    if ticket.marks & _WORLDS != rules.marks & _WORLDS:
        return Answer.WORTHLESS
    if ticket.product != str(rules.product):
        return Answer.ELSEWHERE
    if day < ticket.first_day:
        return Answer.EARLY
    return None if ticket.valid_on(day) else Answer.EXPIRED


def redemption_of(ticket: EntryTicket, at: datetime) -> Redemption:
    """Give the row of a ticket that is let in at ``at``."""
    return Redemption(
        ticket=ticket.id.hex(),
        product=ticket.product,
        persons=ticket.quantity,
        kiosk=ticket.kiosk,
        at=at,
    )


def check_cap(unheard_persons: int, ticket: EntryTicket, rules: GateRules) -> None:
    """Refuse what passes the cap of rule 5; ``unheard_persons`` are those of the ticket's kiosk."""
    if unheard_persons + ticket.quantity > rules.persons_max:
        raise LimitReached(f"{unheard_persons} people on tickets of {ticket.kiosk} unheard of")


def answer_again(kept: Redemption, now: datetime) -> Answer:
    """Answer a ticket that was let in before (rule 4)."""
    soon = timedelta(0) <= now - kept.at <= AGAIN_MAX
    return Answer.COUNTED if soon and kept.again_at is None else Answer.USED
