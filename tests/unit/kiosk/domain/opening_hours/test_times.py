"""What the times of a rule mean in minutes."""

from __future__ import annotations

import pytest

from kiosk.domain.hours import Cause, Door
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.sun import NOMINAL
from kiosk.domain.opening_hours.times import Stretch, follows_sun, stretches


def told(text: str) -> list[str]:
    """Give the stretches of the only rule as « 09:00-12:00 », "?" when unknown."""
    (rule,) = parse(text).rules
    found = stretches(rule, NOMINAL, NOMINAL)
    marks = {Door.UNKNOWN: "?", Door.CLOSED: "!", Door.OPEN: ""}
    return [
        f"{one.start // 60:02}:{one.start % 60:02}-{one.end // 60:02}:{one.end % 60:02}"
        + marks[one.door]
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mo", ["00:00-24:00"]),
        ("10:00-12:00", ["10:00-12:00"]),
        ("10:00-12:00,14:00-18:00", ["10:00-12:00", "14:00-18:00"]),
        ("10:00-12:00 off", ["10:00-12:00!"]),
        ("22:00-02:00", ["22:00-26:00"]),
        ("22:00-26:00", ["22:00-26:00"]),
        ("22:00-22:00", ["22:00-46:00"]),
        ("00:00-00:00", ["00:00-24:00"]),
        ("00:00-24:00", ["00:00-24:00"]),
        ("24:00-26:00", ["24:00-26:00"]),
        ("23:59-48:00", ["23:59-48:00"]),
        ("10:00", ["10:00-10:01"]),
        ("10:00-12:00/60", ["10:00-10:01", "11:00-11:01", "12:00-12:01"]),
        ("22:00-01:00/90", ["22:00-22:01", "23:30-23:31", "25:00-25:01"]),
        ("07:00+", ["07:00-24:00?"]),
        ("17:00+", ["17:00-27:00?"]),
        ("21:59+", ["21:59-31:59?"]),
        ("22:00+", ["22:00-30:00?"]),
        ("14:00-17:00+", ["14:00-17:00", "17:00-27:00?"]),
        ("22:00-04:00+", ["22:00-28:00", "28:00-36:00?"]),
        ("23:59-40:00+", ["23:59-40:00", "40:00-48:00?"]),
        ("23:59-44:00+", ["23:59-44:00", "44:00-48:00?"]),
        ("07:00+ off", ["07:00-24:00!"]),
        ("07:00+,12:00-16:00", ["07:00-12:00?", "12:00-16:00"]),
        ("12:00-16:00,07:00+", ["12:00-16:00", "07:00-12:00?"]),
        ("10:00-12:00+,12:00-14:00", ["10:00-12:00", "12:00-14:00"]),
        ("13:00-02:00,17:00+", ["13:00-26:00", "17:00-27:00?"]),
        ("sunrise-sunset", ["06:00-18:00"]),
        ("dawn-dusk", ["05:30-18:30"]),
        ("(sunrise+01:02)-(sunset-00:30)", ["07:02-17:30"]),
        ("sunset-sunrise", ["18:00-30:00"]),
        ("sunset-26:00", ["18:00-26:00"]),
        ("sunset-07:00", ["18:00-31:00"]),
        ("sunrise-05:59", ["06:00-29:59"]),
        ("sunrise-06:00", []),
        ("sunrise-06:01", ["06:00-06:01"]),
        ("19:00-sunrise", ["19:00-30:00"]),
        ("sunrise+", ["06:00-24:00?"]),
        ("(sunset+01:00)+", ["19:00-29:00?"]),
    ],
)
def test_times_become_stretches(text: str, found: list[str]) -> None:
    assert told(text) == found


def test_the_suns_end_on_the_next_day_is_that_days_own() -> None:
    (rule,) = parse("sunset-sunrise").rules
    tomorrow = {**NOMINAL, "sunrise": 363}
    assert stretches(rule, NOMINAL, tomorrow) == (Stretch(1080, 1440 + 363, Door.OPEN),)


def test_a_day_without_sunrise_is_unknown() -> None:
    (rule,) = parse("sunrise-sunset").rules
    assert stretches(rule, None, NOMINAL) == (Stretch(0, 1440, Door.UNKNOWN, Cause.NO_SUN),)


def test_an_open_end_says_that_it_is_one() -> None:
    (rule,) = parse("17:00+").rules
    assert [one.cause for one in stretches(rule, NOMINAL, NOMINAL)] == [Cause.OPEN_END]


@pytest.mark.parametrize(
    ("text", "sun"),
    [
        ("10:00-12:00", False),
        ("Mo", False),
        ("17:00+", False),
        ("sunrise-12:00", True),
        ("12:00-sunset", True),
        ("(dusk+01:00)+", True),
    ],
)
def test_a_rule_knows_whether_it_follows_the_sun(text: str, sun: bool) -> None:
    assert follows_sun(parse(text).rules[0]) is sun
