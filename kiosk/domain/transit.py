"""Departures of public transport (GTFS and GTFS-RT terms)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.freshness import Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One departure from a stop; times are aware, in the agency's time zone.

    ``expected`` is the live time when one is known; ``cancelled`` trips stay listed so that
    nobody waits in vain; ``colour`` and ``text_colour`` are ``#rrggbb`` or "".
    """

    line: str
    headsign: str
    scheduled: datetime
    expected: datetime | None
    stop: str
    platform: str
    trip: str
    wheelchair: bool | None
    cancelled: bool
    colour: str
    text_colour: str
    route_type: int
    freshness: Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFound:
    """A stop or station that answers to a name; ``key`` is what the timetable is asked with."""

    key: str
    name: str
    dataset: str
    lat: float | None
    lon: float | None
