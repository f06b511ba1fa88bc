"""Dates relative to the day of seeding, so that a demonstration stays true for years.

============  ==================================================================
written       means
============  ==================================================================
+3, -1, +0    that many days after (before) the base day
+3T20:30      the same at 20:30, wall clock of the territory
2026-05-08    that day; with ``T20:30`` at that wall clock; with an offset as it says
============  ==================================================================
The base day is the day of seeding, or each day that the record's ``every`` gives.
A wall clock that a change to summer time leaps over moves on by that hour (RFC 5545, 3.3.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args

from kiosk.domain.errors import InputRefused
from kiosk.store.pack_format import Every, Weekday

WEEKDAYS: tuple[str, ...] = get_args(Weekday)
_RELATIVE = re.compile(r"([+-]\d{1,3})(?:T(\d\d:\d\d))?\Z")
_FIRST_MONDAY = date(1970, 1, 5)


def day_of(text: str, base: date) -> date:
    """Give the day that ``text`` names; raises InputRefused when it names none."""
    relative = _RELATIVE.match(text)
    try:
        if relative and not relative[2]:
            return base + timedelta(days=int(relative[1]))
        return date.fromisoformat(text)
    except (ValueError, OverflowError) as wrong:
        raise _not_understood(text) from wrong


def moment_of(text: str, base: date, zone: tzinfo) -> datetime:
    """Give the aware moment that ``text`` names (a day alone: its midnight in ``zone``).

    Raises InputRefused when it names none.
    """
    relative = _RELATIVE.match(text)
    try:
        if relative:
            day = base + timedelta(days=int(relative[1]))
            moment = datetime.combine(day, time.fromisoformat(relative[2] or "00:00"))
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError) as wrong:
        raise _not_understood(text) from wrong


def occurrences(every: Every, today: date) -> Iterator[date]:
    """Give the days of a weekly rule, from the Monday of ``today``'s week on.

    Weeks are counted from 1970, so that a turn goes on evenly over the new year.
    """
    monday = today - timedelta(days=today.weekday())
    first = (monday - _FIRST_MONDAY).days // 7
    for week in range(every.weeks):
        if (first + week) % every.of == every.turn:
            for shift, name in enumerate(WEEKDAYS):
                if name in every.days:
                    yield monday + timedelta(days=7 * week + shift)


def _not_understood(text: str) -> InputRefused:
    return InputRefused(f"date not understood: {text[:40]!r}")
