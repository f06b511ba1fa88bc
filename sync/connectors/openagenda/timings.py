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
    told = many(at(event, "timings")) or _ends(event)
    return [_timing(one, zone) for one in told] or [*_dated(event, zone)]


def _ends(event: Json) -> list[Json]:
    found = (at(event, name) for name in _ENDS)
    return [one for one in found if one]


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
    """Give v1's sittings: days with hours, or the first and the last day alone."""
    places = many(at(event, "locations"))
    for one in (one for where in places for one in many(at(where, "dates"))):
        yield _on(line(one, "date"), one, "time", zone)
    if not places:
        yield from _first_and_last(event, zone)


def _first_and_last(event: Json, zone: ZoneInfo) -> Iterator[Timing]:
    for name in ("first", "last"):
        day = line(event, f"{name}Date")
        if day:
            yield _on(day, event, f"{name}Time", zone)


def _on(day: str, holder: Json, hours: str, zone: ZoneInfo) -> Timing:
    start, end = (hour_of(line(holder, f"{hours}{which}")) for which in ("Start", "End"))
    return sitting_on(day_of(day), None, zone, (start, end))
