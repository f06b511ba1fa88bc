"""Undoes a wrong entry of the till by a new one (contre-passation), two people behind it."""

from __future__ import annotations

from kiosk.domain.errors import ReversalRefused
from kiosk.domain.payment import TopupState
from kiosk.domain.till import Hands, TillEvent, TillKind
from kiosk.domain.till_acts import reversing
from kiosk.ports import Journal
from kiosk.usecases.at_till import AtTill


def reverse_entry(number: int, hands: Hands, desk: AtTill, topups: Journal) -> TillEvent:
    """Reverse the event of receipt ``number``.

    Money that was received for a card is reversed only while its card isn't loaded and nobody is
    about to load it: afterwards the card is refunded. Raises ReversalRefused, SecondNeeded,
    TillClosed, TillFrozen, DrawerShort, StorageFull, LedgerTampered.
    """
    wrong = desk.journal.event(number)
    if wrong is None:
        raise ReversalRefused(f"no receipt {number}")
    received = wrong.kind in {TillKind.CASH, TillKind.CHEQUE}
    if received and (desk.journal.given_back(wrong.subject) or not _waits(wrong, desk, topups)):
        raise ReversalRefused("its card is loaded, or the money was given back")
    event = reversing(desk.journal.till(), hands, wrong, at=desk.clock.now())
    return desk.journal.record(event)


def _waits(taken: TillEvent, desk: AtTill, topups: Journal) -> bool:
    """Say whether a top-up's money lies in the drawer for nothing."""
    under_way = next((row for row in topups.open_topups() if row.id == taken.subject), None)
    if under_way is not None:
        return under_way.state is TopupState.REFUNDING
    return any(row.id == taken.subject and not row.entry for row in desk.journal.manual())
