"""Reads a whole feed and turns it into the rows of a timetable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice

from kiosk.domain.text import clean_line, fold
from kiosk.domain.transit import BoardRow, Departing, TimetableRows, TripRow
from sync.connectors.gtfs.archive import members
from sync.connectors.gtfs.boards import Boards, group
from sync.connectors.gtfs.calls import CallReader, Calls
from sync.connectors.gtfs.feed import Feed, Trip, read_feed
from sync.connectors.gtfs.runs import expand, read_spans
from sync.connectors.gtfs.sheet import Rejects, Sheet

NO_PICKUP = "1"
# Sorting whole numbers made of (board, departure, index) is ten times faster than tuples.
_INDEX_BITS = 23  # CALLS_MAX fits
_DEPARTURE_BITS = 19  # HOURS_MAX fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A feed that was read; ``trips`` includes the runs of frequencies, ``calls`` are ordered."""

    feed: Feed
    boards: Boards
    trips: list[Trip]
    calls: Calls
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
    boards = group(feed.places, rejects)
    return Read(feed=feed, boards=boards, trips=trips, calls=calls, rejects=rejects)


def timetable_of(read: Read) -> tuple[TimetableRows, Mapping[tuple[int, int], int]]:
    """Give the timetable's rows, and how often each (board, route) leaves."""
    headsigns = _headsigns(read)
    departing = dict(_departing(read, headsigns))
    board_of = read.boards.of_stop
    routes = [trip.route for trip in read.trips]
    served = Counter(
        (board, route)
        for board, leaving in departing.items()
        for route in map(routes.__getitem__, leaving.trips)
    )
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
    return rows, served


def _headsigns(read: Read) -> dict[str, int]:
    """Number the texts that stops show instead of the trip's headsign; 0 is none."""
    texts = dict.fromkeys(read.calls.headsigns)
    texts.pop("", None)
    return {"": 0, **{text: number for number, text in enumerate(texts, 1)}}


def _departing(read: Read, headsigns: Mapping[str, int]) -> Iterator[tuple[int, Departing]]:
    """Yield each board's departures in order; a trip's last call can't be boarded."""
    calls, board_of = read.calls, read.boards.of_stop
    services = [trip.service for trip in read.trips]
    shift, mask = _INDEX_BITS + _DEPARTURE_BITS, (1 << _INDEX_BITS) - 1
    keys = [
        board_of[stop] << shift | departure << _INDEX_BITS | index
        for index, (stop, departure, trip, following, pickup) in enumerate(
            zip(
                calls.stops,
                calls.departures,
                calls.trips,
                islice(calls.trips, 1, None),
                calls.pickups,
                strict=False,  # the last call has none after it
            )
        )
        if trip == following and pickup != NO_PICKUP
    ]
    keys.sort()
    for board, group_keys in groupby(keys, lambda key: key >> shift):
        at = [key & mask for key in group_keys]
        trips = [calls.trips[index] for index in at]
        yield (
            board,
            Departing(
                departures=[calls.departures[index] for index in at],
                trips=trips,
                sequences=[calls.sequences[index] for index in at],
                stops=[calls.stops[index] for index in at],
                services=[services[trip] for trip in trips],
                headsigns=[headsigns[calls.headsigns[index]] for index in at],
            ),
        )


def _board_rows(boards: Boards, departing: Mapping[int, Departing]) -> Iterator[BoardRow]:
    for no, head in enumerate(boards.heads):
        lat, lon = (head.geo.lat, head.geo.lon) if head.geo else (None, None)
        leaving = departing.get(no)
        count, packed = (len(leaving.departures), leaving.pack()) if leaving else (0, b"")
        yield (no, head.id, head.name, fold(head.name), lat, lon, count, packed)


def _trip_rows(read: Read) -> list[TripRow]:
    """Give the trips; one without a headsign goes where it ends."""
    last = dict(zip(read.calls.trips, read.calls.stops, strict=True))  # in order: the last stays
    names = [stop.name for stop in read.boards.stops]
    rows: list[TripRow] = []
    for trip in read.trips:
        end = names[last[trip.no]] if trip.no in last else ""
        rows.append((trip.no, trip.id, trip.route, trip.headsign or end, end, trip.wheelchair))
    return rows
