"""What kiosks' events say of cards: loads that were written, cards that staff have blocked there.

An event of another shape is stored like any other, and changes nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from kiosk.domain.card_rules import LISTED_MAX
from sync.hub.cards import loads
from sync.hub.cards.models import BlockedCard
from sync.hub.cards.private import block
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.protocol.events import Event
from sync.protocol.private import Tag

WRITTEN = frozenset({"topup.capturing", "topup.done", "transfer.done"})
BLOCKED = "card.blocked"
_Shape = TypeVar("_Shape")


class _Blocked(msgspec.Struct, frozen=True):
    """A card that staff have blocked at a kiosk."""

    card: Tag


def hear(hub: Here, device: Device, events: Sequence[Event], now: datetime) -> None:
    """Take in what a kiosk's new events say of cards, in the transaction that stores them."""
    territory = device.territory_id
    for event in events:
        if event.kind in WRITTEN:
            written = _read(event, loads.Heard)
            if written is not None:
                loads.settle(territory, written, now)
        elif event.kind == BLOCKED:
            lost = _read(event, _Blocked)
            if lost is not None and _room(territory):
                block(hub, territory, lost.card, "", None, kiosk=device.id)


def _room(territory: str) -> bool:
    """Say whether the list takes one more card: kiosks refuse a longer one whole."""
    return BlockedCard.objects.filter(territory_id=territory).count() < LISTED_MAX


def _read(event: Event, shape: type[_Shape]) -> _Shape | None:
    try:
        return msgspec.json.decode(event.payload.encode(), type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
