"""Finds the GBFS feeds in a document, and reads values that changed between versions 2 and 3.

A document is one feed, an object of feeds by name ({"station_information": {…}, …}), or a list of
feeds. A feed is known by what its ``data`` holds:

===================  =======================================================
stations             each with ``lat``: station_information; else station_status
bikes, vehicles      free_bike_status (2), vehicle_status (3)
system_id            system_information
alerts               system_alerts
vehicle_types        vehicle_types: it names what is free
===================  =======================================================
Times are epoch seconds (2) or RFC 3339 (3); texts are strings (2) or lists of {text, language} (3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json
from kiosk.domain.text import clean_line
from sync.connectors.base import is_number
from sync.connectors.strict_json import read_json
from sync.connectors.times import moment_of

FEEDS_MAX = 20
ITEMS_MAX = 100_000
TTL_MAX_S = 86_400
_EPOCH_MIN, _EPOCH_MAX = 946_684_800, 4_102_444_800  # 2000…2100
_UTC = ZoneInfo("UTC")
_LISTS = ("stations", "bikes", "vehicles", "alerts", "vehicle_types")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed: its name, its items (system_information is one), when it was true, how long."""

    name: str
    items: list[Mapping[str, Json]]
    observed_at: datetime | None
    ttl_s: int


def feeds_of(raw: bytes) -> list[Feed]:
    """Give the feeds that can be read; raises InputRefused when there is none."""
    found = [feed for part in _documents(read_json(raw)) if (feed := _feed(part))]
    if not found:
        raise InputRefused("not GBFS: no feed of stations, vehicles, system or alerts")
    return found


def _documents(document: Json) -> list[Json]:
    parts: list[Json] = [document]
    if isinstance(document, list):
        parts = document
    elif isinstance(document, dict) and "data" not in document:
        parts = [*document.values()]
    if len(parts) > FEEDS_MAX:
        raise InputRefused(f"more than {FEEDS_MAX} feeds")
    return parts


def _feed(document: Json) -> Feed | None:
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(data, dict):
        return None
    held = _held(data)
    if held is None:
        return None
    return Feed(
        name=held[0],
        items=held[1],
        observed_at=time_of(document.get("last_updated")),
        ttl_s=_seconds(document.get("ttl")),
    )


def _seconds(ttl: Json) -> int:
    return int(ttl) if is_number(ttl) and 0 <= ttl <= TTL_MAX_S else 0


def _held(data: dict[str, Json]) -> tuple[str, list[Mapping[str, Json]]] | None:
    if "system_id" in data:
        return "system_information", [data]
    for name in _LISTS:
        values = data.get(name)
        if isinstance(values, list):
            items = _items(name, values)
            return _name(name, items), items
    return None


def _items(name: str, values: list[Json]) -> list[Mapping[str, Json]]:
    if len(values) > ITEMS_MAX:
        raise InputRefused(f"more than {ITEMS_MAX} {name}")
    return [value if isinstance(value, dict) else {} for value in values]


def _name(name: str, items: list[Mapping[str, Json]]) -> str:
    if name != "stations":
        return name
    located = any("lat" in item for item in items)
    return "station_information" if located else "station_status"


def time_of(value: Json) -> datetime | None:
    """Give a time of either version; None when it is absent, 0 or of no plausible year."""
    if isinstance(value, str):
        try:
            return moment_of(value, _UTC)
        except InputRefused:
            return None
    known = is_number(value) and _EPOCH_MIN <= value <= _EPOCH_MAX
    return datetime.fromtimestamp(int(value), UTC) if known and is_number(value) else None


def texts_of(value: Json, language: str) -> dict[str, str]:
    """Give a text of either version by language; {} when there is none."""
    if isinstance(value, str):
        return {language: value} if value.strip() else {}
    parts = value if isinstance(value, list) else []
    return dict(_translations(parts, language))


def _translations(parts: list[Json], language: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        fields: Mapping[str, Json] = part if isinstance(part, dict) else {}
        text = line_of(fields, "text")
        if text:
            tag = line_of(fields, "language").partition("-")[0].casefold()
            yield tag or language, text


def line_of(item: Mapping[str, Json], *names: str) -> str:
    """Give the first of these fields that holds a text, on one line; "" when none does."""
    values = (item.get(name) for name in names)
    texts = (clean_line(value, limit=4_000) for value in values if isinstance(value, str))
    return next(filter(None, texts), "")


def count_of(item: Mapping[str, Json], *names: str) -> int | None:
    """Give the first of these fields that holds a count; None when none does."""
    values = (item.get(name) for name in names)
    return next((int(value) for value in values if is_number(value) and 0 <= value <= 10**6), None)


def truth_of(item: Mapping[str, Json], name: str, *, default: bool) -> bool:
    """Give a truth; version 1 wrote 1 and 0."""
    value = item.get(name, default)
    return bool(value) if isinstance(value, bool | int) else default
