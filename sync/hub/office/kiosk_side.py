"""Brings the contents that are published to the kiosks' data.

Rules:
1. A dataset of contents is what its territory's contents show, and what those of the territories
   above show that cascade; what is over is left out. It is made whole each time, so that a
   commune that joins its EPCI later gets what is there by `alveole hub publish`.
2. Of two contents that tell a record of the same id the one that was published later counts.
3. The datasets' rows are locked in the order of their territories before the contents are read:
   two acts at once see each other, and don't wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from kiosk.domain.record import Localised
from sync.hub.datasets.models import Dataset
from sync.hub.datasets.publishing import publish, sign
from sync.hub.here import Here
from sync.hub.office.cascade import above, below
from sync.hub.office.models import Content, Kind
from sync.hub.office.sorts import LICENCE, SORTS
from sync.hub.territories.models import Territory
from sync.protocol.canonical import Wire


def bring(hub: Here, territory: Territory, kind: Kind, *, cascades: bool) -> None:
    """Publish the contents of a kind anew, in the communes below too when one ``cascades``."""
    everywhere = [territory, *(below(territory) if cascades else [])]
    everywhere.sort(key=lambda one: one.slug)
    sort, now = SORTS[kind], hub.clock.now()
    with transaction.atomic():
        for one in everywhere:
            own_dataset(one, sort.dataset, sort.kind, sort.title)
        rows = Dataset.objects.select_for_update(of=("self",)).select_related("territory")
        found = rows.filter(territory__in=everywhere, slug=sort.dataset).order_by("territory_id")
        for dataset in list(found):
            publish(hub, dataset, _wires(dataset.territory, kind, now), now)
            sign(hub, dataset.territory_id)


def own_dataset(territory: Territory, slug: str, kind: str, title: Localised) -> Dataset:
    """Give a dataset that the office fills; one that the pack declares keeps its titles."""
    known = {
        "title": dict(title),
        "kind": kind,
        "connector": "seed",
        "source": territory.name,
        "licence": LICENCE,
        "demo": territory.demo,
    }
    return Dataset.objects.get_or_create(territory=territory, slug=slug, defaults=known)[0]


def bring_all(hub: Here, territory: Territory) -> None:
    """Publish every kind anew of which something is shown, here or above."""
    for kind in Kind:
        if any(_shown(territory, kind)):
            bring(hub, territory, kind, cascades=False)


def _wires(territory: Territory, kind: Kind, now: datetime) -> list[Wire]:
    found: dict[str, Wire] = {}
    for content in _shown(territory, kind):
        for wire in cast("list[dict[str, Any]]", content.shown.get("records", [])):
            if datetime.fromisoformat(wire["valid_until"]) > now:
                found[wire["id"]] = wire
    return list(found.values())


def _shown(territory: Territory, kind: Kind) -> Iterator[Content]:
    """Give what is shown in a territory, the oldest publication first."""
    everywhere = [territory.slug, *above(territory)]
    rows = Content.objects.filter(territory__in=everywhere, kind=kind, on_kiosks__gt=0)
    for one in rows.order_by("shown_at", "pk"):
        if one.territory_id == territory.slug or one.shown.get("cascades"):
            yield one
