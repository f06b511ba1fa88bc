"""What a till's event books: its legs, and the subject that proves it in the chain.

Rules:

1. Every event has one entry of its own kind. One that moves no money has legs of zero cents: who
   opened, counted and took over stands in the chain as well.
2. What was received for a card stands on ``suspense`` until the card has confirmed; so does what
   was taken off a card until it is handed out. A closing prints what is left there.
3. A difference is booked against ``till.difference``; the first opening's count is the float that
   was brought (``till.float``). Deposits and slips are owed by the bank (``bank.clearing``).
4. The entry's subject is ``<number>:<event's subject>:<digest>``. The digest is the first 32 hex
   digits of the SHA-256 of the event's canonical bytes: UTF-8 text, one field a line, LF behind
   each, no blank in any::

       ALV-TILL-1
       <number> <session> <kind> <UTC moment> <badge> <second badge>        (one line each)
       <cash> <cheques> <cash after> <cheques after>, signed cents          (one line each)
       <cash counted> <cheques counted>, empty where nobody counted         (one line each)
       <subject>

   So the chain, its closings and their signatures hold the events too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.domain.ledger import Account, Entry, Leg, moment
from kiosk.domain.money import Money
from kiosk.domain.till import NOTHING, TillEvent, TillKind

MAGIC = "ALV-TILL-1"
DIGEST_LEN = 32

_AGAINST = {
    TillKind.CASH: Account.SUSPENSE,
    TillKind.CHEQUE: Account.SUSPENSE,
    TillKind.GIVE_BACK: Account.SUSPENSE,
    TillKind.PAY_OUT: Account.SUSPENSE,
    TillKind.DEPOSIT: Account.BANK_CLEARING,
    TillKind.SLIP: Account.BANK_CLEARING,
}


def till_entry(event: TillEvent, *, seq: int) -> Entry:
    """Give the entry of an event (rule 1)."""
    return Entry(
        seq=seq, kind=event.kind, subject=subject_of(event), at=event.at, legs=legs_of(event)
    )


def subject_of(event: TillEvent) -> str:
    """Give what the event's entry names (rule 4)."""
    digest = hashlib.sha256(canonical(event)).hexdigest()[:DIGEST_LEN]
    return f"{event.number}:{event.subject}:{digest}"


def canonical(event: TillEvent) -> bytes:
    """Give the bytes that the entry's subject proves (rule 4)."""
    counted = event.counted
    fields = (
        MAGIC,
        event.number,
        event.session,
        event.kind.value,
        moment(event.at),
        event.by,
        event.second,
        event.cash.cents,
        event.cheques.cents,
        event.cash_after.cents,
        event.cheques_after.cents,
        "" if counted is None else counted.cash.cents,
        "" if counted is None else counted.cheques.cents,
        event.subject,
    )
    return "".join([f"{field}\n" for field in fields]).encode()


def legs_of(event: TillEvent) -> tuple[Leg, ...]:
    """Give the event's legs (rules 2 and 3): the drawers', then what stands against them."""
    drawers = [
        Leg(account=account, cents=sum_.cents)
        for account, sum_ in (
            (Account.CASH_DRAWER, event.cash),
            (Account.CHEQUE_DRAWER, event.cheques),
        )
        if sum_ != NOTHING
    ]
    drawers = drawers or [Leg(account=Account.CASH_DRAWER, cents=0)]
    against = -sum(leg.cents for leg in drawers)
    return *drawers, Leg(account=_against(event), cents=against)


def _against(event: TillEvent) -> str:
    if event.kind is TillKind.REVERSAL:
        return _AGAINST[TillKind(event.subject.partition(":")[0])]
    if event.kind is TillKind.OPEN and event.session == 1:
        return Account.TILL_FLOAT
    return _AGAINST.get(event.kind, Account.TILL_DIFFERENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Events of one kind in a session: how many, and what they changed in the drawer."""

    events: int = 0
    cash: Money = NOTHING
    cheques: Money = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session's report (Z of the till); ``float_`` is what was counted at its opening.

    ``differences`` are the events whose count differed from what had to lie there.
    """

    number: int
    opened_at: datetime
    closed_at: datetime | None
    holders: tuple[str, ...]
    first: int
    last: int
    float_: Money
    cash: Money
    cheques: Money
    lines: Mapping[TillKind, Line] = field(default_factory=dict[TillKind, Line])
    differences: tuple[TillEvent, ...] = ()


def session_of(events: Sequence[TillEvent]) -> Session:
    """Add a session's events up, its opening first."""
    begun, last = events[0], events[-1]
    lines: dict[TillKind, Line] = {}
    for event in events:
        line = lines.get(event.kind, Line())
        lines[event.kind] = Line(
            events=line.events + 1,
            cash=line.cash + event.cash,
            cheques=line.cheques + event.cheques,
        )
    takers = [event.second for event in events if event.kind is TillKind.HANDOVER]
    return Session(
        number=begun.session,
        opened_at=begun.at,
        closed_at=last.at if last.kind is TillKind.CLOSE else None,
        holders=(begun.by, *takers),
        first=begun.number,
        last=last.number,
        float_=begun.cash_after,
        cash=last.cash_after,
        cheques=last.cheques_after,
        lines=lines,
        differences=tuple(event for event in events if event.differs),
    )
