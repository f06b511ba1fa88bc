"""Reads Overpass JSON, its GeoJSON export and OSM XML into one form, each element at one position.

A node stands where it stands. A way or relation stands at its ``center``, else in the middle of
its ``bounds``, else in the middle of the box of its points: its own geometry with that
of its members, else the nodes that it names and that are in the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias
from xml.etree.ElementTree import Element as Xml

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json
from sync.connectors.base import geo_of
from sync.connectors.glance import line, position
from sync.connectors.shapes import position_of
from sync.connectors.strict_json import read_json
from sync.connectors.strict_xml import children, local, read_xml

KINDS = ("node", "way", "relation")
POINTS_MAX = 20_000  # of one way or relation

Raw: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One tagged element; ``geo`` is None when the file doesn't say where it is."""

    kind: str
    number: str
    edited: str
    tags: Mapping[str, Json]
    geo: Geo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A file of elements: ``stamp`` is the state of the map that it shows, "" when not told."""

    stamp: str
    elements: list[Raw]

    @property
    def nodes(self) -> Mapping[str, Geo]:
        """Give where each node stands, by number."""
        return _nodes(self.elements)


def read_extract(raw: bytes) -> Extract:
    """Give the file's elements; raises InputRefused when it is neither of the formats."""
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return _of_xml(read_xml(raw)) if start == b"<" else _of_json(read_json(raw))


def _nodes(elements: list[Raw]) -> dict[str, Geo]:
    known: dict[str, Geo] = {}
    for one in elements:
        geo = position(one, "lat", "lon") if one.get("type") == "node" else None
        if geo:
            known[str(one.get("id"))] = geo
    return known


def _of_json(document: Json) -> Extract:
    named = document if isinstance(document, dict) else {}
    elements, features = named.get("elements"), named.get("features")
    if isinstance(features, list):
        return _of_geojson(named, features)
    if not isinstance(elements, list):
        raise InputRefused("not Overpass JSON: no list of elements or features")
    return Extract(
        stamp=line(named, "osm3s", "timestamp_osm_base"),
        elements=[one if isinstance(one, dict) else {} for one in elements],
    )


def _of_xml(root: Xml) -> Extract:
    if local(root) != "osm":
        raise InputRefused("not OSM XML: the root isn't <osm>")
    stamps = (meta.get("osm_base", "") for meta in children(root, "meta"))
    stamp = next(stamps, root.get("timestamp", ""))
    return Extract(stamp=stamp, elements=[_raw(one) for one in children(root, *KINDS)])


def _raw(xml: Xml) -> Raw:
    """Give an XML element in the form that Overpass JSON has."""
    members = list(children(xml, "member"))
    points = chain(children(xml, "nd"), *(children(member, "nd") for member in members))
    named: list[Json] = [nd.get("ref") for nd in children(xml, "nd")]
    raw = _attributes(xml)
    raw |= {local(part): _attributes(part) for part in children(xml, "center", "bounds")}
    raw["tags"] = {tag.get("k", ""): tag.get("v", "") for tag in children(xml, "tag")}
    raw["geometry"] = [*map(_attributes, points)]
    raw["members"] = [*map(_attributes, members)]
    raw["nodes"] = named
    return raw | {"type": local(xml)}


def _attributes(xml: Xml) -> Raw:
    return {**xml.attrib}


def _of_geojson(document: Raw, features: list[Json]) -> Extract:
    """Read what overpass-turbo and osmtogeojson export; "id", else "@id", names the element."""
    return Extract(
        stamp=line(document, "timestamp"),
        elements=[_feature(one) if isinstance(one, dict) else {} for one in features],
    )


def _feature(feature: Raw) -> Raw:
    properties = feature.get("properties")
    tags = properties if isinstance(properties, dict) else {}
    kind, _, name = line(feature.get("id") or tags.get("@id")).partition("/")
    own: Raw = {"type": kind, "id": name, "timestamp": tags.get("@timestamp")}
    own["tags"] = {key: value for key, value in tags.items() if not key.startswith("@")}
    try:
        geo = position_of(feature.get("geometry"))
    except InputRefused:
        return own
    own["center"] = {"lat": geo.lat, "lon": geo.lon}
    return own | {"lat": geo.lat, "lon": geo.lon}


def element_of(raw: Raw, nodes: Mapping[str, Geo]) -> Element | None:
    """Give a tagged element, None for one without tags (a corner of another).

    Raises InputRefused for what isn't an element.
    """
    kind, name, tags = raw.get("type"), raw.get("id"), raw.get("tags")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputRefused("neither a node, nor a way, nor a relation")
    if not isinstance(tags, dict) or not tags:
        return None
    if not str(name).isdecimal() or isinstance(name, bool):
        raise InputRefused("no number")
    return Element(
        kind=kind,
        number=str(name),
        edited=line(raw, "timestamp"),
        tags=tags,
        geo=_position(raw, nodes),
    )


def _position(raw: Raw, nodes: Mapping[str, Geo]) -> Geo | None:
    if raw["type"] == "node":
        return position(raw, "lat", "lon")
    center = position(raw.get("center"), "lat", "lon") or _middle_of_bounds(raw.get("bounds"))
    return center or _middle(_points(raw)) or _middle(_named(raw, nodes))


def _middle_of_bounds(bounds: Json) -> Geo | None:
    corners = (position(bounds, f"{end}lat", f"{end}lon") for end in ("min", "max"))
    found = [corner for corner in corners if corner]
    return _middle(found) if len(found) > 1 else None


def _points(raw: Raw) -> Iterator[Geo]:
    """Give the points that stand in the element itself."""
    members = _objects(raw.get("members"))
    inner = (point for member in members for point in _objects(member.get("geometry")))
    for point in chain(_objects(raw.get("geometry")), members, inner):
        found = position(point, "lat", "lon")
        if found:
            yield found


def _named(raw: Raw, nodes: Mapping[str, Geo]) -> list[Geo]:
    """Give the nodes of the same file that the element names."""
    named = raw.get("nodes")
    refs = named[:POINTS_MAX] if isinstance(named, list) else []
    refs += [one.get("ref") for one in _objects(raw.get("members")) if one.get("type") == "node"]
    return [*filter(None, (nodes.get(str(ref)) for ref in refs))]


def _objects(value: Json) -> list[Raw]:
    items = value[:POINTS_MAX] if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _middle(points: Iterable[Geo]) -> Geo | None:
    """Give the middle of the points' box, None when there is none."""
    found = list(points)
    lats, lons = [geo.lat for geo in found], [geo.lon for geo in found]
    if not found:
        return None
    return geo_of((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
