"""Departures of public transport (GTFS and GTFS-RT terms)."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kiosk.domain.freshness import Freshness

_COLUMNS = 6  # of Departing


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One departure from a stop; times are aware, in the agency's time zone.

    ``expected`` is the live time when one is known; ``cancelled`` trips stay listed so that
    nobody waits in vain; ``colour`` and ``text_colour`` are ``#rrggbb`` or "". ``stop`` is the
    id of the stop where it calls, ``destination`` the name of the trip's last stop (some
    operators put a train's number in ``headsign``).
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
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFound:
    """A stop or station that answers to a name; ``key`` is what the timetable is asked with."""

    key: str
    name: str
    dataset: str
    lat: float | None
    lon: float | None


# The rows of a timetable, as tuples because a feed has many of them.
BoardRow: TypeAlias = tuple[int, str, str, str, float | None, float | None, int, bytes]
StopRow: TypeAlias = tuple[int, str, str, str, int, int]
RouteRow: TypeAlias = tuple[int, str, str, str, str, int]
ServiceRow: TypeAlias = tuple[int, int, int, int]
ExceptionRow: TypeAlias = tuple[int, int, int]
TripRow: TypeAlias = tuple[int, str, int, str, str, int]
HeadsignRow: TypeAlias = tuple[int, str]
TimeRow: TypeAlias = tuple[int, int, int, int, int, int, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableRows:
    """A timetable ready for bulk insertion; every number counts from 0 within the feed.

    A board is what a rider looks at: a station with its platforms, or the stops of one name
    side by side. Days are proleptic ordinals (``date.toordinal``); weekdays are bits (Monday
    1 … Sunday 64); departures are seconds from the service day's noon minus 12 h (GTFS).

    - boards     (no, id, name, folded name, lat, lon, number of departures, packed Departing)
    - stops      (no, id, name, platform, wheelchair 0/1/2, board)
    - routes     (no, id, line's name, colour, text colour, GTFS route_type)
    - services   (no, weekdays, first day, last day)
    - exceptions (day, service, 1 added or 0 removed)
    - trips      (no, id, route, headsign, last stop's name, wheelchair 0/1/2)
    - headsigns  (no from 1, text): what a stop shows instead of the trip's headsign
    """

    timezone: str
    last_s: int
    boards: Sequence[BoardRow]
    stops: Sequence[StopRow]
    routes: Sequence[RouteRow]
    services: Sequence[ServiceRow]
    exceptions: Sequence[ExceptionRow]
    trips: Sequence[TripRow]
    headsigns: Sequence[HeadsignRow]

    @property
    def times(self) -> Iterator[TimeRow]:
        """The departures one by one: (board, departure, trip, sequence, stop, service, headsign).

        ``headsign`` is None for the trip's own.
        """
        texts = dict(self.headsigns)
        for no, *_, packed in self.boards:
            leaving = Departing.unpack(packed)
            for departure, trip, sequence, stop, service, shown in leaving.rows():
                yield (no, departure, trip, sequence, stop, service, texts.get(shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class Departing:
    """All that leaves a board, as columns of one length, in order of departure.

    Without what nobody can board: last stops, and stops without pick-up. ``headsigns`` is 0
    for the trip's own. Packed as unsigned 32-bit little-endian integers, column after column:
    a board is read whole, and a row a departure made the import four times slower (measured).
    """

    departures: Sequence[int]
    trips: Sequence[int]
    sequences: Sequence[int]
    stops: Sequence[int]
    services: Sequence[int]
    headsigns: Sequence[int]

    def pack(self) -> bytes:
        """Give the columns as bytes."""
        columns = (
            self.departures,
            self.trips,
            self.sequences,
            self.stops,
            self.services,
            self.headsigns,
        )
        packed = array("I", b"".join([array("I", column).tobytes() for column in columns]))
        if sys.byteorder == "big":
            packed.byteswap()
        return packed.tobytes()

    def rows(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """Yield (departure, trip, sequence, stop, service, headsign)."""
        return zip(
            self.departures,
            self.trips,
            self.sequences,
            self.stops,
            self.services,
            self.headsigns,
            strict=True,
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Departing:
        """Give the columns of ``packed``; raises ValueError when it isn't six whole columns."""
        numbers = array("I")
        numbers.frombytes(packed)
        length, rest = divmod(len(numbers), _COLUMNS)
        if rest:
            raise ValueError("not a packed board")
        if sys.byteorder == "big":
            numbers.byteswap()
        columns = [numbers[at * length : (at + 1) * length] for at in range(_COLUMNS)]
        departures, trips, sequences, stops, services, headsigns = columns
        return cls(
            departures=departures,
            trips=trips,
            sequences=sequences,
            stops=stops,
            services=services,
            headsigns=headsigns,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TripUpdate:
    """What a live feed says of a trip: at a stop (by id, sequence, or both), or as a whole.

    ``delay_s`` also holds for the stops after it (GTFS-RT, "Trip updates"); ``start_day`` is
    the service day of the run (YYYYMMDD) or "" when the feed doesn't say. Times are aware.
    """

    trip: str
    stop: str = ""
    stop_sequence: int | None = None
    start_day: str = ""
    delay_s: int | None = None
    expected: datetime | None = None
    cancelled: bool = False
    observed_at: datetime
    valid_until: datetime | None = None
    demo: bool = False
