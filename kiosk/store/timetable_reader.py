"""Reads a timetable's rows into values, and remembers them until the database changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from kiosk.domain.freshness import Policy
from kiosk.domain.transit import Departing
from kiosk.store.database import ContentReader
from kiosk.store.live import SELECT_UPDATES, UPDATES_MAX, LiveTrips

REMEMBERED_MAX = 4096
_DAY_S = 86_400
_BOARD = (
    "SELECT d.id, d.no, d.observed_at, d.demo, f.timezone, f.last_s, s.no, s.id=b.id, b.departing"
    " FROM dataset AS d JOIN gtfs_feed AS f ON f.dataset_no=d.no"
    " JOIN gtfs_stop AS s ON s.dataset_no=d.no JOIN gtfs_board AS b ON b.no=s.board"
    " WHERE s.id=? AND d.id=?"
)
_SERVICES = (
    "SELECT no FROM gtfs_service WHERE dataset_no=?1 AND first_day<=?2 AND last_day>=?2"
    " AND (weekdays & ?3) AND no NOT IN"
    " (SELECT service FROM gtfs_exception WHERE dataset_no=?1 AND day=?2 AND added=0)"
    " UNION SELECT service FROM gtfs_exception WHERE dataset_no=?1 AND day=?2 AND added=1"
)
_TRIP = (
    "SELECT t.id, t.headsign, t.destination, t.wheelchair, r.name, r.colour, r.text_colour, r.type"
    " FROM gtfs_trip AS t JOIN gtfs_route AS r ON r.dataset_no=t.dataset_no AND r.no=t.route"
    " WHERE t.dataset_no=? AND t.no=?"
)
_STOP = "SELECT id, platform, wheelchair FROM gtfs_stop WHERE dataset_no=? AND no=?"
_HEADSIGN = "SELECT text FROM gtfs_headsign WHERE dataset_no=? AND no=?"

Value = TypeVar("Value")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What leaves a stop key; ``stop`` narrows it to one platform, None is all of them."""

    dataset: str
    dataset_no: int
    observed_at: datetime
    demo: bool
    zone: ZoneInfo
    days_back: int
    stop: int | None
    departing: Departing


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip and its line; ``wheelchair`` 0 unknown, 1 yes, 2 no."""

    id: str
    headsign: str
    destination: str
    wheelchair: int
    line: str
    colour: str
    text_colour: str
    route_type: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A platform; ``wheelchair`` 0 unknown, 1 yes, 2 no."""

    id: str
    platform: str
    wheelchair: int


class TimetableReader:
    """The rows of the timetables, each read once a version of the database."""

    def __init__(self, reader: ContentReader, live: Policy) -> None:
        self._reader = reader
        self._live = live
        self._version = -1
        self._boards: dict[str, Board | None] = {}
        self._trips: dict[tuple[int, int], Trip | None] = {}
        self._stops: dict[tuple[int, int], Stop | None] = {}
        self._headsigns: dict[tuple[int, int], str] = {}
        self._services: dict[tuple[int, int], frozenset[int]] = {}
        self._updates: dict[str, LiveTrips] = {}

    def refresh(self) -> None:
        """Forget what was read when another process has written since."""
        version = self._reader.version()
        if version == self._version:
            return
        self._version = version
        for memory in (self._boards, self._trips, self._stops):
            memory.clear()
        for other in (self._headsigns, self._services, self._updates):
            other.clear()

    def board(self, key: str) -> Board | None:
        """Give what leaves a stop key (dataset/stop id), None when it is unknown or damaged."""
        return _remembered(self._boards, key, self._read_board)

    def trip(self, dataset_no: int, number: int) -> Trip | None:
        """Give a trip, None when it is missing."""
        return _remembered(self._trips, (dataset_no, number), self._read_trip)

    def stop(self, dataset_no: int, number: int) -> Stop | None:
        """Give a platform, None when it is missing."""
        return _remembered(self._stops, (dataset_no, number), self._read_stop)

    def headsign(self, dataset_no: int, number: int) -> str:
        """Give what a stop shows instead of the trip's headsign."""
        return _remembered(self._headsigns, (dataset_no, number), self._read_headsign)

    def services(self, dataset_no: int, day: date) -> frozenset[int]:
        """Give the services that run on a day."""
        return _remembered(self._services, (dataset_no, day.toordinal()), self._read_services)

    def updates(self, dataset: str) -> LiveTrips:
        """Give what is known live of a timetable."""
        return _remembered(self._updates, dataset, self._read_updates)

    def _read_board(self, key: str) -> Board | None:
        dataset, _, stop = key.partition("/")
        rows = self._reader.rows(_BOARD, (stop, dataset))
        try:
            return _board_of(rows[0]) if rows else None
        except (ValueError, TypeError, OSError, KeyError, OverflowError):
            return None  # a damaged row: nothing is known of this stop

    def _read_trip(self, key: tuple[int, int]) -> Trip | None:
        for row in self._reader.rows(_TRIP, key):
            trip_id, headsign, destination, wheelchair, line, colour, text_colour, kind = row
            return Trip(
                id=trip_id,
                headsign=headsign,
                destination=destination,
                wheelchair=wheelchair,
                line=line,
                colour=colour,
                text_colour=text_colour,
                route_type=kind,
            )
        return None

    def _read_stop(self, key: tuple[int, int]) -> Stop | None:
        for stop_id, platform, wheelchair in self._reader.rows(_STOP, key):
            return Stop(id=stop_id, platform=platform, wheelchair=wheelchair)
        return None

    def _read_headsign(self, key: tuple[int, int]) -> str:
        rows = self._reader.rows(_HEADSIGN, key)
        return str(rows[0][0]) if rows else ""

    def _read_services(self, key: tuple[int, int]) -> frozenset[int]:
        dataset_no, day = key
        weekday = 1 << date.fromordinal(day).weekday()
        return frozenset(no for (no,) in self._reader.rows(_SERVICES, (dataset_no, day, weekday)))

    def _read_updates(self, dataset: str) -> LiveTrips:
        return LiveTrips(self._reader.rows(SELECT_UPDATES, (dataset, UPDATES_MAX)), self._live)


def _remembered(memory: dict[Key, Value], key: Key, read: Callable[[Key], Value]) -> Value:
    try:
        return memory[key]
    except KeyError:
        if len(memory) >= REMEMBERED_MAX:
            memory.clear()
        value = memory[key] = read(key)
        return value


def _board_of(row: tuple[Any, ...]) -> Board:
    dataset, dataset_no, observed_at, demo, zone, last_s, stop, is_head, departing = row
    return Board(
        dataset=dataset,
        dataset_no=dataset_no,
        observed_at=datetime.fromtimestamp(observed_at or 0, UTC),
        demo=bool(demo),
        zone=ZoneInfo(zone),
        days_back=last_s // _DAY_S,
        stop=None if is_head else stop,
        departing=Departing.unpack(departing),
    )
