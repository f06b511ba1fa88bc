"""Makes records of GBFS feeds: a place a station, a gauge of what is free there, and more.

===================  ======  ==========================================================
feed                 kind    record
===================  ======  ==========================================================
station_information  place   ``station:<id>``, its position, address, capacity
station_status       gauge   ``status:<id>``: vehicles to rent; free docks stand beside
free_bike_status,    place   ``vehicle:<id>``: a free vehicle, its form and range
vehicle_status
system_information   place   ``system:<id>``: who runs it, phone, hours, licence
system_alerts        notice  ``alert:<id>``, with its periods
===================  ======  ==========================================================
Rules:
1. Given together, the feeds help each other: a gauge bears its station's name and capacity.
2. What is free is believed for the feed's ``ttl``, at least ``extra["valid_s"]`` (300) seconds.
3. A capacity that isn't told is vehicles and docks together; 0 when the docks aren't told.
4. Reserved, disabled and docked vehicles, and stations that aren't installed, are rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, Notice, Place, data_of
from kiosk.domain.record import Geo, Json, Record
from sync.connectors.base import Context, Item, each, first_of, geo_of, record_of
from sync.connectors.gbfs.feeds import (
    Feed,
    count_of,
    feeds_of,
    line_of,
    texts_of,
    time_of,
    truth_of,
)
from sync.connectors.links import web_address
from sync.connectors.validity import still_holds

VALID_S, VALID_S_MAX = 300, 86_400
PERIODS_MAX = 50

Fields: TypeAlias = Mapping[str, Json]

_FORMS: Mapping[str, tuple[str, str]] = {
    "bicycle": ("Vélo", "Bike"),
    "cargo_bicycle": ("Vélo cargo", "Cargo bike"),
    "scooter": ("Trottinette", "Scooter"),
    "scooter_standing": ("Trottinette", "Scooter"),
    "scooter_seated": ("Trottinette assise", "Seated scooter"),
    "moped": ("Cyclomoteur", "Moped"),
    "car": ("Voiture", "Car"),
}
_UNNAMED = ("Véhicule partagé", "Shared vehicle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to read one item of a feed."""

    context: Context
    valid_until: datetime
    stations: Mapping[str, Fields]
    forms: Mapping[str, str]


Build: TypeAlias = Callable[[Fields, Reading], Record]


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the feeds' records; raises InputRefused when it isn't GBFS."""
    lasting = _lasting(context)
    feeds = feeds_of(raw)
    stations = _by_id(feeds, "station_information", "station_id")
    forms = {
        key: line_of(item, "form_factor")
        for key, item in _by_id(feeds, "vehicle_types", "vehicle_type_id").items()
    }
    if not any(feed.name in _BUILDERS for feed in feeds):
        raise InputRefused("a GBFS feed that has no records of its own")
    for feed in feeds:
        observed_at = feed.observed_at or context.observed_at
        reading = Reading(
            context=replace(context, observed_at=observed_at),
            valid_until=observed_at + timedelta(seconds=max(lasting, feed.ttl_s)),
            stations=stations,
            forms=forms,
        )
        yield from _items(feed, reading)


def _items(feed: Feed, reading: Reading) -> Iterator[Item]:
    build = _BUILDERS.get(feed.name)
    if build is not None:
        numbered = ((f"{feed.name} {n}", item) for n, item in enumerate(feed.items, 1))
        yield from each(numbered, lambda item: build(item, reading))


def _lasting(context: Context) -> int:
    seconds = context.extra.get("valid_s", VALID_S)
    if not isinstance(seconds, int) or not 0 < seconds <= VALID_S_MAX:
        raise InputRefused(f"valid_s isn't between 1 and {VALID_S_MAX}", where="context")
    return seconds


def _by_id(feeds: list[Feed], name: str, key: str) -> dict[str, Fields]:
    items = (item for feed in feeds if feed.name == name for item in feed.items)
    return {line_of(item, key): item for item in items}


def _id(item: Fields, *names: str) -> str:
    found = line_of(item, *names)
    if not found:
        raise InputRefused(f"no {names[0]}")
    return found


def _geo(item: Fields) -> Geo | None:
    return geo_of(item.get("lat"), item.get("lon"))


def _station(item: Fields, reading: Reading) -> Record:
    station, context = _id(item, "station_id"), reading.context
    geo = _geo(item)
    if geo is None:
        raise InputRefused("a station without position")
    facts = Place(
        address=line_of(item, "address"),
        phone=line_of(item, "contact_phone"),
        hours=line_of(item, "station_opening_hours"),
        gauge=f"status:{station}",
    )
    return record_of(
        context,
        id=f"station:{station}",
        kind="place",
        title=texts_of(item.get("name"), context.language),
        geo=geo,
        data={**data_of(facts), "capacity": count_of(item, "capacity")},
    )


def _status(item: Fields, reading: Reading) -> Record:
    station, context = _id(item, "station_id"), reading.context
    vehicles = count_of(item, "num_vehicles_available", "num_bikes_available")
    if vehicles is None:
        raise InputRefused("no count of vehicles")
    if not truth_of(item, "is_installed", default=True):
        raise InputRefused("a station that isn't installed")
    docks = count_of(item, "num_docks_available")
    told = reading.stations.get(station, {})
    facts = Gauge(
        what="vehicles",
        value=vehicles,
        capacity=count_of(told, "capacity") or (0 if docks is None else vehicles + docks),
        open=truth_of(item, "is_renting", default=True),
        place=f"station:{station}",
    )
    return record_of(
        context,
        id=f"status:{station}",
        kind="gauge",
        title=texts_of(told.get("name"), context.language) or station,
        geo=_geo(told),
        observed_at=time_of(item.get("last_reported")),
        valid_until=reading.valid_until,
        data={
            **data_of(facts),
            "docks": docks,
            "returning": truth_of(item, "is_returning", default=True),
            "by_form": _by_form(item.get("vehicle_types_available"), reading.forms),
        },
    )


def _by_form(value: Json, forms: Mapping[str, str]) -> dict[str, Json]:
    """Give the counts by form (bicycle, scooter …) where the types are known."""
    counts: dict[str, int] = {}
    for part in _list(value):
        entry = part if isinstance(part, dict) else {}
        form, count = forms.get(line_of(entry, "vehicle_type_id")), count_of(entry, "count")
        if form and count is not None:
            counts[form] = counts.get(form, 0) + count
    return {**counts}


def _vehicle(item: Fields, reading: Reading) -> Record:
    vehicle = _id(item, "vehicle_id", "bike_id")
    if any(truth_of(item, name, default=False) for name in ("is_reserved", "is_disabled")):
        raise InputRefused("reserved or out of order")
    if line_of(item, "station_id"):
        raise InputRefused("docked: its station counts it")
    geo = _geo(item)
    if geo is None:
        raise InputRefused("a vehicle without position")
    form = reading.forms.get(line_of(item, "vehicle_type_id"), "")
    french, english = _FORMS.get(form, _UNNAMED)
    return record_of(
        reading.context,
        id=f"vehicle:{vehicle}",
        kind="place",
        title={"fr": french, "en": english},
        geo=geo,
        observed_at=time_of(item.get("last_reported")),
        valid_until=reading.valid_until,
        data={
            **data_of(Place()),
            "form": form,
            "range_m": count_of(item, "current_range_meters"),
        },
    )


def _system(item: Fields, reading: Reading) -> Record:
    context = reading.context
    language = line_of(item, "language").partition("-")[0].casefold() or context.language
    facts = Place(
        phone=line_of(item, "phone_number"),
        website=web_address(line_of(item, "url")),
        hours=line_of(item, "opening_hours"),
    )
    attribution = texts_of(item.get("attribution_organization_name"), language)
    return record_of(
        context,
        id=f"system:{_id(item, 'system_id')}",
        kind="place",
        title=texts_of(item.get("name"), language),
        data={
            **data_of(facts),
            "licence": line_of(item, "license_id", "license_url"),
            "attribution": next(iter(attribution.values()), ""),
        },
    )


def _alert(item: Fields, reading: Reading) -> Record:
    context = reading.context
    starts, ends = _period(item.get("times"))
    still_holds(starts, ends, context.now)
    urls = texts_of(item.get("url"), context.language).values()
    return record_of(
        context,
        id=f"alert:{_id(item, 'alert_id')}",
        kind="notice",
        title=texts_of(item.get("summary"), context.language),
        body=texts_of(item.get("description"), context.language),
        observed_at=time_of(item.get("last_updated")),
        valid_from=starts,
        valid_until=ends,
        data={
            **data_of(Notice()),
            "type": line_of(item, "type"),
            "stations": _stations(item.get("station_ids")),
            "url": first_of(map(web_address, urls)),
        },
    )


def _stations(value: Json) -> list[Json]:
    return [f"station:{name}" for name in _list(value) if isinstance(name, str)]


def _period(value: Json) -> tuple[datetime | None, datetime | None]:
    """Give from when to when an alert holds; None where it is open, or nothing is told."""
    parts = [part for part in _list(value)[:PERIODS_MAX] if isinstance(part, dict)]
    starts = [time_of(part.get("start")) for part in parts]
    ends = [time_of(part.get("end")) for part in parts]
    is_open = None in ends
    last = max(filter(None, ends), default=None)
    return min(filter(None, starts), default=None), None if is_open else last


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


_BUILDERS: Mapping[str, Build] = {
    "station_information": _station,
    "station_status": _status,
    "bikes": _vehicle,
    "vehicles": _vehicle,
    "system_information": _system,
    "alerts": _alert,
}
