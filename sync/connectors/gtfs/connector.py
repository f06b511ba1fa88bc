"""Reads a GTFS feed: its stops as records, its timetable as rows for bulk import.

``parse`` gives one record of kind "stop" per stop and station; ``read_timetable`` gives one
per board (what a rider looks at, see ``boards``) and the timetable. README.md tells the choices.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from kiosk.domain.record import Record
from kiosk.domain.transit import TimetableRows
from sync.connectors.base import Context, Item, stable_id
from sync.connectors.gtfs.feed import Feed, Place
from sync.connectors.gtfs.rows import Read, Served, read_all, timetable_of

POPULARITY_TOP = 50  # the busiest stop's; places a citizen searches for rank above
LINES_MAX = 30
NONE = Served(departures=0, routes=frozenset())
ACCESS = (None, True, False)  # wheelchair_boarding 0, 1, 2


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give a record per stop and station, then the rejects; raises InputRefused."""
    read = read_all(raw, context.timezone)
    yield from _records(read.boards.stops, _calling(read), read.feed, context)
    yield from read.rejects.all()


def read_timetable(raw: bytes, context: Context) -> tuple[TimetableRows, Iterator[Item]]:
    """Give the timetable, and a record per board then the rejects; raises InputRefused."""
    read = read_all(raw, context.timezone)
    rows, served = timetable_of(read)
    records = _records(read.boards.heads, served, read.feed, context)
    return rows, chain[Item](records, read.rejects.all())


def _calling(read: Read) -> Mapping[int, Served]:
    """Give what calls at each stop."""
    routes = [trip.route for trip in read.trips]
    calls = read.calls
    counted = Counter(zip(calls.stops, map(routes.__getitem__, calls.trips), strict=True))
    found: dict[int, Served] = {}
    for (stop, route), count in counted.items():
        known = found.get(stop, NONE)
        found[stop] = Served(departures=known.departures + count, routes=known.routes | {route})
    return found


def _records(
    places: Sequence[Place], served: Mapping[int, Served], feed: Feed, context: Context
) -> Iterator[Record]:
    """Give a record per place; ``served`` goes by the index in ``places``."""
    names = [route[2] for route in feed.routes.values()]
    busiest = math.log1p(max((one.departures for one in served.values()), default=1))
    for at, place in enumerate(places):
        service = served.get(at, NONE)
        lines = sorted({names[route] for route in service.routes})
        yield Record(
            id=stable_id(place.id),
            dataset=context.dataset,
            kind="stop",
            title={context.language: place.name},  # cleaned as it was read
            source=context.source,
            licence=context.licence,
            observed_at=context.observed_at,
            geo=place.geo,
            popularity=round(POPULARITY_TOP * math.log1p(service.departures) / busiest),
            demo=context.demo,
            data={"lines": [*lines[:LINES_MAX]], "accessible": ACCESS[place.wheelchair]},
        )
