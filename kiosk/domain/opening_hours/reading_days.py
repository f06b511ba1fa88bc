"""Reads the days of a rule: years, weeks, dates, weekdays and holidays."""

from __future__ import annotations

from kiosk.domain.opening_hours.cursor import Cursor
from kiosk.domain.opening_hours.expression import (
    EASTER,
    YEAR_MAX,
    YEAR_MIN,
    Dates,
    Day,
    Feast,
    Group,
    Holidays,
    Run,
    Weekdays,
)
from kiosk.domain.opening_hours.lexer import Kind

OFFSET_MAX = 366
MONTH_LAST = 31  # clamped to the month's length
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_year(at: Cursor, ahead: int = 0) -> bool:
    """Say whether a year stands here."""
    token = at.peek(ahead)
    return token.kind is Kind.NUMBER and YEAR_MIN <= token.value <= YEAR_MAX


def is_dated_year(at: Cursor, ahead: int = 0) -> bool:
    """Say whether a year with its month or Easter stands here."""
    return is_year(at, ahead) and at.kind(Kind.MONTH, Kind.EASTER, ahead=ahead + 1)


def read_years(at: Cursor) -> tuple[Run, ...]:
    """Read « 2013,2015,2050-2053,2055/2,2060+ », also before a month: « 2013,2015 Jan 01 »."""
    runs = [_years(at)]
    while at.sign(",") and is_year(at, 1) and not at.kind(Kind.EASTER, ahead=2):
        at.take()
        runs.append(_years(at))
    return tuple(runs)


def _years(at: Cursor) -> Run:
    first = last = at.number(YEAR_MIN, YEAR_MAX, "a year")
    if at.sign("-") and is_year(at, 1):
        at.take()
        last = at.number(first, YEAR_MAX, "a year")
    if at.skip("+"):
        return Run(first=first, last=YEAR_MAX)
    if at.sign("/"):
        return Run(first=first, last=YEAR_MAX if last == first else last, step=_step(at, 100))
    return Run(first=first, last=last)


def read_weeks(at: Cursor) -> tuple[Run, ...]:
    """Read « week 02-04/2,10 »."""
    at.take()
    runs = [_weeks(at)]
    while at.sign(",") and at.kind(Kind.NUMBER, ahead=1) and not is_year(at, 1):
        at.take()
        runs.append(_weeks(at))
    return tuple(runs)


def _weeks(at: Cursor) -> Run:
    first = last = at.number(1, 53, "a week")
    if at.skip("-"):
        last = at.number(1, 53, "a week")
    return Run(first=first, last=last, step=_any_step(at, 52))


def _any_step(at: Cursor, most: int) -> int:
    return _step(at, most) if at.sign("/") else 1


def _step(at: Cursor, most: int) -> int:
    at.take()
    step = at.number(1, most, "a step")
    if step == 1:
        at.warn("a step of 1 says nothing")
    return step


def read_dates(at: Cursor, *, yearless: bool = False) -> tuple[Dates, ...]:
    """Read « Jan 23-Feb 12,Aug,2014 Dec 25-easter »; a year holds for the dates after it.

    ``yearless``: the years were read before, as a list of their own.
    """
    year: int | None = None
    month = 0
    found: list[Dates] = []
    while True:
        if not yearless and is_dated_year(at):
            year = at.take().value
        found.append(_dates(at, year, month))
        month = found[-1].first.month
        if not _another_date(at):
            return tuple(found)
        at.take()


def _another_date(at: Cursor) -> bool:
    if not at.sign(","):
        return False
    if at.kind(Kind.MONTH, Kind.EASTER, ahead=1) or is_dated_year(at, 1):
        return True
    numbers = at.kind(Kind.NUMBER, ahead=-1) and at.kind(Kind.NUMBER, ahead=1)
    return numbers and not is_year(at, 1)


def _dates(at: Cursor, year: int | None, month: int) -> Dates:
    """Read one item; a number alone (« Jan 23,25 ») is a day of ``month``."""
    whole_month = _is_whole_month(at)
    first = _day(at, year, month)
    if at.skip("+"):
        return Dates(first=first, last=_year_end(year))
    if at.sign("-") and _is_day(at, 1, first):
        at.take()
        return Dates(first=first, last=_last(at, first.month), step=_any_step(at, OFFSET_MAX))
    return Dates(first=first, last=_month_end(first.month, year) if whole_month else None)


def _is_whole_month(at: Cursor) -> bool:
    return at.kind(Kind.MONTH) and not _day_follows(at)


def _last(at: Cursor, month: int) -> Day:
    """Read the end of a range; a month alone ends with its last day."""
    year = at.take().value if is_dated_year(at) else None
    whole_month = _is_whole_month(at)
    last = _day(at, year, month)
    return _month_end(last.month, year) if whole_month else last


def _month_end(month: int, year: int | None) -> Day:
    return Day(month=month, day=MONTH_LAST, year=year)


def _year_end(year: int | None) -> Day:
    """Give the end of « Nov 21+ »: of every year, or with a year of all those after it."""
    return Day(month=12, day=31, year=None if year is None else YEAR_MAX)


def _is_day(at: Cursor, ahead: int, first: Day) -> bool:
    """Say whether the end of a range of dates stands there."""
    if at.kind(Kind.MONTH, Kind.EASTER, ahead=ahead) or is_dated_year(at, ahead):
        return True
    return at.kind(Kind.NUMBER, ahead=ahead) and first.month != EASTER and not first.nth


def _day_follows(at: Cursor) -> bool:
    """Say whether the month here has its day: a number, or a weekday that a range goes on from."""
    number = at.kind(Kind.NUMBER, ahead=1) and not is_year(at, 1)
    if number and at.peek(1).value > MONTH_LAST:
        return False
    return number or _nth_follows(at)


def _nth_follows(at: Cursor) -> bool:
    """Say whether « Su[2] » after the month here begins or ends a range of dates."""
    if not (at.kind(Kind.WEEKDAY, ahead=1) and at.sign("[", ahead=2)):
        return False
    return at.peek(-1).text == "-" or _range_follows(at, 5 + at.sign("-", ahead=3))


def _range_follows(at: Cursor, ahead: int) -> bool:
    """Say whether after the "]" before ``ahead`` a range goes on: « ] +2 days-Jan »."""
    if at.kind(Kind.DAYS, ahead=ahead + 2):
        ahead += 3
    if not at.sign("-", ahead=ahead):
        return False
    return at.kind(Kind.MONTH, Kind.EASTER, ahead=ahead + 1) or is_dated_year(at, ahead + 1)


def _day(at: Cursor, year: int | None, month: int) -> Day:
    if at.kind(Kind.EASTER):
        at.take()
        return Day(month=EASTER, offset=_offset(at), year=year)
    if not at.kind(Kind.MONTH):
        return Day(month=month, day=_number_of(at, month), year=year)
    follows = _day_follows(at)
    month = at.take().value
    if not follows:
        return Day(month=month, year=year)
    if at.kind(Kind.NUMBER):
        number = _number_of(at, month)
        return Day(month=month, day=number, offset=_offset(at), year=year)
    weekday = at.take().value
    at.expect("[")
    nth = _nth(at)
    at.expect("]")
    return Day(month=month, weekday=weekday, nth=nth, offset=_offset(at), year=year)


def _number_of(at: Cursor, month: int) -> int:
    return at.number(1, _LONGEST[month - 1] if month else MONTH_LAST, "a day of the month")


def _offset(at: Cursor) -> int:
    """Read « +3 days » when it stands here."""
    if not (at.sign("+", "-") and at.kind(Kind.DAYS, ahead=2)):
        return 0
    sign = at.plus_or_minus()
    days = at.number(0, OFFSET_MAX, "days")
    at.take()
    if days == 0:
        at.warn("an offset of 0 days says nothing")
    return sign * days


def _nth(at: Cursor) -> int:
    sign = -1 if at.skip("-") else 1
    return sign * at.number(1, 5, "the number of a weekday in its month")


def read_group(at: Cursor) -> Group:
    """Read « Mo-We,Fr,PH,SH,Sa[1,-1] +1 day »."""
    items = [_group_item(at)]
    while at.sign(",") and at.kind(Kind.WEEKDAY, Kind.FEAST, ahead=1):
        at.take()
        items.append(_group_item(at))
    return tuple(items)


def _group_item(at: Cursor) -> Weekdays | Holidays:
    if at.kind(Kind.FEAST):
        return Holidays(feast=Feast(at.take().text), offset=_offset(at))
    first = at.take().value
    if at.sign("-") and at.kind(Kind.WEEKDAY, ahead=1):
        at.take()
        length = (at.take().value - first) % 7 + 1
        return Weekdays(days=frozenset((first + i) % 7 for i in range(length)))
    nths = _nths(at) if at.sign("[") else frozenset[int]()
    return Weekdays(days=frozenset({first}), nths=nths, offset=_offset(at))


def _nths(at: Cursor) -> frozenset[int]:
    at.expect("[")
    found = set(_nth_range(at))
    while at.skip(","):
        found.update(_nth_range(at))
    at.expect("]")
    return frozenset(found)


def _nth_range(at: Cursor) -> range:
    first = _nth(at)
    last = _nth(at) if first > 0 and at.skip("-") else first
    if last < first:
        raise at.wrong("a rising range expected")
    return range(first, last + 1)
