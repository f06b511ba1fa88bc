"""Opening hours, the weekly part of the OSM grammar: ``Mo-Fr 09:00-12:00,14:00-18:00; PH off``.

Rules:
1. Rules are separated by ``;``; a later rule replaces an earlier one on the days it names.
2. A rule is days (``Mo``, ``Mo-Fr``, ``Mo,We``, ``PH``) then times, ``off`` or ``closed``;
   without days it holds for every day; ``24/7`` is always open.
3. ``PH`` is a public holiday of France; without a ``PH`` rule a holiday counts as its weekday.
4. A time past 24:00 or an end before its start runs into the next day.
5. Anything else isn't understood: the door is ``unknown`` and nothing is guessed.
Times are local. Source: OpenStreetMap wiki, "Key:opening_hours/specification".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from kiosk.domain.hours import Door, Interval, Verdict

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = 7
LENGTH_MAX = 500
LOOK_AHEAD_DAYS = 14
PARSED_MAX = 2_000
NEVER = 1 << 20  # minutes: past any day

Span = tuple[int, int]  # minutes after midnight, the end may pass 24:00
_RULE = re.compile(
    r"^(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[A-Za-z, -]*?)?\s*(?P<times>[\d:,\- ]+|off|closed)$"
)
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


@dataclass(frozen=True, slots=True)
class Week:
    """Spans by day: 0 Monday … 6 Sunday, 7 public holidays (None: as its weekday)."""

    days: tuple[tuple[Span, ...] | None, ...]


ALWAYS = Week(days=(((0, 1440),),) * 7 + (None,))


@lru_cache(maxsize=PARSED_MAX)
def parse(expression: str) -> Week | None:
    """Give the week of ``expression``, None when it isn't understood (never raises)."""
    text = expression.strip()
    if not text or len(text) > LENGTH_MAX:
        return None
    if text == "24/7":
        return ALWAYS
    spans_of: dict[int, tuple[Span, ...]] = {}
    for rule in filter(None, map(str.strip, text.split(";"))):
        read = _rule(rule)
        if read is None:
            return None
        spans_of |= dict.fromkeys(*read)
    return Week(days=(*(spans_of.get(day, ()) for day in range(7)), spans_of.get(HOLIDAY)))


def _rule(rule: str) -> tuple[list[int], tuple[Span, ...]] | None:
    found = _RULE.match(rule)
    if not found:
        return None
    named = _days(found["days"]) if found["days"] else list(range(7))
    spans = _spans(found["times"])
    return None if named is None or spans is None else (named, spans)


def _days(text: str) -> list[int] | None:
    named: list[int] = []
    for part in text.replace(" ", "").split(","):
        days = _run_of_days(part)
        if not days:
            return None
        named += days
    return named


def _run_of_days(text: str) -> list[int]:
    """Give the days of ``Mo``, ``Fr-Mo`` or ``PH``, [] when it is none of these."""
    if text == "PH":
        return [HOLIDAY]
    first, _, last = text.partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS:
        return []
    start = DAYS.index(first)
    return [(start + i) % 7 for i in range((DAYS.index(last) - start) % 7 + 1)]


def _spans(text: str) -> tuple[Span, ...] | None:
    if text in ("off", "closed"):
        return ()
    spans: list[Span] = []
    for part in text.replace(" ", "").split(","):
        found = _SPAN.match(part)
        if not found:
            return None
        start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if start > 1440 or end > 2880:
            return None
        spans.append((start, end if end > start else end + 1440))
    return tuple(sorted(spans))


def _minutes(hours: str, minutes: str) -> int:
    """Give the minutes after midnight, NEVER for minutes that no hour has."""
    return int(hours) * 60 + int(minutes) if int(minutes) < 60 else NEVER


class WeeklyHours:
    """The weekly engine behind ports.OpeningHours; ``is_holiday`` knows the public holidays."""

    def __init__(self, is_holiday: Callable[[date], bool] = lambda _day: False) -> None:
        self._is_holiday = is_holiday

    def verdict(self, expression: str, at: datetime) -> Verdict:
        """Say whether the door is open at ``at`` (aware, local) and until when."""
        week = parse(expression)
        if week is None:
            return Verdict(door=Door.UNKNOWN)
        yesterday = at - timedelta(days=1)
        for span in self._intervals(week, yesterday.date(), LOOK_AHEAD_DAYS, at):
            if span.end <= at:
                continue
            if span.start <= at:
                return Verdict(door=Door.OPEN, until=span.end)
            return Verdict(door=Door.CLOSED, until=span.start, reason=self._reason(week, at))
        return Verdict(door=Door.CLOSED, reason=self._reason(week, at))

    def intervals(self, expression: str, start: datetime, end: datetime) -> Sequence[Interval]:
        """Give the open stretches between two local moments; [] when not understood."""
        week = parse(expression)
        if week is None:
            return []
        days = min((end.date() - start.date()).days + 2, 400)
        first = start.date() - timedelta(days=1)
        return [
            Interval(start=max(span.start, start), end=min(span.end, end), door=Door.OPEN)
            for span in self._intervals(week, first, days, start)
            if span.end > start and span.start < end
        ]

    def _reason(self, week: Week, at: datetime) -> str:
        closed_holiday = self._is_holiday(at.date()) and week.days[HOLIDAY] == ()
        return "jour férié" if closed_holiday else ""

    def _intervals(self, week: Week, first: date, days: int, at: datetime) -> list[Interval]:
        """Give the open stretches from day ``first`` on, touching ones joined."""
        joined: list[Interval] = []
        for day in (first + timedelta(days=i) for i in range(days)):
            midnight = datetime.combine(day, time(), tzinfo=at.tzinfo)
            for start, end in self._spans_on(week, day):
                opens = midnight + timedelta(minutes=start)
                closes = midnight + timedelta(minutes=end)
                if joined and joined[-1].end >= opens:
                    opens, closes = joined[-1].start, max(closes, joined.pop().end)
                joined.append(Interval(start=opens, end=closes, door=Door.OPEN))
        return joined

    def _spans_on(self, week: Week, day: date) -> tuple[Span, ...]:
        holiday = week.days[HOLIDAY] if self._is_holiday(day) else None
        return (week.days[day.weekday()] if holiday is None else holiday) or ()
