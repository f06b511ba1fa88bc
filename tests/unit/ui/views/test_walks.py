"""Walks: length, time, difficulty, start and steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.facts import Walk
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import World
from ui.context import Context
from ui.views.measures import duration, length
from ui.views.takeaway import build_takeaway
from ui.views.walks import build_walk, build_walks

LANE = Walk(
    distance_m=7000,
    ascent_m=140,
    duration_min=135,
    loop=True,
    difficulty={"fr": "moyenne", "en": "moderate"},
    start={"fr": "Devant la mairie"},
    access={"fr": "Marches et racines."},
    commune="Domfront",
    website="https://balades.example",
)


def test_walks_are_listed_the_shortest_first_unknown_ones_last(world: World) -> None:
    world.put([Walk(), LANE, Walk(distance_m=3500)], titles=["?", "Longue", "Courte"])
    frame = build_walks(world.context("walks"), "s")
    assert [row.heading for row in frame.rows] == ["Courte", "Longue", "?"]
    assert [(row.trailing, row.unit) for row in frame.rows] == [
        ("3,5", "km"),
        ("7", "km"),
        ("", ""),
    ]


def test_a_walks_line_says_time_and_difficulty(world: World) -> None:
    world.put([LANE], demo=True)
    (row,) = build_walks(world.context("walks"), "s").rows
    assert (row.detail, row.state_text) == ("Domfront", "2\u00a0h\u00a015, moyenne")
    assert (row.route, row.argument, row.demo) == ("walk", "d/0", True)


def test_what_nobody_said_of_a_walk_is_left_out(world: World) -> None:
    world.put([Walk()])
    (row,) = build_walks(world.context("walks"), "s").rows
    assert (row.trailing, row.unit, row.state_text, row.state_glyph) == ("", "", "", "")
    frame = build_walk(world.context("walks"), "d/0")
    assert (frame.verdict, frame.rest) == ("", "")
    assert [row.heading for row in frame.rows] == ["02 00 00 00 00"]


def test_a_walks_page_says_all_that_is_known(world: World) -> None:
    world.put([LANE], titles=["Le chemin creux"], body={"fr": "1. Les haies.\n2. Le plateau."})
    frame = build_walk(world.context("walks"), "d/0")
    assert (frame.title, frame.subtitle) == ("Le chemin creux", "Domfront")
    assert (frame.verdict, frame.rest) == ("7\u00a0km, 2\u00a0h\u00a015", "Moyenne, boucle")
    told = [(row.heading, row.detail) for row in frame.rows[:-1]]
    assert told == [
        ("Départ", "Devant la mairie"),
        ("Dénivelé", "140\u00a0m de montée"),
        ("Étapes", "1. Les haies.\n2. Le plateau."),
        ("Accessibilité", "Marches et racines."),
        ("Sur internet", "balades.example"),
    ]


def test_a_walk_that_does_not_come_back_says_so(world: World) -> None:
    world.put([Walk(loop=False)])
    assert build_walk(world.context("walks"), "d/0").rest == "Aller simple"


def test_a_walk_speaks_in_the_citizens_language(world: World) -> None:
    world.put([LANE], titles=[{"fr": "Le chemin creux", "en": "The sunken lane"}])
    frame = build_walk(world.context("walks", "en"), "d/0")
    assert (frame.title, frame.rest) == ("The sunken lane", "Moderate, loop")
    assert frame.spoken[0] == "The sunken lane."


@pytest.mark.parametrize("path", ["d/9", "x/0", ""])
def test_a_walk_that_is_gone_says_whom_to_ask(world: World, path: str) -> None:
    world.put([LANE])
    frame = build_walk(world.context("walks"), path)
    assert frame.age.state is State.ABSENT
    assert "02 00 00 00 00" in frame.empty


def test_without_walks_the_desk_is_named(world: World) -> None:
    world.declare("d", "walk")
    frame = build_walks(world.context("walks"), "s")
    assert (frame.rows, frame.age.state) == ((), State.ABSENT)
    assert "demandez à l’accueil" in frame.empty.lower()


def test_an_old_walk_is_marked_as_old(world: World) -> None:
    world.put([LANE], policy=Policy(stale_s=60))
    world.clock.move(3600)
    assert build_walk(world.context("walks"), "d/0").age.state is State.LAST_GOOD
    assert build_walks(world.context("walks"), "s").age.label == "ancien"


def test_a_walk_can_be_taken_away(orne: Callable[..., Context]) -> None:
    context = orne()
    action = build_walk(context, "patrimoine/balade-etang").action
    taken = build_takeaway(context, action.argument)
    assert taken.age.state is State.THEORY
    assert taken.subtitle == "Balade\u00a0: le tour de l’étang"


def test_the_demos_walks_have_their_steps(orne: Callable[..., Context]) -> None:
    context = orne()
    rows = build_walks(context, "patrimoine").rows
    assert len(rows) == 12
    for row in rows:
        page = build_walk(context, row.argument)
        assert "Étapes" in [one.heading for one in page.rows], row.key
        assert page.verdict, row.key


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "50\u00a0m"),
        (437, "450\u00a0m"),
        (974, "950\u00a0m"),
        (980, "1\u00a0km"),
        (1240, "1,2\u00a0km"),
        (12_000, "12\u00a0km"),
    ],
)
def test_a_length_is_said_as_one_walks_it(world: World, metres: float, said: str) -> None:
    world.declare("d", "walk")
    assert length(world.context("walks"), metres) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1\u00a0min"), (59, "59\u00a0min"), (60, "1\u00a0h"), (65, "1\u00a0h\u00a005")],
)
def test_a_duration_is_said_in_hours_and_minutes(world: World, minutes: int, said: str) -> None:
    world.declare("d", "walk")
    assert duration(world.context("walks"), minutes) == said
