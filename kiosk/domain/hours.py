"""What an engine of opening hours answers (the engines stand behind ``ports.OpeningHours``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Door(StrEnum):
    """Whether a place is open; ``unknown`` beats a guess."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """What besides the hours themselves decided a door's state."""

    NONE = ""
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    NEAR_HOLIDAY = "near_holiday"  # the day before or after one
    OPEN_END = "open_end"  # "17:00+": when it closes isn't said
    NO_CALENDAR = "no_calendar"  # the hours speak of holidays that aren't known here
    NO_SUN = "no_sun"  # the sun doesn't rise or set that day


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The door's state at a moment, when it next changes, and why (French, or "")."""

    door: Door
    until: datetime | None = None
    reason: str = ""
    cause: Cause = Cause.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time, ``[start, end)``, during which the door is open or its state unknown."""

    start: datetime
    end: datetime
    door: Door
    comment: str = ""
