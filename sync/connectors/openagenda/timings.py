"""Reads the sittings of an OpenAgenda event, in the forms of API v2 and of v1."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kiosk.domain.facts import Timing
from kiosk.domain.record import Json
from sync.connectors.glance import at, line, many
from sync.connectors.sittings import sitting_on
from sync.connectors.times import day_of, hour_of, moment_of

_ENDS = ("firstTiming", "nextTiming", "lastTiming")  # what v2's short lists have


def timings_of(event: Json, zone: ZoneInfo) -> list[Timing]:
    """Give the sittings; raises InputRefused when one can't be read."""
    known = many(at(event, "timings")) or [at(event, name) for name in _ENDS]
    found = [_timing(one, zone) for one in known if one]
    return found or [*_dated(event, zone)]


def _timing(timing: Json, zone: ZoneInfo) -> Timing:
    start, end = (
        line(timing, newer) or line(timing, older)
        for newer, older in (("begin", "start"), ("end", "end"))
    )
    return Timing(
        starts_at=moment_of(start, zone),
        ends_at=moment_of(end, zone) if end else None,
    )


def _dated(event: Json, zone: ZoneInfo) -> Iterator[Timing]:
    """Give v1's sittings: a day with hours, or the first and the last day alone."""
    for where in many(at(event, "locations")):
        for one in many(at(where, "dates")):
            hours = hour_of(line(one, "timeStart")), hour_of(line(one, "timeEnd"))
            yield sitting_on(day_of(line(one, "date")), None, zone, hours)
    for name in ("firstDate", "lastDate"):
        day = line(event, name)
        if day and not at(event, "locations"):
            hours = (
                hour_of(line(event, f"{name[:-4]}TimeStart")),
                hour_of(line(event, f"{name[:-4]}TimeEnd")),
            )
            yield sitting_on(day_of(day), None, zone, hours)
