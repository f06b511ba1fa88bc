"""The keyboard's layout: every letter once, nothing overlaps, rows are walked up and down."""

from __future__ import annotations

from itertools import combinations

import pytest

from ui.keyboard import (
    CLEAR,
    ERASE,
    LAYER,
    SPACE,
    UNITS,
    Key,
    beside,
    keys_of,
    rows_of,
)
from ui.words import Words

FRENCH = Words("fr")
FORMS = [(digits, small) for digits in (False, True) for small in (False, True)]


def layer(*, digits: bool = False, small: bool = False) -> tuple[Key, ...]:
    return keys_of(FRENCH, digits=digits, small=small)


def row(keys: tuple[Key, ...], number: int) -> str:
    return "".join(key.press for key in keys if key.row == number and len(key.press) == 1)


def index(keys: tuple[Key, ...], press: str) -> int:
    return next(i for i, key in enumerate(keys) if key.press == press)


def test_the_letters_lie_as_on_a_french_keyboard() -> None:
    keys = layer()
    assert [row(keys, i) for i in range(4)] == [
        "azertyuiop",
        "qsdfghjklm",
        "wxcvbn’-",
        "éèêàçùôîûœ",
    ]


def test_the_digits_have_their_own_layer() -> None:
    assert row(layer(digits=True), 0) == "1234567890"


def test_the_small_form_keeps_the_accents_beside_the_digits() -> None:
    assert "é" not in row(layer(small=True), 3)
    assert row(layer(digits=True, small=True), 1) == "éèêàçùôîûœ"


@pytest.mark.parametrize(("small", "rows"), [(False, 5), (True, 4)])
def test_the_small_form_is_a_row_lower(small: bool, rows: int) -> None:
    assert rows_of(layer(small=small)) == rows


@pytest.mark.parametrize(("digits", "small"), FORMS)
def test_no_key_overlaps_another_or_leaves_the_board(digits: bool, small: bool) -> None:
    keys = layer(digits=digits, small=small)
    assert all(key.column >= 0 and key.column + key.span <= UNITS for key in keys)
    for one, other in combinations(keys, 2):
        apart = one.column + one.span <= other.column or other.column + other.span <= one.column
        assert one.row != other.row or apart, (one, other)


@pytest.mark.parametrize(("digits", "small"), FORMS)
def test_every_row_fills_the_board(digits: bool, small: bool) -> None:
    keys = layer(digits=digits, small=small)
    for number in range(rows_of(keys)):
        assert sum(key.span for key in keys if key.row == number) == UNITS


@pytest.mark.parametrize(("digits", "small"), FORMS)
def test_every_key_is_drawn_announced_and_pressed_once(digits: bool, small: bool) -> None:
    keys = layer(digits=digits, small=small)
    assert all(key.said and (key.label or key.glyph) for key in keys)
    assert len({key.press for key in keys}) == len(keys)
    assert {ERASE, CLEAR, LAYER, SPACE} <= {key.press for key in keys}


def test_letters_that_sound_alike_are_announced_apart() -> None:
    said = {key.press: key.said for key in layer()}
    assert said["é"] == "e accent aigu"
    assert len({said[letter] for letter in "eéèê"}) == 4


@pytest.mark.parametrize(
    ("press", "down", "there"),
    [("a", 1, "q"), ("p", 1, "m"), ("q", -1, "a"), ("m", 1, ERASE), (SPACE, -1, "ç")],
)
def test_up_and_down_go_to_the_key_that_lies_there(press: str, down: int, there: str) -> None:
    keys = layer()
    assert keys[beside(keys, index(keys, press), down)].press == there


@pytest.mark.parametrize(("press", "down"), [("a", -1), (SPACE, 1)])
def test_beyond_the_board_there_is_no_key(press: str, down: int) -> None:
    keys = layer()
    assert beside(keys, index(keys, press), down) == -1


@pytest.mark.parametrize("outside", [-1, 999])
def test_a_key_that_is_not_there_has_none_beside_it(outside: int) -> None:
    assert beside(layer(), outside, 1) == -1


def test_a_board_without_keys_has_no_rows() -> None:
    assert rows_of(()) == 0
