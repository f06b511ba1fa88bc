"""When the sun rises and sets, and when it gets light and dark (civil twilight).

The formulas are those of NOAA's solar calculator, after Meeus, "Astronomical Algorithms": right to
a minute below the polar circle. Seconds are cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import acos, asin, cos, degrees, radians, sin, tan

from kiosk.domain.opening_hours.expression import SunEvent

NOMINAL: Mapping[SunEvent, int] = {"dawn": 330, "sunrise": 360, "sunset": 1080, "dusk": 1110}

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CENTURY_DAYS = 36525
_HORIZON = -0.833  # refraction and the sun's radius, degrees
_TWILIGHT = -6.0
_ROUNDS = 3  # the sun moves on until it rises: each round halves what is left of the error
_EVENTS: tuple[tuple[SunEvent, float, int], ...] = (
    ("dawn", _TWILIGHT, -1),
    ("sunrise", _HORIZON, -1),
    ("sunset", _HORIZON, 1),
    ("dusk", _TWILIGHT, 1),
)


def sun_times(
    day: date, position: tuple[float, float], zone: tzinfo
) -> Mapping[SunEvent, int] | None:
    """Give minutes after local midnight by event; None where one doesn't happen that day."""
    found: dict[SunEvent, int] = {}
    for event, height, side in _EVENTS:
        minutes = _crossing(day, position, height, side)
        if minutes is None:
            return None
        found[event] = _local(day, minutes, zone)
    return found


def _crossing(day: date, position: tuple[float, float], height: float, side: int) -> float | None:
    """Give minutes of UTC when the sun passes ``height`` degrees, before noon or after it."""
    latitude, longitude = position
    noon = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - _J2000).days
    minutes = 720.0
    for _ in range(_ROUNDS):
        declination, equation = _sun((noon + (minutes - 720) / 1440) / _CENTURY_DAYS)
        top = sin(radians(height)) - sin(radians(latitude)) * sin(declination)
        bottom = cos(radians(latitude)) * cos(declination)
        if abs(top) >= abs(bottom):
            return None
        arc = degrees(acos(top / bottom))
        minutes = 720 - 4 * longitude - equation + side * 4 * arc
    return minutes


def _sun(centuries: float) -> tuple[float, float]:
    """Give the sun's declination (radians) and the equation of time (minutes)."""
    mean = radians(280.46646 + centuries * (36000.76983 + centuries * 0.0003032))
    anomaly = radians(357.52911 + centuries * (35999.05029 - 0.0001537 * centuries))
    orbit = 0.016708634 - centuries * 0.000042037
    centre = (
        sin(anomaly) * (1.914602 - centuries * 0.004817)
        + sin(2 * anomaly) * 0.019993
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * centuries)
    apparent = mean + radians(centre - 0.00569 - 0.00478 * sin(node))
    tilt = radians(23.4392911 - 0.0130042 * centuries + 0.00256 * cos(node))
    half = tan(tilt / 2) ** 2
    equation = (
        half * sin(2 * mean)
        - 2 * orbit * sin(anomaly)
        + 4 * orbit * half * sin(anomaly) * cos(2 * mean)
        - half * half / 2 * sin(4 * mean)
        - 1.25 * orbit * orbit * sin(2 * anomaly)
    )
    return asin(sin(tilt) * sin(apparent)), 4 * degrees(equation)


def _local(day: date, minutes: float, zone: tzinfo) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    local = (midnight + timedelta(minutes=minutes)).astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute
