"""What an expression says: its rules, their days and times, as values.

A rule is ``days × times → door``. Its days are all of: ``years``, ``weeks``, ``dates`` (each holds
when one of its items does, or when it is empty) and every group of ``groups`` (weekdays and
holidays). Without times it speaks of the whole day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from kiosk.domain.hours import Door

DAY_MINUTES = 24 * 60
LATEST = 2 * DAY_MINUTES  # a rule may run into the next day, not further
YEAR_MIN, YEAR_MAX = 1900, 2999  # what counts as a year in an expression
EASTER = 0  # the "month" of a Day that is counted from Easter

Joiner = Literal[";", ",", "||"]
SunEvent = Literal["dawn", "sunrise", "sunset", "dusk"]


class Feast(StrEnum):
    """The two kinds of holidays that expressions name."""

    PUBLIC = "PH"
    SCHOOL = "SH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Years or weeks from ``first`` to ``last`` (both included), every ``step``-th."""

    first: int
    last: int
    step: int = 1

    def holds(self, number: int) -> bool:
        """Say whether ``number`` is one of them; ``first > last`` runs over the year's end."""
        if self.first <= self.last:
            inside = self.first <= number <= self.last
            return inside and (number - self.first) % self.step == 0
        return number >= self.first or number <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a year: a day of a month, its ``nth`` ``weekday`` (0 Monday), or Easter's.

    ``offset`` days are added; without ``year`` it comes back every year.
    """

    month: int
    day: int = 1
    weekday: int = 0
    nth: int = 0
    offset: int = 0
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A day, or days from ``first`` to ``last`` (both included), every ``step``-th."""

    first: Day
    last: Day | None = None
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays:
    """Weekdays (0 Monday); with ``nths`` only those of the month; moved by ``offset`` days."""

    days: frozenset[int]
    nths: frozenset[int] = frozenset()
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """Public or school holidays, or the days ``offset`` from them."""

    feast: Feast
    offset: int = 0


Group = tuple[Weekdays | Holidays, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Minutes after midnight, or after a sun's event."""

    minutes: int
    event: SunEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From ``start`` to ``end``; without ``end`` a point in time, or open end.

    ``step`` minutes: points in time within the span. ``open_end``: it closes nobody knows when,
    after ``end`` where there is one.
    """

    start: Moment
    end: Moment | None = None
    open_end: bool = False
    step: int = 0

    @property
    def is_point(self) -> bool:
        """Whether it is one moment."""
        return self.end is None and not self.open_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule and how it joins those before it.

    ``clears``: on its days the rules before it no longer count.
    """

    joiner: Joiner = ";"
    years: tuple[Run, ...] = ()
    weeks: tuple[Run, ...] = ()
    dates: tuple[Dates, ...] = ()
    groups: tuple[Group, ...] = ()
    spans: tuple[Span, ...] = ()
    door: Door = Door.OPEN
    comment: str = ""
    clears: bool = False

    @property
    def dated(self) -> bool:
        """Whether it names days."""
        return bool(self.years or self.weeks or self.dates or self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An understood text, with what had to be guessed or repaired (English, for staff)."""

    text: str
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...] = ()

    @property
    def has_points(self) -> bool:
        """Whether it speaks of points in time (departures, collections), which no door has."""
        return any(span.step or span.is_point for rule in self.rules for span in rule.spans)

    def names(self, feast: Feast) -> bool:
        """Say whether its days depend on these holidays."""
        groups = [group for rule in self.rules for group in rule.groups]
        return any(getattr(item, "feast", None) is feast for group in groups for item in group)
