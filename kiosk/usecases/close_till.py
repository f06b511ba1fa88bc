"""Closes the counted till, and the day of the journal with it."""

from __future__ import annotations

from kiosk.domain.closing import Closing
from kiosk.domain.till import Hands, TillEvent
from kiosk.domain.till_acts import closing
from kiosk.usecases.at_till import AtTill
from kiosk.usecases.close_period import ClosePeriod


def close_till(
    hands: Hands, desk: AtTill, periods: ClosePeriod | None
) -> tuple[TillEvent, Closing | None]:
    """Book the difference and sign the day's closing (Z).

    A crash between both leaves a closed till and an open day: the next closing covers it.
    ``periods`` None closes the till alone: its clock isn't to be believed. Raises
    TillClosed, TillFrozen before the count, TillOther, SecondNeeded for a large difference,
    StorageFull, LedgerTampered.
    """
    till = desk.journal.till()
    event = desk.journal.record(closing(till, hands, desk.rules, at=desk.clock.now()))
    return event, None if periods is None else periods.run("day")[-1]
