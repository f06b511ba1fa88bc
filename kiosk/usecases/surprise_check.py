"""The surprise check (contrôle inopiné): the till freezes, is counted blind, and goes on.

What is found is noted; it is booked by the closing, in the name of who holds the till.
"""

from __future__ import annotations

from kiosk.domain.till import Count, Hands, TillEvent
from kiosk.domain.till_acts import checking, freezing
from kiosk.usecases.at_till import AtTill


def begin_check(hands: Hands, desk: AtTill) -> TillEvent:
    """Freeze the till; raises TillClosed, TillFrozen, StaffOnly, StorageFull, LedgerTampered."""
    return desk.journal.record(freezing(desk.journal.till(), hands, at=desk.clock.now()))


def end_check(counted: Count, hands: Hands, desk: AtTill) -> TillEvent:
    """Note what was counted, and let the till go on.

    Raises TillClosed, TillFrozen, StaffOnly, StorageFull, LedgerTampered.
    """
    till = desk.journal.till()
    return desk.journal.record(checking(till, hands, counted, at=desk.clock.now()))
