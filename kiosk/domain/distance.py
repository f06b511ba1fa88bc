"""Distances on the Earth."""

from __future__ import annotations

import math

from kiosk.domain.record import Geo

_EARTH_M = 6_371_000.0


def metres(here: Geo, lat: float, lon: float) -> float:
    """Give the great-circle distance in metres (haversine)."""
    north, south = math.radians(here.lat), math.radians(lat)
    turn = math.radians(lon - here.lon)
    chord = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(turn / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(math.sqrt(min(chord, 1.0)))
