"""The record of the house as it travels: the envelope's fields by their names.

Rules:
1. What stands at its default is left out; moments are RFC 3339 in UTC.
2. A field that isn't known here is carried with its line and not looked at (a newer hub's).
3. Texts are cleaned on the way in, as every text from outside (kiosk.domain.text).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from kiosk.domain.errors import FeedRefused, InputRefused
from kiosk.domain.record import Geo, Localised, Record
from kiosk.domain.text import BODY_MAX, TITLE_MAX, clean, clean_line
from sync.protocol.canonical import Wire

# What ``clean`` might change: signs beyond Latin-1 and escapes (a line escapes controls).
_TO_CLEAN = re.compile(rb"[^\x00-\x7f]|\\|  ")


class _Geo(msgspec.Struct, frozen=True):
    lat: float
    lon: float


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    title: dict[str, str]
    source: str
    licence: str
    observed_at: datetime
    body: dict[str, str] = {}
    geo: _Geo | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    confidence: float = 1.0
    popularity: int = 0
    demo: bool = False
    data: dict[str, Any] = {}


_DECODER = msgspec.json.Decoder(_Envelope)


def wire_of(record: Record) -> Wire:
    """Give a record as it travels."""
    wire: Wire = {
        "id": record.id,
        "kind": record.kind,
        "title": dict(record.title),
        "source": record.source,
        "licence": record.licence,
        "observed_at": _moment(record.observed_at),
    }
    if record.body:
        wire["body"] = dict(record.body)
    if record.geo is not None:
        wire["geo"] = {"lat": record.geo.lat, "lon": record.geo.lon}
    if record.valid_from is not None:
        wire["valid_from"] = _moment(record.valid_from)
    if record.valid_until is not None:
        wire["valid_until"] = _moment(record.valid_until)
    if record.confidence != 1:
        wire["confidence"] = record.confidence
    if record.popularity:
        wire["popularity"] = record.popularity
    if record.demo:
        wire["demo"] = True
    if record.data:
        wire["data"] = dict(record.data)
    return wire


def record_of(line: bytes, dataset: str) -> Record:
    """Give the record of a canonical line; raises FeedRefused when it isn't sound."""
    try:
        found = _DECODER.decode(line)
        geo = found.geo
        return Record(
            id=found.id,
            dataset=dataset,
            kind=found.kind,
            title=_cleaned(found.title, line, TITLE_MAX),
            body=_cleaned(found.body, line, BODY_MAX) if found.body else found.body,
            data=found.data,
            source=found.source,
            licence=found.licence,
            observed_at=found.observed_at,
            valid_from=found.valid_from,
            valid_until=found.valid_until,
            confidence=found.confidence,
            popularity=found.popularity,
            demo=found.demo,
            geo=None if geo is None else Geo(lat=geo.lat, lon=geo.lon),
        )
    except (msgspec.DecodeError, InputRefused) as wrong:
        raise FeedRefused(f"{dataset}: not a record: {wrong}") from wrong


def _cleaned(texts: Localised, line: bytes, limit: int) -> Localised:
    """Clean texts by language; most lines hold nothing that cleaning would change."""
    if len(line) <= limit and not _TO_CLEAN.search(line):
        return texts
    tidy = clean_line if limit == TITLE_MAX else clean
    return {tag: tidy(text, limit=limit) for tag, text in texts.items()}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
