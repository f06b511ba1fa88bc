"""Days, hours and ends in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.unit.ui.views.world import World, utc
from ui.views.moments import capital, heading, labelled, local, near, small, span, today, until

TODAY = date(2026, 11, 22)


def test_today_is_the_territorys_day_and_not_utcs(world: World) -> None:
    world.clock.move(13.5 * 3600)  # 23:12 in London, 0:12 in Paris
    assert today(world.context()) == date(2026, 11, 23)


def test_a_moment_is_put_on_the_territorys_clock(world: World) -> None:
    assert local(world.context(), datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 14


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (22, "Aujourd’hui, dimanche 22 novembre"),
        (23, "Demain, lundi 23 novembre"),
        (24, "Mardi 24 novembre"),
    ],
)
def test_a_days_heading_says_how_near_it_is(world: World, day: int, text: str) -> None:
    assert heading(world.context(), TODAY.replace(day=day)) == text


def test_a_near_day_is_named_by_its_weekday(world: World) -> None:
    assert near(world.context(), TODAY.replace(day=26)) == "jeudi"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        (utc(22, 19), "jusqu’à 19\u00a0h"),
        (utc(22, 24), "jusqu’à minuit"),
        (utc(23, 9), "jusqu’à demain 9\u00a0h"),
        (utc(27, 24), "jusqu’à vendredi minuit"),
        (utc(30, 12), "jusqu’au 30 novembre"),
    ],
)
def test_an_end_is_said_as_one_says_it(world: World, ends: datetime, text: str) -> None:
    assert until(world.context(), ends) == text


def test_an_end_in_english(world: World) -> None:
    assert until(world.context(language="en"), utc(23, 9)) == "until tomorrow 9\u00a0AM"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        (utc(22, 13), "de 9\u00a0h à 13\u00a0h"),
        (None, "à 9\u00a0h"),
        (utc(25, 13), "à 9\u00a0h"),
    ],
)
def test_a_span_without_a_near_end_is_its_start(
    world: World, ends: datetime | None, text: str
) -> None:
    context = world.context()
    there = local(context, ends) if ends else None
    assert span(context, local(context, utc(22, 9)), there) == text


@pytest.mark.parametrize(
    ("text", "smaller"), [("Bac jaune", "bac jaune"), ("CAF", "CAF"), ("", "")]
)
def test_a_first_letter_is_made_small_unless_it_begins_an_acronym(text: str, smaller: str) -> None:
    assert small(text) == smaller


def test_a_first_letter_is_made_a_capital_and_the_rest_stays() -> None:
    assert capital("mardi à Sées") == "Mardi à Sées"


@pytest.mark.parametrize(("language", "text"), [("fr", "A\u00a0: b"), ("en", "A: b")])
def test_a_label_has_its_languages_colon(world: World, language: str, text: str) -> None:
    assert labelled(world.context(language=language), "A", "b") == text
