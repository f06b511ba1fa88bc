"""Everything can be done by keys alone: reached, seen, heard, pressed, left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

from tests.ui.kiosks import LANDSCAPE, PORTRAIT, Kiosk
from ui.comfort import Comfort
from ui.views.hive import HiveFrame

SCREENS = [
    ("hive", ""),
    ("places", "piscine"),
    ("place", "piscine/piscines/piscine-tilleuls"),
    ("search", "piscine"),
    ("comfort", ""),
    ("languages", ""),
    ("takeaway", "place/piscines/piscine-tilleuls"),
]
BAR = ["Français", "Confort", "Écouter", "Aide"]


def around_focus(kiosk: Kiosk) -> QImage:
    item = kiosk.window.activeFocusItem()
    box = item.mapRectToScene(QRectF(0, 0, item.width(), item.height())).toAlignedRect()
    return kiosk.window.grabWindow().copy(box.adjusted(-12, -12, 12, 12))


@pytest.mark.parametrize(("route", "argument"), SCREENS)
def test_tab_reaches_everything_that_can_be_touched(
    kiosk: Kiosk, route: str, argument: str
) -> None:
    kiosk.show(route, argument)
    there = set(kiosk.targets())
    assert there <= set(kiosk.walk(Qt.Key.Key_Tab))


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Tab])
@pytest.mark.parametrize(("route", "argument"), [("places", "mairies"), ("hive", "")])
def test_every_row_of_a_list_longer_than_the_screen_is_reached_both_ways(
    kiosk: Kiosk, route: str, argument: str, key: Qt.Key
) -> None:
    kiosk.app.setComfort(Comfort(large=True, keys=True))
    kiosk.show(route, argument)
    frame = kiosk.app.opened.frame
    wanted = [row.heading for row in frame.rows]
    if isinstance(frame, HiveFrame):
        wanted = [cell.name for cell in frame.cells]
    there = [name for name in kiosk.walk(key) if name in wanted]
    assert there == wanted
    back = [name for name in kiosk.walk(Qt.Key.Key_Up) if name in wanted]
    assert back == wanted[::-1]


@pytest.mark.parametrize(("route", "argument"), [one for one in SCREENS if one[0] != "languages"])
def test_the_content_comes_before_the_bar_and_the_bar_in_its_order(
    kiosk: Kiosk, route: str, argument: str
) -> None:
    kiosk.show(route, argument)
    kiosk.app.setComfort(Comfort(keys=True))
    names = kiosk.walk(Qt.Key.Key_Tab)
    in_bar = [name for name in names if name in BAR]
    assert in_bar == BAR
    rest = names[names.index(BAR[-1]) + 1 :]
    before_content = ["Terminer", "Retour", "Votre recherche"]
    assert rest == before_content[: len(rest)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Right])
def test_arrows_walk_as_tab_does(kiosk: Kiosk, key: Qt.Key) -> None:
    kiosk.show("comfort")
    kiosk.key(Qt.Key.Key_Tab)
    first = kiosk.focused
    kiosk.key(key)
    assert kiosk.focused not in {"", first}
    kiosk.key(Qt.Key.Key_Up)
    assert kiosk.focused == first


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("route", ["hive", "comfort", "search"])
def test_the_focus_is_seen(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], size: tuple[int, int], contrast: bool, route: str
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(Comfort(contrast=contrast))
    kiosk.show(route)
    for _ in range(4):
        kiosk.key(Qt.Key.Key_Tab)
        seen = around_focus(kiosk)
        kiosk.window.setProperty("byKeys", False)
        kiosk.settle()
        if route == "hive":  # its cells draw their own outline
            kiosk.window.contentItem().forceActiveFocus()
            kiosk.settle()
            return
        assert around_focus(kiosk) != seen, kiosk.focused
        kiosk.window.setProperty("byKeys", True)


def test_a_touch_shows_no_focus(kiosk: Kiosk) -> None:
    kiosk.show("search")
    kiosk.key(Qt.Key.Key_Tab)
    assert kiosk.window.property("byKeys")
    kiosk.tap("a")
    assert not kiosk.window.property("byKeys")


def test_enter_opens_and_escape_goes_back(kiosk: Kiosk) -> None:
    kiosk.show("places", "piscine")
    while kiosk.focused != "Piscine des Tilleuls":
        kiosk.key(Qt.Key.Key_Down)
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.route == "place"
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.route == "places"


@pytest.mark.parametrize("press", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_each_key_of_confirmation_presses(kiosk: Kiosk, press: Qt.Key) -> None:
    kiosk.show("comfort")
    while kiosk.focused != "Plus de temps":
        kiosk.key(Qt.Key.Key_Tab)
    kiosk.key(press)
    assert kiosk.app.comfort == Comfort(slow=True)


def test_a_new_screen_begins_with_its_first_element_when_keys_drive(kiosk: Kiosk) -> None:
    kiosk.key(Qt.Key.Key_Tab)
    kiosk.show("comfort")
    assert kiosk.focused == "Retour"
    kiosk.show("search")
    assert kiosk.focused == "Votre recherche"


def test_a_new_screen_takes_no_focus_when_fingers_drive(kiosk: Kiosk) -> None:
    kiosk.tap("Confort")
    assert kiosk.focused == ""


def test_after_the_idle_question_the_focus_is_where_it_was(kiosk: Kiosk) -> None:
    kiosk.show("comfort")
    kiosk.key(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    before = kiosk.focused
    kiosk.later(50)
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.focused == before


def test_the_idle_question_is_spoken_to_who_drives_by_keys(kiosk: Kiosk) -> None:
    kiosk.app.setComfort(Comfort(keys=True))
    kiosk.show("help")
    kiosk.key(Qt.Key.Key_Tab)
    kiosk.later(46)
    assert kiosk.voice.transcript[-1].startswith("Encore du temps\u00a0? Oui, je continue")


def test_what_comes_into_focus_is_spoken_after_the_screens_title(kiosk: Kiosk) -> None:
    kiosk.app.setComfort(Comfort(keys=True))
    kiosk.show("comfort")
    assert kiosk.voice.transcript[-1] == "Confort. Retour"
    kiosk.key(Qt.Key.Key_Down)
    spoken = "Grand texte, Des lettres plus grandes, l’accueil en liste. Désactivé"
    assert kiosk.voice.transcript[-1] == spoken
    assert kiosk.app.property("caption") != ""


def test_without_keys_nothing_is_spoken_on_focus(kiosk: Kiosk) -> None:
    kiosk.show("comfort")
    kiosk.key(Qt.Key.Key_Tab)
    assert list(kiosk.voice.transcript) == []


def test_the_focus_that_speaks_keeps_the_screen_from_being_read_twice(kiosk: Kiosk) -> None:
    kiosk.app.setComfort(Comfort(keys=True))
    kiosk.show("help")
    kiosk.app.listen()
    assert kiosk.app.property("speaking")
    kiosk.key(Qt.Key.Key_Down)
    assert not kiosk.app.property("speaking")


def test_a_whole_journey_is_made_by_keys(kiosk: Kiosk) -> None:
    kiosk.key(Qt.Key.Key_Tab)
    while kiosk.focused != "Chercher":
        kiosk.key(Qt.Key.Key_Down)
    kiosk.key(Qt.Key.Key_Return)
    kiosk.write("tilleuls")
    while kiosk.focused != "Piscine des Tilleuls":
        kiosk.key(Qt.Key.Key_Down)
    kiosk.key(Qt.Key.Key_Return)
    while kiosk.focused != "Emporter cette adresse":
        kiosk.key(Qt.Key.Key_Down)
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.route == "takeaway"
    while kiosk.focused != "Terminer":
        kiosk.key(Qt.Key.Key_Up)
    kiosk.key(Qt.Key.Key_Return)
    assert (kiosk.route, kiosk.app.property("phase")) == ("hive", "rest")
