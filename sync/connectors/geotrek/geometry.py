"""Reads the GeoJSON geometries of Geotrek: lines with heights, collections of shapes."""

from __future__ import annotations

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json
from sync.connectors.base import is_number
from sync.connectors.glance import at
from sync.connectors.lines import Point
from sync.connectors.shapes import PARTS_MAX, POINTS_MAX, position_of


def parts_of(geometry: Json) -> list[list[Point]]:
    """Give the parts of a line, [] for any other shape; raises InputRefused for a broken one."""
    kind, coordinates = at(geometry, "type"), geometry_coordinates(geometry)
    if kind == "LineString":
        return [_points(coordinates)]
    parts = coordinates[:PARTS_MAX] if kind == "MultiLineString" else []
    return [_points(part) for part in parts if isinstance(part, list)]


def geometry_coordinates(geometry: Json) -> list[Json]:
    """Give the coordinates, [] when there are none."""
    found = geometry.get("coordinates") if isinstance(geometry, dict) else None
    return found if isinstance(found, list) else []


def _points(values: list[Json]) -> list[Point]:
    if len(values) > POINTS_MAX:
        raise InputRefused(f"a line of more than {POINTS_MAX} points")
    return [_point(value) for value in values]


def _point(value: Json) -> Point:
    found = value[:3] if isinstance(value, list) else []
    numbers = [float(one) for one in found if is_number(one)]
    if len(numbers) < 2:
        raise InputRefused("a point that isn't [longitude, latitude]")
    geo = Geo(lat=numbers[1], lon=numbers[0])
    return Point(geo.lat, geo.lon, *numbers[2:])


def place_of(geometry: Json) -> Geo | None:
    """Give the position of a shape, of a collection's first one; None when there is none."""
    shapes = geometry.get("geometries") if isinstance(geometry, dict) else None
    first = shapes[0] if isinstance(shapes, list) and shapes else geometry
    try:
        return position_of(first)
    except InputRefused:
        return None
