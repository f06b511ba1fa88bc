"""The search screen: typed by touch or by keys, answered at once, forgotten at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QRectF, Qt

from kiosk.domain.idle import WIPE_S
from tests.ui.kiosks import LANDSCAPE, PORTRAIT, Kiosk
from ui.comfort import Comfort
from ui.viewmodels.search import SearchViewModel
from ui.views.search import TYPED_MAX

FULL_HD = (1920, 1080)
CANARY = "canarizqx"
MODES = [Comfort(), Comfort(large=True), Comfort(low=True), Comfort(large=True, low=True)]


def typed(kiosk: Kiosk) -> str:
    assert isinstance(kiosk.app.opened, SearchViewModel)
    return str(kiosk.app.opened.property("text"))


def touch(kiosk: Kiosk, *names: str) -> None:
    for name in names:
        kiosk.tap(name)


def held_by(model: QObject) -> Iterator[str]:
    """Every text that a view model and its parts still hold."""
    for value in vars(model).values():
        yield repr(vars(value) if isinstance(value, QObject) else value)


@pytest.fixture
def search(kiosk: Kiosk) -> Kiosk:
    """A kiosk with the search open."""
    kiosk.show("search")
    return kiosk


def test_touched_letters_are_typed_and_answered_at_once(search: Kiosk) -> None:
    touch(search, "p", "i", "s", "c")
    assert typed(search) == "pisc"
    assert "Piscine des Tilleuls" in search.texts()


def test_accents_marks_and_digits_are_typed(search: Kiosk) -> None:
    touch(search, "e accent aigu", "trait d’union", "apostrophe", "espace", "Chiffres", "1")
    assert typed(search) == "é-’ 1"


def test_the_layer_of_digits_and_back(search: Kiosk) -> None:
    search.tap("Chiffres")
    assert "a" not in search.targets()
    search.tap("Lettres")
    assert "a" in search.targets()


def test_a_letter_and_then_everything_is_taken_back(search: Kiosk) -> None:
    touch(search, "a", "b", "c", "Effacer une lettre")
    assert typed(search) == "ab"
    touch(search, "Tout effacer", "Effacer une lettre")
    assert typed(search) == ""


def test_a_real_keyboard_types_as_well(search: Kiosk) -> None:
    search.write("Médiathè")
    search.key(Qt.Key.Key_Backspace)
    assert typed(search) == "Médiath"
    assert "Médiathèque" in search.texts()


def test_blanks_are_typed_in_the_field_and_press_elsewhere(search: Kiosk) -> None:
    search.write("a")
    search.key(Qt.Key.Key_Space)
    search.write("b")
    assert typed(search) == "a b"
    while search.focused != "q":
        search.key(Qt.Key.Key_Tab)
    search.key(Qt.Key.Key_Space)
    assert typed(search) == "a bq"


def test_enter_in_the_field_opens_the_best_answer(search: Kiosk) -> None:
    search.write("piscine")
    search.key(Qt.Key.Key_Return)
    assert search.route == "places"


def test_enter_without_a_text_opens_nothing(search: Kiosk) -> None:
    search.key(Qt.Key.Key_Return)
    assert search.route == "search"


def test_a_touched_answer_opens_its_screen(search: Kiosk) -> None:
    search.write("tilleuls")
    search.tap("Piscine des Tilleuls")
    assert search.route == "place"
    assert "Piscine des Tilleuls" in search.texts()


def test_a_commune_that_is_found_shows_its_facts(search: Kiosk) -> None:
    search.write("sées")
    search.tap("Sées")
    assert search.route == "commune"
    assert "61464" in search.texts()


def test_no_more_is_taken_than_fits(search: Kiosk) -> None:
    search.write("x" * (TYPED_MAX + 20))
    assert typed(search) == "x" * TYPED_MAX


def test_control_characters_are_not_typed(search: Kiosk) -> None:
    for text in ("\x00", "\x1b", "\t", "\u202e", ""):
        search.write(text)
    assert typed(search) == ""


def test_up_and_down_walk_the_keyboard_by_rows(search: Kiosk) -> None:
    while search.focused != "a":
        search.key(Qt.Key.Key_Tab)
    search.key(Qt.Key.Key_Down)
    assert search.focused == "q"
    search.key(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert search.focused == "w"


def test_walking_the_keyboard_keeps_the_visit_alive(search: Kiosk) -> None:
    while search.focused != "a":
        search.key(Qt.Key.Key_Tab)
    search.later(40)
    search.key(Qt.Key.Key_Down)
    search.later(40)
    assert search.app.property("phase") == "active"


def test_the_language_changes_without_losing_what_is_typed(search: Kiosk) -> None:
    search.write("pisc")
    search.app.setLanguage("en")
    search.settle()
    assert typed(search) == "pisc"
    assert {"Pool", "e acute"} <= set(search.targets())


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE, FULL_HD])
@pytest.mark.parametrize("comfort", MODES, ids=repr)
def test_every_key_is_large_whole_and_within_reach(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], size: tuple[int, int], comfort: Comfort
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(comfort)
    kiosk.show("search", "piscine")
    least = 12 * kiosk.window.property("pxPerMm")
    keys = [item for item in kiosk.items() if item.property("press")]
    assert len(keys) >= 32
    boxes = [item.mapRectToScene(QRectF(0, 0, item.width(), item.height())) for item in keys]
    for box in boxes:
        assert min(box.width(), box.height()) >= least
        assert QRectF(0, 0, *size).contains(box)
        assert not comfort.low or box.top() >= 0.4 * size[1]
    for i, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[i + 1 :])


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("comfort", MODES, ids=repr)
def test_an_answer_is_always_in_view_and_within_reach(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], size: tuple[int, int], comfort: Comfort
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(comfort)
    kiosk.show("search", "médiath")
    answer = kiosk.targets()["Médiathèque"]
    box = answer.mapRectToScene(QRectF(0, 0, answer.width(), answer.height()))
    assert QRectF(0, 0, *size).contains(box)
    assert not comfort.low or box.top() >= 0.4 * size[1]
    kiosk.tap("Médiathèque")
    assert kiosk.route == "places"


def test_leaving_the_search_forgets_what_was_typed(search: Kiosk) -> None:
    model = search.app.opened
    search.write(CANARY)
    assert any(CANARY in text for text in held_by(model))
    search.app.home()
    assert not any(CANARY in text for text in held_by(model))
    search.app.back()
    search.show("search")
    assert typed(search) == ""


@pytest.mark.parametrize("how", ["end", "idle"])
def test_the_end_of_a_visit_leaves_no_trace_of_what_was_typed(search: Kiosk, how: str) -> None:
    search.app.setLanguage("en")
    search.app.setComfort(Comfort(large=True, keys=True))
    search.write(CANARY)
    models = (search.app.opened, search.app)
    if how == "end":
        search.app.end()
    else:
        search.later(WIPE_S + 1)
    search.settle()
    assert search.route == "hive"
    assert (search.context.words.language, search.app.comfort) == ("fr", Comfort())
    assert not any(CANARY in text for model in models for text in held_by(model))
    assert CANARY not in repr(search.context)
    assert not any(CANARY in text for text in search.texts())
    assert not any(CANARY in repr(item.property("text")) for item in search.items())
    search.app.back()
    assert search.route == "hive"
