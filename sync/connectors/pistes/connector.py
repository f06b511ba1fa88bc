"""Makes a record of each ski run and lift of a table in our own schema (README.md).

Rules:
1. A state is that of ``releve_le``; it is withdrawn (unknown, with a reject that says so) when
   nobody says when it was seen, or when that was STATE_MAX ago: resorts tell it each morning.
2. Out of season is no state of the day: it needs no hour and holds for SEASON_MAX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Slope, data_of
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.table import Row, attempt, read_table
from sync.connectors.times import zone_of
from sync.connectors.validity import still_holds, was_seen

STATE_MAX = timedelta(hours=18)
SEASON_MAX = timedelta(days=240)
COLUMNS = ("id", "nom", "type", "etat", "releve_le")

Sort: TypeAlias = Literal["piste", "nordic", "sledge", "lift"]
State: TypeAlias = Literal["", "open", "opening", "closed", "out_of_season"]
Difficulty: TypeAlias = Literal["", "green", "blue", "red", "black"]

_SORTS: Mapping[str, Sort] = {
    "piste": "piste", "nordique": "nordic", "luge": "sledge", "remontee": "lift",
}  # fmt: skip
_STATES: Mapping[str, State] = {
    "ouvert": "open", "ouverture_prevue": "opening", "ferme": "closed",
    "hors_saison": "out_of_season",
}  # fmt: skip
_DIFFICULTIES: Mapping[str, Difficulty] = {
    "verte": "green", "bleue": "blue", "rouge": "red", "noire": "black",
}  # fmt: skip


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the runs and lifts; raises InputRefused when the table isn't of this schema."""
    table = read_table(raw)
    table.needs(COLUMNS, "ski runs and lifts")
    yield from attempt(table.rows(), partial(_slope, context=context, zone=zone_of(context)))


def _slope(row: Row, context: Context, zone: ZoneInfo) -> list[Item]:
    seen = row.moment("releve_le", zone)
    state, until, why = _standing(row, seen, context.now)
    facts = Slope(
        sort=_SORTS[row.one_of("type", tuple(_SORTS), required=True)],
        state=state,
        difficulty=_DIFFICULTIES.get(row.one_of("difficulte", tuple(_DIFFICULTIES)), ""),
        groomed=row.flag("damee"),
        resort=row.text("station"),
        sector=row.text("secteur"),
        hours=row.text("horaires"),
    )
    record = record_of(
        context,
        id=row.text("id", required=True),
        kind="slope",
        title=row.text("nom", required=True),
        body=row.text("commentaire"),
        geo=row.geo("lat", "lon"),
        observed_at=seen,
        valid_until=until,
        data=data_of(facts),
    )
    return [record, reject_of(f"line {row.line}", why)] if why else [record]


def _standing(row: Row, seen: datetime | None, now: datetime) -> tuple[State, datetime | None, str]:
    """Give the state, until when it holds, and why it was withdrawn ("" when it wasn't)."""
    state = _STATES.get(row.one_of("etat", tuple(_STATES)), "")
    if not state:
        return "", None, ""
    if seen is None:
        if state == "out_of_season":
            return state, None, ""
        return "", None, "etat: withdrawn: nobody says when it was seen (releve_le)"
    until = seen + (SEASON_MAX if state == "out_of_season" else STATE_MAX)
    try:
        was_seen(seen, now)
        still_holds(None, until, now)
    except InputRefused as wrong:
        return "", None, f"etat: {wrong.what}"
    return state, until, ""
