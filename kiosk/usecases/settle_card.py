"""Settles what a card's earlier movements left in doubt, before anything new is asked of it.

Rules (CARD.md, "The card pulled away"): the card's own log decides (kiosk.domain.card_move); what
it confirms is booked, what nobody can tell any more is the staff's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.domain.card_move import MoveRow, MoveState, resolve
from kiosk.domain.purse import CardFace
from kiosk.ports import MoveJournal


def settle_card(
    journal: MoveJournal, face: CardFace, tag: str, *, now: datetime
) -> Sequence[MoveRow]:
    """Give the card's unsettled movements as its face settles them, oldest first, disputes too.

    Raises StorageFull: what wasn't written is settled at the next tap.
    """
    return [settle_move(journal, row, face, now=now) for row in journal.open_moves(tag)]


def settle_move(journal: MoveJournal, row: MoveRow, face: CardFace, *, now: datetime) -> MoveRow:
    """Give one movement as its card's face settles it, once that is durable."""
    return persist(journal, row, resolve(row, face, now))


def persist(journal: MoveJournal, before: MoveRow, after: MoveRow) -> MoveRow:
    """Write a movement's new state; a confirmed one with its entry of the ledger."""
    if after == before:
        return before
    if after.state is MoveState.CONFIRMED:
        return replace(after, entry=journal.book_move(after, at=after.changed_at))
    journal.save_move(after)
    return after
