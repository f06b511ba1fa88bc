"""Groups stops into boards: what a rider looks at under one name.

Rules:
1. A station stands for all its platforms and boarding areas.
2. Stops of the same name (accents and case apart) within SAME_PLACE_M of each other are one
   board: the two sides of a street. The same name further away is another village's.
3. A board is known by its station, else by its first stop in the file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.domain.record import Geo
from kiosk.domain.text import fold
from sync.connectors.gtfs.feed import Place
from sync.connectors.gtfs.moments import Memo
from sync.connectors.gtfs.sheet import Rejects

SAME_PLACE_M = 1000.0
PARENTS_MAX = 3  # boarding area → platform → station
_METRES_PER_DEGREE = 111_195.0


@dataclass(slots=True, kw_only=True)
class Boards:
    """The heads of the boards in order with their folded names, and by stop number its board.

    ``stops`` have inherited what their station knows better.
    """

    heads: list[Place]
    folded: list[str]
    of_stop: list[int]
    stops: list[Place]


def group(places: dict[str, Place], rejects: Rejects) -> Boards:
    """Group the stops; a parent that doesn't exist is a reject, its child stands alone."""
    roots = {place.no: _root(place, places, rejects) for place in places.values()}
    stops = [_heir(place, roots[place.no]) for place in places.values()]
    names = Memo(fold)
    heads, board_of_root = _heads(
        [place for place in stops if roots[place.no].no == place.no], names
    )
    return Boards(
        heads=heads,
        folded=[names[head.name] for head in heads],
        of_stop=[board_of_root[roots[place.no].no] for place in stops],
        stops=stops,
    )


def _heads(roots: list[Place], names: Memo[str]) -> tuple[list[Place], dict[int, int]]:
    """Give the heads of the boards, stations first, and by the number of a root its board."""
    heads: list[Place] = []
    board_of: dict[int, int] = {}
    same_name: dict[str, list[int]] = {}
    for root in sorted(roots, key=lambda place: not place.station):
        twins = same_name.setdefault(names[root.name] or root.name, [])
        board = next((no for no in twins if _near(heads[no].geo, root.geo)), len(heads))
        if board == len(heads):
            heads.append(root)
            twins.append(board)
        board_of[root.no] = board
    return heads, board_of


def _root(place: Place, places: dict[str, Place], rejects: Rejects) -> Place:
    """Climb to the station."""
    found = place
    for _ in range(PARENTS_MAX):
        if not found.parent:
            return found
        parent = places.get(found.parent)
        if parent is None:
            why = f"stop {found.id!r} names an unknown parent_station {found.parent!r}"
            if found is place:
                rejects.add("stops.txt", why)
            return found
        found = parent
    rejects.add("stops.txt", f"stop {place.id!r} has parents in a circle or too many")
    return place


def _heir(place: Place, root: Place) -> Place:
    """Give the stop with what its station knows better: a name, an access, a position."""
    name, access = place.name or root.name or place.id, place.wheelchair or root.wheelchair
    geo = place.geo or root.geo
    if (name, geo, access) == (place.name, place.geo, place.wheelchair):
        return place
    return place._replace(name=name, geo=geo, wheelchair=access)


def _near(one: Geo | None, other: Geo | None) -> bool:
    if one is None or other is None:
        return one is other
    north = one.lat - other.lat
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(north, east) * _METRES_PER_DEGREE <= SAME_PLACE_M
