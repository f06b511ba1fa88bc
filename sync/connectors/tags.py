"""Reads flat properties in OpenStreetMap's words: names, addresses, what a place is.

What a place is (its ``sort``) is the first of SORTS that it bears, or one of SORT_TAGS; roads,
borders and buildings have none. Sources: wiki.openstreetmap.org/wiki/Map_features, Key:addr:*,
Key:wheelchair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

from kiosk.domain.record import Json
from kiosk.domain.text import clean_line
from sync.connectors.base import first_of, is_number

TAGS_MAX = 40
TAG_CHARS_MAX = 300

SORTS = ("amenity", "shop", "healthcare", "office", "tourism", "leisure", "craft", "emergency",
         "historic", "sport")  # fmt: skip
SORT_TAGS = ("highway=bus_stop", "railway=station", "railway=halt", "railway=tram_stop",
             "public_transport=station", "man_made=water_tap", "aerialway=station")  # fmt: skip
PHONES = ("phone", "contact:phone", "mobile", "contact:mobile", "telephone")
WEBSITES = ("website", "contact:website", "url")

Properties: TypeAlias = Mapping[str, Json]
Wheelchair: TypeAlias = Literal["", "yes", "limited", "no"]

_WHEELCHAIR = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}


def text_in_tag(properties: Properties, name: str) -> str:
    """Give a property as one cleaned line, "" when it is absent, a fraction or a structure."""
    value = properties.get(name)
    if value is None:
        return ""  # most tags are absent from most places
    if is_number(value):
        return str(value) if isinstance(value, int) else ""
    return clean_line(value, limit=1000) if isinstance(value, str) else ""


def first_tag(properties: Properties, names: tuple[str, ...]) -> str:
    """Give the first of these properties that isn't empty."""
    return first_of(text_in_tag(properties, name) for name in names)


def kept_tags(properties: Properties) -> dict[str, Json]:
    """Give the first TAGS_MAX simple properties, their texts cut at TAG_CHARS_MAX."""
    simple = [(key, value) for key, value in properties.items() if _is_simple(value)]
    return {clean_line(key, limit=60): _short(value) for key, value in simple[:TAGS_MAX]}


def _is_simple(value: Json) -> bool:
    return isinstance(value, str | int | float | bool)


def _short(value: Json) -> Json:
    return clean_line(value, limit=TAG_CHARS_MAX) if isinstance(value, str) else value


def address_in_tags(properties: Properties) -> str:
    """Give the address of ``addr:*``, "" when there is none."""
    number, street, postcode, city = (
        text_in_tag(properties, f"addr:{part}")
        for part in ("housenumber", "street", "postcode", "city")
    )
    lines = f"{number} {street}".strip(), f"{postcode} {city}".strip()
    return ", ".join(filter(None, lines))


def sort_in_tags(properties: Properties) -> str:
    """Give what a place is as ``key=value``, "" when the tags don't say."""
    for key in SORTS:
        value = text_in_tag(properties, key)
        if value:
            return f"{key}={value}"
    return first_of(tag for tag in SORT_TAGS if _has(properties, tag))


def _has(properties: Properties, tag: str) -> bool:
    key, _, value = tag.partition("=")
    return properties.get(key) == value


def wheelchair_in_tags(properties: Properties) -> Wheelchair:
    """Give whether a wheelchair gets in, "" when nobody said."""
    return cast("Wheelchair", _WHEELCHAIR.get(text_in_tag(properties, "wheelchair"), ""))
