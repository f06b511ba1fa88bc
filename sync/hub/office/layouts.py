"""Laying out a territory's hive: from a draft to the kiosks, and back to an earlier one.

Rules:
1. A territory has one draft at most. It begins as what the kiosks show, and each change of it
   names the revision that was seen: a changed one is refused.
2. A layout holds services of the pack alone, each once, at least one.
3. Publishing keeps the draft as the newest published layout and signs it to the kiosks in the
   transaction of the act. One without services is the pack's own hive: its record is taken away.
4. An earlier layout is taken up as the draft; services that its pack has lost are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.db import transaction

from kiosk.domain.errors import InputRefused, NothingThere
from kiosk.domain.facts import HiveOrder, data_of
from kiosk.domain.hive_layout import LAYOUT
from kiosk.domain.record import Record
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.datasets.publishing import publish as publish_records
from sync.hub.datasets.publishing import sign
from sync.hub.here import Here
from sync.hub.office.kiosk_side import own_dataset
from sync.hub.office.models import Layout
from sync.hub.office.sorts import LICENCE
from sync.hub.territories.models import Territory
from sync.protocol.envelope import wire_of

KIND: Final = "hive"
TITLE: Final = {"fr": "Ruche", "en": "Hive"}
HISTORY_MAX: Final = 20  # shown, to be taken up again


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A service as the hive draws it."""

    id: str
    title: str
    icon: str
    family: str


def tiles_of(territory: Territory) -> dict[str, Tile]:
    """Give the services of a territory's pack, in the order of the pack's hive."""
    rows = cast("list[dict[str, str]]", territory.services.get("tiles", []))
    return {row["id"]: Tile(**row) for row in rows}


def order_of(territory: Territory, layout: Layout | None) -> list[str]:
    """Give a layout's services that the pack has; the pack's own order where there are none."""
    packed = tiles_of(territory)
    told = cast("list[str]", layout.told.get("services", [])) if layout else []
    return [name for name in told if name in packed] or list(packed)


def draft_of(territory: Territory) -> Layout | None:
    """Give the draft, None when nothing was changed since the last publication."""
    return Layout.objects.filter(territory=territory, published_at=None).first()


def published(territory: Territory) -> list[Layout]:
    """Give the layouts that were published, the newest first."""
    rows = Layout.objects.filter(territory=territory).exclude(published_at=None)
    return list(rows.select_related("author")[:HISTORY_MAX])


def place(hub: Here, territory: Territory, seen: int, move: tuple[str, int], by: User) -> None:
    """Put a service of the pack to a place (from 1 on), placed already or not.

    Raises InputRefused (it has changed since) and NothingThere (no such service).
    """
    name, position = move
    if name not in tiles_of(territory):
        raise NothingThere("no such service")
    with transaction.atomic():
        draft = _draft(hub, territory, seen, by)
        order = [one for one in order_of(territory, draft) if one != name]
        order.insert(min(max(position - 1, 0), len(order)), name)
        _keep(hub, draft, order, by)


def remove(hub: Here, territory: Territory, seen: int, name: str, by: User) -> None:
    """Take a service off the hive; raises InputRefused when it is the last one, or as place."""
    with transaction.atomic():
        draft = _draft(hub, territory, seen, by)
        order = [one for one in order_of(territory, draft) if one != name]
        if not order:
            raise InputRefused("a hive shows something")
        _keep(hub, draft, order, by)


def resume(hub: Here, territory: Territory, seen: int, number: int, by: User) -> None:
    """Take an earlier layout up as the draft, 0 for the pack's; raises as place."""
    earlier = None
    if number:
        rows = Layout.objects.filter(territory=territory, pk=number)
        earlier = rows.exclude(published_at=None).first()
        if earlier is None:
            raise NothingThere("no such layout")
    with transaction.atomic():
        draft = _draft(hub, territory, seen, by)
        _keep(hub, draft, order_of(territory, earlier) if earlier else [], by)


def drop(hub: Here, territory: Territory, seen: int, by: User) -> None:
    """Forget the draft; raises InputRefused when it has changed since."""
    if not seen:
        raise InputRefused("nothing was changed")
    with transaction.atomic():
        _draft(hub, territory, seen, by).delete()
        note(hub, by, ("hive.dropped", territory.slug), str(seen))


def publish(hub: Here, territory: Territory, seen: int, by: User) -> None:
    """Bring the draft to the kiosks; raises InputRefused when there is none, or it has changed."""
    if not seen:
        raise InputRefused("nothing was changed")
    now = hub.clock.now()
    with transaction.atomic():
        draft = _draft(hub, territory, seen, by)
        draft.published_at, draft.author = now, by
        draft.save(update_fields=["published_at", "author"])
        names = cast("list[str]", draft.told.get("services", []))
        records = [wire_of(_record(territory, names, now))] if names else []
        dataset = own_dataset(territory, LAYOUT, KIND, TITLE)
        publish_records(hub, dataset, records, now)
        sign(hub, territory.slug)
        note(hub, by, ("hive.published", territory.slug), f"{draft.pk}/{draft.revision}")


def _draft(hub: Here, territory: Territory, seen: int, by: User) -> Layout:
    """Give the draft under its row's lock, made when there is none; raises InputRefused."""
    Territory.objects.select_for_update().get(pk=territory.pk)
    draft = draft_of(territory)
    if (draft.revision if draft else 0) != seen:
        raise InputRefused("it has changed since it was seen")
    if draft is None:
        held = next(iter(published(territory)), None)
        told = {"services": [*order_of(territory, held)]} if held and held.told else {}
        draft = Layout(territory=territory, told=told, revision=0, author=by)
        draft.changed_at = hub.clock.now()
    return draft


def _keep(hub: Here, draft: Layout, order: list[str], by: User) -> None:
    draft.told = {"services": [*order]}
    draft.author, draft.changed_at = by, hub.clock.now()
    draft.revision += 1
    draft.save()


def _record(territory: Territory, names: list[str], now: datetime) -> Record:
    return Record(
        id=LAYOUT,
        dataset=LAYOUT,
        kind=KIND,
        title=TITLE,
        source=territory.name,
        licence=LICENCE,
        observed_at=now,
        demo=territory.demo,
        data=data_of(HiveOrder(services=tuple(names))),
    )
