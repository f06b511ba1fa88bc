"""What a place knows of its days: the holidays, where it lies, its time zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Protocol


class Calendar(Protocol):
    """The holidays of a place: a name, "" for an ordinary day, None when it isn't known."""

    def public_holiday(self, day: date, /) -> str | None:
        """Give the public holiday's name."""
        ...

    def school_holiday(self, day: date, /) -> str | None:
        """Give the school holidays' name."""
        ...


class NoCalendar:
    """A place whose holidays aren't known."""

    def public_holiday(self, _day: date, /) -> str | None:
        """Give None: not known."""
        return None

    def school_holiday(self, _day: date, /) -> str | None:
        """Give None: not known."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A place: ``position`` is latitude and longitude in degrees, None when it isn't known.

    Without a position the sun rises at 06:00 and sets at 18:00, dawn is at 05:30 and dusk at
    18:30 (the constants of the OSM specification's examples).
    """

    calendar: Calendar = field(default_factory=NoCalendar)
    position: tuple[float, float] | None = None
    zone: tzinfo = UTC
