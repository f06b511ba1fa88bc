"""Makes a record of each high and low water of a port in a stretch of time.

Rules:
1. ``extra`` "station" is an id, a name or an alias; without it every station is predicted.
2. "from" and "to" are ISO times (those without offset of the context's zone); without them the
   DAYS_USUAL days from today's midnight. At most DAYS_MAX days.
3. Heights are in metres above the lowest astronomical tide (datum "LAT"); times are to the
   minute. Both are indicative, and every record says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Tide, data_of
from kiosk.domain.record import Record
from sync.connectors.base import Context, Item, record_of
from sync.connectors.strict_json import read_json
from sync.connectors.tides.prediction import Extreme, extremes
from sync.connectors.tides.stations import Station, named, stations
from sync.connectors.times import midnight, moment_of, zone_of

DAYS_USUAL = 7
DAYS_MAX = 400
DATUM = "LAT"

_WATERS = {"high": ("Pleine mer", "High water"), "low": ("Basse mer", "Low water")}
_CAUTION = {
    "fr": "Prédiction indicative, sans l’effet du vent ni de la pression. Hauteur au-dessus"
    " du niveau des plus basses mers astronomiques. Ne pas utiliser pour naviguer.",
    "en": "Indicative prediction, without the effect of wind and pressure. Height above the"
    " lowest astronomical tide. Not for navigation.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time asked for, and the zone in which times are given."""

    start: datetime
    end: datetime
    zone: ZoneInfo


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the high and low waters; raises InputRefused when it isn't a file of stations."""
    window = _window(context)
    found: list[Station] = []
    for item in stations(read_json(raw)):
        if isinstance(item, Station):
            found.append(item)
        else:
            yield item
    for station in _asked(found, context):
        yield from _records(station, context, window)


def _window(context: Context) -> Window:
    zone = zone_of(context)
    today = midnight(context.now.astimezone(zone).date(), zone)
    start = _moment(context, "from", zone) or today
    end = _moment(context, "to", zone) or start + timedelta(days=DAYS_USUAL)
    if not start < end <= start + timedelta(days=DAYS_MAX):
        todo = f"give “from” before “to”, at most {DAYS_MAX} days apart"
        raise InputRefused("no such stretch of time", where="context", todo=todo)
    return Window(start=start, end=end, zone=zone)


def _moment(context: Context, name: str, zone: ZoneInfo) -> datetime | None:
    value = context.extra.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputRefused(f"{name} isn't an ISO time", where="context")
    return moment_of(value, zone)


def _asked(found: list[Station], context: Context) -> list[Station]:
    name = context.extra.get("station")
    if name is None:
        return found
    if not isinstance(name, str):
        raise InputRefused("station isn't a name", where="context")
    return [named(found, name)]


def _records(station: Station, context: Context, window: Window) -> Iterator[Record]:
    level = station.level(context.now)
    for extreme in extremes(station.waves, window.start, window.end):
        yield _record(station, extreme, level, context, window.zone)


def _record(
    station: Station, extreme: Extreme, level: float, context: Context, zone: ZoneInfo
) -> Record:
    time = _to_the_minute(extreme.time)
    height_m = round(level + extreme.height_m, 2)
    facts = Tide(
        time=time.astimezone(zone),
        height_m=height_m,
        kind=extreme.kind,
        datum=DATUM,
        station=station.name,
    )
    french, english = _WATERS[extreme.kind]
    metres = f"{height_m:.2f}".replace(".", ",")
    return record_of(
        context,
        id=f"{station.id}@{time:%Y-%m-%dT%H:%MZ}",
        kind="tide",
        title={
            "fr": f"{french}, {station.name}\u00a0: {metres}\u00a0m (indicatif)",
            "en": f"{english}, {station.name}: {height_m:.2f} m (indicative)",
        },
        body=_CAUTION,
        geo=station.geo,
        data=data_of(facts),
    )


def _to_the_minute(time: datetime) -> datetime:
    rounded = time.astimezone(UTC) + timedelta(seconds=30)
    return rounded.replace(second=0, microsecond=0)
