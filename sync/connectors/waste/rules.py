"""Says on which days a rule of collection falls: weekdays, and which weeks or weeks of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from kiosk.domain.errors import InputRefused

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Weeks: TypeAlias = Callable[[date, date], bool]  # of a day, and of the rule's first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Collections on ``weekdays`` (0 is Monday) of some weeks, from ``first`` to ``last``."""

    weekdays: frozenset[int]
    frequency: str
    first: date
    last: date

    def days(self, start: date, end: date) -> Iterator[date]:
        """Give the days of collection from ``start`` to before ``end``."""
        falls = FREQUENCIES[self.frequency]
        day = max(start, self.first)
        for _ in range((min(end, self.last + timedelta(days=1)) - day).days):
            if day.weekday() in self.weekdays and falls(day, self.first):
                yield day
            day += timedelta(days=1)


def weekdays_of(text: str) -> frozenset[int]:
    """Read French names of weekdays, separated by commas or blanks; raises InputRefused."""
    words = text.casefold().replace(",", " ").split()
    if not words or any(word not in WEEKDAYS for word in words):
        raise InputRefused(f"jours: not weekdays: {text[:40]}")
    return frozenset(map(WEEKDAYS.index, words))


def _week(day: date) -> int:
    return day.isocalendar().week


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_last(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month


def _nth(number: int) -> Weeks:
    return lambda day, _: (day.day - 1) // 7 + 1 == number


# Even and odd are weeks of ISO 8601: after a year of 53 weeks two odd ones follow each other.
FREQUENCIES: Mapping[str, Weeks] = {
    "hebdomadaire": lambda _day, _first: True,
    "semaines_paires": lambda day, _: _week(day) % 2 == 0,
    "semaines_impaires": lambda day, _: _week(day) % 2 == 1,
    "quinzaine": lambda day, first: (_monday(day) - _monday(first)).days % 14 == 0,
    "mensuelle_1": _nth(1),
    "mensuelle_2": _nth(2),
    "mensuelle_3": _nth(3),
    "mensuelle_4": _nth(4),
    "mensuelle_derniere": lambda day, _: _is_last(day),
}
