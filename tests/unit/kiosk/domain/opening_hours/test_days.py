"""Which days a rule speaks of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.opening_hours.days import easter, hit, month_length, on, plain_days, quick_test
from kiosk.domain.opening_hours.expression import EASTER, Day
from kiosk.domain.opening_hours.reading import parse
from tests.unit.kiosk.domain.opening_hours.weeks import NOWHERE, VILLAGE, Village, dates, lines

TEXTS = [
    "Mo-Fr",
    "Fr-Mo",
    "Mo[1],We[-1]",
    "Su[-1] -1 day",
    "PH",
    "SH",
    "PH,SH Mo-Fr",
    "PH +1 day",
    "Dec 20-Jan 05",
    "week 01-53/2 Mo",
    "2026 Nov-2027 Jan",
    "easter -2 days",
    "2026/2 Mo",
]


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1999, date(1999, 4, 4)),
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_on_its_day(year: int, day: date) -> None:
    assert easter(year) == day


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_months_length_is_that_of_its_last_day(day: date) -> None:
    last = day.replace(day=month_length(day.year, day.month))
    assert (last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (Day(month=2, day=29), None),
        (Day(month=2, day=28), date(2026, 2, 28)),
        (Day(month=11, weekday=6, nth=1), date(2026, 11, 1)),
        (Day(month=11, weekday=6, nth=5), date(2026, 11, 29)),
        (Day(month=11, weekday=2, nth=5), None),
        (Day(month=11, weekday=0, nth=-1), date(2026, 11, 30)),
        (Day(month=11, weekday=1, nth=-1), date(2026, 11, 24)),
        (Day(month=11, weekday=2, nth=-5), None),
        (Day(month=11, weekday=0, nth=-1, offset=3), date(2026, 12, 3)),
        (Day(month=EASTER, offset=39), date(2026, 5, 14)),
    ],
)
def test_a_day_of_the_year_is_found(day: Day, found: date | None) -> None:
    assert on(day, 2026) == found


def test_a_range_may_end_past_its_months_end() -> None:
    assert on(Day(month=2, day=31), 2026, clamp=True) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mo,We", ["11-09", "11-11", "11-16", "11-18"]),
        ("Fr-Su", ["11-13", "11-14", "11-15", "11-20", "11-21", "11-22"]),
        ("We[2]", ["11-11"]),
        ("We[-2]", ["11-18"]),
        ("Su[2],Su[3]", ["11-15"]),
        ("Sa[2] +2 days", ["11-16"]),
        ("Fr[3] -1 day", ["11-19"]),
        ("PH", ["11-11"]),
        ("PH -1 day", ["11-10"]),
        ("PH +1 day", ["11-12"]),
        ("PH +2 days", ["11-13"]),
        ("PH We", ["11-11"]),
        ("PH Mo", []),
        ("PH,Mo", ["11-09", "11-11", "11-16"]),
        ("week 46 Mo", ["11-09"]),
        ("week 45-46 Tu", ["11-10"]),
        ("week 02-52/2 Tu", ["11-10"]),
        ("week 01-53/2 Tu", ["11-17"]),
        ("week 50-47 Tu", ["11-10", "11-17"]),
        ("Nov 11", ["11-11"]),
        ("Nov 11,13", ["11-11", "11-13"]),
        ("Nov 11-13", ["11-11", "11-12", "11-13"]),
        ("Nov 09-22/5", ["11-09", "11-14", "11-19"]),
        ("Nov We", ["11-11", "11-18"]),
        ("Dec We", []),
        ("2026 We", ["11-11", "11-18"]),
        ("2027 We", []),
        ("2024-2030/2 We", ["11-11", "11-18"]),
        ("2023-2031/2 We", []),
        ("2020+ We", ["11-11", "11-18"]),
        ("2026 Nov 11", ["11-11"]),
        ("2025 Nov 11", []),
        ("2025 Dec 20-2026 Nov 10", ["11-09", "11-10"]),
        ("2026 Nov 20-2027 Feb 02", ["11-20", "11-21", "11-22"]),
        ("2026 Nov 21+", ["11-21", "11-22"]),
        ("Nov 21+", ["11-21", "11-22"]),
        ("Nov Mo[2]-Nov We[2]", ["11-09", "11-10", "11-11"]),
        ("Nov 21-Nov Su[4]", ["11-21", "11-22"]),
        ("Nov Sa[3]-Nov Su[4]", ["11-21", "11-22"]),
    ],
)
def test_a_fortnight_of_november_is_searched(text: str, found: list[str]) -> None:
    assert dates(text, "2026-11-09", 14) == found


@pytest.mark.parametrize(
    ("text", "first", "days", "found"),
    [
        ("Dec 31-Jan 01", "2026-12-30", 4, ["12-31", "01-01"]),
        ("Nov-Feb", "2026-10-31", 2, ["11-01"]),
        ("Nov-Feb", "2027-02-27", 4, ["02-27", "02-28"]),
        ("Nov-Feb", "2028-02-28", 3, ["02-28", "02-29"]),
        ("2026 Nov-Feb", "2027-02-27", 4, ["02-27", "02-28"]),
        ("2026 Nov-Feb", "2026-01-01", 30, []),
        ("Feb 29", "2027-02-27", 4, []),
        ("Feb 29", "2028-02-27", 4, ["02-29"]),
        ("Feb 28-Feb 29", "2027-02-27", 4, ["02-28"]),
        ("week 01", "2026-12-26", 4, []),
        ("week 53", "2026-12-31", 5, ["12-31", "01-01", "01-02", "01-03"]),
        ("week 53-01", "2027-01-02", 4, ["01-02", "01-03", "01-04", "01-05"]),
        ("easter", "2026-04-01", 10, ["04-05"]),
        ("easter +1 day", "2026-04-01", 10, ["04-06"]),
        ("easter-Apr 07", "2026-04-01", 10, ["04-05", "04-06", "04-07"]),
        ("Dec 20-Dec Su[-1] +5 days", "2026-12-30", 4, ["12-30", "12-31", "01-01"]),
        ("Jan Su[1] -5 days-Jan 01", "2026-12-27", 7, ["12-29", "12-30", "12-31", "01-01"]),
        ("Nov 20-Mar 01/30", "2026-12-18", 40, ["12-20", "01-19"]),
        ("Sa[-1] +3 days", "2026-11-25", 14, ["12-01"]),
        ("Nov Sa[-1] +3 days", "2026-11-25", 14, ["12-01"]),
        ("Dec Sa[-1] +3 days", "2026-11-25", 14, []),
        ("Jan PH -1 day", "2026-12-20", 20, ["12-31"]),
    ],
)
def test_days_around_the_ends_of_months_and_years_are_right(
    text: str, first: str, days: int, found: list[str]
) -> None:
    assert dates(text, first, days) == found


def test_easter_as_an_end_is_not_in_the_range() -> None:
    assert dates("Apr 03-easter", "2026-04-01", 10) == ["04-03", "04-04"]


def test_school_holidays_are_those_of_the_calendar() -> None:
    assert dates("SH Mo-Fr", "2026-12-17", 8) == ["12-21", "12-22", "12-23", "12-24"]


def test_a_range_over_new_year_is_of_the_years_around() -> None:
    assert dates("Dec 30-Jan 02", "2026-12-29", 6) == ["12-30", "12-31", "01-01", "01-02"]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("PH", ["11 00:00-24:00 Armistice"]),
        ("PH We", ["11 00:00-24:00 Armistice"]),
        ("PH,We", ["11 00:00-24:00"]),  # it is open on Wednesdays anyway
        ("PH -1 day", ["10 00:00-24:00 veille de jour férié (Armistice)"]),
        ("PH +1 day", ["12 00:00-24:00 lendemain de jour férié (Armistice)"]),
        ("PH +2 days", ["13 00:00-24:00 2 jours après un jour férié (Armistice)"]),
        ("PH -2 days", ["09 00:00-24:00 2 jours avant un jour férié (Armistice)"]),
        ('PH open "visite"', ["11 00:00-24:00 visite"]),
    ],
)
def test_a_holiday_gives_its_name_where_nothing_else_is_said(
    text: str, comments: list[str]
) -> None:
    assert lines(text) == comments


def test_of_two_holidays_the_last_one_named_gives_its_name() -> None:
    both = Village({date(2026, 11, 9): "Fête"}, {date(2026, 11, 9): "Vacances"})
    assert lines("PH,SH", calendar=both) == ["09 00:00-24:00 Vacances"]
    assert lines("SH,PH", calendar=both) == ["09 00:00-24:00 Fête"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("calendar", [VILLAGE, NOWHERE], ids=["village", "nowhere"])
def test_the_quick_test_says_what_the_full_one_does(text: str, calendar: Village) -> None:
    (rule,) = parse(text).rules
    quick = quick_test(rule)
    for ahead in range(120):
        day = date(2026, 10, 1) + timedelta(days=ahead)
        assert quick(day, calendar) == hit(rule, day, calendar)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mo-We", {0, 1, 2}),
        ("10:00-12:00", {0, 1, 2, 3, 4, 5, 6}),
        ("Mo-We,Fr", {0, 1, 2, 4}),
        ("Mo[1]", None),
        ("Mo +1 day", None),
        ("PH,Mo", None),
        ("Nov Mo", None),
        ("week 10 Mo", None),
        ("2026 Mo", None),
    ],
)
def test_a_rule_of_weekdays_alone_is_known_as_such(text: str, days: set[int] | None) -> None:
    assert plain_days(parse(text).rules[0]) == days
