"""The content screens under a citizen's fingers: pills, paging, the attract loop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtQuick import QQuickItem

from tests.ui.kiosks import LANDSCAPE, Kiosk
from ui.comfort import Comfort
from ui.viewmodels.app import ATTRACT_AFTER_S
from ui.viewmodels.attract import AttractViewModel

SCREENS = [
    ("agenda", "agenda"),
    ("cinema", "cinema"),
    ("menus", "cantines"),
    ("waste", "dechets"),
    ("notices", "alertes"),
    ("steps", "demarches"),
    ("duty", "sante"),
    ("gauges", "parkings"),
    ("info", "signaler"),
    ("places", "ecoles"),
    ("outage", ""),
]


def target(kiosk: Kiosk, name: str) -> QQuickItem:
    return kiosk.targets()[name]


@pytest.mark.parametrize(("route", "argument"), SCREENS)
def test_every_content_screen_shows_its_title_and_can_be_left(
    kiosk: Kiosk, route: str, argument: str
) -> None:
    kiosk.show(route, argument)
    assert kiosk.app.opened.frame.title in kiosk.texts()
    kiosk.tap("Retour")
    assert kiosk.route == "hive"


def test_a_day_of_the_menus_is_chosen_by_its_pill(kiosk: Kiosk) -> None:
    kiosk.show("menus", "cantines")
    kiosk.tap("Jeu. 26")
    assert "Jeudi 26 novembre" in kiosk.texts()
    assert target(kiosk, "Jeu. 26").property("description") == "choisi"
    assert target(kiosk, "Lun. 23").property("description") == ""


def test_a_canteen_is_chosen_and_the_day_stays(kiosk: Kiosk) -> None:
    kiosk.show("menus", "cantines")
    kiosk.tap("Jeu. 26")
    kiosk.tap("École des Noisetiers")
    assert {"Jeudi 26 novembre", "École des Noisetiers"} <= set(kiosk.texts())


def test_back_after_choosing_leaves_the_screen_at_once(kiosk: Kiosk) -> None:
    kiosk.show("menus", "cantines")
    kiosk.tap("Jeu. 26")
    kiosk.tap("Retour")
    assert kiosk.route == "hive"


def test_a_choice_is_still_there_after_a_look_at_help(kiosk: Kiosk) -> None:
    kiosk.show("menus", "cantines")
    kiosk.tap("Jeu. 26")
    kiosk.tap("Aide")
    kiosk.tap("Retour")
    assert "Jeudi 26 novembre" in kiosk.texts()


def test_another_communes_bins_are_one_touch_away(kiosk: Kiosk) -> None:
    kiosk.show("waste", "dechets")
    kiosk.tap("Suite")
    kiosk.tap("Argentan")
    assert kiosk.route == "waste"
    assert "Argentan" in kiosk.texts()
    kiosk.tap("Retour")
    assert "Alençon, Centre" in kiosk.texts()


def test_an_event_opens_from_the_agenda(kiosk: Kiosk) -> None:
    kiosk.show("agenda", "agenda")
    kiosk.tap("Marché d’Argentan")
    assert kiosk.route == "event"
    assert "Mardi 24 novembre, de 8\u00a0h à 12\u00a0h\u00a030" in kiosk.texts()


def test_the_warning_on_the_board_opens_its_notice(kiosk: Kiosk) -> None:
    kiosk.show("departures", "bus")
    kiosk.tap("Ligne 2 déviée rue des Lilas")
    assert kiosk.route == "notice"


@pytest.mark.parametrize("comfort", [Comfort(), Comfort(large=True), Comfort(low=True)])
@pytest.mark.parametrize("pages", [0, 1, 2, 9])
def test_no_row_peeps_in_that_is_too_small_to_touch(
    kiosk: Kiosk, comfort: Comfort, pages: int
) -> None:
    kiosk.app.setComfort(comfort)
    kiosk.show("steps", "demarches")
    for _ in range(pages):
        if "Suite" in kiosk.targets():
            kiosk.tap("Suite")
    least = 12 * kiosk.screen.window.property("pxPerMm")
    assert [name for name, seen in shown(kiosk) if seen < least] == []


def shown(kiosk: Kiosk) -> list[tuple[str, float]]:
    """Every target with the height that can be seen of it."""
    found: list[tuple[str, float]] = []
    for name, item in kiosk.targets().items():
        box = item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
        above = item.parentItem()
        while above is not None:
            if above.clip():
                edge = above.mapRectToScene(QRectF(0, 0, above.width(), above.height()))
                box = box.intersected(edge)
            above = above.parentItem()
        if box.height() > 0:
            found.append((name, box.height()))
    return found


def test_paging_shows_every_procedure(kiosk: Kiosk) -> None:
    kiosk.show("steps", "demarches")
    seen = set(kiosk.texts())
    for _ in range(9):
        if "Suite" not in kiosk.targets():
            break
        kiosk.tap("Suite")
        seen |= set(kiosk.texts())
    assert {row.heading for row in kiosk.app.opened.frame.rows} <= seen


def test_paging_back_ends_at_the_first_row(kiosk: Kiosk) -> None:
    kiosk.show("steps", "demarches")
    kiosk.tap("Suite")
    for _ in range(4):
        if "Avant" in kiosk.targets():
            kiosk.tap("Avant")
    assert kiosk.app.opened.frame.rows[0].heading in kiosk.texts()


def test_the_pills_are_in_view_when_the_cinema_opens(kiosk: Kiosk) -> None:
    kiosk.show("cinema", "cinema")
    pill = target(kiosk, "Aujourd’hui 8 séances")
    assert pill.mapToScene(QPoint(0, 0)).y() > 0


def test_in_landscape_the_verdict_stands_beside_the_facts(
    kiosk_of: Callable[[tuple[int, int]], Kiosk],
) -> None:
    kiosk = kiosk_of(LANDSCAPE)
    kiosk.show("place", "piscine/piscines/piscine-tilleuls")
    places = {
        str(item.property("text")): item.mapRectToScene(QRectF(0, 0, item.width(), 1))
        for item in kiosk.items()
        if item.inherits("QQuickText")
    }
    assert places["Ouvert"].right() < places["Peu de monde"].left()


def attract(kiosk: Kiosk) -> AttractViewModel:
    kiosk.later(ATTRACT_AFTER_S + 1)
    assert kiosk.route == "attract"
    assert isinstance(kiosk.app.opened, AttractViewModel)
    return kiosk.app.opened


def test_the_loop_shows_one_slide_after_the_other(kiosk: Kiosk) -> None:
    loop = attract(kiosk)
    assert loop.slide.heading in kiosk.texts()
    first = loop.slide
    loop.advance()
    kiosk.settle()
    assert loop.slide != first
    assert loop.slide.heading in kiosk.texts()


def test_the_loop_begins_again_after_its_last_slide(kiosk: Kiosk) -> None:
    loop = attract(kiosk)
    first = loop.slide
    for _ in range(int(str(loop.property("count")))):
        loop.advance()
    assert loop.slide == first


def test_any_touch_ends_the_loop(kiosk: Kiosk) -> None:
    attract(kiosk)
    kiosk.tap_at(QPoint(540, 900))
    assert kiosk.route == "hive"


def test_the_loop_stops_turning_when_it_is_left(kiosk: Kiosk) -> None:
    loop = attract(kiosk)
    loop.leave()
    assert not loop.findChildren(type(loop._timer))[0].isActive()


def test_a_list_that_opens_shows_its_first_rows_at_once_and_the_others_a_frame_later(
    kiosk: Kiosk,
) -> None:
    frames: list[set[str]] = []
    kiosk.window.afterRendering.connect(
        lambda: frames.append(set(kiosk.targets())), Qt.ConnectionType.DirectConnection
    )
    for _ in range(2):  # what is made anew, then what is shown again
        frames.clear()
        kiosk.show("agenda", "agenda")
        rows = {row.heading for row in kiosk.app.opened.frame.rows}
        first, last = frames[0] & rows, frames[-1] & rows
        assert first
        assert first < last
        kiosk.tap("Accueil")
