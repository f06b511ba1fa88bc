"""The sorting guide."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from kiosk.domain.facts import Bin, Sorting
from kiosk.domain.freshness import Policy, State
from kiosk.domain.text import fold
from tests.unit.ui.views.world import World
from ui.context import Context
from ui.views.search import build_search
from ui.views.sorting import LOOKS, NAMES, build_sorting

THINGS = [Sorting(bin="glass"), Sorting(bin="recycling"), Sorting(bin="bio")]
TITLES = ["Pot en verre", "Boîte", "Épluchures"]


def test_things_stand_in_the_alphabets_order_accents_ignored(world: World) -> None:
    world.put(THINGS, titles=TITLES)
    rows = build_sorting(world.context("sorting"), "s").rows
    assert [row.heading for row in rows] == ["Boîte", "Épluchures", "Pot en verre"]


def test_a_thing_names_its_bin_in_words_and_colour(world: World) -> None:
    world.put(THINGS, titles=TITLES, body={"fr": "Vide."}, demo=True)
    row = build_sorting(world.context("sorting"), "s").rows[0]
    assert (row.state_text, row.detail, row.demo) == ("Bac jaune", "Vide.", True)
    assert (row.glyph, row.badge_colour) == ("recycle", "#ffd21f")


def test_a_pill_shows_one_bin_alone(world: World) -> None:
    world.put(THINGS, titles=TITLES)
    context = world.context("sorting")
    pills = build_sorting(context, "s").options
    assert [pill.label for pill in pills] == [
        "Tout",
        "Bac jaune",
        "Colonne à verre",
        "Compost ou bac brun",
    ]
    assert pills[0].chosen
    frame = build_sorting(context, pills[2].argument)
    assert [row.heading for row in frame.rows] == ["Pot en verre"]
    assert [pill.label for pill in frame.options if pill.chosen] == ["Colonne à verre"]


def test_a_bin_that_is_unheard_of_shows_nothing(world: World) -> None:
    world.put(THINGS)
    frame = build_sorting(world.context("sorting"), "s/lune")
    assert frame.rows == ()
    assert not any(pill.chosen for pill in frame.options)


def test_without_a_guide_the_desk_is_named(world: World) -> None:
    world.declare("d", "sorting")
    frame = build_sorting(world.context("sorting"), "s")
    assert (frame.rows, frame.options, frame.age.state) == ((), (), State.ABSENT)
    assert "02 00 00 00 00" in frame.empty


def test_an_old_guide_is_marked_as_old(world: World) -> None:
    world.put(THINGS, policy=Policy(stale_s=60))
    world.clock.move(3600)
    assert build_sorting(world.context("sorting"), "s").age.state is State.LAST_GOOD


def test_every_bin_has_a_name_and_a_look() -> None:
    assert set(NAMES) == set(get_args(Bin))
    assert set(NAMES) <= set(LOOKS)


def test_a_thing_is_found_by_the_search(orne: Callable[..., Context]) -> None:
    rows = build_search(orne(), "pizza").rows
    assert rows[0].heading == "Boîte à pizza"
    assert (rows[0].route, rows[0].argument) == ("sorting", "tri")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_demos_guide_is_long_and_in_order(orne: Callable[..., Context], language: str) -> None:
    rows = build_sorting(orne(language=language), "tri").rows
    names = [fold(row.heading) for row in rows]
    assert len(rows) >= 50
    assert names == sorted(names)
    assert all(row.demo for row in rows)


def test_the_guide_leads_to_the_keyboard(world: World) -> None:
    world.put(THINGS)
    assert build_sorting(world.context("sorting"), "s").action.route == "search"
