"""Tides of a port and the day's curve."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import Tide
from kiosk.domain.freshness import State
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.tides import CEILING, CURVE_STEPS, FLOOR, NEXT_MAX, build_tides, tell_tides


def water(
    time: datetime, height_m: float = 11.2, kind: Literal["high", "low"] = "high", **facts: Any
) -> Tide:
    known = {"datum": "LAT", "station": "Granville", **facts}
    return Tide(time=time, height_m=height_m, kind=kind, **known)


def series(days: int = 3) -> list[Tide]:
    """Give waters every six hours from yesterday on: high ones at 4 and 16 h, 12 and 2 m."""
    return [
        water(utc(21, 4) + timedelta(hours=6 * n), *((12.0, "high"), (2.0, "low"))[n % 2])
        for n in range(4 * days)
    ]


def told(world: World, **service: Any) -> list[str]:
    context = world.context("tides", **service)
    return tell_tides(context, context.territory.services[0])[0]


def test_the_next_turn_is_said_large(world: World) -> None:
    world.put(series())
    frame = build_tides(world.context("tides"), "s")
    assert (frame.subtitle, frame.verdict) == ("Granville", "Pleine mer\u00a0: 16:00")
    assert frame.rest == "12\u00a0m, la mer monte"
    assert frame.note.startswith("Indicatif")


def test_after_high_water_the_sea_goes_down(world: World) -> None:
    world.put(series())
    world.clock.move(6 * 3600)
    frame = build_tides(world.context("tides"), "s")
    assert (frame.verdict, frame.rest) == ("Basse mer\u00a0: 22:00", "2\u00a0m, la mer descend")


def test_a_turn_has_its_time_height_and_datum(world: World) -> None:
    world.put([water(utc(23, 7, 42), 11.25)])
    (row,) = build_tides(world.context("tides"), "s").rows
    assert (row.heading, row.trailing) == ("Pleine mer", "07:42")
    assert row.detail == "11,2\u00a0m au-dessus du zéro des cartes"
    assert row.section == "Demain, lundi 23 novembre"
    assert row.state_text == "indicatif"


def test_what_is_official_is_not_said_to_be_indicative(world: World) -> None:
    world.put([water(utc(23, 7), indicative=False, datum="")])
    (row,) = build_tides(world.context("tides"), "s").rows
    assert (row.state_text, row.detail) == ("", "11,2\u00a0m")


def test_past_waters_are_left_out_and_the_next_ones_bounded(world: World) -> None:
    world.put(series(10))
    rows = build_tides(world.context("tides"), "s").rows
    assert rows[0].trailing == "16:00"
    assert len(rows) == NEXT_MAX


@pytest.mark.parametrize(
    ("language", "hours", "wordings"),
    [
        ("fr", 0, ["Pleine mer 16:00, 12\u00a0m", "Pleine mer 16:00"]),
        ("fr", 8, ["Pleine mer demain 04:00, 12\u00a0m", "Pleine mer demain 04:00"]),
        ("en", 0, ["High water 16:00, 12\u00a0m", "High water 16:00"]),
    ],
)
def test_the_glance_is_the_next_high_water(
    world: World, language: str, hours: int, wordings: list[str]
) -> None:
    world.put(series())
    world.clock.move(hours * 3600)
    context = world.context("tides", language)
    assert tell_tides(context, context.territory.services[0])[0] == wordings


def test_one_port_is_shown_the_focus_if_it_is_there(world: World) -> None:
    world.put([water(utc(23, 5)), water(utc(23, 6), station="Le Havre")])
    assert build_tides(world.context("tides"), "s").subtitle == "Granville"
    assert build_tides(world.context("tides", focus="Le Havre"), "s").subtitle == "Le Havre"
    assert told(world, focus="Le Havre")[1] == "Pleine mer demain 06:00"


def test_the_day_is_a_curve_from_midnight_to_midnight(world: World) -> None:
    world.put(series())
    frame = build_tides(world.context("tides"), "s")
    assert len(frame.curve) == CURVE_STEPS + 1
    assert max(frame.curve) == pytest.approx(CEILING)
    assert min(frame.curve) == pytest.approx(FLOOR)
    assert frame.curve[CURVE_STEPS * 4 // 24] == pytest.approx(CEILING)  # high water at 4 h
    assert frame.now_x == pytest.approx(10.7 / 24)


def test_the_curves_turns_are_todays(world: World) -> None:
    world.put(series())
    turns = build_tides(world.context("tides"), "s").turns
    assert [(turn.label, turn.metres, turn.high) for turn in turns] == [
        ("04:00", "12\u00a0m", True),
        ("10:00", "2\u00a0m", False),
        ("16:00", "12\u00a0m", True),
        ("22:00", "2\u00a0m", False),
    ]
    assert turns[1].at == pytest.approx(10 / 24)
    assert turns[1].level == pytest.approx(FLOOR)


@pytest.mark.parametrize("facts", [[water(utc(22, 14))], series(1)])
def test_a_day_that_is_not_wholly_known_has_no_curve(world: World, facts: list[Tide]) -> None:
    world.put(facts)
    frame = build_tides(world.context("tides"), "s")
    assert (frame.curve, frame.turns, frame.now_x) == ((), (), -1.0)


def test_two_waters_of_one_moment_and_height_do_no_harm(world: World) -> None:
    world.put([water(utc(21, 0), 5), water(utc(21, 0), 5), water(utc(24, 0), 5)])
    assert set(build_tides(world.context("tides"), "s").curve) == {0.5}


@given(steps=st.lists(st.floats(0, 15), min_size=12, max_size=12))
def test_the_curve_never_leaves_its_picture(
    tmp_path_factory: pytest.TempPathFactory, steps: list[float]
) -> None:
    world = World(tmp_path_factory.mktemp("tides"))
    world.put([water(utc(21, 4) + timedelta(hours=6 * n), h) for n, h in enumerate(steps)])
    curve = build_tides(world.context("tides"), "s").curve
    assert all(FLOOR - 1e-9 <= level <= CEILING + 1e-9 for level in curve)


def test_without_waters_the_desk_is_named(world: World) -> None:
    world.put([water(NOW - timedelta(hours=1))])
    frame = build_tides(world.context("tides"), "s")
    assert (frame.verdict, frame.rest, frame.note, frame.rows) == ("", "", "", ())
    assert frame.age.state is State.ABSENT
    assert frame.empty in frame.spoken
    assert told(world) == []


def test_the_next_turn_is_spoken_with_its_caution(world: World) -> None:
    world.put(series())
    spoken = build_tides(world.context("tides"), "s").spoken
    assert spoken[1].startswith("Pleine mer\u00a0: 16:00, 12\u00a0m, la mer monte. Indicatif")
