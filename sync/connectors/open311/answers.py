"""Finds the entries in an answer of GeoReport v2: JSON or XML, services or requests.

====  =====================================================================
JSON  a list of objects, or an object with one under services, requests or
      service_requests
XML   services / service, service_requests / request; keywords may be elements
====  =====================================================================
An entry with a ``service_request_id`` is a request; another with a ``service_code`` a service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Json
from kiosk.domain.text import BODY_MAX, clean, clean_line
from sync.connectors.base import geo_of, is_number
from sync.connectors.strict_json import read_json
from sync.connectors.strict_xml import local, read_xml

ENTRIES_MAX = 50_000
_WRAPPERS = ("services", "requests", "service_requests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One service or request: its place in the answer and its fields."""

    where: str
    fields: Mapping[str, Json]

    def line(self, name: str) -> str:
        """Give a field on one line, "" when it is absent or isn't a simple value."""
        return clean_line(_string(self.fields.get(name)), limit=1_000)

    def text(self, name: str) -> str:
        """Give a field with its lines, "" when it is absent or isn't a simple value."""
        return clean(_string(self.fields.get(name)), limit=BODY_MAX)

    def truth(self, name: str) -> bool | None:
        """Give a truth, written as text in XML; None when it isn't told."""
        value = self.fields.get(name)
        told = value if isinstance(value, bool) else _string(value).strip().casefold()
        return told in (True, "true") if told in (True, False, "true", "false") else None

    def geo(self) -> Geo | None:
        """Give the position, numbers or written as text; None when there is none."""
        pair = [_string(self.fields.get(name)) for name in ("lat", "long")]
        try:
            return geo_of(float(pair[0]), float(pair[1]))
        except ValueError:
            return None


def entries_of(raw: bytes) -> list[Entry]:
    """Give the answer's entries; raises InputRefused when it isn't one, or is an error."""
    parts = _xml(raw) if raw.lstrip()[:1] == b"<" else _json(raw)
    if len(parts) > ENTRIES_MAX:
        raise InputRefused(f"more than {ENTRIES_MAX} entries")
    if any(map(_is_error, parts)):
        raise InputRefused("the server answered with an error instead of entries")
    return [Entry(where=f"entry {n}", fields=part) for n, part in enumerate(parts, 1)]


def _is_error(part: dict[str, Json]) -> bool:
    return "code" in part and "service_code" not in part


def _json(raw: bytes) -> list[dict[str, Json]]:
    document = _unwrapped(read_json(raw))
    if not isinstance(document, list):
        raise InputRefused("not GeoReport: neither a list nor an object with one")
    parts = [part if isinstance(part, dict) else {} for part in document]
    if parts and not any(parts):
        raise InputRefused("not GeoReport: its entries aren't objects")
    return parts


def _unwrapped(document: Json) -> Json:
    if not isinstance(document, dict):
        return document
    held = [document[name] for name in _WRAPPERS if name in document]
    return held[0] if held else document


def _xml(raw: bytes) -> list[dict[str, Json]]:
    root = read_xml(raw)
    if local(root) == "errors":
        raise InputRefused("the server answered with an error instead of entries")
    if local(root) not in _WRAPPERS:
        raise InputRefused("not GeoReport: its root is neither services nor service_requests")
    return [{local(field): _content(field) for field in part} for part in root]


def _content(field: Element) -> str:
    """Give a field's text; the texts of its elements, joined with commas, when it has some."""
    return ",".join(part.text or "" for part in field) if len(field) else field.text or ""


def _string(value: Json) -> str:
    return str(value) if isinstance(value, str) or is_number(value) else ""
