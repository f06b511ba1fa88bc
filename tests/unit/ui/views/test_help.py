"""Help: people first, the right numbers, and the signs that the screens really use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.domain.freshness import ABSENT, Freshness, State
from tests.unit.ui.views.world import NOW, World
from ui.context import Context
from ui.views.frame import age_of
from ui.views.help import EMERGENCIES, SIGNS, build_help
from ui.words import Words

Orne = Callable[..., Context]


def test_a_person_comes_first_and_the_desks_number_next(orne: Orne) -> None:
    rows = build_help(orne()).rows
    assert rows[0].heading == "À l’accueil"
    assert "Mairie d’Alençon" in rows[0].detail
    assert rows[1].heading == "02 61 91 00 00"


def test_the_desks_number_stays_on_one_line(orne: Orne) -> None:
    assert "02\u00a061\u00a091\u00a000\u00a000" in build_help(orne()).subtitle


@pytest.mark.parametrize("number", ["112", "15", "17", "18", "114"])
def test_every_emergency_number_is_shown_and_spoken(orne: Orne, number: str) -> None:
    frame = build_help(orne())
    assert number in [row.heading for row in frame.rows]
    assert any(sentence.startswith(f"{number},") for sentence in frame.spoken)
    assert len(EMERGENCIES) == 5


def test_danger_stands_above_everything_and_in_words(orne: Orne) -> None:
    banner = build_help(orne()).banner
    assert banner.tone == "bad"
    assert "112" in banner.text


@pytest.mark.parametrize("state", [State.LIVE, State.THEORY, State.LAST_GOOD])
def test_the_signs_are_those_of_the_screens(state: State) -> None:
    fresh = Freshness(observed_at=NOW, age=timedelta(0), state=state)
    age = age_of(fresh, Words("fr"))
    assert (age.glyph, age.label) in [(glyph, word) for glyph, word, _ in SIGNS]


def test_the_sign_of_what_is_not_known_is_explained() -> None:
    age = age_of(ABSENT, Words("fr"))
    assert (age.glyph, age.label) in [(glyph, word) for glyph, word, _ in SIGNS]


def test_the_word_demo_is_explained_where_there_are_demonstrations(
    orne: Orne, world: World
) -> None:
    world.declare("d", "place")
    world.publish("d", [])
    assert "démo" in [row.heading for row in build_help(orne()).rows]
    assert "démo" not in [row.heading for row in build_help(world.context()).rows]


def test_no_row_of_help_opens_anything(orne: Orne) -> None:
    assert all(row.route == "" for row in build_help(orne()).rows)
