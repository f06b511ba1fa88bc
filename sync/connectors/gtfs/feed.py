"""Reads the small files of a feed (all but stop_times) into numbered rows.

Rules:
1. The smallest thing that can't be used is rejected: a row, never the feed.
2. A row whose key is missing, doubled or points nowhere is rejected; the first bearer of an id
   stands. What hung on a rejected row is dropped without a second complaint.
3. A blank or wrong field that nothing depends on (a colour, a position) is left empty.
4. Without stops, routes, trips, stop_times, agency or any calendar there is no timetable: refused.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo
from kiosk.domain.text import clean_line
from kiosk.domain.transit import ExceptionRow, RouteRow, ServiceRow
from sync.connectors.base import geo_of
from sync.connectors.gtfs.moments import Memo, day_of
from sync.connectors.gtfs.sheet import Rejects, Sheet

MANDATORY = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_TIMES = "stop_times.txt"
CALENDARS = ("calendar.txt", "calendar_dates.txt")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The basic types, and the extended ones (Google's "Extended GTFS Route Types", 100 to 1702).
ROUTE_TYPES = frozenset(map(str, (*range(8), 11, 12, *range(100, 1703))))
BUS = 3  # route_type of a route that doesn't say: what most routes are
LINE_MAX = 80
PLATFORM_MAX = 12
WHEELCHAIR = {"1": 1, "2": 2}  # yes, no; anything else is unknown
EXCEPTIONS = {"1": 1, "2": 0}  # added, removed
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_BOARDABLE = ("", "0", "1", "4")  # stop, station, boarding area; not entrances and nodes


class Place(NamedTuple):
    """A stop or station; ``wheelchair`` 0 unknown, 1 yes, 2 no.

    A named tuple, as Trip: ten times faster to make than a frozen dataclass, and a feed has
    thousands.
    """

    no: int
    id: str
    name: str
    platform: str
    parent: str
    station: bool
    wheelchair: int
    geo: Geo | None


class Trip(NamedTuple):
    """A trip before its times are known."""

    no: int
    id: str
    route: int
    service: int
    headsign: str
    wheelchair: int


@dataclass(slots=True, kw_only=True)
class Feed:
    """The small files of a feed; ``dropped`` holds (file's word, id) of what was rejected."""

    timezone: str
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    routes: dict[str, RouteRow] = field(default_factory=dict[str, RouteRow])
    service_nos: dict[str, int] = field(default_factory=dict[str, int])
    services: list[ServiceRow] = field(default_factory=list[ServiceRow])
    exceptions: dict[tuple[int, int], ExceptionRow] = field(
        default_factory=dict[tuple[int, int], ExceptionRow]
    )
    trips: dict[str, Trip] = field(default_factory=dict[str, Trip])
    dropped: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])


def read_feed(files: dict[str, bytes], timezone: str, rejects: Rejects) -> Feed:
    """Read a feed's small files; ``timezone`` stands in for the agency's. Raises InputRefused."""
    _check_complete(files)
    sheets = {name: Sheet(name, raw, rejects) for name, raw in files.items() if name != _TIMES}
    feed = Feed(timezone=_timezone(sheets["agency.txt"], timezone))
    _read_stops(sheets["stops.txt"], feed)
    _read_routes(sheets["routes.txt"], feed)
    if "calendar.txt" in sheets:
        _read_calendar(sheets["calendar.txt"], feed)
    if "calendar_dates.txt" in sheets:
        _read_exceptions(sheets["calendar_dates.txt"], feed)
    _read_trips(sheets["trips.txt"], feed)
    return feed


def _check_complete(files: Container[str]) -> None:
    missing = [name for name in MANDATORY if name not in files]
    if all(name not in files for name in CALENDARS):
        missing.append("calendar.txt")
    if missing:
        todo = "give a complete GTFS feed"
        raise InputRefused(f"GTFS without {', '.join(missing)}", where=missing[0], todo=todo)


def _timezone(sheet: Sheet, fallback: str) -> str:
    """Give the first agency's time zone (GTFS: all agencies of a feed share it)."""
    for name, agency in sheet.cells("agency_timezone", "agency_name"):
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, KeyError):
            sheet.reject(f"{agency!r} has no time zone {name!r}, {fallback} is taken")
            return fallback
    sheet.reject(f"no agency, the time zone {fallback} is taken")
    return fallback


def _read_stops(sheet: Sheet, feed: Feed) -> None:
    if not sheet.has("stop_id", "stop_name"):
        return
    tidy = Memo(clean_line)
    for key, name, kind, parent, platform, wheelchair, lat, lon in sheet.cells(
        "stop_id",
        "stop_name",
        "location_type",
        "parent_station",
        "platform_code",
        "wheelchair_boarding",
        "stop_lat",
        "stop_lon",
    ):
        if kind not in _BOARDABLE or not _is_new(sheet, key, feed.places):
            continue
        if not name and not parent:
            feed.dropped.add(("stop", key))
            sheet.reject(f"stop {key!r} has no name")
            continue
        feed.places[key] = Place(
            no=len(feed.places),
            id=key,
            name=tidy[name],
            platform=tidy[platform][:PLATFORM_MAX],
            parent=parent,
            station=kind == "1",
            wheelchair=WHEELCHAIR.get(wheelchair, 0),
            geo=_position(sheet, key, lat, lon),
        )


def _position(sheet: Sheet, key: str, lat: str, lon: str) -> Geo | None:
    if not lat and not lon:
        return None
    try:
        geo = geo_of(float(lat), float(lon))
    except ValueError:
        geo = None
    if geo is None:
        sheet.reject(f"stop {key!r} is kept without its position: {lat}, {lon}")
    return geo


def _read_routes(sheet: Sheet, feed: Feed) -> None:
    if not sheet.has("route_id"):
        return
    for key, short, long, colour, text_colour, kind in sheet.cells(
        "route_id",
        "route_short_name",
        "route_long_name",
        "route_color",
        "route_text_color",
        "route_type",
    ):
        if _is_new(sheet, key, feed.routes):
            feed.routes[key] = (
                len(feed.routes),
                key,
                clean_line(short, limit=LINE_MAX) or clean_line(long or key, limit=LINE_MAX),
                _colour(colour),
                _colour(text_colour),
                _route_type(sheet, kind),
            )


def _route_type(sheet: Sheet, text: str) -> int:
    if text in ROUTE_TYPES:
        return int(text)
    sheet.reject(f"route_type {text!r} isn't one of GTFS, bus is taken")
    return BUS


def _read_calendar(sheet: Sheet, feed: Feed) -> None:
    if not sheet.has("service_id", "start_date", "end_date"):
        return
    sheet.has(*WEEKDAYS)
    dates, weekdays = Memo(day_of), Memo(_weekdays)
    for key, start, end, *days in sheet.cells("service_id", "start_date", "end_date", *WEEKDAYS):
        if not _is_new(sheet, key, feed.service_nos):
            continue
        try:
            first, last = dates[start], dates[end]
        except ValueError as wrong:
            feed.dropped.add(("service", key))
            sheet.reject(str(wrong))
            continue
        number = feed.service_nos[key] = len(feed.service_nos)
        feed.services.append((number, weekdays[",".join(days)], first, last))


def _weekdays(days: str) -> int:
    """Give the bits of the days that are "1", Monday's first."""
    return sum(1 << at for at, day in enumerate(days.split(",")) if day == "1")


def _read_exceptions(sheet: Sheet, feed: Feed) -> None:
    if not sheet.has("service_id", "date", "exception_type"):
        return
    days = Memo(day_of)
    for key, date, kind in sheet.cells("service_id", "date", "exception_type"):
        try:
            day = days[date]
        except ValueError as wrong:
            sheet.reject(str(wrong))
            continue
        if kind not in EXCEPTIONS or not key:
            sheet.reject(f"exception_type {kind!r} or its service is wrong")
            continue
        number = feed.service_nos.setdefault(key, len(feed.service_nos))
        if (day, number) in feed.exceptions:
            sheet.reject(f"service {key!r} has two exceptions on {date}")
        else:
            feed.exceptions[day, number] = (day, number, EXCEPTIONS[kind])


def _read_trips(sheet: Sheet, feed: Feed) -> None:
    if not sheet.has("route_id", "service_id", "trip_id"):
        return
    tidy = Memo(clean_line)
    for key, route_id, service_id, headsign, wheelchair in sheet.cells(
        "trip_id", "route_id", "service_id", "trip_headsign", "wheelchair_accessible"
    ):
        if not _is_new(sheet, key, feed.trips):
            continue
        route, service = feed.routes.get(route_id), feed.service_nos.get(service_id)
        if route is None or service is None:
            feed.dropped.add(("trip", key))
            if ("service", service_id) not in feed.dropped:
                sheet.reject(f"trip {key!r} names an unknown route or service")
            continue
        access = WHEELCHAIR.get(wheelchair, 0)
        # By place: by name takes twice as long, of thousands.
        feed.trips[key] = Trip(len(feed.trips), key, route[0], service, tidy[headsign], access)


def _is_new(sheet: Sheet, key: str, known: Container[str]) -> bool:
    if key and key not in known:
        return True
    sheet.reject(f"an earlier row bears the id {key!r}" if key else "no id")
    return False


def _colour(text: str) -> str:
    return f"#{text.lower()}" if _COLOUR.fullmatch(text) else ""
