"""Makes records of the Explore API's rows, by a mapping that the context gives.

``extra["mapping"]`` says which field becomes what::

    {"kind": "gauge", "id": "idobj", "title": "grp_nom", "observed_at": "grp_horodatage",
     "facts": {"value": "grp_disponible", "capacity": "grp_exploitation"},
     "constants": {"what": "free_places"}}

``title`` may be one field, or a field by language; ``popularity`` a field of 0…100.
``facts`` and ``constants`` (fixed values) fill the kind's facts (kiosk.domain.facts), decoded
strictly: a row that lacks one is rejected; the texts of a CSV export are read as what they say.
``valid_s`` says how long a row may be believed after it was observed. Without a mapping each row
is a place: its first identifier, its first text field as title, its position, and its simple
fields as they stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import KINDS, data_of
from kiosk.domain.record import Json, Localised, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, first_of, record_of, reject_of
from sync.connectors.opendatasoft.answers import Row, rows
from sync.connectors.opendatasoft.exports import export_of
from sync.connectors.times import moment_of, zone_of

FIELDS_MAX = 60
FIELD_CHARS_MAX = 1000
VALID_S_MAX = 7 * 86_400

_IDS = ("id", "identifiant", "idobj", "uid", "gid", "objectid", "code")
_TITLES = ("nom_complet", "nom", "name", "title", "titre", "libelle", "label", "grp_nom")
# Texts that are no title: codes, links, dates, phone numbers.
_NO_TITLE = re.compile(r"https?://.*|[\d\s.,:+/T-]+Z?")


class FieldMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which field of a row becomes what; "" leaves it to the generic reading."""

    kind: str = "place"
    id: str = ""
    title: str | dict[str, str] = ""
    body: str = ""
    observed_at: str = ""
    popularity: str = ""
    geo: str = ""
    valid_s: int = 0
    facts: dict[str, str] = {}
    constants: dict[str, bool | int | float | str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to read one row."""

    context: Context
    mapping: FieldMap
    zone: ZoneInfo
    mapped: bool = field(default=True)
    textual: bool = False  # all values are text: numbers are to be read in them


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the rows' records; raises InputRefused when it isn't such an answer or export."""
    export = export_of(raw)
    reading = _reading(context, textual=export.textual)
    yield from export.rejects
    for row in rows(export.document):
        if not isinstance(row, Row):
            yield row
            continue
        try:
            yield _record(row, reading)
        except InputRefused as wrong:
            yield reject_of(row.where, wrong)


def _reading(context: Context, *, textual: bool) -> Reading:
    given = context.extra.get("mapping")
    try:
        mapping = msgspec.convert(given or {}, FieldMap)
    except msgspec.ValidationError as wrong:
        raise InputRefused(f"mapping: {wrong}", where="context") from wrong
    if mapping.kind not in KINDS or not 0 <= mapping.valid_s <= VALID_S_MAX:
        raise InputRefused("mapping: unknown kind, or valid_s out of range", where="context")
    zone = zone_of(context)
    return Reading(context=context, mapping=mapping, zone=zone, mapped=bool(given), textual=textual)


def _record(row: Row, reading: Reading) -> Record:
    mapping = reading.mapping
    observed_at = _observed(row, reading)
    until = observed_at + timedelta(seconds=mapping.valid_s) if mapping.valid_s else None
    return record_of(
        reading.context,
        id=_id(row, mapping),
        kind=mapping.kind,
        title=_title(row, mapping),
        body=row.text(mapping.body),
        geo=row.geo(mapping.geo),
        observed_at=observed_at,
        valid_until=until,
        popularity=_popularity(row, reading),
        data=_facts(row, reading) if reading.mapped else {"fields": _simple(row.fields)},
    )


def _observed(row: Row, reading: Reading) -> datetime:
    """Give when the row says it was measured; the moment of reading when it doesn't say."""
    stamp = row.text(reading.mapping.observed_at) or row.timestamp
    if not stamp:
        return reading.context.observed_at
    return moment_of(stamp, reading.zone)


def _id(row: Row, mapping: FieldMap) -> str:
    if mapping.id:
        value = row.text(mapping.id)
        if not value:
            raise InputRefused(f"{mapping.id}: empty")
        return value
    own = row.id or first_of(map(row.text, _IDS))
    return own or hashlib.blake2b(repr(row.fields).encode(), digest_size=12).hexdigest()


def _popularity(row: Row, reading: Reading) -> int:
    mapping = reading.mapping
    value = row.fields.get(mapping.popularity) if mapping.popularity else 0
    if reading.textual and isinstance(value, str) and value.isdecimal():
        value = int(value[:9])
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputRefused(f"{mapping.popularity}: not a whole number")
    return value


def _title(row: Row, mapping: FieldMap) -> str | Localised:
    if isinstance(mapping.title, dict):
        titles = {tag: row.text(name) for tag, name in mapping.title.items()}
        if any(titles.values()):
            return titles
        raise InputRefused(f"{', '.join(mapping.title.values())}: empty")
    if mapping.title:
        value = row.text(mapping.title)
        if not value:
            raise InputRefused(f"{mapping.title}: empty")
        return value
    return _generic_title(row)


def _generic_title(row: Row) -> str:
    found = first_of(map(row.text, _TITLES)) or first_of(_namings(row))
    if not found:
        raise InputRefused("no text to call it by")
    return found


def _namings(row: Row) -> Iterator[str]:
    texts = (row.text(name) for name, value in row.fields.items() if isinstance(value, str))
    return (text for text in texts if not _NO_TITLE.fullmatch(text))


def _facts(row: Row, reading: Reading) -> dict[str, Json]:
    """Give the kind's facts; raises InputRefused when a field has no place in them."""
    mapping = reading.mapping
    values: dict[str, Json] = {**mapping.constants}
    for fact, name in mapping.facts.items():
        values[fact] = _whole(row.fields.get(name))
    try:
        return data_of(msgspec.convert(values, KINDS[mapping.kind], strict=not reading.textual))
    except msgspec.ValidationError as wrong:
        raise InputRefused(f"{mapping.kind}: {wrong}") from wrong


def _whole(value: Json) -> Json:
    """Give counts that the API writes as 147.0 for what they are."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _simple(fields: Mapping[str, Json]) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for name, value in list(fields.items())[:FIELDS_MAX]:
        if isinstance(value, str):
            kept[clean_line(name, limit=60)] = clean_line(value, limit=FIELD_CHARS_MAX)
        elif isinstance(value, bool | int | float):
            kept[clean_line(name, limit=60)] = value
    return kept
