"""Blocks a lost card at once on this kiosk, and tells the hub, which lists it for the fleet."""

from __future__ import annotations

from kiosk.domain.purse import card_tag
from kiosk.ports import Clock, LostCards
from kiosk.usecases.identify_staff import Staff


def block_card(number: str, staff: Staff, *, lost: LostCards, clock: Clock, card_key: bytes) -> str:
    """Block the card of this number; gives its tag. Raises StaffOnly, StorageFull.

    The number comes from the holder's paper or account: the card isn't there to be read.
    """
    staff.require("agent", "manager")
    tag = card_tag(number.strip().upper(), card_key)
    lost.block(tag, at=clock.now(), by=staff.tag)
    return tag
