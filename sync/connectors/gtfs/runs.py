"""Expands frequencies.txt: a trip that leaves every so many seconds becomes that many trips.

The trip's own times are only a pattern then (GTFS Schedule Reference, frequencies.txt); each
run is a trip of its own whose id ends with ``@`` and its start, so that live news of the
pattern, which can't tell the runs apart, are not believed of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs.calls import CALLS_MAX, Call, Calls
from sync.connectors.gtfs.feed import Feed, Trip
from sync.connectors.gtfs.moments import BLANK, seconds_of
from sync.connectors.gtfs.sheet import Sheet

RUNS_PER_ROW_MAX = 2880  # one every 30 s, a whole day
RUNS_MAX = 100_000
NEEDED = ("trip_id", "start_time", "end_time", "headway_secs")
Span: TypeAlias = range  # start, end (excluded), headway: seconds


def read_spans(sheet: Sheet, feed: Feed) -> dict[int, list[Span]]:
    """Give by trip number when its runs start; what is wrong is rejected."""
    spans: dict[int, list[Span]] = {}
    if not sheet.has(*NEEDED):
        return spans
    for key, start, end, headway in sheet.cells(*NEEDED):
        trip = feed.trips.get(key)
        if trip is None:
            if ("trip", key) not in feed.dropped:
                sheet.reject(f"unknown trip {key!r}")
            continue
        try:
            span = _span(start, end, headway)
        except ValueError as wrong:
            sheet.reject(str(wrong))
        else:
            spans.setdefault(trip.no, []).append(span)
    return spans


def _span(start_text: str, end_text: str, headway_text: str) -> Span:
    start, end, headway = seconds_of(start_text), seconds_of(end_text), int(headway_text)
    if BLANK in (start, end) or headway <= 0:
        raise ValueError("a frequency without start, end or headway")
    span = range(start, end, headway)
    if len(span) > RUNS_PER_ROW_MAX:
        raise ValueError(f"a frequency of more than {RUNS_PER_ROW_MAX} runs")
    return span


def expand(
    calls: Calls, trips: Sequence[Trip], spans: Mapping[int, list[Span]]
) -> tuple[Calls, list[Trip]]:
    """Give calls and trips with each pattern replaced by its runs; raises InputRefused."""
    if sum(len(span) for found in spans.values() for span in found) > RUNS_MAX:
        raise InputRefused(f"more than {RUNS_MAX} runs", where="frequencies.txt")
    expanded, all_trips = Calls(), list(trips)
    runs = Calls()
    for number, group in groupby(calls.rows(), lambda call: call[0]):
        pattern = list(group)
        if number not in spans:
            expanded.add(pattern)
            continue
        starts: set[int] = set()
        starts.update(*spans[number])
        for start in sorted(starts):
            run = _run(trips[number], len(all_trips), start)
            all_trips.append(run)
            runs.add(_shifted(pattern, run.no, start))
    if len(expanded) + len(runs) > CALLS_MAX:
        raise InputRefused(f"more than {CALLS_MAX} calls", where="frequencies.txt")
    expanded.add(runs.rows())
    return expanded, all_trips


def _run(trip: Trip, number: int, start: int) -> Trip:
    clock = f"{start // 3600:02}:{start // 60 % 60:02}:{start % 60:02}"
    return Trip(
        no=number,
        id=f"{trip.id}@{clock}",
        route=trip.route,
        service=trip.service,
        headsign=trip.headsign,
        wheelchair=trip.wheelchair,
    )


def _shifted(pattern: list[Call], number: int, start: int) -> Iterator[Call]:
    first = pattern[0][2]
    for _, sequence, departure, stop, pickup, headsign in pattern:
        yield (number, sequence, departure - first + start, stop, pickup, headsign)
