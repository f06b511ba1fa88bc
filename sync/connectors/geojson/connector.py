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
from collections.abc import Iterator
from dataclasses import replace

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Commune, Place, data_of
from kiosk.domain.record import Geo, Json, Record
from sync.connectors.base import Context, Item, each, is_number, record_of
from sync.connectors.shapes import position_of
from sync.connectors.strict_json import read_json
from sync.connectors.tags import (
    PHONES,
    SORTS,
    WEBSITES,
    Properties,
    address_in_tags,
    first_tag,
    kept_tags,
    sort_in_tags,
    text_in_tag,
    wheelchair_in_tags,
)
from sync.connectors.times import observed

POSTCODES_MAX = 50

_INSEE = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}", re.ASCII)
_NAMES = ("name", "nom", "title", "titre", "libelle", "label")
_SORTS = (*SORTS, "type")
_PLACE_NOW = "commune-actuelle"


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the features' records; raises InputRefused when it isn't GeoJSON."""
    document = read_json(raw)
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        yield from each(_numbered("entry", document), lambda one: _listed_commune(one, context))
    elif isinstance(document, dict):
        dated = replace(context, observed_at=observed(document.get("timestamp"), context))
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


def _feature(feature: Json, context: Context) -> Record:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InputRefused("not a Feature")
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geo = position_of(feature.get("geometry"))
    code, name = text_in_tag(properties, "code"), text_in_tag(properties, "nom")
    if name and _INSEE.fullmatch(code):
        return _commune(properties, context, geo)
    identity = feature.get("id", properties.get("@id", properties.get("id", code)))
    return _place(identity, properties, context, geo)


def _listed_commune(entry: Json, context: Context) -> Record:
    if not isinstance(entry, dict):
        raise InputRefused("not an object")
    sort = text_in_tag(entry, "type") or _PLACE_NOW
    if sort != _PLACE_NOW:
        raise InputRefused(f"a {sort} isn't a commune of today")
    if not _INSEE.fullmatch(text_in_tag(entry, "code")) or not text_in_tag(entry, "nom"):
        raise InputRefused("neither a feature nor a commune with code and nom")
    return _commune(entry, context, None)


def _commune(properties: Properties, context: Context, geo: Geo | None) -> Record:
    people = properties.get("population")
    facts = Commune(
        insee=text_in_tag(properties, "code"),
        population=people if isinstance(people, int) and people > 0 else 0,
        postcodes=_postcodes(properties.get("codesPostaux")),
    )
    return record_of(
        context,
        id=facts.insee,
        kind="commune",
        title=text_in_tag(properties, "nom"),
        geo=geo,
        data=data_of(facts),
    )


def _postcodes(value: Json) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else []
    return tuple(code for code in codes[:POSTCODES_MAX] if isinstance(code, str))


def _place(identity: Json, properties: Properties, context: Context, geo: Geo) -> Record:
    name = first_tag(properties, _NAMES) or first_tag(properties, _SORTS).replace("_", " ")
    if not name:
        raise InputRefused("no name")
    facts = Place(
        address=address_in_tags(properties) or first_tag(properties, ("adresse", "address")),
        commune=first_tag(properties, ("addr:city", "commune", "ville")),
        phone=first_tag(properties, PHONES),
        hours=first_tag(properties, ("opening_hours", "horaires")),
        website=first_tag(properties, WEBSITES),
        sort=sort_in_tags(properties),
        wheelchair=wheelchair_in_tags(properties),
    )
    return record_of(
        context,
        id=_key(identity) or f"{name}@{geo.lat:.5f},{geo.lon:.5f}",
        kind="place",
        title=name,
        body=first_tag(properties, ("description",)),
        geo=geo,
        data={**data_of(facts), "tags": kept_tags(properties)},
    )


def _key(identity: Json) -> str:
    return str(identity) if isinstance(identity, str) or is_number(identity) else ""
