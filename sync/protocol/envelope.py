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

# Cleaning can change: an escape, blanks in a row or at a text's end, controls of Latin-1, and all
# signs from U+0300 on but dashes, quotes, dots and the euro.
_COMMON = bytes(code for code in range(0xCC) if code != 0xC2)  # ASCII, and the rest of é and œ
_SIGNS = re.compile(
    rb"[\xc2\xcc-\xff](?:(?<=\xc2)[\x80-\x9f]|(?<=\xe2)(?!\x80[\x90-\xa7]|\x82\xac)|(?<![\xc2\xe2]))"
)


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
        geo, doubtful = found.geo, not tidy(line)
        return Record(
            id=found.id,
            dataset=dataset,
            kind=found.kind,
            title=_cleaned(found.title, TITLE_MAX, doubtful=doubtful),
            body=_cleaned(found.body, BODY_MAX, doubtful=doubtful),
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


def tidy(line: bytes) -> bool:
    """Whether cleaning could change no text of canonical JSON; in most lines it can't.

    Searches for bytes go first: one pattern for all of it took four times as long.
    """
    if b"\\" in line or b"  " in line or b'" ' in line or b' "' in line or b"\x7f" in line:
        return False
    return not line.translate(None, _COMMON) or _SIGNS.search(line) is None


def _cleaned(texts: Localised, limit: int, *, doubtful: bool) -> Localised:
    """Clean texts by language; those of most lines hold nothing that cleaning would change."""
    if not doubtful and max(map(len, texts.values()), default=0) <= limit:
        return texts
    tidy = clean_line if limit == TITLE_MAX else clean
    return {tag: tidy(text, limit=limit) for tag, text in texts.items()}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
