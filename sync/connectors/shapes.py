"""Gives one position for a GeoJSON geometry.

========================  ==========================================================
geometry                  its position
========================  ==========================================================
Point                     itself
MultiPoint                its first point
LineString                its middle vertex
MultiLineString           the middle vertex of its longest line (by vertices)
Polygon                   centroid of the outer ring, computed on the plane of degrees
MultiPolygon              the same, of its largest outer ring
========================  ==========================================================
On the plane of degrees a commune's centroid is off by some metres: enough to sort by
distance, not to survey. The centroid of a crescent may lie outside of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json
from sync.connectors.base import is_number

PARTS_MAX = 5_000  # rings or lines of one feature
POINTS_MAX = 200_000  # of one ring or line
_AREA_MIN = 1e-12  # below it a ring is a line: its vertices' mean is taken

Point: TypeAlias = tuple[float, float]  # longitude, latitude


def position_of(geometry: Json) -> Geo:
    """Give the geometry's position; raises InputRefused."""
    if not isinstance(geometry, dict):
        raise InputRefused("no geometry")
    kind = geometry.get("type")
    find = _FINDERS.get(kind) if isinstance(kind, str) else None
    if find is None:
        raise InputRefused(f"a geometry of type {str(kind)[:40]} has no position")
    lon, lat = find(geometry.get("coordinates"))
    return Geo(lat=lat, lon=lon)


def _of_points(value: Json) -> Point:
    return _points(value, 1)[0]


def _of_line(value: Json) -> Point:
    return _middle(_points(value, 2))


def _of_lines(value: Json) -> Point:
    return _middle(max((_points(part, 2) for part in _parts(value)), key=len))


def _of_polygon(value: Json) -> Point:
    return _centroid(_outer(value))


def _of_polygons(value: Json) -> Point:
    return _centroid(max(map(_outer, _parts(value)), key=lambda ring: abs(_area(ring))))


def _parts(value: Json) -> list[Json]:
    if not isinstance(value, list) or not value:
        raise InputRefused("empty coordinates")
    if len(value) > PARTS_MAX:
        raise InputRefused(f"more than {PARTS_MAX} parts in one geometry")
    return value


def _outer(polygon: Json) -> list[Point]:
    return _points(_parts(polygon)[0], 3)


def _points(value: Json, least: int) -> list[Point]:
    if not isinstance(value, list) or not least <= len(value) <= POINTS_MAX:
        raise InputRefused(f"not a list of {least} to {POINTS_MAX} points")
    return [_point(point) for point in value]


def _point(value: Json) -> Point:
    if not isinstance(value, list) or len(value) < 2:
        raise InputRefused("a point that isn't [longitude, latitude]")
    lon, lat = value[0], value[1]
    if not (is_number(lon) and is_number(lat)):
        raise InputRefused("a point whose coordinates aren't numbers")
    geo = Geo(lat=float(lat), lon=float(lon))
    return geo.lon, geo.lat


def _middle(line: list[Point]) -> Point:
    return line[len(line) // 2]


def _area(ring: list[Point]) -> float:
    """Give twice the signed area (the shoelace formula), in square degrees."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def _mean(ring: list[Point]) -> Point:
    return fmean(x for x, _ in ring), fmean(y for _, y in ring)


def _centroid(ring: list[Point]) -> Point:
    """Give the centroid; the ring is first moved to its own origin, which keeps the digits."""
    x0, y0 = ring[0]
    local = [(x - x0, y - y0) for x, y in ring]
    area = _area(local)
    if abs(area) < _AREA_MIN:
        return _mean(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(local, local[1:] + local[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x0 + x / (3 * area), y0 + y / (3 * area)


_FINDERS: Mapping[str, Callable[[Json], Point]] = {
    "Point": _point,
    "MultiPoint": _of_points,
    "LineString": _of_line,
    "MultiLineString": _of_lines,
    "Polygon": _of_polygon,
    "MultiPolygon": _of_polygons,
}
