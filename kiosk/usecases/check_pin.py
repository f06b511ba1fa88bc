"""Checks a PIN: the try is durable before it is compared (kiosk.domain.pin)."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.errors import CardForeign, PinRefused
from kiosk.domain.pin import PinRecord, forgiven, matches, tried
from kiosk.ports import PinStore


def check_pin(store: PinStore, subject: str, pin: str, *, now: datetime) -> PinRecord:
    """Give the record of a right PIN.

    Raises CardForeign when nobody has a PIN under this tag, PinLocked, PinRefused with the tries
    that are left, StorageFull.
    """
    record = store.find_pin(subject)
    if record is None:
        raise CardForeign("no PIN is kept for this card")
    counted = tried(record, now)
    store.save_pin(counted)
    if not matches(counted, pin):
        raise PinRefused(counted.left)
    right = forgiven(counted)
    store.save_pin(right)
    return right
