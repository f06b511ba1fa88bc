"""The places of a territory whose hours can be told otherwise for some days."""

from __future__ import annotations

from typing import Final

from kiosk.domain.errors import FeedRefused, InputRefused
from kiosk.domain.facts import Place, facts_of
from kiosk.domain.record import text_in
from sync.hub.datasets.models import StoredRecord
from sync.hub.office.cascade import below
from sync.hub.territories.models import Territory
from sync.protocol.envelope import record_of

PLACES_MAX: Final = 2_000
LANGUAGE: Final = "fr"


def places_of(territory: Territory) -> list[tuple[str, str]]:
    """Give the places with hours, here and in the territories below: their paths and names."""
    everywhere = [territory.slug, *(one.slug for one in below(territory))]
    rows = StoredRecord.objects.filter(
        dataset__kind="place", dataset__territory__in=everywhere
    ).select_related("dataset")
    named: dict[str, str] = {}
    for row in rows[:PLACES_MAX]:
        name = _name(row)
        if name:
            named.setdefault(f"{row.dataset.slug}/{row.key}", name)
    return sorted(named.items(), key=lambda one: one[1].casefold())


def _name(row: StoredRecord) -> str:
    """Give a place's name, "" when it tells no hours or can't be read."""
    try:
        record = record_of(bytes(row.body), row.dataset.slug)
        place = facts_of(record, Place)
    except (FeedRefused, InputRefused):
        return ""
    return text_in(record.title, LANGUAGE)[0] if place.hours else ""
