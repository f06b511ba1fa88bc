"""A record of the domain as it travels: the envelope's fields by their names."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from kiosk.domain.record import Record
from sync.protocol.canonical import Wire


def wire_of(record: Record) -> Wire:
    """Give a record's wire form; what is at its default is left out."""
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
    for name in ("valid_from", "valid_until"):
        moment = getattr(record, name)
        if moment is not None:
            wire[name] = _moment(moment)
    if record.confidence != 1:
        wire["confidence"] = record.confidence
    if record.popularity:
        wire["popularity"] = record.popularity
    if record.demo:
        wire["demo"] = True
    if record.data:
        wire["data"] = msgspec.json.decode(msgspec.json.encode(record.data))  # tuples are lists
    return wire


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
