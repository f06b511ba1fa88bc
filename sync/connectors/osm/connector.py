"""Makes place records of OpenStreetMap's elements (Overpass JSON, GeoJSON or OSM XML).

Rules:
1. A place is an element with one of the tags of sync.connectors.tags (amenity, shop, tourism …),
   or with a name when it is no road, border, river or the like; anything else is rejected.
   Elements without tags are corners of others, not items.
2. It is called by its name, in each language that it has one in; a nameless one by what it is.
3. What is said to be disused, abandoned, demolished or not visible is rejected.
4. The map's state (``timestamp_osm_base``) is when it was observed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, data_of
from kiosk.domain.record import Geo, Localised, Record
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.osm.elements import Element, Raw, element_of, read_extract
from sync.connectors.osm.names import name_of_sort
from sync.connectors.tags import (
    PHONES,
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

LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt", "br", "oc", "eu", "co")
CREDIT = "© les contributeurs d’OpenStreetMap"

_NO_PLACES = frozenset((
    "highway", "railway", "waterway", "route", "boundary", "place", "landuse", "natural", "power",
    "building", "barrier", "restriction",
))  # fmt: skip
_GONE = ("disused", "abandoned", "demolished", "removed")


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the places' records; raises InputRefused on another format."""
    extract = read_extract(raw)
    dated = replace(context, observed_at=observed(extract.stamp, context))
    nodes = extract.nodes
    for number, one in enumerate(extract.elements, 1):
        try:
            yield from _places(one, nodes, dated)
        except InputRefused as wrong:
            yield reject_of(_where(one, number), wrong)


def _where(raw: Raw, number: int) -> str:
    return f"element {number} ({raw.get('type')}/{raw.get('id')})"


def _places(raw: Raw, nodes: Mapping[str, Geo], context: Context) -> list[Record]:
    element = element_of(raw, nodes)
    if raw.get("visible") in ("false", False):
        raise InputRefused("deleted from the map")
    return [_place(element, context)] if element else []


def _place(element: Element, context: Context) -> Record:
    tags, sort = element.tags, sort_in_tags(element.tags)
    _check(tags, sort)
    if element.geo is None:
        raise InputRefused("no position")
    identity = f"{element.kind}/{element.number}"
    return record_of(
        context,
        id=identity,
        kind="place",
        title=_by_language(tags, "name", context) or name_of_sort(sort),
        body=_by_language(tags, "description", context),
        geo=element.geo,
        data={
            **data_of(_facts(tags, sort, context)),
            "tags": kept_tags(tags),
            "credit": CREDIT,
            "map": f"https://www.openstreetmap.org/{identity}",
            "edited": element.edited,
        },
    )


def _check(tags: Properties, sort: str) -> None:
    """Refuse what is no place, or no more; raises InputRefused."""
    if not sort and (not text_in_tag(tags, "name") or tags.keys() & _NO_PLACES):
        raise InputRefused("none of the tags of a place")
    for word in _GONE:
        if text_in_tag(tags, word) == "yes":
            raise InputRefused(f"{word}: it is no more")


def _facts(tags: Properties, sort: str, context: Context) -> Place:
    return Place(
        address=address_in_tags(tags),
        commune=first_tag(tags, ("addr:city", "contact:city")),
        phone=first_tag(tags, PHONES),
        hours=text_in_tag(tags, "opening_hours"),
        access=dict(_by_language(tags, "wheelchair:description", context)),
        website=first_tag(tags, WEBSITES),
        sort=sort,
        wheelchair=wheelchair_in_tags(tags),
    )


def _by_language(tags: Properties, name: str, context: Context) -> Localised:
    """Give a tag's text by language; the bare tag is of the context's language."""
    named = {f"{name}:{language}": language for language in LANGUAGES}
    texts = {context.language: text_in_tag(tags, name)}
    texts |= {named[key]: text_in_tag(tags, key) for key in tags.keys() & named.keys()}
    return {language: text for language, text in sorted(texts.items()) if text}
