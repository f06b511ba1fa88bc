"""A load that the hub holds for a card: paid elsewhere, written by whichever kiosk meets the card.

Rules (CARD.md, "Loads are numbered per card"):

1. The hub numbers them; a card takes only the one that follows its last load. So a load that two
   kiosks know is written once, however old their lists are.
2. It becomes a top-up that is paid already, of provider BY_HUB and under its own number: from then
   on the card decides, as after a torn write (payments.topup, rule 4).
3. It waits while it has no room in the purse, or the card may not be loaded. A number that the card
   has passed by another load is told to the hub, which numbers it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.purse import CardFace

BY_HUB = "hub-load"  # the provider of a top-up that the hub has sent


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLoad:
    """Which card's (a tag), its number there, how much."""

    card: str
    number: int
    amount: Money


def due(loads: Sequence[HubLoad], face: CardFace) -> HubLoad | None:
    """Give the load that a card takes now, None when there is none, or no room for it."""
    found = next((load for load in loads if load.number == face.last_load + 1), None)
    return None if found is None or face.balance + found.amount > PURSE_MAX else found


def topup_of(load: HubLoad, topup_id: str, face: CardFace, now: datetime) -> TopupRow:
    """Give the top-up that a load becomes when its card lies there (rule 2)."""
    return TopupRow(
        id=topup_id,
        state=TopupState.CARD_WRITING,
        card=load.card,
        amount=load.amount,
        provider=BY_HUB,
        payment_id=topup_id,
        load_number=load.number,
        balance_before=face.balance,
        created_at=now,
        changed_at=now,
    )
