"""What one kiosk may know and nobody else: loads that wait, lost cards, its licence.

Loads are made, and heard of, in sync.hub.cards.loads.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from kiosk.domain.card_rules import LISTED_MAX
from kiosk.domain.record import Json
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.cardkeys.keeping import edition_of
from sync.hub.cards.models import BlockedCard, PendingLoad
from sync.hub.devices.enrolment import licence_of
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.protocol.private import LOADS_MAX, Load, LostCards, Private


def private_of(hub: Here, device: Device, *, known_version: int) -> Private:
    """Give what this device may know; ``known_version`` is the list that it holds, 0 for none."""
    territory = Territory.objects.get(slug=device.territory_id)
    waiting = PendingLoad.objects.filter(territory=territory, loaded_at=None)[:LOADS_MAX]
    version = territory.lost_cards
    cards = None
    if known_version != version:
        rows = BlockedCard.objects.filter(territory=territory)[:LISTED_MAX]
        cards = {row.card: row.since for row in rows}
    return Private(
        licence=licence_of(hub, device),
        card_keys=edition_of(device.territory_id),
        loads=tuple(
            Load(card=one.card, number=one.number, amount_cents=one.amount_cents) for one in waiting
        ),
        lost_cards=LostCards(version=version, issued_at=hub.clock.now(), cards=cards),
    )


def block(
    hub: Here, territory: str, card: str, reason: str, by: User | None, *, kiosk: str = ""
) -> bool:
    """Put a card on the list of lost cards; gives whether it wasn't there yet.

    ``kiosk`` is the device whose staff blocked it there, "" at the hub.
    """
    with transaction.atomic():
        Territory.objects.select_for_update().get(slug=territory)
        _, added = BlockedCard.objects.get_or_create(
            territory_id=territory,
            card=card,
            defaults={"since": hub.clock.now(), "reason": reason},
        )
        if added:
            Territory.objects.filter(slug=territory).update(lost_cards=F("lost_cards") + 1)
            details: dict[str, Json] = {"kiosk": kiosk} if kiosk else {}
            note(hub, by, ("card.blocked", territory), card[:8], details)
    return added
