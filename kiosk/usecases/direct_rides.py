"""Finds direct rides between two places: the stops near both, and the runs that join them.

Rules:
1. A stop counts as near within WALK_MAX_M as the crow flies; the HALTS_MAX nearest are tried.
2. A ride is direct when one run leaves the first stop and calls at the second within RIDE_MAX.
3. At a run's last stop nobody can board, so a timetable doesn't say when it arrives there: the
   ride is given without its arrival, when no other stop of the feed bears that stop's name.
4. A ride counts when one can walk to it in time, at WALK_M_PER_MIN.
5. Of several pairs of stops the one with the soonest ride wins, the walk at its end counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain.distance import metres
from kiosk.domain.record import Geo, Localised, text_in
from kiosk.domain.territory import Dataset
from kiosk.domain.transit import Departure
from kiosk.ports import ServiceCache, Timetable

WALK_MAX_M = 1_000
WALK_M_PER_MIN = 60  # 3.6 km/h: an easy pace, over streets longer than the straight line
HALTS_MAX = 3
RIDES_MAX = 5
LEAVING_MAX = 60  # departures of the first stop that are looked at
CALLING_MAX = 200
NAMESAKES_MAX = 10
RIDE_MAX = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A stop near a place; ``away_m`` metres as the crow flies."""

    key: str
    name: Localised
    away_m: float

    @property
    def walk(self) -> timedelta:
        """How long one walks there."""
        return timedelta(minutes=self.away_m / WALK_M_PER_MIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A direct ride; ``arrives`` None at the run's last stop, whose time nobody tells."""

    departure: Departure
    arrives: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A pair of stops with the next direct rides between them, soonest first."""

    board: Halt
    alight: Halt
    rides: tuple[Ride, ...]

    @property
    def next(self) -> Ride | None:
        """The soonest ride that isn't cancelled, None when all are."""
        return next((one for one in self.rides if not one.departure.cancelled), None)


def halts_near(cache: ServiceCache, stops: Dataset, place: Geo) -> list[Halt]:
    """Give the stops that one can walk to from ``place``, nearest first."""
    found = cache.nearest(stops.id, place, stops.policy, limit=HALTS_MAX)
    halts = [
        Halt(
            key=f"{stops.id}/{one.value.id}",
            name=one.value.title,
            away_m=metres(place, one.value.geo.lat, one.value.geo.lon),
        )
        for one in found
        if one.value.geo is not None
    ]
    return [halt for halt in halts if halt.away_m <= WALK_MAX_M]


def best_way(
    timetable: Timetable, boards: Sequence[Halt], alights: Sequence[Halt], now: datetime
) -> Way | None:
    """Give the pair of stops that gets there soonest (rule 5), None without any direct ride."""
    ways = [
        Way(board=board, alight=alight, rides=rides)
        for board in boards
        for alight in alights
        if board.key != alight.key and (rides := direct_rides(timetable, board, alight, now))
    ]
    return min(ways, key=_soonest, default=None)


def _soonest(way: Way) -> datetime:
    return _leaves((way.next or way.rides[0]).departure) + way.alight.walk


def _leaves(departure: Departure) -> datetime:
    return departure.expected or departure.scheduled


def direct_rides(
    timetable: Timetable, board: Halt, alight: Halt, now: datetime
) -> tuple[Ride, ...]:
    """Give the next direct rides from ``board`` to ``alight``, at most RIDES_MAX."""
    calls: dict[str, list[Departure]] = {}
    for call in timetable.departures(alight.key, now, limit=CALLING_MAX):
        calls.setdefault(call.trip, []).append(call)
    last = _last_stop(timetable, alight)
    rides: list[Ride] = []
    for departure in timetable.departures(board.key, now, limit=LEAVING_MAX):
        ride = _ride(departure, calls.get(departure.trip, []), last)
        if ride is not None and _leaves(departure) >= now + board.walk:
            rides.append(ride)
    return tuple(rides[:RIDES_MAX])


def _last_stop(timetable: Timetable, halt: Halt) -> str:
    """Give the name by which a run's last stop is known to be ``halt``, "" when others bear it."""
    name = text_in(halt.name, "fr")[0]
    same = [one for one in timetable.stops(name, limit=NAMESAKES_MAX) if one.name == name]
    return name if [one.key for one in same] == [halt.key] else ""


def _ride(departure: Departure, calls: Sequence[Departure], last: str) -> Ride | None:
    """Give the ride of a departure, None when its run doesn't get there afterwards."""
    for call in calls:
        if timedelta(0) < call.scheduled - departure.scheduled <= RIDE_MAX:
            return Ride(departure=departure, arrives=call.expected or call.scheduled)
    ends = bool(last) and departure.destination == last
    return Ride(departure=departure, arrives=None) if ends else None
