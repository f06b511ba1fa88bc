"""Makes a record of each bathing place of a table in our own schema (README.md).

Rules:
1. A flag holds until ``drapeau_jusqu_a``, else until the end of the day on which it was seen
   (``releve_le``), and never longer than FLAG_MAX. After it, or when neither is told, it is
   withdrawn: the place stays, its flag is unknown, and a reject says so.
2. Everything else that isn't told stays unknown; a value of no known word rejects the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Bathing, data_of
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.table import Row, attempt, read_table
from sync.connectors.times import midnight, zone_of
from sync.connectors.validity import still_holds, was_seen

FLAG_MAX = timedelta(hours=24)
WATER_MIN_C, WATER_MAX_C = -2.0, 45.0
COLUMNS = ("id", "nom", "commune", "drapeau")

Flag: TypeAlias = Literal["", "green", "yellow", "red", "purple"]
Quality: TypeAlias = Literal["", "excellent", "good", "sufficient", "insufficient"]
Sample: TypeAlias = Literal["", "good", "average", "poor"]

_FLAGS: Mapping[str, Flag] = {
    "vert": "green", "jaune": "yellow", "rouge": "red", "violet": "purple",
}  # fmt: skip
_QUALITIES: Mapping[str, Quality] = {
    "excellent": "excellent", "bon": "good", "suffisant": "sufficient",
    "insuffisant": "insufficient",
}  # fmt: skip
_SAMPLES: Mapping[str, Sample] = {"bon": "good", "moyen": "average", "mauvais": "poor"}


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the bathing places; raises InputRefused when the table isn't of this schema."""
    table = read_table(raw)
    table.needs(COLUMNS, "bathing places")
    yield from attempt(table.rows(), partial(_place, context=context, zone=zone_of(context)))


def _place(row: Row, context: Context, zone: ZoneInfo) -> list[Item]:
    seen = row.moment("releve_le", zone)
    flag, until, why = _standing(row, seen, context.now, zone)
    facts = Bathing(
        flag=flag,
        flag_until=until,
        quality=_QUALITIES.get(row.one_of("classement", tuple(_QUALITIES)), ""),
        sample=_SAMPLES.get(row.one_of("analyse", tuple(_SAMPLES)), ""),
        sampled_on=row.day("analyse_le") if row.text("analyse_le") else None,
        forbidden=row.flag("interdite"),
        supervised=row.text("surveillance"),
        water_c=_water(row),
        commune=row.text("commune"),
    )
    record = record_of(
        context,
        id=row.text("id", required=True),
        kind="bathing",
        title=row.text("nom", required=True),
        body=row.text("commentaire"),
        geo=row.geo("lat", "lon"),
        observed_at=seen,
        valid_until=until,
        data=data_of(facts),
    )
    return [record, reject_of(f"line {row.line}", why)] if why else [record]


def _standing(
    row: Row, seen: datetime | None, now: datetime, zone: ZoneInfo
) -> tuple[Flag, datetime | None, str]:
    """Give the flag, until when it holds, and why it was withdrawn ("" when it wasn't)."""
    flag = _FLAGS.get(row.one_of("drapeau", tuple(_FLAGS)), "")
    if not flag:
        return "", None, ""
    until = row.moment("drapeau_jusqu_a", zone) or _day_end(seen, zone)
    if seen is None or until is None:
        return "", None, "drapeau: withdrawn: nobody says when it was seen (releve_le)"
    try:
        was_seen(seen, now)
        still_holds(seen, min(until, seen + FLAG_MAX), now)
    except InputRefused as wrong:
        return "", None, f"drapeau: {wrong.what}"
    return flag, min(until, seen + FLAG_MAX), ""


def _day_end(seen: datetime | None, zone: ZoneInfo) -> datetime | None:
    return midnight(seen.astimezone(zone).date() + timedelta(days=1), zone) if seen else None


def _water(row: Row) -> float | None:
    degrees = row.number("temperature_eau")
    if degrees is not None and not WATER_MIN_C <= degrees <= WATER_MAX_C:
        raise InputRefused(f"temperature_eau: not of water: {degrees:g}")
    return degrees
