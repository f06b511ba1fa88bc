"""The shell as a citizen meets it: bar, back, end, idle question, captions, languages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt

from kiosk.domain.idle import WARN_S, WIPE_S
from tests.ui.kiosks import LANDSCAPE, PORTRAIT, Kiosk
from ui.comfort import Comfort
from ui.viewmodels.app import ATTRACT_AFTER_S, HISTORY_MAX
from ui.words import SOURCE_LANGUAGE

POOL = "piscine/piscines/piscine-tilleuls"
MODES = [
    Comfort(),
    Comfort(large=True),
    Comfort(contrast=True),
    Comfort(low=True),
    Comfort(large=True, low=True, contrast=True),
]


def boxes(kiosk: Kiosk) -> dict[str, QRectF]:
    return {
        name: item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
        for name, item in kiosk.targets().items()
    }


@pytest.mark.parametrize(
    ("button", "route"), [("Confort", "comfort"), ("Aide", "help"), ("Français", "languages")]
)
def test_comfort_help_and_languages_are_one_touch_away_from_everywhere(
    kiosk: Kiosk, button: str, route: str
) -> None:
    for start, argument in (("hive", ""), ("place", POOL), ("search", "")):
        kiosk.show(start, argument)
        kiosk.tap(button)
        assert kiosk.route == route


def test_touching_the_same_button_twice_does_not_pile_up_screens(kiosk: Kiosk) -> None:
    kiosk.show("place", POOL)
    kiosk.tap("Aide")
    kiosk.tap("Aide")
    kiosk.tap("Retour")
    assert kiosk.route == "place"


def test_a_language_is_chosen_without_losing_the_screen(kiosk: Kiosk) -> None:
    kiosk.show("place", POOL)
    kiosk.tap("Français")
    kiosk.tap("English")
    assert kiosk.route == "place"
    assert "Tilleuls pool" in kiosk.texts()
    assert {"Home", "English", "Comfort"} <= set(kiosk.targets())


def test_a_comfort_choice_is_applied_at_once_and_taken_back_at_once(kiosk: Kiosk) -> None:
    kiosk.tap("Confort")
    kiosk.tap("Grand texte")
    assert kiosk.app.comfort == Comfort(large=True)
    assert "Activé" in kiosk.texts()
    kiosk.tap("Tout remettre")
    assert kiosk.app.comfort == Comfort()
    assert "Activé" not in kiosk.texts()


def test_a_trembling_finger_does_not_undo_its_choice(kiosk: Kiosk) -> None:
    kiosk.tap("Confort")
    kiosk.tap("Fort contraste")
    kiosk.tap("Fort contraste")
    assert kiosk.app.comfort == Comfort(contrast=True)
    kiosk.clock.move(1)
    kiosk.tap("Fort contraste")
    assert kiosk.app.comfort == Comfort()


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("comfort", MODES, ids=repr)
def test_the_bars_buttons_are_large_apart_and_within_reach(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], size: tuple[int, int], comfort: Comfort
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(comfort)
    kiosk.show("place", POOL)
    bar = ("Accueil", "Français", "Confort", "Écouter", "Aide", "Terminer")
    wanted = (*bar, "Emporter cette adresse", *(["Retour"] if comfort.low else []))
    there = boxes(kiosk)
    least = 12 * kiosk.screen.window.property("pxPerMm")
    for name in wanted:
        assert min(there[name].width(), there[name].height()) >= least, name
        assert QRectF(0, 0, *size).contains(there[name]), name
        if comfort.low:
            assert there[name].top() >= 0.4 * size[1], name
    for one in wanted:
        assert not any(there[one].intersects(there[two]) for two in wanted if two != one), one


def test_back_returns_the_way_one_came(kiosk: Kiosk) -> None:
    for route, argument in (("places", "piscine"), ("place", POOL), ("help", "")):
        kiosk.show(route, argument)
    seen = []
    for _ in range(4):
        kiosk.app.back()
        seen.append(kiosk.route)
    assert seen == ["place", "places", "hive", "hive"]


def test_the_way_back_is_bounded(kiosk: Kiosk) -> None:
    for _ in range(HISTORY_MAX + 10):
        kiosk.app.show("help", "")
    for _ in range(HISTORY_MAX):
        kiosk.app.back()
    assert kiosk.route == "help"
    kiosk.app.back()
    assert kiosk.route == "hive"


def test_a_screen_that_does_not_exist_is_not_opened(kiosk: Kiosk) -> None:
    kiosk.show("../../etc", "passwd")
    assert kiosk.route == "hive"


def test_ending_the_visit_puts_everything_back(kiosk: Kiosk) -> None:
    kiosk.app.setComfort(Comfort(large=True, contrast=True, low=True, keys=True, slow=True))
    kiosk.app.setLanguage("en")
    kiosk.show("place", POOL)
    kiosk.tap("Finish")
    assert (kiosk.route, kiosk.app.comfort) == ("hive", Comfort())
    assert kiosk.context.words.language == SOURCE_LANGUAGE
    assert kiosk.app.property("phase") == "rest"
    kiosk.app.back()
    assert kiosk.route == "hive"


def test_the_touch_that_ends_a_visit_does_not_begin_one(kiosk: Kiosk) -> None:
    kiosk.show("help")
    kiosk.tap("Terminer")
    kiosk.app.touched()
    assert kiosk.app.property("phase") == "rest"
    kiosk.clock.move(1)
    kiosk.app.touched()
    assert kiosk.app.property("phase") == "active"


def test_a_touch_anywhere_begins_a_visit(kiosk: Kiosk) -> None:
    kiosk.tap_at(QPoint(5, 5))
    assert kiosk.app.property("phase") == "active"


def test_after_45_s_the_question_is_asked_and_any_touch_answers_it(kiosk: Kiosk) -> None:
    kiosk.tap("Aide")
    kiosk.later(WARN_S)
    assert "Encore du temps\u00a0?" in kiosk.texts()
    assert "Sans réponse, tout s’efface dans 15\u00a0s." in kiosk.texts()
    kiosk.tap_at(QPoint(20, 20))
    assert "Encore du temps\u00a0?" not in kiosk.texts()
    assert kiosk.route == "help"


def test_nothing_behind_the_question_can_be_touched(kiosk: Kiosk) -> None:
    kiosk.tap("Aide")
    kiosk.later(WARN_S)
    assert set(kiosk.targets()) == {"Oui, je continue", "Non, terminer"}


@pytest.mark.parametrize(
    ("answer", "route"), [("Oui, je continue", "help"), ("Non, terminer", "hive")]
)
def test_the_question_has_two_answers(kiosk: Kiosk, answer: str, route: str) -> None:
    kiosk.tap("Aide")
    kiosk.later(WARN_S)
    kiosk.tap(answer)
    assert kiosk.route == route
    assert "Encore du temps\u00a0?" not in kiosk.texts()


def test_the_question_is_answered_by_keys_alone(kiosk: Kiosk) -> None:
    kiosk.show("help")
    kiosk.key(Qt.Key.Key_Tab)
    kiosk.later(WARN_S)
    assert kiosk.focused == "Oui, je continue"
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.app.property("phase") == "active"
    kiosk.later(WARN_S)
    kiosk.key(Qt.Key.Key_F1)
    assert kiosk.app.property("phase") == "active"
    assert kiosk.route == "help"


def test_after_60_s_the_visit_is_wiped(kiosk: Kiosk) -> None:
    kiosk.tap("Aide")
    kiosk.app.setLanguage("en")
    kiosk.later(WIPE_S)
    assert kiosk.route == "hive"
    assert kiosk.context.words.language == SOURCE_LANGUAGE
    assert kiosk.app.property("phase") == "rest"


def test_with_more_time_the_wipe_comes_three_times_later(kiosk: Kiosk) -> None:
    kiosk.tap("Confort")
    kiosk.tap("Plus de temps")
    kiosk.later(3 * WARN_S - 2)
    assert kiosk.app.property("phase") == "active"
    kiosk.later(3 * (WIPE_S - WARN_S) + 3)
    assert kiosk.route == "hive"


def test_while_a_payment_is_in_flight_the_question_is_not_asked(kiosk: Kiosk) -> None:
    kiosk.tap("Aide")
    kiosk.app.hold(held=True)
    kiosk.later(WIPE_S + 20)
    assert (kiosk.route, kiosk.app.property("phase")) == ("help", "active")


def test_a_kiosk_at_rest_shows_what_is_going_on_and_any_touch_ends_that(kiosk: Kiosk) -> None:
    kiosk.later(ATTRACT_AFTER_S + 1)
    assert kiosk.route == "attract"
    kiosk.tap_at(QPoint(540, 500))
    assert kiosk.route == "hive"


def test_listening_shows_what_is_said_and_a_second_touch_is_silence(kiosk: Kiosk) -> None:
    kiosk.show("help")
    kiosk.tap("Écouter")
    assert kiosk.voice.transcript[-1].startswith("Aide. Danger")
    assert "Aide." in kiosk.texts()
    kiosk.later(3)
    assert any(text.startswith("Danger") for text in kiosk.texts()[-20:])
    kiosk.tap("Arrêter")
    assert kiosk.app.property("caption") == ""
    assert "Écouter" in kiosk.targets()


def test_the_captions_end_by_themselves(kiosk: Kiosk) -> None:
    kiosk.show("languages")
    kiosk.app.listen()
    kiosk.later(40)
    assert kiosk.app.property("caption") == ""
    assert not kiosk.app.property("speaking")


def test_another_screen_is_silence(kiosk: Kiosk) -> None:
    kiosk.show("help")
    kiosk.tap("Écouter")
    kiosk.tap("Accueil")
    assert kiosk.app.property("caption") == ""


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("large", [False, True])
def test_the_longest_caption_fits_its_line(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], size: tuple[int, int], large: bool
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(Comfort(large=large, keys=True))
    words = "maximum wagon mammouth quelquefois " * 3
    kiosk.app.focused(words)
    kiosk.settle()
    caption = str(kiosk.app.property("caption"))
    text = next(item for item in kiosk.items() if item.property("text") == caption)
    line = text.parentItem()
    assert text.height() <= line.height()
    assert text.x() + text.width() <= line.width()


def test_nothing_moves_while_captions_follow_the_keys(kiosk: Kiosk) -> None:
    kiosk.app.setComfort(Comfort(keys=True))
    kiosk.show("comfort")
    places = []
    for _ in range(4):
        kiosk.key(Qt.Key.Key_Down)
        places.append(boxes(kiosk)["Grand texte"])
    assert all(one == other for one, other in pairwise(places))


def test_the_end_of_a_visit_forgets_what_was_said(kiosk: Kiosk) -> None:
    kiosk.app.listen()
    assert kiosk.voice.transcript
    kiosk.app.end()
    assert not kiosk.voice.transcript
