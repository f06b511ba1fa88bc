"""Says which trips of a timetable are on their way at a moment (the demo's live feeder asks)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.transit import TimetableRows

BEFORE = timedelta(minutes=45)  # a trip is spoken of this long before it leaves
AFTER = timedelta(minutes=10)
_NOON_S = 43_200

Call: TypeAlias = tuple[int, int, str]  # epoch second of the departure, sequence, stop id


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One trip on one service day, with what is still known of its calls, in order."""

    trip: str
    route: str
    day: date
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A trip's departures in seconds of its service day."""

    trip: str
    route: str
    service: int
    calls: tuple[Call, ...]


class Network:
    """A timetable regrouped by trip."""

    def __init__(self, rows: TimetableRows) -> None:
        self._zone = ZoneInfo(rows.timezone)
        self._services = {number: spans for number, *spans in rows.services}
        self._exceptions = {(day, service): added for day, service, added in rows.exceptions}
        self._patterns = _patterns(rows)

    def running(self, now: datetime) -> list[Run]:
        """Give the runs that are on their way, or soon will be, at ``now`` (aware)."""
        today = now.astimezone(self._zone).date()
        days = (today - timedelta(days=1), today)
        return [run for day in days for run in self._of_day(day, now)]

    def _of_day(self, day: date, now: datetime) -> Iterator[Run]:
        start = int(datetime.combine(day, time(12), self._zone).timestamp()) - _NOON_S
        soon, gone = (now + BEFORE).timestamp(), (now - AFTER).timestamp()
        for pattern in self._patterns:
            first, last = start + pattern.calls[0][0], start + pattern.calls[-1][0]
            if first <= soon and last >= gone and self._runs(pattern.service, day):
                yield _run(pattern, day, start)

    def _runs(self, service: int, day: date) -> bool:
        number = day.toordinal()
        added = self._exceptions.get((number, service))
        if added is not None:
            return bool(added)
        weekdays, first, last = self._services.get(service, (0, 0, 0))
        return first <= number <= last and bool(weekdays >> day.weekday() & 1)


def _patterns(rows: TimetableRows) -> list[_Pattern]:
    stops = {number: stop_id for number, stop_id, *_ in rows.stops}
    routes = {number: route_id for number, route_id, *_ in rows.routes}
    calls: dict[int, list[Call]] = {}
    services: dict[int, int] = {}
    for _, departure, trip, sequence, stop, service, _headsign in rows.times:
        calls.setdefault(trip, []).append((departure, sequence, stops[stop]))
        services[trip] = service
    trips = {number: (trip_id, routes.get(route, "")) for number, trip_id, route, *_ in rows.trips}
    return [
        _Pattern(
            trip=trips[number][0],
            route=trips[number][1],
            service=services[number],
            calls=tuple(sorted(ordered, key=lambda call: call[1])),
        )
        for number, ordered in calls.items()
    ]


def _run(pattern: _Pattern, day: date, start: int) -> Run:
    calls = tuple(
        (start + departure, sequence, stop) for departure, sequence, stop in pattern.calls
    )
    return Run(trip=pattern.trip, route=pattern.route, day=day, calls=calls)
