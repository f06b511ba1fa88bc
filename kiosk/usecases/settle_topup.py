"""Ends a top-up that only staff can judge: its card was loaded, or it wasn't."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.errors import ReversalRefused
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.ports import Clock, Journal
from kiosk.usecases.identify_staff import Staff


def settle_topup(
    topup: TopupRow, staff: Staff, *, loaded: bool, journal: Journal, clock: Clock
) -> TopupRow:
    """Give the top-up as a manager has decided after reading the card and the bank's own list.

    Loaded: it is booked and done. Not loaded: its money is to be given back, by the till or by the
    hub. Anything but MANUAL stays as it is. Raises StaffOnly, ReversalRefused when the journal has
    booked it (its card was loaded then), StorageFull.
    """
    staff.require("manager")
    if topup.state is not TopupState.MANUAL:
        return topup
    now = clock.now()
    if loaded:
        done = replace(topup, state=TopupState.DONE, changed_at=now)
        return replace(done, entry=journal.book_topup(done, at=now))
    if topup.entry:
        raise ReversalRefused("the journal says that this card was loaded")
    back = replace(topup, state=TopupState.REFUNDING, changed_at=now)
    journal.save_topup(back)
    return back
