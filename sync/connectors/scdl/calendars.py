"""Rows of the State's calendars: public holidays, school holidays by zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, data_of
from kiosk.domain.record import Record
from kiosk.domain.text import fold
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.scdl.table import Row
from sync.connectors.times import midnight, zone_of

_ZONES = ("A", "B", "C")


@dataclass(slots=True, kw_only=True)
class _Period:
    """A run of days of one school holiday in one zone; ``last`` is included."""

    name: str
    first: date
    last: date


def public_holiday(row: Row, context: Context) -> Record:
    """Give one public holiday (jours-feries-france-data)."""
    day, zone = row.day("date"), row.text("zone")
    name = row.text("nom_jour_ferie", required=True)
    key = f"{fold(zone)}|{day}|{fold(name)}"  # two feasts may fall on one day (1 May 2008)
    return _event(context, id=key, title=name, first=day, last=day, zone=zone)


def school_holidays(rows: Iterable[Row | Item], context: Context) -> Iterator[Item]:
    """Give one event a holiday and zone, from a table with a line a day."""
    running: dict[str, _Period] = {}
    for row in rows:
        if not isinstance(row, Row):
            yield row
            continue
        try:
            ended = _follow(row, running)
        except InputRefused as wrong:
            yield reject_of(f"line {row.line}", wrong)
            continue
        for zone, period in ended:
            yield _holiday(zone, period, context)
    for zone, period in running.items():
        yield _holiday(zone, period, context)


def _follow(row: Row, running: dict[str, _Period]) -> list[tuple[str, _Period]]:
    """Prolong, open or close each zone's period by one day's line; gives the closed ones."""
    day, name = row.day("date"), row.text("nom_vacances")
    free = {zone: row.flag(f"vacances_zone_{zone}") for zone in _ZONES}
    ended: list[tuple[str, _Period]] = []
    for zone in _ZONES:
        period = running.get(zone)
        if period and free[zone] and period.name == name and _next(period) == day:
            period.last = day
            continue
        if period:
            ended.append((zone, running.pop(zone)))
        if free[zone]:
            running[zone] = _Period(name=name or "Vacances scolaires", first=day, last=day)
    return ended


def _next(period: _Period) -> date:
    return period.last + timedelta(days=1)


def _holiday(zone: str, period: _Period, context: Context) -> Record:
    return _event(
        context,
        id=f"{zone}|{period.first}",
        title=period.name,
        first=period.first,
        last=period.last,
        zone=zone,
    )


def _event(
    context: Context,
    *,
    id: str,  # noqa: A002 - the field's name in the envelope
    title: str,
    first: date,
    last: date,
    zone: str,
) -> Record:
    local = zone_of(context)
    facts = Event(
        starts_at=midnight(first, local),
        ends_at=midnight(last + timedelta(days=1), local),
        all_day=True,
    )
    return record_of(
        context, id=id, kind="event", title=title, data={**data_of(facts), "zone": zone}
    )
