"""The inspection finds what a checker would: cut texts, small targets, weak contrast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QByteArray, QRectF, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from ui.inspection import Look, contrast_in, look_at, luminance, ratio

PAGE = """
import QtQuick
Window {
    width: 400; height: 300; visible: true; color: "white"
    %s
}
"""


@pytest.fixture
def pages(qtbot: QtBot) -> Iterator[list[QQmlApplicationEngine]]:
    """Engines that live as long as the test."""
    engines: list[QQmlApplicationEngine] = []
    yield engines
    engines.clear()


def looked_at(qtbot: QtBot, pages: list[QQmlApplicationEngine], content: str) -> Look:
    engine = QQmlApplicationEngine()
    pages.append(engine)
    engine.loadData(QByteArray((PAGE % content).encode()), QUrl())
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    qtbot.waitExposed(window)
    qtbot.wait(30)
    return look_at(window, window.grabWindow())


def test_texts_are_read_in_the_order_of_the_page(
    qtbot: QtBot, pages: list[QQmlApplicationEngine]
) -> None:
    look = looked_at(qtbot, pages, 'Text { text: "Un" } Text { y: 50; text: "Deux" }')
    assert look.texts == ("Un", "Deux")


@pytest.mark.parametrize(
    "hidden",
    [
        'Text { text: "x"; visible: false }',
        'Text { text: "x"; opacity: 0 }',
        'Text { text: "x"; x: 500 }',
        'Item { visible: false; Text { text: "x" } }',
        'Item { clip: true; width: 5; height: 5; Text { y: 20; text: "x" } }',
    ],
)
def test_what_is_not_seen_is_not_told(
    qtbot: QtBot, pages: list[QQmlApplicationEngine], hidden: str
) -> None:
    assert looked_at(qtbot, pages, hidden).texts == ()


@pytest.mark.parametrize(
    "cut",
    [
        'Text { text: "Trop long pour la place"; width: 60; elide: Text.ElideRight }',
        'Text { text: "Trop long pour la place"; width: 60 }',
        'Text { text: "Trop haut"; height: 4 }',
        'Text { text: "Au bord de l’écran"; x: 380 }',
        'Item { clip: true; width: 20; height: 40; Text { text: "Trop large" } }',
        'Item { property string targetName: "t"; width: 90; height: 5; Text { text: "Haut" } }',
    ],
)
def test_a_cut_text_is_found(qtbot: QtBot, pages: list[QQmlApplicationEngine], cut: str) -> None:
    assert len(looked_at(qtbot, pages, cut).truncated) == 1


@pytest.mark.parametrize(
    "whole",
    [
        'Text { text: "À l’aise" }',
        'Text { text: "Sur plusieurs lignes, entier"; width: 90; wrapMode: Text.Wrap }',
        'Item { clip: true; width: 200; height: 6; Text { text: "Défile" } }',
        'Item { property string targetName: "t"; width: 90; height: 60; Text { text: "Tient" } }',
    ],
)
def test_a_whole_text_is_left_alone(
    qtbot: QtBot, pages: list[QQmlApplicationEngine], whole: str
) -> None:
    assert looked_at(qtbot, pages, whole).truncated == ()


def test_a_target_is_clipped_to_what_is_visible(
    qtbot: QtBot, pages: list[QQmlApplicationEngine]
) -> None:
    content = 'Item { x: 350; y: 10; width: 100; height: 40; property string targetName: "Aide" }'
    (target,) = looked_at(qtbot, pages, content).targets
    assert (target.name, target.x, target.y, target.w, target.h) == ("Aide", 350, 10, 50, 40)


@pytest.mark.parametrize("state", ["enabled: false", "visible: false", "height: 1"])
def test_what_cannot_be_touched_is_no_target(
    qtbot: QtBot, pages: list[QQmlApplicationEngine], state: str
) -> None:
    content = f'Item {{ width: 50; property string targetName: "Aide"; {state} }}'
    assert looked_at(qtbot, pages, content).targets == ()


@pytest.mark.parametrize(
    ("ink", "least", "most"),
    [("black", 20.5, 21), ("#767676", 4.3, 4.7), ("#cccccc", 1.4, 1.8)],
)
def test_contrast_is_measured_on_the_rendered_letters(
    qtbot: QtBot, pages: list[QQmlApplicationEngine], ink: str, least: float, most: float
) -> None:
    content = f'Text {{ text: "MMMM"; font.pixelSize: 40; font.bold: true; color: "{ink}" }}'
    look = looked_at(qtbot, pages, content)
    assert least <= look.contrast_min <= most


def test_the_weakest_text_is_named(qtbot: QtBot, pages: list[QQmlApplicationEngine]) -> None:
    content = 'Text { text: "Fort" } Text { y: 60; text: "Faible"; color: "#bbbbbb" }'
    assert looked_at(qtbot, pages, content).contrast_worst == "Faible"


def test_a_disabled_text_may_be_pale(qtbot: QtBot, pages: list[QQmlApplicationEngine]) -> None:
    # WCAG 2.2, 1.4.3: inactive components have no contrast requirement
    content = 'Item { enabled: false; Text { text: "Pâle"; color: "#dddddd" } }'
    assert looked_at(qtbot, pages, content).contrast_min == 21


def test_a_page_without_text_has_full_contrast(
    qtbot: QtBot, pages: list[QQmlApplicationEngine]
) -> None:
    assert looked_at(qtbot, pages, "").contrast_min == 21


def test_an_empty_box_has_full_contrast() -> None:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    assert contrast_in(image, QRectF(0, 0, 10, 10)) == 21
    assert contrast_in(image, QRectF(50, 50, 10, 10)) == 21


def test_the_ratio_is_the_one_of_wcag() -> None:
    assert ratio(luminance(0xFFFFFF), luminance(0x000000)) == pytest.approx(21)
    assert ratio(luminance(0x777777), luminance(0xFFFFFF)) == pytest.approx(4.48, abs=0.01)
    assert ratio(luminance(0xFFB81C), luminance(0x14202B)) > 9
