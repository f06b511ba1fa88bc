"""Opens a till session with the float that was counted."""

from __future__ import annotations

from kiosk.domain.money import Money
from kiosk.domain.till import Hands, TillEvent
from kiosk.domain.till_acts import opening
from kiosk.usecases.at_till import AtTill


def open_till(counted: Money, hands: Hands, desk: AtTill) -> TillEvent:
    """Open a session in the name of ``hands.by``.

    Raises TillOpen, DrawerFull, SecondNeeded when much more or less lies there than was left,
    StorageFull, LedgerTampered.
    """
    till = desk.journal.till()
    return desk.journal.record(opening(till, hands, counted, desk.rules, desk.clock.now()))
