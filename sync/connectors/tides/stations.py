"""Reads the stations of a tide database file: their waves and the datum of their heights.

The format is that of the neaps tide-database: a list of stations (or one station), each with
``id``, ``name``, ``latitude``, ``longitude``, ``harmonic_constituents`` of name, amplitude
(metres) and Greenwich phase lag (degrees), and ``datums`` in metres above the gauge's own zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json, Reject
from kiosk.domain.text import clean_line, fold
from sync.connectors.base import geo_of, reject_of, stable_id
from sync.connectors.tides.constituents import CONSTITUENTS
from sync.connectors.tides.prediction import Wave, lowest

STATIONS_MAX = 5_000
AMPLITUDE_MAX_M = 10.0  # the largest known M2 is 5 m
LEVEL_MAX_M = 20.0


class _Constants(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    amplitude: float
    phase: float


class _Quality(msgspec.Struct, frozen=True, kw_only=True):
    score: float = 0.0


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    latitude: float
    longitude: float
    harmonic_constituents: list[_Constants]
    aliases: list[str] = []
    datums: dict[str, float] = {}
    quality: _Quality = _Quality()


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A port; ``mean_m`` is mean level above LAT, None when the file doesn't say."""

    id: str
    name: str
    names: frozenset[str]  # folded: what it can be asked by
    geo: Geo
    waves: tuple[Wave, ...]
    mean_m: float | None
    score: float

    def level(self, now: datetime) -> float:
        """Give mean level above LAT in metres; computed over 19 years when it isn't published."""
        return -lowest(self.waves, now) if self.mean_m is None else self.mean_m


def stations(document: Json) -> Iterator[Station | Reject]:
    """Give the stations of a file; raises InputRefused when it holds none of them."""
    for number, entry in enumerate(_entries(document), 1):
        try:
            yield _station(entry)
        except InputRefused as wrong:
            yield reject_of(f"station {number}", wrong)


def _entries(document: Json) -> list[Json]:
    entries: list[Json] = document if isinstance(document, list) else [document]
    if not any(isinstance(entry, dict) and "harmonic_constituents" in entry for entry in entries):
        raise InputRefused("no station with harmonic_constituents")
    if len(entries) > STATIONS_MAX:
        raise InputRefused(f"more than {STATIONS_MAX} stations")
    return entries


def named(found: Sequence[Station], name: str) -> Station:
    """Give the station of this id or name, the best observed of several; raises InputRefused."""
    asked = fold(name)
    same = [station for station in found if asked in station.names]
    if not same:
        known = ", ".join(sorted({station.name for station in found})[:50])
        raise InputRefused(f"no such station: {name[:60]}", where="station", todo=f"one of {known}")
    return max(same, key=lambda station: station.score)


def _station(entry: Json) -> Station:
    try:
        read = msgspec.convert(entry, _Entry)
    except msgspec.ValidationError as wrong:
        raise InputRefused(str(wrong)) from wrong
    geo, name = geo_of(read.latitude, read.longitude), clean_line(read.name)
    if geo is None or not name or not fold(read.id):
        raise InputRefused("no id, no name or no position")
    return Station(
        id=stable_id(read.id),
        name=name,
        names=frozenset({fold(read.id), fold(name), *map(fold, read.aliases)}),
        geo=geo,
        waves=_waves(read.harmonic_constituents),
        mean_m=_mean(read.datums),
        score=read.quality.score,
    )


def _waves(constants: Sequence[_Constants]) -> tuple[Wave, ...]:
    """Give the port's waves; an unknown or doubled one would falsify the whole prediction."""
    names = [one.name.upper() for one in constants]
    unknown = set(names) - CONSTITUENTS.keys()
    if unknown:
        raise InputRefused(f"unknown constituent {min(unknown)}")
    if len(set(names)) < len(names) or not names:
        raise InputRefused("a constituent stands twice, or there is none")
    return tuple(map(_wave, constants))


def _wave(one: _Constants) -> Wave:
    if not (0 <= one.amplitude <= AMPLITUDE_MAX_M and -360 <= one.phase <= 360):
        raise InputRefused(f"{one.name}: amplitude or phase out of range")
    return Wave(
        constituent=CONSTITUENTS[one.name.upper()], amplitude_m=one.amplitude, lag=one.phase
    )


def _mean(datums: dict[str, float]) -> float | None:
    mean, low = datums.get("MSL"), datums.get("LAT")
    if mean is None or low is None:
        return None
    if not 0 <= mean - low <= LEVEL_MAX_M:
        raise InputRefused("mean level (MSL) isn't above the lowest tide (LAT)")
    return mean - low
