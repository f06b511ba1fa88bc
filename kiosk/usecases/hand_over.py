"""Hands the till over: the leaving holder counts, the next one lays the badge."""

from __future__ import annotations

from kiosk.domain.till import Count, Hands, TillEvent
from kiosk.domain.till_acts import handing_over
from kiosk.usecases.at_till import AtTill


def hand_over(counted: Count, hands: Hands, desk: AtTill) -> TillEvent:
    """Hand over from ``hands.by`` to ``hands.second``; the difference is the leaving holder's.

    Raises TillClosed, TillFrozen, TillOther, SecondNeeded, StorageFull, LedgerTampered.
    """
    till = desk.journal.till()
    event = handing_over(till, hands, counted, desk.rules, at=desk.clock.now())
    return desk.journal.record(event)
