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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The door's state at a moment, when it next changes, and why (French, or "")."""

    door: Door
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time, ``[start, end)``, during which the door is open or its state unknown."""

    start: datetime
    end: datetime
    door: Door
    comment: str = ""
