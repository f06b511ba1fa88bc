"""Reads a whole feed and turns it into the rows of a timetable."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress

from kiosk.domain.text import clean_line
from kiosk.domain.transit import BoardRow, Departing, TimetableRows, TripRow
from sync.connectors.gtfs.archive import members
from sync.connectors.gtfs.boards import Boards, group
from sync.connectors.gtfs.calls import CallReader, Calls
from sync.connectors.gtfs.feed import Feed, Trip, read_feed
from sync.connectors.gtfs.runs import expand, read_spans
from sync.connectors.gtfs.sheet import Rejects, Sheet

NO_PICKUP = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A feed that was read; ``trips`` includes the runs of frequencies, ``calls`` are ordered.

    ``last`` is by trip the index of its last call.
    """

    feed: Feed
    boards: Boards
    trips: list[Trip]
    calls: Calls
    last: dict[int, int]
    rejects: Rejects


def read_all(raw: bytes, timezone: str) -> Read:
    """Read a zipped feed; ``timezone`` stands in for the agency's. Raises InputRefused."""
    files = members(raw)
    rejects = Rejects()
    feed = read_feed(files, timezone, rejects)
    calls = CallReader(Sheet("stop_times.txt", files["stop_times.txt"], rejects), feed).read()
    trips = list(feed.trips.values())
    if "frequencies.txt" in files:
        spans = read_spans(Sheet("frequencies.txt", files["frequencies.txt"], rejects), feed)
        calls, trips = expand(calls, trips, spans)
    return Read(
        feed=feed,
        boards=group(feed.places, rejects),
        trips=trips,
        calls=calls,
        last=dict(zip(calls.trips, range(len(calls)), strict=True)),  # in order: the last stays
        rejects=rejects,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What serves a stop or board: how many departures, and the numbers of the routes."""

    departures: int
    routes: frozenset[int]


def timetable_of(read: Read) -> tuple[TimetableRows, Mapping[int, Served]]:
    """Give the timetable's rows, and what serves each board that anything leaves."""
    headsigns = _headsigns(read.calls)
    departing = dict(_departing(read, headsigns))
    board_of = read.boards.of_stop
    rows = TimetableRows(
        timezone=read.feed.timezone,
        last_s=max((leaving.departures[-1] for leaving in departing.values()), default=0),
        boards=list(_board_rows(read.boards, departing)),
        stops=[
            (stop.no, stop.id, stop.name, stop.platform, stop.wheelchair, board_of[stop.no])
            for stop in read.boards.stops
        ],
        routes=list(read.feed.routes.values()),
        services=read.feed.services,
        exceptions=list(read.feed.exceptions.values()),
        trips=_trip_rows(read),
        headsigns=[(number, clean_line(text)) for text, number in headsigns.items() if number],
    )
    return rows, _served(read, departing)


def _served(read: Read, departing: Mapping[int, Departing]) -> dict[int, Served]:
    routes = [trip.route for trip in read.trips]
    return {
        board: Served(
            departures=len(leaving.trips),
            routes=frozenset(map(routes.__getitem__, leaving.trips)),
        )
        for board, leaving in departing.items()
    }


def _headsigns(calls: Calls) -> dict[str, int]:
    """Number the texts that stops show instead of the trip's headsign; 0 is none."""
    texts = dict.fromkeys(calls.headsigns)
    texts.pop("", None)
    return {"": 0, **{text: number for number, text in enumerate(texts, 1)}}


def _departing(read: Read, headsigns: Mapping[str, int]) -> Iterator[tuple[int, Departing]]:
    """Yield each board's departures, soonest first."""
    calls, by_board = read.calls, _boarding(read)
    order = [*chain.from_iterable(by_board.values())]
    departures, trips = _picked(calls.departures, order), _picked(calls.trips, order)
    sequences, stops = _picked(calls.sequences, order), _picked(calls.stops, order)
    services = _picked([trip.service for trip in read.trips], trips)
    shown = array("I", bytes(len(order) * trips.itemsize))
    if len(headsigns) > 1:
        shown = array("I", [headsigns[calls.headsigns[index]] for index in order])
    end = 0
    for board, found in by_board.items():
        start, end = end, end + len(found)
        yield (
            board,
            Departing(
                departures=departures[start:end],
                trips=trips[start:end],
                sequences=sequences[start:end],
                stops=stops[start:end],
                services=services[start:end],
                headsigns=shown[start:end],
            ),
        )


def _boarding(read: Read) -> dict[int, list[int]]:
    """Give each board's calls that can be boarded, by departure; a trip's last call can't."""
    calls = read.calls
    can = bytearray(map(NO_PICKUP.__ne__, calls.pickups))
    for at in read.last.values():
        can[at] = False
    boards = map(read.boards.of_stop.__getitem__, calls.stops)
    of_board: dict[int, list[int]] = {}
    for at, board in compress(enumerate(boards), can):
        of_board.setdefault(board, []).append(at)
    for found in of_board.values():
        found.sort(key=calls.departures.__getitem__)
    return of_board


def _picked(column: Sequence[int], at: Iterable[int]) -> array[int]:
    """Give what stands in the column at the indices (an array fills faster from a list)."""
    return array("I", list(map(column.__getitem__, at)))


def _board_rows(boards: Boards, departing: Mapping[int, Departing]) -> Iterator[BoardRow]:
    for no, head in enumerate(boards.heads):
        lat, lon = (head.geo.lat, head.geo.lon) if head.geo else (None, None)
        leaving = departing.get(no)
        count, packed = (len(leaving.departures), leaving.pack()) if leaving else (0, b"")
        yield (no, head.id, head.name, boards.folded[no], lat, lon, count, packed)


def _trip_rows(read: Read) -> list[TripRow]:
    """Give the trips; one without a headsign goes where it ends."""
    names = [stop.name for stop in read.boards.stops]
    rows: list[TripRow] = []
    for trip in read.trips:
        last = read.last.get(trip.no)
        end = "" if last is None else names[read.calls.stops[last]]
        rows.append((trip.no, trip.id, trip.route, trip.headsign or end, end, trip.wheelchair))
    return rows
