"""What the tests of opening hours share: a village with its holidays, and weeks as short lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.hours import Door
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Calendar, NoCalendar, Surroundings

PARIS = ZoneInfo("Europe/Paris")
MONDAY = "2026-11-09"  # Armistice Day is its Wednesday
PUBLICS = {date(2026, 11, 11): "Armistice", date(2026, 12, 25): "Noël", date(2027, 1, 1): "An"}
WINTER = {date(2026, 12, 19) + timedelta(days=i): "Vacances de Noël" for i in range(16)}


class Village:
    """A calendar out of two tables; ``None`` for a table that the village doesn't have."""

    def __init__(
        self, publics: Mapping[date, str] | None, schools: Mapping[date, str] | None
    ) -> None:
        self._publics, self._schools = publics, schools

    def public_holiday(self, day: date, /) -> str | None:
        return None if self._publics is None else self._publics.get(day, "")

    def school_holiday(self, day: date, /) -> str | None:
        return None if self._schools is None else self._schools.get(day, "")


VILLAGE = Village(PUBLICS, WINTER)
NOWHERE = NoCalendar()


def local(text: str) -> datetime:
    """Read a local time in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def evaluator(
    text: str, calendar: Calendar = VILLAGE, position: tuple[float, float] | None = None
) -> Evaluator:
    """Give the evaluator of ``text`` in the village."""
    place = Surroundings(calendar=calendar, position=position, zone=PARIS)
    return Evaluator(parse(text), place)


def lines(
    text: str,
    first: str = MONDAY,
    days: int = 7,
    *,
    calendar: Calendar = VILLAGE,
    position: tuple[float, float] | None = None,
) -> list[str]:
    """Give the intervals of some days: « 09 22:00-26:00 », "?" when unknown, then the comment."""
    start = local(first)
    found = evaluator(text, calendar, position).intervals(start, start + timedelta(days=days))
    told: list[str] = []
    for one in found:
        midnight = one.start.replace(hour=0, minute=0)
        length = int((one.end - midnight).total_seconds()) // 60
        line = f"{one.start:%d %H:%M}-{length // 60:02}:{length % 60:02}"
        line += "?" if one.door is Door.UNKNOWN else ""
        told.append(f"{line} {one.comment}".rstrip())
    return told


def times(text: str, first: str = MONDAY) -> list[str]:
    """Give the intervals of one day without its number."""
    return [line[3:] for line in lines(text, first, 1)]


def dates(text: str, first: str, days: int, *, calendar: Calendar = VILLAGE) -> list[str]:
    """Give the days on which the door opens: « 02-29 »."""
    begin, evaluate = date.fromisoformat(first), evaluator(text, calendar)
    every = (begin + timedelta(days=i) for i in range(days))
    return [
        f"{day:%m-%d}"
        for day in every
        if any(piece.door is not Door.CLOSED for piece in evaluate.pieces(day))
    ]
