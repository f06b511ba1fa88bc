"""Reads Apidae's opening periods as the sittings of an event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.facts import Timing
from kiosk.domain.record import Json
from sync.connectors.glance import line, many
from sync.connectors.sittings import sitting_on
from sync.connectors.times import day_of, hour_of

DAYS_MAX = 100  # of one period that is told day by day
DAILY = "OUVERTURE_TOUS_LES_JOURS"


def timings_of(periods: Json, zone: ZoneInfo) -> list[Timing]:
    """Give the sittings; raises InputRefused when a day or hour can't be read."""
    return [timing for period in many(periods) for timing in _timings(period, zone)]


def _timings(period: Json, zone: ZoneInfo) -> Iterator[Timing]:
    """Give a sitting a day when the hours are those of every day, else one for the period."""
    first = day_of(line(period, "dateDebut"))
    last = day_of(line(period, "dateFin")) if line(period, "dateFin") else first
    hours = hour_of(line(period, "horaireOuverture")), hour_of(line(period, "horaireFermeture"))
    if not any(hours) or not _is_daily(period, first, last):
        yield sitting_on(first, last, zone)
        return
    for day in range((last - first).days + 1):
        yield _on(first + timedelta(days=day), hours, zone)


def _on(day: date, hours: tuple[time | None, time | None], zone: ZoneInfo) -> Timing:
    return sitting_on(day, None, zone, hours)


def _is_daily(period: Json, first: date, last: date) -> bool:
    same = first == last
    return same or (line(period, "type") == DAILY and 0 <= (last - first).days < DAYS_MAX)
