"""What was measured or seen, with its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.facts import Notice, Observation
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World
from ui.views.observations import build_observations, tell_observations

LIVE = Policy(live_s=600, stale_s=7_200)
AIR = Observation(value=2, unit="/ 6", word={"fr": "bon", "en": "good"}, level="good")
SNOW = Observation(value=12.5, unit="cm", topic="snowflake")
VIEW = Observation(picture=True, topic="device-cctv")


def told(world: World, focus: str = "") -> list[str]:
    context = world.context("observations", focus=focus)
    return tell_observations(context, context.territory.services[0])[0]


def test_a_measure_has_its_value_unit_word_and_advice(world: World) -> None:
    world.put([AIR], titles=["Air"], policy=LIVE, body={"fr": "Sortez."})
    (row,) = build_observations(world.context("observations"), "s").rows
    assert (row.heading, row.detail, row.trailing, row.unit) == ("Air", "Sortez.", "2", "/ 6")
    assert (row.state_text, row.tone) == ("bon, en direct, à l’instant", "good")


def test_a_measure_has_the_languages_decimals_and_its_own_icon(world: World) -> None:
    world.put([SNOW])
    (french,) = build_observations(world.context("observations"), "s").rows
    (english,) = build_observations(world.context("observations", "en"), "s").rows
    assert (french.trailing, english.trailing) == ("12,5", "12.5")
    assert french.glyph == "snowflake"


def test_without_an_icon_it_takes_the_services(world: World) -> None:
    world.put([AIR])
    (row,) = build_observations(world.context("observations"), "s").rows
    assert row.glyph == "pool"


@pytest.mark.parametrize(
    ("level", "tone"),
    [("good", "good"), ("fair", "muted"), ("poor", "warn"), ("bad", "bad"), ("", "muted")],
)
def test_how_good_it_is_is_the_rows_tone(world: World, level: str, tone: str) -> None:
    world.put([Observation(value=1, level=level)])  # type: ignore[arg-type] # literals
    (row,) = build_observations(world.context("observations"), "s").rows
    assert row.tone == tone


def test_an_old_measure_is_never_shown_as_good(world: World) -> None:
    world.put([AIR], policy=LIVE, observed_at=NOW - timedelta(hours=5))
    frame = build_observations(world.context("observations"), "s")
    (row,) = frame.rows
    assert row.state_text.startswith("bon, ancien, il y a 5")
    assert (row.tone, row.state_glyph) == ("warn", "history")
    assert frame.age.state is State.LAST_GOOD


def test_a_view_says_when_its_last_picture_was_taken(world: World) -> None:
    world.put([VIEW], policy=LIVE, observed_at=NOW - timedelta(minutes=12), body={"fr": "Place."})
    (row,) = build_observations(world.context("observations"), "s").rows
    assert row.state_text.startswith("dernière image à 10\u00a0h\u00a030")
    assert (row.detail, row.trailing, row.unit) == ("Place.", "", "")


def test_a_picture_of_another_day_says_its_day(world: World) -> None:
    world.put([VIEW], policy=LIVE, observed_at=NOW - timedelta(days=40))
    (row,) = build_observations(world.context("observations"), "s").rows
    assert row.state_text.startswith("dernière image du mar. 13 oct., ancien")


def test_notices_follow_and_open(world: World) -> None:
    world.put([AIR], dataset="a")
    world.put([Notice()], dataset="n", titles=["Forêt ouverte"])
    rows = build_observations(world.context("observations"), "s").rows
    assert [row.key for row in rows] == ["a/0", "n/0"]
    assert (rows[1].route, rows[1].argument) == ("notice", "n/0")


def test_the_age_is_that_of_the_oldest_shown(world: World) -> None:
    world.put([AIR], dataset="a", policy=LIVE)
    world.put([Notice()], dataset="n", observed_at=NOW - timedelta(days=60))
    frame = build_observations(world.context("observations"), "s")
    assert frame.age.state is State.LAST_GOOD


@pytest.mark.parametrize(
    ("focus", "wordings"),
    [
        ("0", ["Air\u00a0: bon", "bon"]),
        ("1", ["En haut\u00a0: 12,5\u00a0cm", "12,5\u00a0cm"]),
        ("", ["2 balades"]),
        ("unknown", ["2 balades"]),
    ],
)
def test_the_glance_is_the_focus_else_the_count(
    world: World, focus: str, wordings: list[str]
) -> None:
    world.put([AIR, SNOW], titles=["Air", "En haut, à 2\u00a0350\u00a0m"])
    assert told(world, focus) == wordings


def test_an_only_one_needs_no_focus(world: World) -> None:
    world.put([VIEW], titles=["Place des Halles"])
    assert told(world) == ["Place des Halles", ""]


def test_a_count_is_as_old_as_the_oldest_of_them(world: World) -> None:
    world.put([VIEW], dataset="a", policy=LIVE)
    world.put([VIEW], dataset="b", policy=LIVE, observed_at=NOW - timedelta(days=1))
    context = world.context("observations")
    fresh = tell_observations(context, context.territory.services[0])[1]
    assert fresh.state is State.LAST_GOOD


def test_without_observations_the_desk_is_named(world: World) -> None:
    frame = build_observations(world.context("observations"), "s")
    assert frame.rows == ()
    assert frame.empty in frame.spoken
    assert told(world) == []
