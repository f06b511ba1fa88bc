"""Relative dates: days after the day of seeding, weekly rules, wall clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.store.pack_dates import day_of, moment_of, occurrences
from kiosk.store.pack_format import WEEKS_MAX, Every

PARIS = ZoneInfo("Europe/Paris")
SUNDAY = date(2026, 11, 22)


def rule(*days: str, weeks: int = 5, turn: int = 0, of: int = 1) -> Every:
    return msgspec.convert({"days": list(days), "weeks": weeks, "turn": turn, "of": of}, Every)


@pytest.mark.parametrize(
    ("text", "base", "day"),
    [
        ("+0", date(2026, 11, 22), date(2026, 11, 22)),
        ("+3", date(2026, 11, 22), date(2026, 11, 25)),
        ("-1", date(2026, 3, 1), date(2026, 2, 28)),
        ("+1", date(2028, 2, 28), date(2028, 2, 29)),  # leap
        ("+1", date(2027, 2, 28), date(2027, 3, 1)),
        ("+2", date(2026, 12, 30), date(2027, 1, 1)),  # new year
        ("-365", date(2027, 1, 1), date(2026, 1, 1)),
        ("2026-05-08", date(2030, 1, 1), date(2026, 5, 8)),
    ],
)
def test_a_day_is_counted_from_its_base(text: str, base: date, day: date) -> None:
    assert day_of(text, base) == day


@pytest.mark.parametrize("text", ["", "3", "+", "+1234", "+3T20:30", "demain", "2026-13-01", "+3 "])
def test_a_day_that_names_none_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="date not understood"):
        day_of(text, SUNDAY)


@pytest.mark.parametrize(
    ("text", "base", "moment"),
    [
        ("+0T20:30", SUNDAY, "2026-11-22T20:30:00+01:00"),
        ("+3", SUNDAY, "2026-11-25T00:00:00+01:00"),
        ("+1T00:05", date(2026, 12, 31), "2027-01-01T00:05:00+01:00"),
        ("+0T09:00", date(2026, 7, 1), "2026-07-01T09:00:00+02:00"),
        ("+1T12:00", date(2026, 3, 28), "2026-03-29T12:00:00+02:00"),  # summer time begins
        ("+0T02:30", date(2026, 3, 29), "2026-03-29T03:30:00+02:00"),  # a wall clock leapt over
        ("+1T12:00", date(2026, 10, 24), "2026-10-25T12:00:00+01:00"),  # summer time ends
        ("+0T02:30", date(2026, 10, 25), "2026-10-25T02:30:00+02:00"),  # twice: the first
        ("2026-05-08", SUNDAY, "2026-05-08T00:00:00+02:00"),
        ("2026-05-08T10:00", SUNDAY, "2026-05-08T10:00:00+02:00"),
        ("2026-05-08T10:00:00Z", SUNDAY, "2026-05-08T12:00:00+02:00"),
    ],
)
def test_a_moment_is_a_wall_clock_of_the_territory(text: str, base: date, moment: str) -> None:
    assert moment_of(text, base, PARIS).isoformat() == moment


@pytest.mark.parametrize("text", ["", "+3T25:00", "+3T20:60", "+3T2030", "20:30", "+9T", "?"])
def test_a_moment_that_names_none_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="date not understood"):
        moment_of(text, SUNDAY, PARIS)


def test_a_day_past_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(InputRefused):
        day_of("+2", date(9999, 12, 31))
    with pytest.raises(InputRefused):
        moment_of("+2T10:00", date(9999, 12, 31), PARIS)


def test_a_weekly_rule_begins_with_the_monday_of_the_week() -> None:
    days = list(occurrences(rule("mon", "thu", weeks=2), SUNDAY))
    assert days == [
        date(2026, 11, 16),
        date(2026, 11, 19),
        date(2026, 11, 23),
        date(2026, 11, 26),
    ]


def test_a_turn_goes_on_evenly_over_the_new_year() -> None:
    days = list(occurrences(rule("wed", weeks=10, of=2), date(2026, 12, 7)))
    gaps = {(after - before).days for before, after in pairwise(days)}
    assert gaps == {14}
    assert days[0].year == 2026
    assert days[-1].year == 2027


def test_the_turns_share_out_the_weeks() -> None:
    every_week = set(occurrences(rule("sun", weeks=12), SUNDAY))
    turns = [set(occurrences(rule("sun", weeks=12, turn=n, of=4), SUNDAY)) for n in range(4)]
    assert set.union(*turns) == every_week
    assert sum(len(turn) for turn in turns) == len(every_week)


def test_a_turn_that_never_comes_gives_no_day() -> None:
    assert list(occurrences(rule("mon", turn=4, of=4), SUNDAY)) == []


@given(
    today=st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    names=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1),
    weeks=st.integers(1, WEEKS_MAX),
)
def test_a_rule_gives_each_day_once_in_order_within_its_weeks(
    today: date, names: set[str], weeks: int
) -> None:
    days = list(occurrences(rule(*names, weeks=weeks), today))
    assert days == sorted(set(days))
    assert len(days) == len(names) * weeks
    assert all(abs((day - today).days) <= 7 * weeks + 6 for day in days)


@given(
    today=st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    shift=st.integers(-999, 999),
    minute=st.integers(0, 1439),
)
def test_every_relative_moment_is_a_real_one(today: date, shift: int, minute: int) -> None:
    text = f"{shift:+d}T{minute // 60:02d}:{minute % 60:02d}"
    moment = moment_of(text, today, PARIS)
    assert moment == moment.astimezone(UTC).astimezone(PARIS)
    wished = datetime.combine(today + timedelta(days=shift), datetime.min.time())
    wished += timedelta(minutes=minute)
    assert timedelta(0) <= moment.replace(tzinfo=None) - wished <= timedelta(hours=1)
