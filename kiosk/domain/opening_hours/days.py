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
    Run,
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
    only = _only_holiday(rule)
    return partial(hit, rule) if only is None else partial(_holiday_hit, only)


def _only_holiday(rule: Rule) -> Holidays | None:
    """Give the holiday on whose days the rule holds, None when anything else decides too."""
    if _is_wide(rule) or len(rule.groups) != 1 or len(rule.groups[0]) != 1:
        return None
    only = rule.groups[0][0]
    return None if isinstance(only, Weekdays) or only.offset else only


def _is_wide(rule: Rule) -> bool:
    return bool(rule.years or rule.weeks or rule.dates)


def plain_days(rule: Rule) -> frozenset[int] | None:
    """Give the weekdays on which the rule always holds; None when more than weekdays decides."""
    groups = [_plain_group(group) for group in rule.groups]
    if _is_wide(rule) or None in groups:
        return None
    return frozenset(range(7)).intersection(*filter(None, groups))


def _plain_group(group: Group) -> frozenset[int] | None:
    days: frozenset[int] = frozenset()
    for item in group:
        if not isinstance(item, Weekdays) or item.nths or item.offset:
            return None
        days |= item.days
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
        found = min(found, one, key=_weight)
    return found


def _weight(one: Hit) -> tuple[bool, bool]:
    """Order hits: what isn't sure goes first, then what a holiday made so."""
    return one.sure, not one.cause


def _group_hit(rule: Rule, group: Group, day: date, calendar: Calendar) -> Hit | None:
    """Weekdays go before holidays; of several holidays the last one gives its name."""
    if any(isinstance(item, Weekdays) and _holds(rule, item, day) for item in group):
        return SURE
    hits = (_based_hit(rule, item, day, calendar) for item in reversed(group))
    return max(filter(None, hits), key=lambda one: one.sure, default=None)


def _holds(rule: Rule, item: Weekdays, day: date) -> bool:
    base = day - timedelta(days=item.offset)
    return _is_weekday(item, base) and _wide(rule, base)


def _based_hit(rule: Rule, item: Weekdays | Holidays, day: date, calendar: Calendar) -> Hit | None:
    if isinstance(item, Weekdays):
        return None
    base = day - timedelta(days=item.offset)
    found = _holiday_hit(item, base, calendar)
    return found if found is not None and _wide(rule, base) else None


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
    if not _is_wide(rule):
        return True
    if not _within(rule.years, day.year) or not _within(rule.weeks, day.isocalendar().week):
        return False
    return not rule.dates or any(_in_dates(dates, day) for dates in rule.dates)


def _within(runs: tuple[Run, ...], number: int) -> bool:
    return not runs or any(run.holds(number) for run in runs)


def _in_dates(dates: Dates, day: date) -> bool:
    start = _start(dates, day)
    return start is not None and (day - start).days % dates.step == 0


def _start(dates: Dates, day: date) -> date | None:
    """Give the first day of the range that holds ``day``.

    Without a year, the day's own year says whether the range runs over New Year (« easter-Apr 02 »
    in some years); ranges of the years beside it may reach into it by their offsets.
    """
    if dates.first.year is not None:
        return _start_in(dates, dates.first.year, day)
    for year in (day.year, day.year - 1, day.year + 1):
        start = _start_in(dates, year, day)
        if start is not None:
            return start
    return _start_over_new_year(dates, day)


def _start_in(dates: Dates, year: int, day: date) -> date | None:
    start, end = _bounds(dates, year)
    return start if start and end and start <= day <= end else None


def _start_over_new_year(dates: Dates, day: date) -> date | None:
    start, end = _bounds(dates, day.year)
    if start is None or end is None or start <= end:
        return None
    if day >= start:
        return start
    return _bounds(dates, day.year - 1)[0] if day <= end else None


def _bounds(dates: Dates, year: int) -> tuple[date | None, date | None]:
    """Give the first and last day of the range in ``year``."""
    start = on(dates.first, year, clamp=dates.last is not None)
    if dates.last is None or start is None:
        return start, start
    end = _end(dates.last, dates.last.year or year)
    if end is None or end >= start or dates.first.year is None:
        return start, end
    return start, _end(dates.last, dates.last.year or year + 1)


def _end(last: Day, year: int) -> date | None:
    """Give the last day of a range.

    Easter as the end of a range isn't in it, as in the public corpus: « Dec 25-easter » ends on
    Holy Saturday.
    """
    end = on(last, year, clamp=True)
    return end - timedelta(days=1) if end and last.month == EASTER else end


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
