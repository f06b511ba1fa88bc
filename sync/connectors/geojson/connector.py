"""Makes place and commune records of GeoJSON features, or of a JSON list of communes.

Rules:
1. Properties with an INSEE ``code`` and a ``nom`` make a commune; anything else is a place.
2. A place is called by its name, else by what it is (OSM amenity, shop …), else rejected.
3. Tags in OSM's words (opening_hours, addr:*, phone, website) become the place's facts; up to
   TAGS_MAX other simple properties are kept under ``tags``.
4. A file's own ``timestamp`` (Overpass) is when it was observed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Commune, Place, data_of
from kiosk.domain.record import Geo, Json, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, first_of, is_number, record_of
from sync.connectors.geojson.shapes import position_of
from sync.connectors.strict_json import read_json
from sync.connectors.times import moment_of, zone_of

TAGS_MAX = 40
TAG_CHARS_MAX = 300
POSTCODES_MAX = 50

Properties: TypeAlias = Mapping[str, Json]

_INSEE = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}", re.ASCII)
_NAMES = ("name", "nom", "title", "titre", "libelle", "label")
_SORTS = ("amenity", "shop", "leisure", "tourism", "office", "type")
_PLACE_NOW = "commune-actuelle"


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the features' records; raises InputRefused when it isn't GeoJSON."""
    document = read_json(raw)
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        yield from each(_numbered("entry", document), lambda one: _listed_commune(one, context))
    elif isinstance(document, dict):
        dated = _dated(document, context)
        features = _numbered("feature", _features(document))
        yield from each(features, lambda feature: _feature(feature, dated))
    else:
        raise InputRefused("not GeoJSON: neither an object nor a list of objects")


def _numbered(what: str, values: list[Json]) -> list[tuple[str, Json]]:
    return [(f"{what} {number}", value) for number, value in enumerate(values, 1)]


def _features(document: dict[str, Json]) -> list[Json]:
    features = document.get("features")
    if document.get("type") == "FeatureCollection" and isinstance(features, list):
        return features
    if document.get("type") == "Feature":
        return [document]
    raise InputRefused("not GeoJSON: no FeatureCollection and no Feature")


def _dated(document: dict[str, Json], context: Context) -> Context:
    stamp = document.get("timestamp")
    if not isinstance(stamp, str):
        return context
    try:
        return replace(context, observed_at=moment_of(stamp, zone_of(context)))
    except InputRefused:
        return context


def _feature(feature: Json, context: Context) -> Record:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InputRefused("not a Feature")
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geo = position_of(feature.get("geometry"))
    code, name = _text(properties, "code"), _text(properties, "nom")
    if name and _INSEE.fullmatch(code):
        return _commune(properties, context, geo)
    identity = feature.get("id", properties.get("@id", properties.get("id", code)))
    return _place(identity, properties, context, geo)


def _listed_commune(entry: Json, context: Context) -> Record:
    if not isinstance(entry, dict):
        raise InputRefused("not an object")
    sort = _text(entry, "type") or _PLACE_NOW
    if sort != _PLACE_NOW:
        raise InputRefused(f"a {sort} isn't a commune of today")
    if not _INSEE.fullmatch(_text(entry, "code")) or not _text(entry, "nom"):
        raise InputRefused("neither a feature nor a commune with code and nom")
    return _commune(entry, context, None)


def _commune(properties: Properties, context: Context, geo: Geo | None) -> Record:
    people = properties.get("population")
    facts = Commune(
        insee=_text(properties, "code"),
        population=people if isinstance(people, int) and people > 0 else 0,
        postcodes=_postcodes(properties.get("codesPostaux")),
    )
    return record_of(
        context,
        id=facts.insee,
        kind="commune",
        title=_text(properties, "nom"),
        geo=geo,
        data=data_of(facts),
    )


def _postcodes(value: Json) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else []
    return tuple(code for code in codes[:POSTCODES_MAX] if isinstance(code, str))


def _place(identity: Json, properties: Properties, context: Context, geo: Geo) -> Record:
    name = _first(properties, _NAMES) or _first(properties, _SORTS).replace("_", " ")
    if not name:
        raise InputRefused("no name")
    facts = Place(
        address=_address(properties),
        commune=_first(properties, ("addr:city", "commune", "ville")),
        phone=_first(properties, ("phone", "contact:phone", "telephone")),
        hours=_first(properties, ("opening_hours", "horaires")),
        website=_first(properties, ("website", "contact:website", "url")),
    )
    return record_of(
        context,
        id=_key(identity) or f"{name}@{geo.lat:.5f},{geo.lon:.5f}",
        kind="place",
        title=name,
        body=_first(properties, ("description",)),
        geo=geo,
        data={**data_of(facts), "tags": _tags(properties)},
    )


def _key(identity: Json) -> str:
    return str(identity) if isinstance(identity, str) or is_number(identity) else ""


def _address(properties: Properties) -> str:
    street = f"{_text(properties, 'addr:housenumber')} {_text(properties, 'addr:street')}".strip()
    town = f"{_text(properties, 'addr:postcode')} {_text(properties, 'addr:city')}".strip()
    joined = ", ".join(part for part in (street, town) if part)
    return joined or _first(properties, ("adresse", "address"))


def _tags(properties: Properties) -> dict[str, Json]:
    simple = [(key, value) for key, value in properties.items() if _is_simple(value)]
    return {clean_line(key, limit=60): _short(value) for key, value in simple[:TAGS_MAX]}


def _is_simple(value: Json) -> bool:
    return isinstance(value, str | int | float | bool)


def _short(value: Json) -> Json:
    return clean_line(value, limit=TAG_CHARS_MAX) if isinstance(value, str) else value


def _first(properties: Properties, names: tuple[str, ...]) -> str:
    return first_of(_text(properties, name) for name in names)


def _text(properties: Properties, name: str) -> str:
    value = properties.get(name)
    if is_number(value):
        return str(value) if isinstance(value, int) else ""
    return clean_line(value, limit=1000) if isinstance(value, str) else ""
