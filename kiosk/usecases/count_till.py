"""Enters a blind count: what must lie in the drawer is told only by what comes back."""

from __future__ import annotations

from kiosk.domain.till import Count, Hands, TillEvent
from kiosk.domain.till_acts import counting
from kiosk.usecases.at_till import AtTill


def count_till(counted: Count, hands: Hands, desk: AtTill) -> TillEvent:
    """Enter a count; it stays in the journal, and no money moves any more in this session.

    Raises TillClosed, TillFrozen, TillOther, LimitReached, StorageFull, LedgerTampered.
    """
    till = desk.journal.till()
    return desk.journal.record(counting(till, hands, counted, at=desk.clock.now()))
