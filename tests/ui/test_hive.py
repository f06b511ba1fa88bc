"""The hive's cells: on one page where they can be read, else on pages one turns."""

from __future__ import annotations

import pytest

from kiosk.app.context import context_of
from kiosk.app.installed import Installed
from tests.conftest import MovedClock
from tests.ui.kiosks import Kiosk
from ui.viewmodels.hive import HiveViewModel
from ui.views.hive import FIRST_CELLS

WIDTH, HEIGHT, RESERVE = 1000.0, 1190.0, 90.0
LAST = -1


@pytest.fixture
def hive(demo: Installed, clock: MovedClock) -> HiveViewModel:
    return HiveViewModel(context_of(demo, clock))


def names(hive: HiveViewModel) -> list[str]:
    return [cell.key for cell in hive.property("cells").rows]


def everything(hive: HiveViewModel) -> list[str]:
    return [cell.key for cell in hive.property("allCells").rows]


def test_cells_that_can_be_read_stand_on_one_page(hive: HiveViewModel) -> None:
    hive.layOut(WIDTH, HEIGHT, 120, RESERVE)
    assert hive.property("pages") == 1
    assert names(hive) == everything(hive)


def test_cells_too_small_are_spread_over_pages_of_larger_ones(hive: HiveViewModel) -> None:
    hive.layOut(WIDTH, HEIGHT, 230, RESERVE)
    assert hive.property("pages") > 1
    assert hive.property("cellWidth") >= 230
    lowest = max(hive.property("corners")[1::2]) + hive.property("cellHeight")
    assert lowest <= HEIGHT - RESERVE + 1


def test_turning_shows_every_cell_once(hive: HiveViewModel) -> None:
    hive.layOut(WIDTH, HEIGHT, 300, RESERVE)
    seen: list[str] = []
    for _ in range(hive.property("pages")):
        seen += names(hive)
        hive.turn(1)
    assert seen == everything(hive)


@pytest.mark.parametrize(("turns", "page"), [(-1, 0), (1, 1), (99, LAST)])
def test_one_cannot_turn_past_the_ends(hive: HiveViewModel, turns: int, page: int) -> None:
    hive.layOut(WIDTH, HEIGHT, 230, RESERVE)
    hive.turn(turns)
    assert hive.property("page") == page % hive.property("pages")


def test_a_larger_panel_brings_everything_back_on_one_page(hive: HiveViewModel) -> None:
    hive.layOut(WIDTH, HEIGHT, 230, RESERVE)
    hive.turn(1)
    hive.layOut(3 * WIDTH, 3 * HEIGHT, 230, RESERVE)
    assert (hive.property("page"), hive.property("pages")) == (0, 1)


def test_the_next_visitor_begins_on_the_first_page(kiosk: Kiosk) -> None:
    hive = kiosk.app.opened
    assert isinstance(hive, HiveViewModel)
    hive.layOut(WIDTH, HEIGHT, 230, RESERVE)
    hive.turn(1)
    kiosk.app.end()
    assert hive.property("page") == 0


def test_home_is_the_same_hive_again(kiosk: Kiosk) -> None:
    hive = kiosk.app.opened
    kiosk.show("steps", "demarches")
    kiosk.app.home()
    assert kiosk.app.opened is hive


def test_in_a_hurry_only_the_first_cells_tell_something(demo: Installed, clock: MovedClock) -> None:
    hive = HiveViewModel(context_of(demo, clock), whole=False)
    told = [bool(cell.glimpse) for cell in hive.property("allCells").rows]
    assert told == [n < FIRST_CELLS for n in range(len(told))]
    assert False in told


def test_a_completed_hive_is_the_one_that_was_never_in_a_hurry(
    demo: Installed, clock: MovedClock
) -> None:
    hurried = HiveViewModel(context_of(demo, clock), whole=False)
    hurried.complete()
    whole = HiveViewModel(context_of(demo, clock))
    assert hurried.property("allCells").rows == whole.property("allCells").rows
    assert hurried.frame == whole.frame


def test_all_cells_of_a_portrait_panels_first_page_tell_something_at_once(
    hive: HiveViewModel,
) -> None:
    hive.layOut(WIDTH, HEIGHT, 200, RESERVE)
    assert 1 < len(names(hive)) <= FIRST_CELLS


def test_nothing_is_placed_before_the_window_has_a_size(hive: HiveViewModel) -> None:
    hive.layOut(-80.0, 1200.0, 200, RESERVE)
    assert names(hive) == []
    assert hive.property("corners") == []
