"""Reads a GTFS feed: its stops as records, its timetable as rows for bulk import.

``parse`` gives one record of kind "stop" per stop and station; ``read_timetable`` gives one
per board (what a rider looks at, see ``boards``) and the timetable. README.md tells the choices.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from kiosk.domain.facts import Stop, data_of
from kiosk.domain.record import Record
from kiosk.domain.transit import TimetableRows
from sync.connectors.base import Context, Item, record_of
from sync.connectors.gtfs.feed import Feed, Place
from sync.connectors.gtfs.rows import read_all, timetable_of

POPULARITY_TOP = 50  # the busiest stop's; places a citizen searches for rank above
LINES_MAX = 30
ACCESS = (None, True, False)  # wheelchair_boarding 0, 1, 2


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give a record per stop and station, then the rejects; raises InputRefused."""
    read = read_all(raw, context.timezone)
    routes = [trip.route for trip in read.trips]
    trips, stops = read.calls.trips, read.calls.stops
    served = Counter(zip(stops, map(routes.__getitem__, trips), strict=True))
    yield from _records(read.boards.stops, served, read.feed, context)
    yield from read.rejects.all()


def read_timetable(raw: bytes, context: Context) -> tuple[TimetableRows, Iterator[Item]]:
    """Give the timetable, and a record per board then the rejects; raises InputRefused."""
    read = read_all(raw, context.timezone)
    rows, served = timetable_of(read)
    records = _records(read.boards.heads, served, read.feed, context)
    return rows, chain[Item](records, read.rejects.all())


def _records(
    places: Sequence[Place], served: Mapping[tuple[int, int], int], feed: Feed, context: Context
) -> Iterator[Record]:
    """Give a record per place; ``served`` counts calls by (index in ``places``, route)."""
    names = [route[2] for route in feed.routes.values()]
    lines: dict[int, set[str]] = {}
    calls: Counter[int] = Counter()
    for (at, route), count in served.items():
        lines.setdefault(at, set()).add(names[route])
        calls[at] += count
    busiest = math.log1p(max(calls.values(), default=1))
    for at, place in enumerate(places):
        facts = Stop(
            lines=tuple(sorted(lines.get(at, ()))[:LINES_MAX]),
            accessible=ACCESS[place.wheelchair],
        )
        yield record_of(
            context,
            id=place.id,
            kind="stop",
            title=place.name,
            geo=place.geo,
            popularity=round(POPULARITY_TOP * math.log1p(calls[at]) / busiest),
            data=data_of(facts),
        )
