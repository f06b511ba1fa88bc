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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise
from operator import itemgetter, lt
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs.feed import Feed
from sync.connectors.gtfs.moments import BLANK, Memo, seconds_of
from sync.connectors.gtfs.sheet import Sheet

# A call's trip, sequence, departure (or BLANK), stop, pick-up and headsign.
Call: TypeAlias = tuple[int, int, int, int, str, str]
CALLS_MAX = 5_000_000
SEQUENCE_BITS = 31
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

    def ordered(self) -> Calls:
        """Give the calls by trip and sequence; themselves when they stand so already."""
        keys = [
            trip << SEQUENCE_BITS | sequence
            for trip, sequence in zip(self.trips, self.sequences, strict=True)
        ]
        if all(map(lt, keys, islice(keys, 1, None))):
            return self
        order = sorted(range(len(keys)), key=keys.__getitem__)
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
        self._trips = {key: trip.no for key, trip in feed.trips.items()}
        self._stops = {key: place.no for key, place in feed.places.items()}
        self._calls = Calls()

    def read(self) -> Calls:
        """Give the sound calls by trip and sequence; raises InputRefused past CALLS_MAX."""
        if not self._sheet.has(*NEEDED):
            return self._calls
        for before, chunk in self._sheet.chunks():
            rows = list(filter(None, chunk))
            if rows and not self._take(rows):
                for line, row in enumerate(chunk, before + 1):
                    self._calls.add(self._call(row, line))
            if len(self._calls) > CALLS_MAX:
                raise InputRefused(f"more than {CALLS_MAX} calls", where=self._sheet.name)
        return sound(self._calls.ordered(), self._sheet, self._feed)

    def _take(self, rows: list[list[str]]) -> bool:
        """Take a chunk whole, as columns; False when any row needs a closer look."""
        if len(set(map(len, rows))) > 1:
            return False
        columns = list(zip(*rows, strict=True))
        at = self._sheet.columns
        try:
            trip, sequence, departure, stop = (columns[at[name]] for name in NEEDED)
            trips = list(map(self._trips.__getitem__, trip))
            sequences = list(map(int, sequence))
            departures = list(map(self._times.__getitem__, departure))
            stops = list(map(self._stops.__getitem__, stop))
            if BLANK in departures:
                departures = self._arrivals(departures, columns)
        except (KeyError, IndexError, ValueError):
            return False
        if min(sequences) < 0 or max(sequences) >> SEQUENCE_BITS:
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
        try:
            if trip is not None and stop is not None:
                yield _parsed(cells, trip, stop)
                return
            why = "" if self._dropped(cells) or not any(cells.values()) else _unknown(cells, trip)
        except ValueError as wrong:
            why = str(wrong)
        if why:
            self._sheet.reject(why, line)

    def _dropped(self, cells: Mapping[str, str]) -> bool:
        dropped = self._feed.dropped
        return ("trip", cells["trip_id"]) in dropped or ("stop", cells["stop_id"]) in dropped


def _parsed(cells: Mapping[str, str], trip: int, stop: int) -> Call:
    sequence = int(cells["stop_sequence"])
    if sequence < 0 or sequence >> SEQUENCE_BITS:
        raise ValueError(f"not a sequence: {sequence}")
    departure = seconds_of(cells["departure_time"] or cells.get("arrival_time", ""))
    pickup, headsign = cells.get("pickup_type", ""), cells.get("stop_headsign", "")
    return (trip, sequence, departure, stop, pickup, headsign)


def _unknown(cells: Mapping[str, str], trip: int | None) -> str:
    if trip is None:
        return f"unknown trip {cells['trip_id']!r}"
    return f"unknown stop, or not one to board at: {cells['stop_id']!r}"


def sound(calls: Calls, sheet: Sheet, feed: Feed) -> Calls:
    """Give the ordered calls with the blanks filled and without those that can't be (rules 1-3)."""
    odd = _odd_trips(calls)
    if not odd:
        return calls
    names = {trip.no: trip.id for trip in feed.trips.values()}
    kept = Calls()
    for number, group in groupby(calls.rows(), itemgetter(0)):
        trip = list(group)
        kept.add(_mended(trip, names[number], sheet) if number in odd else trip)
    return kept


def _odd_trips(calls: Calls) -> set[int]:
    """Give the trips with a blank time, a time earlier than the one before, or a twin sequence."""
    moments = zip(calls.trips, calls.departures, calls.sequences, strict=True)
    odd = {
        one[0]
        for one, other in pairwise(moments)
        if one[0] == other[0] and (other[1] < one[1] or one[2] == other[2])
    }
    if BLANK in calls.departures:
        odd |= {call[0] for call in calls.rows() if call[2] == BLANK}
    return odd


def _mended(calls: list[Call], trip: str, sheet: Sheet) -> Iterator[Call]:
    """Mend one trip's calls; nothing is left when it has no time at an end."""
    if BLANK in (calls[0][2], calls[-1][2]):
        sheet.rejects.add(sheet.name, f"trip {trip!r} begins or ends without a time")
        return
    kept: list[Call] = []
    latest, last_sequence = BLANK, BLANK
    for call in calls:
        twin = call[1] == last_sequence
        if twin or BLANK < call[2] < latest:
            why = "its sequence stands twice" if twin else "earlier than the call before"
            sheet.rejects.add(sheet.name, f"trip {trip!r}, sequence {call[1]}: {why}")
            continue
        last_sequence, latest = call[1], max(latest, call[2])
        kept.append(call)
    yield from _filled(kept)


def _filled(calls: list[Call]) -> Iterator[Call]:
    """Spread the calls without a time evenly between their timed neighbours."""
    timed = [at for at, call in enumerate(calls) if call[2] != BLANK]
    for begin, end in pairwise(timed):
        start, span = calls[begin][2], calls[end][2] - calls[begin][2]
        for at in range(begin, end):
            trip, sequence, _, stop, pickup, headsign = calls[at]
            departure = start + span * (at - begin) // (end - begin)
            yield (trip, sequence, departure, stop, pickup, headsign)
    yield calls[timed[-1]]
