"""Measures the line of a walk, and makes it small enough for a screen.

Rules:
1. Lengths are great-circle ones between the points that are given, each part for itself: a gap
   between two parts isn't walked.
2. A climb counts once it has added up to CLIMB_MIN_M, so that the noise of a GPS isn't one. When
   a point has no elevation, or all say 0 as some exporters write for "unknown", it is unknown.
3. A line is thinned to POINTS_IN_MAX evenly, then by Douglas and Peucker: what is left out lies
   within TOLERANCE_M of what is drawn. Coordinates keep five decimals (about a metre).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Walk

PARTS_MAX = 200
POINTS_IN_MAX = 1_000  # of all parts together, before the simplification
TOLERANCE_M = 8.0
CLIMB_MIN_M = 5.0
LOOP_M = 100.0  # ends this near, and nearer than a quarter of the way, make a loop

_EARTH_M = 6_371_008.8  # the mean radius (IUGG)
_DEGREE_M = _EARTH_M * math.pi / 180


class Point(NamedTuple):
    """A point in WGS 84 degrees; the elevation in metres, None when it isn't told."""

    lat: float
    lon: float
    elevation: float | None = None


Part = Sequence[Point]


def walkable(parts: Sequence[Part]) -> list[Part]:
    """Give the parts that lead somewhere; raises InputRefused when none does."""
    found = [*filter(_leads_somewhere, parts)]
    if not found:
        raise InputRefused("a line of fewer than two points")
    if len(found) > PARTS_MAX:
        raise InputRefused(f"a line of more than {PARTS_MAX} parts")
    return found


def _leads_somewhere(part: Part) -> bool:
    return any((point.lat, point.lon) != (part[0].lat, part[0].lon) for point in part)


def walk_of(parts: Sequence[Part]) -> Walk:
    """Give what the line alone tells of a walk; raises InputRefused when it leads nowhere."""
    found = walkable(parts)
    up, down = climb(found)
    length = math.fsum(map(length_m, found))
    return Walk(
        distance_m=round(length),
        ascent_m=up,
        descent_m=down,
        loop=apart_m(found[0][0], found[-1][-1]) <= min(LOOP_M, length / 4),
        lines=simplified(found),
    )


def apart_m(one: Point, other: Point) -> float:
    """Give the great-circle distance (haversine)."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    north, east = other_lat - lat, math.radians(other.lon - one.lon)
    half = math.sin(north / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(east / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def length_m(part: Part) -> float:
    """Give the length of one part."""
    return math.fsum(apart_m(one, other) for one, other in pairwise(part))


def climb(parts: Sequence[Part]) -> tuple[int | None, int | None]:
    """Give (ascent, descent) in metres, None each when they are unknown."""
    heights = [point.elevation for part in parts for point in part]
    if None in heights or not any(heights):
        return None, None
    up, down = (math.fsum(metres) for metres in zip(*map(_climb, parts), strict=True))
    return round(up), round(down)


def _climb(part: Part) -> tuple[float, float]:
    """Give one part's ascent and descent."""
    up = down = 0.0
    settled = part[0].elevation or 0.0
    for point in part:
        change = (point.elevation or 0.0) - settled
        if abs(change) >= CLIMB_MIN_M:
            up, down = up + max(change, 0), down - min(change, 0)
            settled += change
    return up, down


def simplified(parts: Sequence[Part]) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Give the parts' [latitude, longitude] with the fewest points that keep their shape."""
    step = -(-sum(map(len, parts)) // POINTS_IN_MAX)
    drawn = (_peucker(_thinned(part, step)) for part in parts)
    return tuple(
        tuple((round(point.lat, 5), round(point.lon, 5)) for point in part) for part in drawn
    )


def _thinned(part: Part, step: int) -> list[Point]:
    """Give every ``step``-th point and the last one."""
    kept = list(part[::step])
    return kept if kept[-1] == part[-1] else [*kept, part[-1]]


def _peucker(part: list[Point]) -> list[Point]:
    flat = _flat(part)
    kept = {0, len(part) - 1}
    open_spans = [(0, len(part) - 1)]
    while open_spans:  # each turn keeps one more point or closes a span: at most 2 n turns
        first, last = open_spans.pop()
        far, at = max(
            ((_off(flat[i], flat[first], flat[last]), i) for i in range(first + 1, last)),
            default=(0.0, first),
        )
        if far > TOLERANCE_M:
            kept.add(at)
            open_spans += [(first, at), (at, last)]
    return [part[at] for at in sorted(kept)]


def _flat(part: list[Point]) -> list[tuple[float, float]]:
    """Give the points on a plane of metres around the first one."""
    east_m = _DEGREE_M * math.cos(math.radians(part[0].lat))
    return [(point.lon * east_m, point.lat * _DEGREE_M) for point in part]


def _off(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Give the distance of ``point`` from the stretch between ``start`` and ``end``."""
    (x, y), (x0, y0) = point, start
    dx, dy = end[0] - x0, end[1] - y0
    squared = dx * dx + dy * dy
    along = ((x - x0) * dx + (y - y0) * dy) / squared if squared else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(x - x0 - along * dx, y - y0 - along * dy)
