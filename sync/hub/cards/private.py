"""What one kiosk may know and nobody else: loads that wait, lost cards, its licence."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from django.db import transaction
from django.db.models import F

from kiosk.store.blocklist import CARDS_MAX
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.cards.models import BlockedCard, PendingLoad
from sync.hub.devices.enrolment import licence_of
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.protocol.manifest import Strict

LOADS_MAX = 5_000
Tag = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]


class Load(Strict, frozen=True, kw_only=True):
    """Money that waits for its card; ``number`` counts the card's loads."""

    card: Tag
    number: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    amount_cents: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class LostCards(Strict, frozen=True, kw_only=True):
    """The list of lost cards as kiosk.store.blocklist keeps it; ``cards`` null: as you hold it."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    issued_at: datetime
    cards: Annotated[dict[str, datetime], msgspec.Meta(max_length=CARDS_MAX)] | None


class Private(Strict, frozen=True, kw_only=True):
    """The whole answer."""

    licence: str
    loads: Annotated[tuple[Load, ...], msgspec.Meta(max_length=LOADS_MAX)]
    lost_cards: LostCards


def private_of(hub: Here, device: Device, *, known_version: int) -> Private:
    """Give what this device may know; ``known_version`` is the list that it holds, 0 for none."""
    territory = Territory.objects.get(slug=device.territory_id)
    waiting = PendingLoad.objects.filter(territory=territory, loaded_at=None)[:LOADS_MAX]
    version = territory.lost_cards
    cards = None
    if known_version != version:
        rows = BlockedCard.objects.filter(territory=territory)[:CARDS_MAX]
        cards = {row.card: row.since for row in rows}
    return Private(
        licence=licence_of(hub, device),
        loads=tuple(
            Load(card=one.card, number=one.number, amount_cents=one.amount_cents) for one in waiting
        ),
        lost_cards=LostCards(version=version, issued_at=hub.clock.now(), cards=cards),
    )


def block(hub: Here, territory: str, card: str, reason: str, by: User | None) -> bool:
    """Put a card on the list of lost cards; gives whether it wasn't there yet."""
    with transaction.atomic():
        Territory.objects.select_for_update().get(slug=territory)
        _, added = BlockedCard.objects.get_or_create(
            territory_id=territory,
            card=card,
            defaults={"since": hub.clock.now(), "reason": reason},
        )
        if added:
            Territory.objects.filter(slug=territory).update(lost_cards=F("lost_cards") + 1)
            note(hub, by, ("card.blocked", territory), card[:8])
    return added
