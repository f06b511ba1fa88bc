"""Ends a dispute by what staff have found out: the movement was done, or it wasn't."""

from __future__ import annotations

from kiosk.domain.card_move import MoveRow, decide
from kiosk.ports import Clock, MoveJournal
from kiosk.usecases.identify_staff import Staff
from kiosk.usecases.settle_card import persist


def settle_dispute(
    move: MoveRow, staff: Staff, *, done: bool, journal: MoveJournal, clock: Clock
) -> MoveRow:
    """Give the movement as the manager has decided; raises StaffOnly, StorageFull.

    What was done is booked; anything but a dispute stays as it is.
    """
    staff.require("manager")
    return persist(journal, move, decide(move, done=done, at=clock.now()))
