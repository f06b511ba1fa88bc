"""The demo's tray stands outside of the citizen's window wherever there is room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app.tray_place import MARGIN_PX, Box, Spot, spot_for

WIDTH = 300
DESKTOP = Box(x=0, y=0, width=1920, height=1080)
PANEL = Box(x=0, y=0, width=1080, height=1920)
SECOND = Box(x=1080, y=0, width=1280, height=1024)


def covers(spot: Spot, window: Box) -> bool:
    left = spot.right - WIDTH
    return left < window.x + window.width and spot.right > window.x


def test_beside_a_window_there_is_room_on_the_right() -> None:
    window = Box(x=100, y=50, width=540, height=960)
    assert spot_for([DESKTOP], window, WIDTH) == Spot(
        right=640 + WIDTH + 2 * MARGIN_PX, top=50, folded=False
    )


def test_a_window_at_the_right_has_it_on_its_left() -> None:
    window = Box(x=1380, y=0, width=540, height=960)
    assert spot_for([DESKTOP], window, WIDTH).right == 1380 - MARGIN_PX


def test_a_full_panel_has_it_on_another_screen() -> None:
    spot = spot_for([PANEL, SECOND], PANEL, WIDTH)
    assert not spot.folded
    assert not covers(spot, PANEL)


def test_a_full_panel_alone_folds_it_at_the_edge() -> None:
    spot = spot_for([PANEL], PANEL, WIDTH)
    assert spot.folded
    assert spot.right == 1080
    assert 0 < spot.top < 200


@pytest.mark.parametrize("window", [Box(x=-500, y=0, width=100, height=100), PANEL])
def test_a_window_on_no_screen_is_its_own(window: Box) -> None:
    assert spot_for([], window, WIDTH).folded


@given(
    x=st.integers(0, 1900),
    y=st.integers(0, 1000),
    width=st.integers(320, 1920),
    height=st.integers(320, 1080),
)
def test_an_open_tray_never_covers_the_window(x: int, y: int, width: int, height: int) -> None:
    window = Box(x=x, y=y, width=width, height=height)
    spot = spot_for([DESKTOP], window, WIDTH)
    assert spot.folded or not covers(spot, window)
    assert spot.folded or (spot.right <= DESKTOP.width and spot.right - WIDTH >= 0)
