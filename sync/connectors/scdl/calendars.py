"""Rows of the State's calendars: public holidays, school holidays by zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.domain.facts import Event, data_of
from kiosk.domain.record import Record
from kiosk.domain.text import fold
from sync.connectors.base import Context, Item, record_of
from sync.connectors.table import Row, attempt
from sync.connectors.times import midnight, zone_of

_ZONES = ("A", "B", "C")


@dataclass(slots=True, kw_only=True)
class _Period:
    """A run of days of one school holiday in one zone; ``last`` is included."""

    name: str
    first: date
    last: date

    def goes_on(self, day: date, name: str, free: bool | None) -> bool:  # noqa: FBT001 - a cell
        """Whether ``day``, a ``free`` day or not of the holiday ``name``, is its next one."""
        return bool(free) and (name, day) == (self.name, self.last + timedelta(days=1))


def public_holiday(row: Row, context: Context) -> Record:
    """Give one public holiday (jours-feries-france-data)."""
    day, zone = row.day("date"), row.text("zone")
    name = row.text("nom_jour_ferie", required=True)
    key = f"{fold(zone)}|{day}|{fold(name)}"  # two feasts may fall on one day (1 May 2008)
    return _event(context, id=key, title=name, first=day, last=day, zone=zone)


def school_holidays(rows: Iterable[Row | Item], context: Context) -> Iterator[Item]:
    """Give one event a holiday and zone, from a table with a line a day."""
    running: dict[str, _Period] = {}

    def follow(row: Row) -> list[Item]:
        return [_holiday(zone, period, context) for zone, period in _follow(row, running)]

    yield from attempt(rows, follow)
    for zone, period in running.items():
        yield _holiday(zone, period, context)


def _follow(row: Row, running: dict[str, _Period]) -> list[tuple[str, _Period]]:
    """Prolong, open or close each zone's period by one day's line; gives the closed ones."""
    day, name = row.day("date"), row.text("nom_vacances") or "Vacances scolaires"
    free = {zone: row.flag(f"vacances_zone_{zone}") for zone in _ZONES}
    over = [zone for zone, period in running.items() if not period.goes_on(day, name, free[zone])]
    ended = [(zone, running.pop(zone)) for zone in over]
    for zone in filter(free.get, _ZONES):
        running.setdefault(zone, _Period(name=name, first=day, last=day)).last = day
    return ended


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
