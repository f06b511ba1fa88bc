"""Makes walk records of GPX tracks and routes, and place records of waypoints.

Rules:
1. A track's segments are the parts of its line, a route is one part; length, climb and loop come
   of the line (see lines.py). A recorder's times say nothing of how long the walk takes.
2. It is called by its name, a lone one else by the file's; a nameless one "Itinéraire" with its
   number. Its id is made of its name and points, so that the order in the file doesn't matter.
3. The file's author, copyright and licence stay with each record. The file's own time is when
   it was observed, never later than the reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, Walk, data_of
from kiosk.domain.record import Geo, Json, Localised, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.lines import Point, walk_of, walkable
from sync.connectors.plain_text import plain
from sync.connectors.strict_xml import child, children, local, read_xml, text_of
from sync.connectors.times import observed

ITEMS_MAX = 20_000
HEIGHT_MAX_M = 9_000  # above the sea, and as much below it: no walk is outside

_WHAT = {"trk": "track", "rte": "route", "wpt": "waypoint"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One item of the file: its element, its number among its like, and a name to fall back on."""

    element: Element
    number: int
    title: str


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the walks' and points' records; raises InputRefused when it isn't GPX."""
    root = read_xml(raw)
    if local(root) != "gpx":
        raise InputRefused("not GPX: the root isn't <gpx>")
    head = root if child(root, "metadata") is None else _part(root, "metadata")
    dated = replace(context, observed_at=observed(text_of(head, "time"), context))
    credit = _credit(root, head)
    items = list(_items(root, head))
    if len(items) > ITEMS_MAX:
        raise InputRefused(f"more than {ITEMS_MAX} items")
    named = ((f"{_WHAT[local(one.element)]} {one.number}", one) for one in items)
    yield from each(named, lambda one: _record(one, credit, dated))


def _items(root: Element, head: Element) -> Iterator[_Found]:
    lone = text_of(head, "name") if len(list(children(root, "trk", "rte"))) == 1 else ""
    for name, otherwise in (("trk", lone), ("rte", lone), ("wpt", "")):
        for number, element in enumerate(children(root, name), 1):
            title = clean_line(text_of(element, "name") or otherwise)
            yield _Found(element=element, number=number, title=title)


def _credit(root: Element, head: Element) -> dict[str, Json]:
    """Give who made the file and what is allowed with it, in GPX 1.1's or 1.0's places."""
    right, author = _part(head, "copyright"), _part(head, "author")
    person = text_of(author, "name") or (author.text or "").strip()
    return {
        "author": clean_line(right.get("author", "") or person),
        "file_licence": clean_line(text_of(right, "license")),
        "creator": clean_line(root.get("creator", "")),
    }


def _part(head: Element, name: str) -> Element:
    """Give a part of the head, an empty one when it isn't there."""
    found = child(head, name)
    return Element(name) if found is None else found


def _record(found: _Found, credit: dict[str, Json], context: Context) -> Record:
    element = found.element
    start, facts = _waypoint(found) if local(element) == "wpt" else _line(element)
    return record_of(
        context,
        id=_id(found),
        kind="walk" if isinstance(facts, Walk) else "place",
        title=_title(found, context),
        body=plain(text_of(element, "desc", "cmt")),
        geo=Geo(lat=start.lat, lon=start.lon),
        data={**data_of(facts), **credit, "type": clean_line(text_of(element, "type"))},
    )


def _waypoint(found: _Found) -> tuple[Point, Place | Walk]:
    if not found.title:
        raise InputRefused("no name")
    return _point(found.element), Place(website=_link(found.element))


def _line(element: Element) -> tuple[Point, Place | Walk]:
    parts = walkable(_parts(element))
    return parts[0][0], msgspec.structs.replace(walk_of(parts), website=_link(element))


def _link(element: Element) -> str:
    """Give GPX 1.1's ``link`` or 1.0's ``url`` when it leads to the web."""
    link = child(element, "link")
    address = text_of(element, "url") if link is None else link.get("href", "")
    return clean_line(address) if address.startswith(("https://", "http://")) else ""


def _title(found: _Found, context: Context) -> Localised:
    if found.title:
        return {context.language: found.title}
    return {"fr": f"Itinéraire {found.number}", "en": f"Route {found.number}"}


def _id(found: _Found) -> str:
    """Give the name with a digest of the points."""
    digest = hashlib.blake2b(found.title.encode(), digest_size=8)
    for point in found.element.iter():
        if "lat" in point.attrib:
            digest.update(f"{point.get('lat')} {point.get('lon')};".encode("utf-8", "replace"))
    return f"{_WHAT[local(found.element)]}/{digest.hexdigest()}"


def _parts(element: Element) -> list[list[Point]]:
    if local(element) == "rte":
        return [_points(element, "rtept")]
    return [_points(segment, "trkpt") for segment in children(element, "trkseg")]


def _points(element: Element, name: str) -> list[Point]:
    return [_point(point) for point in children(element, name)]


def _point(element: Element) -> Point:
    """Give a point; raises InputRefused when it isn't on the Earth."""
    try:
        lat, lon = float(element.get("lat", "")), float(element.get("lon", ""))
    except ValueError as wrong:
        raise InputRefused("a point without latitude and longitude") from wrong
    geo = Geo(lat=lat, lon=lon)
    return Point(geo.lat, geo.lon, _height(text_of(element, "ele")))


def _height(text: str) -> float | None:
    try:
        height = float(text)
    except ValueError:
        return None
    return height if abs(height) <= HEIGHT_MAX_M else None
