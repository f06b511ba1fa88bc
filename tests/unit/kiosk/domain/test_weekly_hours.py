"""The weekly engine of opening hours says open, closed or unknown, and never guesses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.hours import Door
from kiosk.domain.weekly_hours import DAYS, WeeklyHours, parse

ARMISTICE = date(2026, 11, 11)
SHOP = "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-12:00; PH off"


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, whose 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


ENGINE = WeeklyHours(lambda day: day == ARMISTICE)


@pytest.mark.parametrize(
    ("expression", "at", "door", "until"),
    [
        (SHOP, on(2, 10), Door.OPEN, on(2, 12)),
        (SHOP, on(2, 9), Door.OPEN, on(2, 12)),
        (SHOP, on(2, 12), Door.CLOSED, on(2, 14)),
        (SHOP, on(2, 20), Door.CLOSED, on(3, 9)),
        (SHOP, on(7, 11, 59), Door.OPEN, on(7, 12)),
        (SHOP, on(8, 11), Door.CLOSED, on(9, 9)),
        (SHOP, on(11, 10), Door.CLOSED, on(12, 9)),
        ("Fr,Sa 22:00-02:00", on(7, 1), Door.OPEN, on(7, 2)),
        ("Fr 22:00-26:00", on(7, 1, 59), Door.OPEN, on(7, 2)),
        ("Fr 22:00-26:00", on(7, 2), Door.CLOSED, on(13, 22)),
        ("Sa-Mo 10:00-12:00", on(8, 11), Door.OPEN, on(8, 12)),
        ("10:00-12:00", on(5, 11), Door.OPEN, on(5, 12)),
        ("Mo-Su 10:00-18:00; Tu off", on(3, 11), Door.CLOSED, on(4, 10)),
        ("Mo 08:00-10:00,10:00-12:00", on(2, 9), Door.OPEN, on(2, 12)),
    ],
)
def test_the_door_is_told_with_its_next_change(
    expression: str, at: datetime, door: Door, until: datetime
) -> None:
    verdict = ENGINE.verdict(expression, at)
    assert (verdict.door, verdict.until) == (door, until)


def test_a_closed_holiday_says_why() -> None:
    assert ENGINE.verdict(SHOP, on(11, 10)).reason == "jour férié"


def test_a_holiday_without_its_own_rule_is_like_its_weekday() -> None:
    assert ENGINE.verdict("We 09:00-12:00", on(11, 10)).door is Door.OPEN


def test_always_open_never_changes_within_the_look_ahead() -> None:
    assert ENGINE.verdict("24/7", on(11, 3)).door is Door.OPEN


def test_a_place_that_never_opens_has_no_next_change() -> None:
    verdict = ENGINE.verdict("Mo-Su off", on(2, 10))
    assert (verdict.door, verdict.until) == (Door.CLOSED, None)


@pytest.mark.parametrize(
    "dirty",
    [
        "",
        "  ",
        "sur rendez-vous",
        "Mo-Fr 9h-12h",
        "Mo[1] 09:00-12:00",
        "Mo-Fr 25:00-26:00",
        "Mo-Fr 09:75-12:00",
        "Xx 09:00-12:00",
        "Mo-Fr",
        "PH-Mo 10:00-12:00",
        "Mo 10:00-12:00" * 100,
        "week 1-10 Mo 10:00-12:00",
    ],
)
def test_hours_that_are_not_understood_are_unknown_never_closed(dirty: str) -> None:
    assert ENGINE.verdict(dirty, on(2, 10)).door is Door.UNKNOWN
    assert ENGINE.intervals(dirty, on(2, 0), on(9, 0)) == []


def test_intervals_are_clipped_to_what_was_asked() -> None:
    spans = ENGINE.intervals("Mo 09:00-12:00,14:00-18:00", on(2, 10), on(2, 15))
    assert [(s.start, s.end) for s in spans] == [(on(2, 10), on(2, 12)), (on(2, 14), on(2, 15))]


def test_an_interval_that_began_the_day_before_is_seen() -> None:
    spans = ENGINE.intervals("Fr 22:00-26:00", on(7, 0), on(7, 12))
    assert [(s.start, s.end) for s in spans] == [(on(7, 0), on(7, 2))]


rules = st.builds(
    lambda day, start, length: f"{day} {start:02d}:00-{start + length:02d}:00",
    st.sampled_from(DAYS),
    st.integers(min_value=0, max_value=22),
    st.integers(min_value=1, max_value=12),
)


@given(st.lists(rules, min_size=1, max_size=5).map("; ".join), st.integers(0, 7 * 24 * 4))
def test_the_verdict_agrees_with_the_intervals(expression: str, quarter: int) -> None:
    at = on(2, 0) + timedelta(minutes=15 * quarter)
    spans = ENGINE.intervals(expression, at, at + timedelta(minutes=1))
    assert (ENGINE.verdict(expression, at).door is Door.OPEN) == bool(spans)


@given(st.text(max_size=80))
def test_no_text_breaks_the_engine(text: str) -> None:
    assert ENGINE.verdict(text, on(2, 10)).door in Door
    assert parse(text) is None or ENGINE.verdict(text, on(2, 10)).door is not Door.UNKNOWN
