"""Takes cash out of the drawer to the public treasury (dégagement)."""

from __future__ import annotations

from kiosk.domain.money import Money
from kiosk.domain.till import Hands, TillEvent
from kiosk.domain.till_acts import depositing
from kiosk.usecases.at_till import AtTill


def deposit_cash(amount: Money, bag: str, hands: Hands, desk: AtTill) -> TillEvent:
    """Enter a deposit; ``bag`` is the bag's number.

    Raises TillClosed, TillFrozen, StaffOnly, AmountRefused, DrawerShort, StorageFull,
    LedgerTampered.
    """
    till = desk.journal.till()
    return desk.journal.record(depositing(till, hands, amount, bag, at=desk.clock.now()))
