"""Sunrise and sunset against almanacs."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.opening_hours.sun import NOMINAL, sun_times
from tests.unit.kiosk.domain.opening_hours.weeks import PARIS, lines

CITY = (48.8566, 2.3522)
TROMSO = (69.6492, 18.9553)


def clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [
        # Paris, as almanacs print it
        (date(2024, 1, 1), "08:44", "17:04"),
        (date(2024, 6, 21), "05:47", "21:58"),
        (date(2024, 12, 21), "08:41", "16:56"),
    ],
)
def test_the_sun_rises_and_sets_in_paris_as_the_almanac_says(
    day: date, rises: str, sets: str
) -> None:
    found = sun_times(day, CITY, PARIS)
    assert found is not None
    assert abs(found["sunrise"] - clock(rises)) <= 2
    assert abs(found["sunset"] - clock(sets)) <= 2


@pytest.mark.parametrize("day", [date(2024, 3, 20), date(2024, 9, 22), date(2027, 3, 20)])
@pytest.mark.parametrize("latitude", [-45.0, 0.0, 45.0])
def test_at_the_equinox_the_day_lasts_twelve_hours_everywhere(day: date, latitude: float) -> None:
    found = sun_times(day, (latitude, 0.0), UTC)
    assert found is not None
    assert 12 * 60 <= found["sunset"] - found["sunrise"] <= 12 * 60 + 15


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.floats(-60, 60), st.floats(-170, 170))
def test_a_day_has_its_events_in_order(day: date, latitude: float, longitude: float) -> None:
    found = sun_times(day, (latitude, longitude), UTC)
    if found is None:
        assert abs(latitude) > 59  # white nights have no end of twilight
        return
    assert found["dawn"] < found["sunrise"] < found["sunset"] < found["dusk"]


@pytest.mark.parametrize("day", [date(2026, 6, 21), date(2026, 12, 21)])
def test_beyond_the_polar_circle_the_sun_neither_rises_nor_sets(day: date) -> None:
    assert sun_times(day, TROMSO, ZoneInfo("Europe/Oslo")) is None


def test_the_clocks_change_moves_the_sunrise_by_an_hour() -> None:
    before = sun_times(date(2026, 3, 28), CITY, PARIS)
    after = sun_times(date(2026, 3, 29), CITY, PARIS)
    assert before is not None
    assert after is not None
    assert 55 < after["sunrise"] - before["sunrise"] < 60


def test_without_a_position_the_sun_keeps_to_its_constants() -> None:
    assert lines("sunrise-sunset", days=1) == ["09 06:00-18:00"]
    assert lines("dawn-dusk", days=1) == ["09 05:30-18:30"]
    assert NOMINAL == {"dawn": 330, "sunrise": 360, "sunset": 1080, "dusk": 1110}


def test_with_a_position_hours_follow_the_sun_day_by_day() -> None:
    found = lines("(sunrise+01:00)-(sunset-01:00)", days=3, position=CITY)
    starts = [line[3:8] for line in found]
    assert starts == sorted(starts)
    assert len(set(starts)) == 3


def test_a_polar_day_is_unknown() -> None:
    assert lines("sunrise-sunset", "2026-06-21", 1, position=TROMSO) == [
        "21 00:00-24:00? le soleil ne se lève ou ne se couche pas ce jour-là"
    ]
