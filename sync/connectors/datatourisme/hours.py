"""Writes DATAtourisme's opening specifications in the OSM opening_hours grammar.

Rules:
1. Periods that are over are left out; when all are, or one has no hours, nothing is known: "".
2. Outside of the periods nobody knows: the text begins with ``unknown``. Inside of one, the days
   that aren't told are closed.
3. More than RULES_MAX rules aren't written: a text of that length serves nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import chain

from kiosk.domain.record import Json
from sync.connectors.glance import at, line, many
from sync.connectors.times import day_of

RULES_MAX = 40
DAYS = {"Monday": "Mo", "Tuesday": "Tu", "Wednesday": "We", "Thursday": "Th", "Friday": "Fr",
        "Saturday": "Sa", "Sunday": "Su", "PublicHolidays": "PH"}  # fmt: skip

_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d(?::\d\d)?", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def hours_of(specifications: Json, today: date) -> str:
    """Give the hours, "" when they aren't known; raises InputRefused for an impossible date."""
    told = [one for one in many(specifications) if not _is_over(one, today)]
    periods = _by_period(told) if all(map(_span, told)) else {}
    rules = [*chain.from_iterable(map(_rules, periods, periods.values()))]
    if len(rules) > RULES_MAX:
        return ""
    return "; ".join(["unknown", *rules] if any(periods) else rules)


def _by_period(told: list[Json]) -> dict[str, dict[str, set[str]]]:
    """Give the hours of each day of each period."""
    periods: dict[str, dict[str, set[str]]] = {}
    for one in told:
        days = periods.setdefault(_period(one), {})
        for day in _days(one):
            days.setdefault(day, set()).add(_span(one))
    return periods


def _is_over(one: Json, today: date) -> bool:
    until = line(one, "validThrough")[:10]
    return bool(until) and day_of(until) < today


def _span(one: Json) -> str:
    opens, closes = line(one, "opens"), line(one, "closes")
    if not (_TIME.fullmatch(opens) and _TIME.fullmatch(closes)):
        return ""
    return f"{opens[:5]}-{closes[:5]}"


def _period(one: Json) -> str:
    """Give the period's dates, "" for one that always holds."""
    since, until = (line(one, name)[:10] for name in ("validFrom", "validThrough"))
    if not (since and until):
        return ""
    return f"{_day(day_of(since))}-{_day(day_of(until))}"


def _day(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}"


def _days(one: Json) -> Iterable[str]:
    names = map(_day_name, many(at(one, "dayOfWeek")))
    return [DAYS[name] for name in names if name in DAYS] or _WEEK


def _day_name(day: Json) -> str:
    """Give "Monday" of ``schema:Monday``, written as a reference or as a text."""
    return (line(day, "id") or line(day)).rpartition(":")[2]


def _rules(period: str, days: dict[str, set[str]]) -> list[str]:
    """Give one rule a set of hours, after one that closes the whole period."""
    by_hours: dict[str, list[str]] = {}
    for day in (*_WEEK, "PH"):
        if day in days:
            by_hours.setdefault(",".join(sorted(days[day])), []).append(day)
    rules = [f"{','.join(named)} {hours}" for hours, named in by_hours.items()]
    return [f"{period} off", *(f"{period} {rule}" for rule in rules)] if period else rules
