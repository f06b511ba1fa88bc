"""Icons come from the bundled files alone, in the colour and size that is asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from ui.pictures import SIDE_MAX_PX, IconProvider


def asked(name: str) -> QImage:
    return IconProvider().requestImage(name, QSize(), QSize())


def colours(image: QImage) -> set[int]:
    return {
        image.pixel(x, y) & 0xFFFFFF
        for x in range(image.width())
        for y in range(image.height())
        if QColor.fromRgba(image.pixel(x, y)).alpha() == 255
    }


@pytest.mark.parametrize("colour", ["14202b", "ffb81c", "ffffff"])
def test_an_icon_is_drawn_in_its_colour(colour: str) -> None:
    assert colours(asked(f"bus/{colour}/48")) == {int(colour, 16)}


@pytest.mark.parametrize("side", [24, 96, 500])
def test_an_icon_has_the_size_that_is_asked(side: int) -> None:
    image = asked(f"home/000000/{side}")
    assert (image.width(), image.height()) == (side, side)


def test_the_provider_tells_the_size_it_drew() -> None:
    size = QSize()
    IconProvider().requestImage("home/000000/60", size, QSize())
    assert (size.width(), size.height()) == (60, 60)


def test_an_enormous_size_is_bounded() -> None:
    assert asked("home/000000/9999").width() == SIDE_MAX_PX


@pytest.mark.parametrize(
    "name",
    [
        "no-such-icon/000000/48",
        "../../../LICENSE/000000/48",
        "bus",
        "bus/red/48",
        "bus/000000",
        "bus/000000/0",
        "bus/000000/-5",
        "bus/000000/99999",
        "bus/000000/48/extra",
        "http://example.org/x.svg/000000",
        "",
        "x" * 5000,
    ],
)
def test_anything_else_is_an_empty_picture(name: str) -> None:
    assert colours(asked(name)) == set()
