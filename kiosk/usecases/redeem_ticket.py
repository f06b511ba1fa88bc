"""Lets the people of a ticket in, once (the rules are kiosk.domain.ticket's).

The code is verified first, the journal asked last: the row is durable before the yes is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kiosk.domain.receipt import EntryTicket, read_ticket
from kiosk.domain.ticket import (
    Answer,
    GateRules,
    Redemption,
    answer_again,
    check_cap,
    redemption_of,
    refusal_of,
)
from kiosk.ports import Clock, Redemptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a gate redeems with: ``keys`` gives the territory's device keys by their ids."""

    rules: GateRules
    keys: Callable[[], Mapping[bytes, bytes]]
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the gate tells of a ticket; ``used_at`` when it was let in before, else None."""

    answer: Answer
    ticket: EntryTicket
    used_at: datetime | None = None


class RedeemTicket:
    """The use case; callable from any thread, one call at a time."""

    def __init__(self, *, journal: Redemptions, clock: Clock, gate: Gate) -> None:
        self._journal = journal
        self._clock = clock
        self._gate = gate
        self._turn = threading.Lock()

    def scan(self, code: str) -> Scanned:
        """Answer a scanned code.

        Raises CodeForeign, CodeTampered, LimitReached and StorageFull: nobody is let in then.
        """
        ticket = read_ticket(code, self._gate.keys())
        now = self._clock.now()
        no = refusal_of(ticket, self._gate.rules, now.astimezone(self._gate.zone).date())
        if no is not None:
            return Scanned(answer=no, ticket=ticket)
        with self._turn:
            kept = self._journal.find(ticket.id.hex())
            if kept is not None:
                return self._again(kept, ticket, now)
            check_cap(self._journal.unheard_persons(ticket.kiosk), ticket, self._gate.rules)
            self._journal.redeem(redemption_of(ticket, now))
            return Scanned(answer=Answer.YES, ticket=ticket)

    def _again(self, kept: Redemption, ticket: EntryTicket, now: datetime) -> Scanned:
        answer = answer_again(kept, now)
        if answer.lets_in and not self._journal.answered_again(kept.ticket, at=now):
            answer = Answer.USED
        return Scanned(answer=answer, ticket=ticket, used_at=kept.at)
