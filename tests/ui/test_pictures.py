"""Icons come from the bundled files alone, in the colour and size that is asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from ui.pictures import SIDE_MAX_PX, IconProvider


def asked(name: str, side: int = 48) -> QImage:
    return IconProvider().requestImage(name, QSize(), QSize(side, side))


def colours(image: QImage) -> set[int]:
    return {
        image.pixel(x, y) & 0xFFFFFF
        for x in range(image.width())
        for y in range(image.height())
        if QColor.fromRgba(image.pixel(x, y)).alpha() == 255
    }


@pytest.mark.parametrize("colour", ["14202b", "ffb81c", "ffffff"])
def test_an_icon_is_drawn_in_its_colour(colour: str) -> None:
    assert colours(asked(f"bus/{colour}")) == {int(colour, 16)}


@pytest.mark.parametrize("side", [24, 96, 500])
def test_an_icon_has_the_size_that_is_asked(side: int) -> None:
    image = asked("home/000000", side)
    assert (image.width(), image.height()) == (side, side)


def test_the_provider_tells_the_size_it_drew() -> None:
    size = QSize()
    IconProvider().requestImage("home/000000", size, QSize(60, 60))
    assert (size.width(), size.height()) == (60, 60)


@pytest.mark.parametrize("side", [0, -5])
def test_a_size_that_makes_no_sense_gets_the_usual_one(side: int) -> None:
    assert asked("home/000000", side).width() == 48


def test_an_enormous_size_is_bounded() -> None:
    assert asked("home/000000", 100_000).width() == SIDE_MAX_PX


@pytest.mark.parametrize(
    "name",
    [
        "no-such-icon/000000",
        "../../../LICENSE/000000",
        "bus",
        "bus/red",
        "bus/000000/extra",
        "http://example.org/x.svg/000000",
        "",
        "x" * 5000,
    ],
)
def test_anything_else_is_an_empty_picture(name: str) -> None:
    assert colours(asked(name)) == set()
