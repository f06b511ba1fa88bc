"""Gives a top-up's cash or cheque back, when its card wasn't loaded."""

from __future__ import annotations

from kiosk.domain.errors import PaymentUnknown
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.till import Hands, TillEvent, TillKind
from kiosk.domain.till_acts import giving_back
from kiosk.usecases.at_till import AtTill


def give_back(topup: TopupRow, hands: Hands, desk: AtTill) -> TillEvent:
    """Enter what is handed back; the top-up's machine then ends by itself.

    Raises PaymentUnknown when the till holds nothing to give back, TillClosed, TillFrozen,
    TillOther, DrawerShort, StorageFull, LedgerTampered.
    """
    waits = topup.state is TopupState.REFUNDING
    taken = desk.journal.taken(TillKind(topup.provider), topup.id) if waits else None
    if taken is None or desk.journal.given_back(topup.id):
        raise PaymentUnknown("the till holds nothing of this top-up")
    return desk.journal.record(giving_back(desk.journal.till(), hands, taken, at=desk.clock.now()))
