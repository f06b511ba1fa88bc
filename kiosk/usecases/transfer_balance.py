"""Moves a lost card's balance to a new card, as a numbered load (kiosk.domain.transfer).

Rules: a manager begins it, once no kiosk can debit the lost card any more (a badge's at once); the
amount is the hub's, once every kiosk has told its movements. The row is durable before the new card
is written; the next tap of the new card says whether it was; the entry of the ledger is durable
before anything is shown as moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.domain.card_rules import CardRules
from kiosk.domain.errors import CardPulled, PurseFull, Refused
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Load, card_tag
from kiosk.domain.transfer import TransferRow, TransferState, check_lost, prepare, settle
from kiosk.ports import CardSession, Clock, LostCards, TransferJournal
from kiosk.usecases.identify_staff import Staff

LABEL = "Solde de la carte perdue"  # on the card's log, in the source language


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The lost card: its tag, what the hub says stood on it, and whether it was a badge."""

    tag: str
    amount: Money
    badge: bool = False


class TransferBalance:
    """The use case; one call at a time."""

    def __init__(
        self,
        *,
        journal: TransferJournal,
        lost: LostCards,
        clock: Clock,
        rules: CardRules,
        card_key: bytes,
    ) -> None:
        self._journal = journal
        self._lost = lost
        self._clock = clock
        self._rules = rules
        self._card_key = card_key

    def begin(self, transfer_id: str, lost: Lost, new: CardFace, staff: Staff) -> TransferRow:
        """Begin a transfer to the card just read; it waits for ``card_laid``.

        Raises StaffOnly, TransferTooSoon, PurseFull, MoveDisputed (moved already), StorageFull.
        """
        staff.require("manager")
        now = self._clock.now()
        check_lost(lost.tag, self._lost.current(), self._rules, badge=lost.badge, now=now)
        if new.balance + lost.amount > self._rules.purse_max:
            raise PurseFull(f"{lost.amount.cents} cents on {new.balance.cents}")
        row = TransferRow(
            id=transfer_id,
            state=TransferState.WAITING,
            lost=lost.tag,
            card=card_tag(new.number, self._card_key),
            amount=lost.amount,
            created_at=now,
            changed_at=now,
        )
        self._journal.save_transfer(row)
        return row

    def card_laid(self, session: CardSession) -> TransferRow | None:
        """Write, or settle, what waits for this card; None: nothing does.

        A card that was pulled away leaves the row in ``writing``: its next tap ends the doubt.
        Raises CardForeign, CardTampered, StorageFull, and what the card refuses (PurseFull …).
        """
        face = session.read()
        rows = self._journal.open_transfers(card_tag(face.number, self._card_key))
        if not rows:
            return None
        row = self._persist(rows[0], settle(rows[0], face, self._clock.now()))
        return row if row.ended else self._write(session, face, row)

    def _write(self, session: CardSession, face: CardFace, waiting: TransferRow) -> TransferRow:
        now = self._clock.now()
        row = self._persist(waiting, prepare(waiting, face, now))
        load = Load(
            number=row.load_number, amount=row.amount, transaction_id=row.id, label=LABEL, at=now
        )
        try:
            written = session.write_load(load)
        except CardPulled:
            return row
        except Refused:
            self._persist(row, replace(row, state=TransferState.WAITING, load_number=0))
            raise
        return self._persist(row, settle(row, written, self._clock.now()))

    def _persist(self, before: TransferRow, after: TransferRow) -> TransferRow:
        if after == before:
            return before
        if after.state is TransferState.DONE:
            entry = self._journal.book_transfer(after, at=after.changed_at)
            return replace(after, entry=entry)
        self._journal.save_transfer(after)
        return after
