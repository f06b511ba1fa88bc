"""Makes a record of each day of collection that a table of rules and exceptions gives.

Rules:
1. The days of ``extra`` "from" … "to" (dates, the last not included; else from yesterday for
   DAYS_USUAL days; at most DAYS_MAX) are told.
2. All exceptions look at the plan that the rules make, whatever their order: Thursday moved to
   Friday and Friday to Saturday moves each once. One that meets no collection is rejected.
3. Public holidays change nothing by themselves: what is moved then is an exception in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal, TypeAlias

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import WasteDay, data_of
from kiosk.domain.record import Record
from sync.connectors.base import Context, Item, each, record_of, reject_of
from sync.connectors.table import Row, read_table
from sync.connectors.times import day_of, midnight, zone_of
from sync.connectors.waste.rules import FREQUENCIES, Rule, weekdays_of

DAYS_USUAL, DAYS_MAX = 62, 400
MOVED_MAX = timedelta(days=31)  # a collection is moved by no more
LAST_DAY = date.max - timedelta(days=1)
ROWS_MAX = 5_000
COLLECTIONS_MAX = 200_000
COLUMNS = ("type", "commune", "flux", "jours", "date")

Stream: TypeAlias = Literal["household", "recycling", "glass", "bio", "bulky", "paper"]

_STREAMS: Mapping[str, tuple[Stream, str, str]] = {
    "ordures": ("household", "Ordures ménagères", "Household waste"),
    "tri": ("recycling", "Emballages à recycler", "Recyclable packaging"),
    "verre": ("glass", "Verre", "Glass"),
    "biodechets": ("bio", "Biodéchets", "Food and garden waste"),
    "encombrants": ("bulky", "Encombrants", "Bulky waste"),
    "papier": ("paper", "Papiers", "Paper"),
}
_TYPES = ("regle", "date", "exception")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Whose waste is collected: place and stream; "" in an exception stands for all of them."""

    place: str  # INSEE code, else the commune's name in lower case
    sector: str
    stream: str

    def covers(self, other: Round) -> bool:
        """Whether an exception for this round touches ``other``."""
        same = self.place == other.place and self.sector in ("", other.sector)
        return same and self.stream in ("", other.stream)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One collection of a round, in the words of its row; ``moved_from`` when it was moved."""

    round: Round
    day: date
    row: Row
    moved_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An exception: the collections of ``day`` are moved to ``to``, or cancelled (None)."""

    round: Round
    day: date
    to: date | None
    row: Row


Plan: TypeAlias = dict[date, dict[Round, Collection]]


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the days of collection; raises InputRefused when the table isn't of this schema."""
    start, end = _window(context)
    plan: Plan = {}
    changes: list[Change] = []
    for row in _rows(raw):
        if isinstance(row, Row):
            yield from _attempted(row, plan, changes, (start - MOVED_MAX, end + MOVED_MAX))
        else:
            yield row
    yield from _idle(plan, changes, start, end)
    build = partial(_record, context=context)
    yield from each(_told(plan, changes, start, end), build)


def _rows(raw: bytes) -> Iterator[Row | Item]:
    table = read_table(raw)
    table.needs(COLUMNS, "waste collections")
    if table.text.count("\n") > ROWS_MAX:
        raise InputRefused(f"more than {ROWS_MAX} lines")
    return table.rows()


def _told(
    plan: Plan, changes: Iterable[Change], start: date, end: date
) -> Iterator[tuple[str, Collection]]:
    """Give (line, collection) of the stretch, in the order of the days, then of the lines."""
    told = [one for one in _changed(plan, changes) if start <= one.day < end]
    told.sort(key=lambda one: (one.day, one.row.line))
    return ((f"line {one.row.line}", one) for one in told)


def _window(context: Context) -> tuple[date, date]:
    today = context.now.astimezone(zone_of(context)).date()
    start = _day(context, "from") or today - timedelta(days=1)
    end = _day(context, "to") or start + timedelta(days=DAYS_USUAL)
    if not start < end <= start + timedelta(days=DAYS_MAX):
        raise InputRefused(f"no stretch of 1 to {DAYS_MAX} days", where="context")
    return start, end


def _day(context: Context, name: str) -> date | None:
    value = context.extra.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputRefused(f"{name} isn't a date", where="context")
    return day_of(value[:10])


def _attempted(
    row: Row, plan: Plan, changes: list[Change], span: tuple[date, date]
) -> Iterator[Item]:
    try:
        _take(row, plan, changes, span)
    except InputRefused as wrong:
        yield reject_of(f"line {row.line}", wrong)
    if sum(map(len, plan.values())) > COLLECTIONS_MAX:
        raise InputRefused(f"more than {COLLECTIONS_MAX} collections", todo="ask for fewer days")


def _take(row: Row, plan: Plan, changes: list[Change], span: tuple[date, date]) -> None:
    """Put a row's collections into the plan, or its change to the changes."""
    sort = row.one_of("type", _TYPES, required=True)
    of_round = _round(row, required=sort != "exception")
    if sort == "exception":
        changes.append(_change(row, of_round))
        return
    days = _rule(row).days(*span) if sort == "regle" else iter([row.day("date")])
    for day in days:
        one = Collection(round=of_round, day=day, row=row)
        plan.setdefault(day, {}).setdefault(of_round, one)


def _round(row: Row, *, required: bool) -> Round:
    place = row.insee("insee") if row.text("insee") else row.text("commune", required=True)
    return Round(
        place=place.casefold(),
        sector=row.text("secteur"),
        stream=row.one_of("flux", tuple(_STREAMS), required=required),
    )


def _rule(row: Row) -> Rule:
    frequency = row.one_of("frequence", tuple(FREQUENCIES)) or "hebdomadaire"
    first, last = _day_in(row, "du") or date.min, _day_in(row, "au") or LAST_DAY
    if frequency == "quinzaine" and first == date.min:
        raise InputRefused("du: needed, to know which of two weeks is meant")
    if last < first:
        raise InputRefused("au: before du")
    weekdays = weekdays_of(row.text("jours", required=True))
    return Rule(weekdays=weekdays, frequency=frequency, first=first, last=last)


def _day_in(row: Row, column: str) -> date | None:
    return row.day(column) if row.text(column) else None


def _change(row: Row, of_round: Round) -> Change:
    day = row.day("date")
    to = _day_in(row, "report")
    if to and not timedelta(0) < abs(to - day) <= MOVED_MAX:
        raise InputRefused(f"report: moved by 0 or by more than {MOVED_MAX.days} days")
    return Change(round=of_round, day=day, to=to, row=row)


def _touched(plan: Plan, change: Change) -> list[Collection]:
    same_day = plan.get(change.day, {}).values()
    return [one for one in same_day if change.round.covers(one.round)]


def _idle(plan: Plan, changes: Iterable[Change], start: date, end: date) -> Iterator[Item]:
    """Give a reject for each exception in the window that meets no collection."""
    for change in changes:
        if start <= change.day < end and not _touched(plan, change):
            yield reject_of(f"line {change.row.line}", f"no collection on {change.day} to change")


def _changed(plan: Plan, changes: Iterable[Change]) -> list[Collection]:
    """Give the plan with every exception applied to what the rules made."""
    touched = [(one, change) for change in changes for one in _touched(plan, change)]
    gone = {(one.round, one.day) for one, _ in touched}
    kept = {
        (one.round, one.day): one
        for ones in plan.values()
        for one in ones.values()
        if (one.round, one.day) not in gone
    }
    for one, change in touched:
        if change.to:
            kept.setdefault((one.round, change.to), _moved(one, change, change.to))
    return list(kept.values())


def _moved(one: Collection, change: Change, to: date) -> Collection:
    """Give the collection on its new day, in the exception's words when it has some."""
    row = change.row if change.row.text("commentaire") else one.row
    return Collection(round=one.round, day=to, row=row, moved_from=one.day)


def _record(one: Collection, context: Context) -> Record:
    zone = zone_of(context)
    stream, french, english = _STREAMS[one.round.stream]
    commune, sector = one.row.text("commune", required=True), one.round.sector
    where = f"{commune} ({sector})" if sector else commune
    facts = WasteDay(day=one.day, commune=commune, sector=sector, stream=stream)
    moved = one.moved_from.isoformat() if one.moved_from else None
    return record_of(
        context,
        id=f"{one.round.place}|{sector}|{stream}|{one.day.isoformat()}",
        kind="waste",
        title={"fr": f"{french}, {where}", "en": f"{english}, {where}"},
        body=one.row.text("commentaire"),
        valid_from=midnight(one.day, zone),
        valid_until=midnight(one.day + timedelta(days=1), zone),
        data={**data_of(facts), "moved_from": moved},
    )
