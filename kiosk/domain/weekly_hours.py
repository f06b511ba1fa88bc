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

Span = tuple[int, int]  # minutes after midnight, the end may pass 24:00
_RULE = re.compile(
    r"^(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[A-Za-z, -]*?)?\s*(?P<times>[\d:,\- ]+|off|closed)$"
)
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


@dataclass(frozen=True, slots=True)
class Week:
    """Spans by day: 0 Monday … 6 Sunday, 7 public holidays (None: as its weekday)."""

    days: tuple[tuple[Span, ...] | None, ...]


@lru_cache(maxsize=PARSED_MAX)
def parse(expression: str) -> Week | None:
    """Give the week of ``expression``, None when it isn't understood (never raises)."""
    text = expression.strip()
    if not text or len(text) > LENGTH_MAX:
        return None
    if text == "24/7":
        return Week(days=(((0, 1440),),) * 7 + (None,))
    days: list[tuple[Span, ...] | None] = [None] * 8
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        read = _rule(rule)
        if read is None:
            return None
        for day in read[0]:
            days[day] = read[1]
    return Week(
        days=tuple(
            spans if spans is not None or i == HOLIDAY else () for i, spans in enumerate(days)
        )
    )


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
        first, _, last = part.partition("-")
        if first == "PH" and not last:
            named.append(HOLIDAY)
        elif first in DAYS and (not last or last in DAYS):
            start = DAYS.index(first)
            length = (DAYS.index(last) - start) % 7 if last else 0
            named.extend((start + i) % 7 for i in range(length + 1))
        else:
            return None
    return named


def _spans(text: str) -> tuple[Span, ...] | None:
    if text in ("off", "closed"):
        return ()
    spans: list[Span] = []
    for part in text.replace(" ", "").split(","):
        found = _SPAN.match(part)
        if not found:
            return None
        hour, minute, to_hour, to_minute = (int(group) for group in found.groups())
        start, end = hour * 60 + minute, to_hour * 60 + to_minute
        if start > 1440 or end > 2880 or minute > 59 or to_minute > 59:
            return None
        spans.append((start, end if end > start else end + 1440))
    return tuple(sorted(spans))


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
            holiday = week.days[HOLIDAY] if self._is_holiday(day) else None
            spans = holiday if holiday is not None else week.days[day.weekday()]
            midnight = datetime.combine(day, time(), tzinfo=at.tzinfo)
            for start, end in spans or ():
                opens, closes = (
                    midnight + timedelta(minutes=start),
                    midnight + timedelta(minutes=end),
                )
                if joined and joined[-1].end >= opens:
                    opens, closes = joined[-1].start, max(closes, joined.pop().end)
                joined.append(Interval(start=opens, end=closes, door=Door.OPEN))
        return joined
