"""The engine of opening hours of a territory: its holidays, its school zone, its sun, its time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.domain.territory import Territory
from kiosk.store.calendars import calendar_of, department_of


def engine_of(territory: Territory) -> Engine:
    """Give the engine behind ports.OpeningHours; answers are in the territory's time zone."""
    department = department_of(territory.insee[0]) if territory.insee else ""
    place = Surroundings(
        calendar=calendar_of("FR", department, territory.holidays_zone),
        position=(territory.position.lat, territory.position.lon),
        zone=ZoneInfo(territory.timezone),
    )
    return Engine(place)
