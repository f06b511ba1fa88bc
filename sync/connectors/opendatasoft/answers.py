"""Finds the rows in an answer of the Explore API, whichever version gave it.

========  ==============================================================
version   an answer
========  ==============================================================
v2.1      {"total_count", "results": [{field: value}]}
v2.0      {"records": [{"record": {"id", "timestamp", "fields": {…}}}]}
v1        {"records": [{"recordid", "record_timestamp", "fields": {…}}]}
v1 list   the same records, without the object around them
exports   a list of {field: value} (sync.connectors.opendatasoft.exports)
========  ==============================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json
from kiosk.domain.text import clean_line
from sync.connectors.base import Item, geo_of, reject_of

_POSITIONS = ("geo_point_2d", "geo_point", "location", "coordonnees_geo", "geolocalisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its place in the answer, the API's own id and time ("" when absent), its fields."""

    where: str
    id: str
    timestamp: str
    fields: Mapping[str, Json]
    geometry: Json = None

    def text(self, name: str) -> str:
        """Give a field as one line of text, "" when it is absent or isn't a simple value."""
        value = self.fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:g}" if isinstance(value, float) else str(value)
        return clean_line(value, limit=1000) if isinstance(value, str) else ""

    def geo(self, name: str = "") -> Geo | None:
        """Give the position in field ``name``, else in the first field that holds one."""
        places = [self.fields.get(key) for key in ((name,) if name else _POSITIONS)]
        if not name:
            places.append({key: self.fields.get(key) for key in ("lat", "lon")})
        found = (position for value in (*places, self.geometry) if (position := _position(value)))
        return next(found, None)


def rows(document: Json) -> Iterator[Row | Item]:
    """Give the rows and a reject for what isn't one; raises InputRefused on another format."""
    for number, entry in enumerate(_entries(document), 1):
        row = _row(f"record {number}", entry)
        yield row or reject_of(f"record {number}", "no fields in it")


def _entries(document: Json) -> list[Json]:
    if isinstance(document, dict):
        if "error_code" in document or "error" in document:
            raise InputRefused("the API answered with an error instead of records")
        document = document.get("results", document.get("records"))
    if not isinstance(document, list):
        raise InputRefused("not an answer of the Explore API: no results and no records")
    if document and not any(isinstance(entry, dict) for entry in document):
        raise InputRefused("not an answer of the Explore API: its records aren't objects")
    return document


def _row(where: str, entry: Json) -> Row | None:
    if not isinstance(entry, dict):
        return None
    inner = entry.get("record")
    record = inner if isinstance(inner, dict) else entry
    fields = record.get("fields")
    if fields is None and "recordid" not in record:
        return Row(where=where, id="", timestamp="", fields=record) if record else None
    if not isinstance(fields, dict):
        return None
    return Row(
        where=where,
        id=_string(record.get("recordid", record.get("id"))),
        timestamp=_string(record.get("record_timestamp", record.get("timestamp"))),
        fields=fields,
        geometry=record.get("geometry"),
    )


def _string(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _position(value: Json) -> Geo | None:
    """Read {"lon", "lat"}, [latitude, longitude], "latitude, longitude", or a GeoJSON point.

    A GeoJSON point gives its longitude first.
    """
    if isinstance(value, dict):
        point = value.get("coordinates")
        if value.get("type") == "Point" and isinstance(point, list) and len(point) >= 2:
            return geo_of(point[1], point[0])
        return geo_of(value.get("lat"), value.get("lon"))
    pair = _written(value) if isinstance(value, str) else value
    if isinstance(pair, list) and len(pair) == 2:
        return geo_of(pair[0], pair[1])
    return None


def _written(text: str) -> list[Json]:
    try:
        return [float(part) for part in text[:60].split(",")]
    except ValueError:
        return []
