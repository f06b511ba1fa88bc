"""The engine of opening hours of a territory: its holidays, its school zone, its sun, its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.surroundings import Calendar, Surroundings
from kiosk.domain.territory import Territory
from kiosk.store.calendars import SavedCalendar, calendar_of, department_of, save_calendar

CALENDAR = "calendar-{slug}.json"
BEFORE, AFTER = timedelta(days=60), timedelta(days=800)


def engine_of(territory: Territory, data: Path | None = None) -> Engine:
    """Give the engine behind ports.OpeningHours; answers are in the territory's time zone.

    With a data folder the holidays are read from the file that ``keep_calendar`` wrote there.
    """
    calendar = _calendar(territory)
    if data is not None:
        calendar = SavedCalendar(data / CALENDAR.format(slug=territory.slug), calendar)
    place = Surroundings(
        calendar=calendar,
        position=(territory.position.lat, territory.position.lon),
        zone=ZoneInfo(territory.timezone),
    )
    return Engine(place)


def keep_calendar(territory: Territory, data: Path, now: datetime) -> None:
    """Write the holidays around ``now`` for the next starts; raises OSError."""
    path = data / CALENDAR.format(slug=territory.slug)
    today = now.astimezone(ZoneInfo(territory.timezone)).date()
    save_calendar(path, _calendar(territory), today - BEFORE, today + AFTER)


def _calendar(territory: Territory) -> Calendar:
    department = department_of(territory.insee[0]) if territory.insee else ""
    return calendar_of("FR", department, territory.holidays_zone)
