"""Loads that wait for their cards: numbered, told to every kiosk, struck once one has written them.

Rules (CARD.md, "Loads are numbered per card"):

1. A card takes only the load that follows its last one: what two kiosks know is written once.
2. An event that says that the card holds a load of ours strikes it. The same event told again, or
   by another kiosk, changes nothing.
3. An event that says that another load took the number, a top-up on the spot or a balance that
   moved, gives ours the next free one. Nothing less than that moves a load to another number: a
   kiosk that wrote it may not have told so yet, and the card would take it twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from django.db import transaction
from django.db.models import Max

from kiosk.domain.errors import InputRefused
from kiosk.domain.hub_load import BY_HUB
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.cards.models import PendingLoad
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.protocol.private import Load


class Heard(msgspec.Struct, frozen=True):
    """What is read of an event that says that a card took a load; the rest is no concern here."""

    card: str
    load: Annotated[int, msgspec.Meta(ge=1)]
    provider: str = ""


def pend(hub: Here, territory: str, card: str, cents: int, *, after: int, by: User | None) -> int:
    """Let money wait for a card whose last load is ``after``; gives the load's number.

    Raises InputRefused for what can't be a load, and for a territory that isn't here.
    """
    with transaction.atomic():
        if Territory.objects.select_for_update().filter(slug=territory).first() is None:
            raise InputRefused("no such territory", where=territory)
        number = max(after, _last(territory, card)) + 1
        load = _checked(card, number, cents)
        PendingLoad.objects.create(
            territory_id=territory,
            card=load.card,
            number=load.number,
            amount_cents=load.amount_cents,
            created_at=hub.clock.now(),
        )
        note(hub, by, ("load.pending", territory), card[:8], {"cents": cents, "number": number})
    return number


def settle(territory: str, heard: Heard, now: datetime) -> None:
    """Take in that a card holds a load, in the transaction that stores the event (rules 2, 3)."""
    waiting = PendingLoad.objects.filter(
        territory_id=territory, card=heard.card, number=heard.load, loaded_at=None
    )
    if heard.provider == BY_HUB:
        waiting.update(loaded_at=now)
    elif waiting.exists():
        Territory.objects.select_for_update().get(slug=territory)  # one numbers at a time
        waiting.update(number=_last(territory, heard.card) + 1)


def _last(territory: str, card: str) -> int:
    """Give the highest number that a load of ours has had on a card."""
    known = PendingLoad.objects.filter(territory_id=territory, card=card)
    last: int | None = known.aggregate(last=Max("number"))["last"]
    return last or 0


def _checked(card: str, number: int, cents: int) -> Load:
    try:
        return msgspec.convert({"card": card, "number": number, "amount_cents": cents}, Load)
    except msgspec.ValidationError as wrong:
        raise InputRefused(f"not a load: {wrong}") from wrong
