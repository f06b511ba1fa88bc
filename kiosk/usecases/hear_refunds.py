"""Takes what the bank or the régie gave back into the journal, exactly once.

Rules (kiosk.domain.bank_refund has those of the entry):

1. The far side tells a total again and again until it is told that the total is durable here.
2. That is said only after the entry's commit: an answer that is lost, or a kiosk that dies, makes
   it be told once more, and the journal's own total then books nothing.
3. What is under way waits: its own machine may still end it without any entry. One that staff must
   judge waits for them.
4. What this journal never booked, or doesn't know, needs no line; it is told in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.bank_refund import HEARD_MAX, BankRefund
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupState
from kiosk.ports import Clock, RefundJournal, RefundOffice

NOTHING = Money(0)
ROUNDS_MAX = 10  # questions in one run; the next run goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A refund that this run has heard: ``booked`` is zero when no line was needed."""

    refund: BankRefund
    booked: Money = NOTHING


class HearRefunds:
    """The use case; one call at a time."""

    def __init__(self, journal: RefundJournal, office: RefundOffice, clock: Clock) -> None:
        self._journal = journal
        self._office = office
        self._clock = clock

    def run(self) -> Sequence[Heard]:
        """Hear what is new; raises PaymentUnavailable, StorageFull: the next run goes on."""
        heard: list[Heard] = []
        durable: Sequence[BankRefund] = ()
        for _ in range(ROUNDS_MAX):
            told = self._office.refunds(durable)[:HEARD_MAX]
            taken = [one for one in map(self._taken, told) if one is not None]
            heard += taken
            durable = [one.refund for one in taken]
            if not durable:
                break
        return heard

    def _taken(self, told: BankRefund) -> Heard | None:
        """Book a total; None: it must wait."""
        paid = self._journal.find_topup(told.topup)
        if paid is None:
            return Heard(refund=told)
        if paid.entry:
            booked = self._journal.book_refund(paid, told, at=self._clock.now())
            return Heard(refund=told, booked=booked)
        waits = not paid.ended or paid.state is TopupState.MANUAL
        return None if waits else Heard(refund=told)
