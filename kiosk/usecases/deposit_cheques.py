"""Takes every cheque out of the drawer with its slip (remise de chèques)."""

from __future__ import annotations

from kiosk.domain.till import Hands, TillEvent
from kiosk.domain.till_acts import slip_of
from kiosk.usecases.at_till import AtTill


def deposit_cheques(bag: str, hands: Hands, desk: AtTill) -> TillEvent:
    """Enter the slip; ``bag`` is its number.

    Raises TillClosed, TillFrozen, StaffOnly, DrawerShort without cheques, StorageFull,
    LedgerTampered.
    """
    till = desk.journal.till()
    return desk.journal.record(slip_of(till, hands, bag, at=desk.clock.now()))
