"""Ski runs and lifts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest

from kiosk.domain.facts import Slope
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World
from ui.views.slopes import DIFFICULTIES, SORTS, STATES, build_slopes, tell_slopes

LIVE = Policy(live_s=900, stale_s=21_600)


def run(state: str = "open", **facts: Any) -> Slope:
    return Slope(**{"sort": "piste", "state": state, **facts})


def lift(state: str = "open") -> Slope:
    return run(state, sort="lift")


def told(world: World) -> tuple[list[str], State]:
    context = world.context("slopes")
    wordings, fresh = tell_slopes(context, context.territory.services[0])
    return wordings, fresh.state


def test_open_runs_and_lifts_are_counted(world: World) -> None:
    runs = [run(groomed=True), run(groomed=False), run("closed", groomed=True)]
    world.put([*runs, lift(), lift("closed")], policy=LIVE)
    frame = build_slopes(world.context("slopes"), "s")
    assert frame.verdict == "2 pistes ouvertes sur 3"
    assert frame.rest == "1 remontée sur 2 en service. 1 piste préparée."
    assert told(world) == (["2 pistes ouvertes sur 3"], State.LIVE)


def test_runs_come_before_lifts_open_ones_first_easy_ones_first(world: World) -> None:
    world.put(
        [
            lift(),
            run("closed", difficulty="green"),
            run(difficulty="red"),
            run(difficulty="green"),
            run(sort="nordic"),
        ]
    )
    frame = build_slopes(world.context("slopes"), "s")
    assert [row.key for row in frame.rows] == ["d/3", "d/2", "d/1", "d/4", "d/0"]
    assert [row.section for row in frame.rows][2:] == [
        "Pistes",
        "Pistes de fond",
        "Remontées mécaniques",
    ]


@pytest.mark.parametrize(
    ("state", "text", "tone"),
    [
        ("open", "en service", "good"),
        ("opening", "ouvre bientôt", "warn"),
        ("closed", "fermé", "bad"),
        ("out_of_season", "hors saison", "muted"),
        ("", "état inconnu", "muted"),
    ],
)
def test_a_state_is_said_in_words(world: World, state: str, text: str, tone: str) -> None:
    world.put([run(state)], policy=LIVE)
    (row,) = build_slopes(world.context("slopes"), "s").rows
    assert (row.state_text, row.tone) == (text, tone)


@pytest.mark.parametrize(
    ("state", "groomed", "text"),
    [
        ("open", True, "en service, préparée"),
        ("open", False, "en service"),
        ("open", None, "en service"),
        ("closed", True, "fermé"),
    ],
)
def test_only_an_open_run_is_said_to_be_prepared(
    world: World, state: str, groomed: bool | None, text: str
) -> None:
    world.put([run(state, groomed=groomed)], policy=LIVE)
    (row,) = build_slopes(world.context("slopes"), "s").rows
    assert row.state_text == text


def test_a_run_has_its_colour_in_words_too(world: World) -> None:
    world.put([run(difficulty="black", sector="Haut", resort="Le Col")])
    frame = build_slopes(world.context("slopes"), "s")
    assert frame.rows[0].detail == "Noire, Haut"
    assert frame.rows[0].badge_colour == DIFFICULTIES["black"][1]
    assert frame.subtitle == "Le Col"


def test_old_states_are_not_counted_and_each_is_marked(world: World) -> None:
    world.put([run(), lift()], policy=LIVE, observed_at=NOW - timedelta(hours=9))
    frame = build_slopes(world.context("slopes"), "s")
    assert frame.verdict == "État à vérifier"
    assert (frame.tone, frame.age.label) == ("warn", "ancien")
    assert all(row.tone == "warn" for row in frame.rows)
    assert all("ancien, il y a 9" in row.state_text for row in frame.rows)
    assert told(world) == (["Pas d’état récent"], State.LAST_GOOD)


def test_one_old_state_spoils_the_count(world: World) -> None:
    world.put([run()], dataset="a", policy=LIVE)
    world.put([run()], dataset="b", policy=LIVE, observed_at=NOW - timedelta(days=1))
    assert told(world)[0] == ["Pas d’état récent"]


@pytest.mark.parametrize(
    ("table", "field"), [(STATES, "state"), (DIFFICULTIES, "difficulty"), (SORTS, "sort")]
)
def test_every_fact_has_its_words(table: dict[str, object], field: str) -> None:
    assert set(table) == set(get_args(get_type_hints(Slope)[field]))


def test_without_states_the_desk_is_named(world: World) -> None:
    frame = build_slopes(world.context("slopes"), "s")
    assert (frame.verdict, frame.rest, frame.rows) == ("", "", ())
    assert frame.empty in frame.spoken
    assert told(world) == ([], State.ABSENT)
