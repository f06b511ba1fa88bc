"""The comfort panel and the languages: each choice says its state in words and by an icon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from ui.comfort import Comfort
from ui.context import Context
from ui.views.choices import Choice, ChoicesFrame
from ui.views.comfort import SWITCHES, build_comfort
from ui.views.languages import NAMES, build_languages, name_of

Orne = Callable[..., Context]
NAMES_OF_COMFORT = [field.name for field in fields(Comfort)]


def switch(frame: ChoicesFrame, key: str) -> Choice:
    return next(choice for choice in frame.choices if choice.key == key)


def comfortable(context: Context, comfort: Comfort) -> ChoicesFrame:
    context.comfort = comfort
    return build_comfort(context)


def test_every_comfort_has_its_switch() -> None:
    assert [name for name, *_ in SWITCHES] == NAMES_OF_COMFORT


@pytest.mark.parametrize("name", NAMES_OF_COMFORT)
def test_a_switch_says_that_it_is_off_and_that_it_is_on(orne: Orne, name: str) -> None:
    off = switch(build_comfort(orne()), name)
    on = switch(comfortable(orne(), Comfort().toggled(name)), name)
    assert (off.chosen, off.state_text, off.state_glyph) == (False, "Désactivé", "x")
    assert (on.chosen, on.state_text, on.state_glyph) == (True, "Activé", "circle-check")


def test_putting_all_back_is_offered_once_something_is_on(orne: Orne) -> None:
    assert build_comfort(orne()).action.title == ""
    assert comfortable(orne(), Comfort(low=True)).action.title == "Tout remettre"


def test_a_switch_is_spoken_with_what_it_does_and_its_state(orne: Orne) -> None:
    spoken = comfortable(orne(), Comfort(contrast=True)).spoken
    assert "Fort contraste, Blanc et jaune sur fond noir, Activé." in spoken


@pytest.mark.parametrize("name", [*NAMES_OF_COMFORT])
def test_toggling_twice_changes_nothing(name: str) -> None:
    assert Comfort().toggled(name).toggled(name) == Comfort()


def test_an_unknown_comfort_changes_nothing() -> None:
    assert Comfort(low=True).toggled("__class__") == Comfort(low=True)


def test_a_mode_of_the_tour_is_one_comfort() -> None:
    assert Comfort.of("normal") == Comfort()
    assert Comfort.of("large") == replace(Comfort(), large=True)


def test_each_language_stands_under_its_own_name(orne: Orne) -> None:
    for language in ("fr", "en"):
        names = [choice.heading for choice in build_languages(orne(language=language)).choices]
        assert names == ["Français", "English"]


def test_only_the_language_in_use_is_marked(orne: Orne) -> None:
    chosen = [choice for choice in build_languages(orne(language="en")).choices if choice.chosen]
    assert [choice.key for choice in chosen] == ["en"]
    assert chosen[0].state_glyph == "circle-check"


def test_each_language_speaks_for_itself(orne: Orne) -> None:
    french, english = build_languages(orne()).choices
    assert french.detail == "Continuer en français"
    assert english.detail == "Continue in English"


def test_a_language_that_we_cannot_name_keeps_its_tag() -> None:
    assert name_of("fr") == NAMES["fr"]
    assert name_of("br") == "br"
