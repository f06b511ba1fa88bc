"""Whether a rule speaks of a day, for sure or perhaps, and which holiday made it so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from kiosk.domain.hours import Cause
from kiosk.domain.opening_hours.expression import (
    EASTER,
    Dates,
    Day,
    Feast,
    Group,
    Holidays,
    Rule,
    Weekdays,
)
from kiosk.domain.opening_hours.surroundings import Calendar


class Hit(NamedTuple):
    """A rule speaks of a day: surely, or only if an unknown day is a holiday."""

    sure: bool
    name: str  # of the holiday that made it so, or ""
    cause: Cause


SURE = Hit(sure=True, name="", cause=Cause.NONE)
_PERHAPS = Hit(sure=False, name="", cause=Cause.NO_CALENDAR)
_CAUSES = {Feast.PUBLIC: Cause.PUBLIC_HOLIDAY, Feast.SCHOOL: Cause.SCHOOL_HOLIDAY}
_LONGEST = 31


def quick_test(rule: Rule) -> Callable[[date, Calendar], Hit | None]:
    """Give what ``hit`` answers for a rule, quicker where weekdays or one holiday decide."""
    plain = plain_days(rule)
    if plain is not None:
        return lambda day, _calendar: SURE if day.weekday() in plain else None
    wide = bool(rule.years or rule.weeks or rule.dates)
    only = rule.groups[0][0] if len(rule.groups) == 1 and len(rule.groups[0]) == 1 else None
    if isinstance(only, Holidays) and not only.offset and not wide:
        return partial(_holiday_hit, only)
    return partial(hit, rule)


def plain_days(rule: Rule) -> frozenset[int] | None:
    """Give the weekdays on which the rule always holds; None when more than weekdays decides."""
    if rule.years or rule.weeks or rule.dates:
        return None
    days = frozenset(range(7))
    for group in rule.groups:
        plain = [one.days for one in group if isinstance(one, Weekdays) and not one.nths]
        if len(plain) < len(group) or any(one.offset for one in group):
            return None
        days &= frozenset[int]().union(*plain)
    return days


def hit(rule: Rule, day: date, calendar: Calendar) -> Hit | None:
    """Say whether ``rule`` speaks of ``day``; None when it doesn't."""
    if not rule.groups:
        return SURE if _wide(rule, day) else None
    found = SURE
    for group in rule.groups:
        one = _group_hit(rule, group, day, calendar)
        if one is None:
            return None
        if not one.sure or (found.sure and one.cause):
            found = one
    return found


def _group_hit(rule: Rule, group: Group, day: date, calendar: Calendar) -> Hit | None:
    """Weekdays go before holidays; of several holidays the last one gives its name."""
    for item in group:
        if isinstance(item, Weekdays):
            base = day - timedelta(days=item.offset)
            if _is_weekday(item, base) and _wide(rule, base):
                return SURE
    perhaps: Hit | None = None
    for item in reversed(group):
        if not isinstance(item, Holidays):
            continue
        base = day - timedelta(days=item.offset)
        found = _holiday_hit(item, base, calendar)
        if found is not None and _wide(rule, base):
            if found.sure:
                return found
            perhaps = found
    return perhaps


def _is_weekday(item: Weekdays, day: date) -> bool:
    if day.weekday() not in item.days:
        return False
    if not item.nths:
        return True
    from_start = (day.day - 1) // 7 + 1
    from_end = -((month_length(day.year, day.month) - day.day) // 7 + 1)
    return from_start in item.nths or from_end in item.nths


def _holiday_hit(item: Holidays, day: date, calendar: Calendar) -> Hit | None:
    public = item.feast is Feast.PUBLIC
    name = calendar.public_holiday(day) if public else calendar.school_holiday(day)
    if name is None:
        return _PERHAPS
    if not name:
        return None
    if item.offset:
        return Hit(sure=True, name=_beside(name, item.offset), cause=Cause.NEAR_HOLIDAY)
    return Hit(sure=True, name=name, cause=_CAUSES[item.feast])


def _beside(name: str, offset: int) -> str:
    if abs(offset) == 1:
        return f"{'veille' if offset < 0 else 'lendemain'} de jour férié ({name})"
    return f"{abs(offset)} jours {'avant' if offset < 0 else 'après'} un jour férié ({name})"


def _wide(rule: Rule, day: date) -> bool:
    if rule.years and not any(run.holds(day.year) for run in rule.years):
        return False
    if rule.weeks and not any(run.holds(day.isocalendar().week) for run in rule.weeks):
        return False
    return not rule.dates or any(_in_dates(dates, day) for dates in rule.dates)


def _in_dates(dates: Dates, day: date) -> bool:
    start = _start(dates, day)
    return start is not None and (day - start).days % dates.step == 0


def _start(dates: Dates, day: date) -> date | None:
    """Give the first day of the range that holds ``day``.

    Without a year, the day's own year says whether the range runs over New Year (« easter-Apr 02 »
    in some years); ranges of the years beside it may reach into it by their offsets.
    """
    if dates.first.year is not None:
        start, end = _bounds(dates, dates.first.year)
        return start if start and end and start <= day <= end else None
    for year in (day.year, day.year - 1, day.year + 1):
        start, end = _bounds(dates, year)
        if start is None or end is None:
            continue
        if start <= end:
            if start <= day <= end:
                return start
        elif year == day.year and (day >= start or day <= end):
            return start if day >= start else _bounds(dates, year - 1)[0]
    return None


def _bounds(dates: Dates, year: int) -> tuple[date | None, date | None]:
    """Give the first and last day of the range in ``year``.

    Easter as the end of a range isn't in it, as in the public corpus: « Dec 25-easter » ends on
    Holy Saturday.
    """
    start = on(dates.first, year, clamp=dates.last is not None)
    if dates.last is None or start is None:
        return start, start
    until = year if dates.last.year is None else dates.last.year
    end = on(dates.last, until, clamp=True)
    fixed = dates.first.year is not None and dates.last.year is None
    if fixed and end is not None and end < start:
        end = on(dates.last, year + 1, clamp=True)
    if end is not None and dates.last.month == EASTER:
        end -= timedelta(days=1)
    return start, end


def on(day: Day, year: int, *, clamp: bool = False) -> date | None:
    """Give the date of ``day`` in ``year``, None where there is none (29 February, a 5th Sunday).

    ``clamp``: a day past the month's end is the month's last one.
    """
    found = _unmoved(day, year, clamp=clamp)
    return None if found is None else found + timedelta(days=day.offset)


def _unmoved(day: Day, year: int, *, clamp: bool) -> date | None:
    if day.month == EASTER:
        return easter(year)
    length = month_length(year, day.month)
    if day.nth:
        return _nth(day, year, length)
    if day.day > length and not clamp:
        return None
    return date(year, day.month, min(day.day, length))


def _nth(day: Day, year: int, length: int) -> date | None:
    if day.nth > 0:
        first = date(year, day.month, 1).weekday()
        number = 1 + (day.weekday - first) % 7 + 7 * (day.nth - 1)
    else:
        last = date(year, day.month, length).weekday()
        number = length - (last - day.weekday) % 7 + 7 * (day.nth + 1)
    return date(year, day.month, number) if 1 <= number <= length else None


def month_length(year: int, month: int) -> int:
    """Give the days of a month."""
    if month == 12:
        return _LONGEST
    return (date(year, month + 1, 1) - timedelta(days=1)).day


@lru_cache(maxsize=256)
def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap_left = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - leap_left + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * to_sunday) // 451
    number = moon + to_sunday - 7 * late + 114
    return date(year, number // 31, number % 31 + 1)
