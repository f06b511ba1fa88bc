"""Reads stop_times: which trip calls where and when.

Rules:
1. A call without a departure time leaves at its arrival; without both it is interpolated:
   the calls between two timed ones are spread evenly, rounded down (better early than missed).
2. A trip whose first or last call has no time can't be ridden: rejected.
3. A call earlier than the one before it, or of the same sequence, is rejected.

A chunk of sound rows is turned into columns without a step of Python per row; a chunk with a
fault is read again row by row, to say which.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, islice, pairwise
from operator import eq, ge, gt, le, not_
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs.feed import Feed
from sync.connectors.gtfs.moments import BLANK, Memo, seconds_of
from sync.connectors.gtfs.sheet import Sheet

# A call's trip, sequence, departure (or BLANK), stop, pick-up and headsign.
Call: TypeAlias = tuple[int, int, int, int, str, str]
CALLS_MAX = 5_000_000
SEQUENCE_MAX = (1 << 31) - 1
NEEDED = ("trip_id", "stop_sequence", "departure_time", "stop_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls as columns of one length (a tuple a call would be eight times the memory)."""

    trips: list[int] = field(default_factory=list[int])
    sequences: list[int] = field(default_factory=list[int])
    departures: list[int] = field(default_factory=list[int])
    stops: list[int] = field(default_factory=list[int])
    pickups: list[str] = field(default_factory=list[str])
    headsigns: list[str] = field(default_factory=list[str])

    def __len__(self) -> int:
        return len(self.trips)

    def rows(self) -> Iterator[Call]:
        """Yield the calls one by one."""
        return zip(
            self.trips,
            self.sequences,
            self.departures,
            self.stops,
            self.pickups,
            self.headsigns,
            strict=True,
        )

    def add(self, calls: Iterable[Call]) -> None:
        """Append calls given one by one."""
        for trip, sequence, departure, stop, pickup, headsign in calls:
            self.trips.append(trip)
            self.sequences.append(sequence)
            self.departures.append(departure)
            self.stops.append(stop)
            self.pickups.append(pickup)
            self.headsigns.append(headsign)

    def take(self, order: Sequence[int]) -> Calls:
        """Give the calls that stand at the indices ``order``."""
        return Calls(
            trips=[self.trips[at] for at in order],
            sequences=[self.sequences[at] for at in order],
            departures=[self.departures[at] for at in order],
            stops=[self.stops[at] for at in order],
            pickups=[self.pickups[at] for at in order],
            headsigns=[self.headsigns[at] for at in order],
        )


class CallReader:
    """Reads the rows of one stop_times.txt into columns."""

    def __init__(self, sheet: Sheet, feed: Feed) -> None:
        self._sheet = sheet
        self._feed = feed
        self._times = Memo(seconds_of)
        self._sequences = Memo(_sequence_of)
        self._trips = {key: trip.no for key, trip in feed.trips.items()}
        self._stops = {key: place.no for key, place in feed.places.items()}
        self._calls = Calls()

    def read(self) -> Calls:
        """Give the sound calls by trip and sequence; raises InputRefused past CALLS_MAX."""
        if not self._sheet.has(*NEEDED):
            return self._calls
        for before, chunk in self._sheet.chunks():
            if not self._take(chunk):
                for line, row in enumerate(chunk, before + 1):
                    self._calls.add(self._call(row, line))
            if len(self._calls) > CALLS_MAX:
                raise InputRefused(f"more than {CALLS_MAX} calls", where=self._sheet.name)
        return sound(self._calls, self._sheet, self._feed)

    def _take(self, rows: list[list[str]]) -> bool:
        """Take a chunk whole, as columns; False when any row needs a closer look."""
        at = self._sheet.columns
        try:
            columns = list(zip(*rows, strict=True))
            trip, sequence, departure, stop = (columns[at[name]] for name in NEEDED)
            trips = list(map(self._trips.__getitem__, trip))
            sequences = list(map(self._sequences.__getitem__, sequence))
            departures = list(map(self._times.__getitem__, departure))
            stops = list(map(self._stops.__getitem__, stop))
            if BLANK in departures:
                departures = self._arrivals(departures, columns)
        except (KeyError, IndexError, ValueError):
            return False
        self._calls.trips.extend(trips)
        self._calls.sequences.extend(sequences)
        self._calls.departures.extend(departures)
        self._calls.stops.extend(stops)
        self._calls.pickups.extend(self._column(columns, "pickup_type", len(rows)))
        self._calls.headsigns.extend(self._column(columns, "stop_headsign", len(rows)))
        return True

    def _arrivals(self, departures: list[int], columns: list[tuple[str, ...]]) -> list[int]:
        """Fill the blank departures with the arrivals."""
        arrivals = self._column(columns, "arrival_time", len(departures))
        return [
            self._times[arrival] if departure == BLANK else departure
            for departure, arrival in zip(departures, arrivals, strict=True)
        ]

    def _column(self, columns: list[tuple[str, ...]], name: str, length: int) -> Iterable[str]:
        at = self._sheet.columns.get(name, len(columns))
        return columns[at] if at < len(columns) else [""] * length

    def _call(self, row: list[str], line: int) -> Iterator[Call]:
        """Yield the row's call, its cells stripped; nothing when it is wrong, which is said."""
        at = self._sheet.columns.items()
        cells = {name: row[index].strip() if index < len(row) else "" for name, index in at}
        trip = self._trips.get(cells["trip_id"])
        stop = self._stops.get(cells["stop_id"])
        if trip is None or stop is None:
            if not self._in_silence(cells):
                self._sheet.reject(_unknown(cells, trip), line)
            return
        try:
            yield _parsed(cells, trip, stop)
        except ValueError as wrong:
            self._sheet.reject(str(wrong), line)

    def _in_silence(self, cells: Mapping[str, str]) -> bool:
        """Say whether the row is blank, or hangs on what was rejected already."""
        dropped = self._feed.dropped
        hangs = ("trip", cells["trip_id"]) in dropped or ("stop", cells["stop_id"]) in dropped
        return hangs or not any(cells.values())


def _parsed(cells: Mapping[str, str], trip: int, stop: int) -> Call:
    sequence = _sequence_of(cells["stop_sequence"])
    departure = seconds_of(cells["departure_time"] or cells.get("arrival_time", ""))
    pickup, headsign = cells.get("pickup_type", ""), cells.get("stop_headsign", "")
    return (trip, sequence, departure, stop, pickup, headsign)


def _sequence_of(text: str) -> int:
    sequence = int(text)
    if not 0 <= sequence <= SEQUENCE_MAX:
        raise ValueError(f"not a sequence: {sequence}")
    return sequence


def _unknown(cells: Mapping[str, str], trip: int | None) -> str:
    if trip is None:
        return f"unknown trip {cells['trip_id']!r}"
    return f"unknown stop, or not one to board at: {cells['stop_id']!r}"


def sound(calls: Calls, sheet: Sheet, feed: Feed) -> Calls:
    """Give the calls by trip and sequence, blanks filled, without the wrong ones (rules 1-3)."""
    calls, odd = _ordered(calls)
    odd |= _untimely(calls)
    if not odd:
        return calls
    names = {trip.no: trip.id for trip in feed.trips.values()}
    wrong: set[int] = set()
    for trip in sorted(odd):
        at = range(bisect_left(calls.trips, trip), bisect_right(calls.trips, trip))
        for index, why in _wrong(calls, at):
            wrong.add(index)
            sequence = calls.sequences[index]
            sheet.rejects.add(sheet.name, f"trip {names[trip]!r}, sequence {sequence}: {why}")
        _fill(calls.departures, _without(wrong, at))
    return calls.take(_without(wrong, range(len(calls)))) if wrong else calls


def _without(wrong: Container[int], at: range) -> list[int]:
    return [index for index in at if index not in wrong]


def _ordered(calls: Calls) -> tuple[Calls, set[int]]:
    """Give the calls by trip and sequence, and the trips that have a sequence twice."""
    trips, sequences = calls.trips, calls.sequences
    if all(map(le, trips, islice(trips, 1, None))) and not _within(trips, sequences, ge):
        return calls, set()
    order = sorted(range(len(calls)), key=sequences.__getitem__)
    order.sort(key=trips.__getitem__)  # the sequences stay in order within their trip
    calls = calls.take(order)
    return calls, _within(calls.trips, calls.sequences, eq)


def _untimely(calls: Calls) -> set[int]:
    """Give the trips with a blank time or a time earlier than the one before."""
    trips, departures = calls.trips, calls.departures
    if BLANK not in departures:
        return _within(trips, departures, gt)
    timed = list(map(BLANK.__ne__, departures))
    odd = set(compress(trips, map(not_, timed)))
    return odd | _within([*compress(trips, timed)], [*compress(departures, timed)], gt)


def _within(trips: list[int], numbers: list[int], found: Callable[[int, int], bool]) -> set[int]:
    """Give the trips of which a number and the next one of the same trip are so."""
    places = compress(count(), map(found, numbers, islice(numbers, 1, None)))
    return {trips[at] for at in places if trips[at] == trips[at + 1]}


def _wrong(calls: Calls, at: range) -> Iterator[tuple[int, str]]:
    """Yield the calls of one trip that can't stand, and why."""
    latest, last_sequence, times = BLANK, BLANK, calls.departures
    if BLANK in (times[at[0]], times[at[-1]]):
        yield from ((index, "the trip begins or ends without a time") for index in at)
        return
    for index in at:
        if calls.sequences[index] == last_sequence:
            yield index, "its sequence stands twice"
        elif BLANK < times[index] < latest:
            yield index, "earlier than the call before"
        else:
            last_sequence, latest = calls.sequences[index], max(latest, times[index])


def _fill(times: list[int], at: list[int]) -> None:
    """Spread the blank ones of the times at ``at`` evenly between their timed neighbours."""
    timed = [place for place, index in enumerate(at) if times[index] != BLANK]
    for begin, end in pairwise(timed):
        start, span = times[at[begin]], times[at[end]] - times[at[begin]]
        for place in range(begin + 1, end):
            times[at[place]] = start + span * (place - begin) // (end - begin)
