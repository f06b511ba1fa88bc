"""Predicts the water's height at a port, and its high and low waters, from its constituents.

Height above mean level = sum of f H cos(V + u - g): H and g are the port's amplitude and
Greenwich phase lag, V, f and u the constituent's (see constituents.py). Within a UTC day V grows
by the constituent's speed, and f and u stay those of noon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, radians, sin
from typing import Literal, TypeAlias

from sync.connectors.tides.constituents import Constituent, nodal_factors, sky_at

_STEP_H = 0.25  # well under the shortest period, M8's 3.1 h
_STEPS = [number * _STEP_H for number in range(int(24 / _STEP_H) + 1)]
_HALVINGS = 12  # 15 min / 2^12: a quarter of a second
STAND_M = 0.02
LAT_YEARS = 19  # one turn of the Moon's node is 18.6 years
_SPAN_H = 720  # stretch over which f and u stay when the lowest tide is looked for

Term: TypeAlias = tuple[float, float, float]  # metres, radians an hour, radians at 0 h


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One constituent at a port: amplitude in metres, Greenwich phase lag in degrees."""

    constituent: Constituent
    amplitude_m: float
    lag: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """A high or low water; ``height_m`` is above mean level."""

    time: datetime
    height_m: float
    kind: Literal["high", "low"]


def height_at(waves: Sequence[Wave], moment: datetime) -> float:
    """Give the height above mean level in metres at an aware ``moment``."""
    utc = moment.astimezone(UTC)
    midnight = _midnight(utc)
    return _height(_terms(waves, midnight), (utc - midnight).total_seconds() / 3600)


def extremes(waves: Sequence[Wave], start: datetime, end: datetime) -> Iterator[Extreme]:
    """Give the high and low waters from ``start`` (aware) until before ``end``, in order."""
    turns = _all_turns(waves, _midnight(start.astimezone(UTC)), end)
    return (turn for turn in _without_stands(turns) if start <= turn.time < end)


def _all_turns(waves: Sequence[Wave], day: datetime, end: datetime) -> Iterator[Extreme]:
    rising: bool | None = None
    for _ in range((end - day).days + 1):
        terms = _terms(waves, day)
        rises = [_slope(terms, hour) > 0 for hour in _STEPS]
        if rising is not None:
            rises[0] = rising  # midnight is judged once: no water is lost or doubled between days
        yield from _turns(terms, rises, day)
        rising, day = rises[-1], day + timedelta(days=1)


def _without_stands(turns: Iterator[Extreme]) -> Iterator[Extreme]:
    """Leave out the two turns of a dip or hump smaller than STAND_M: the water stands."""
    held: Extreme | None = None
    for turn in turns:
        if held is None:
            held = turn
        elif abs(turn.height_m - held.height_m) < STAND_M:
            held = None
        else:
            yield held
            held = turn
    if held is not None:
        yield held


def lowest(waves: Sequence[Wave], start: datetime) -> float:
    """Give the lowest predicted height above mean level, metres, in LAT_YEARS from ``start``.

    Hourly heights, a parabola through the lowest of each 30 days: right to a centimetre or two.
    """
    found = 0.0
    day = _midnight(start.astimezone(UTC))
    for _ in range(LAT_YEARS * 366 * 24 // _SPAN_H):
        terms = _terms(waves, day, middle_h=_SPAN_H / 2)
        heights = [_height(terms, hour) for hour in range(-1, _SPAN_H + 1)]
        at = min(range(1, len(heights) - 1), key=heights.__getitem__)
        found = min(found, _vertex(*heights[at - 1 : at + 2]))
        day += timedelta(hours=_SPAN_H)
    return found


def _midnight(utc: datetime) -> datetime:
    return utc.replace(hour=0, minute=0, second=0, microsecond=0)


def _terms(waves: Sequence[Wave], midnight: datetime, *, middle_h: float = 12) -> list[Term]:
    sky = sky_at(midnight)
    factors = nodal_factors(sky_at(midnight + timedelta(hours=middle_h)))
    terms: list[Term] = []
    for wave in waves:
        f, u = wave.constituent.factor(factors)
        start = radians((wave.constituent.argument(sky) - wave.lag) % 360) + u
        terms.append((f * wave.amplitude_m, radians(wave.constituent.speed), start))
    return terms


def _height(terms: Sequence[Term], hour: float) -> float:
    return sum(size * cos(speed * hour + start) for size, speed, start in terms)


def _slope(terms: Sequence[Term], hour: float) -> float:
    return -sum(size * speed * sin(speed * hour + start) for size, speed, start in terms)


def _turns(terms: Sequence[Term], rises: Sequence[bool], day: datetime) -> Iterator[Extreme]:
    steps = zip(pairwise(_STEPS), pairwise(rises), strict=True)
    for (before, after), (rose, rises_still) in steps:
        if rose != rises_still:
            hour = _turn(terms, before, after, rising=rose)
            yield Extreme(
                time=day + timedelta(hours=hour),
                height_m=_height(terms, hour),
                kind="high" if rose else "low",
            )


def _turn(terms: Sequence[Term], before: float, after: float, *, rising: bool) -> float:
    """Halve the step that holds the turn of the tide until it is short enough."""
    for _ in range(_HALVINGS):
        middle = (before + after) / 2
        if (_slope(terms, middle) > 0) == rising:
            before = middle
        else:
            after = middle
    return (before + after) / 2


def _vertex(left: float, middle: float, right: float) -> float:
    """Give the lowest value of the parabola through three points one step apart."""
    bend = left - 2 * middle + right
    return middle - (right - left) ** 2 / (8 * bend) if bend > 0 else middle
