"""The demonstration pack's content, filled once, and kiosks over it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.installed import Installed, installed
from tests.conftest import MovedClock
from tests.ui.kiosks import PORTRAIT, Kiosk
from tests.ui.money import MoneyKiosk


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """Screens end on the tests' own thread, as on a kiosk (kiosk.app.garbage)."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    from datetime import UTC, datetime

    here = installed(Place(data=tmp_path_factory.mktemp("orne"), territory="orne"))
    prepare(here, datetime(2026, 11, 22, 9, 42, tzinfo=UTC))
    return here


@pytest.fixture
def kiosk_of(
    qtbot: QtBot, demo: Installed, clock: MovedClock
) -> Iterator[Callable[[tuple[int, int]], Kiosk]]:
    """Makes kiosks of a size."""
    open_: list[Kiosk] = []

    def make(size: tuple[int, int] = PORTRAIT) -> Kiosk:
        open_.append(Kiosk(qtbot, demo, clock, size))
        return open_[-1]

    yield make
    for one in open_:
        one.close()


@pytest.fixture
def kiosk(kiosk_of: Callable[[], Kiosk]) -> Kiosk:
    """A kiosk in portrait, at rest on its hive."""
    return kiosk_of()


@pytest.fixture
def money(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[MoneyKiosk]:
    """The demo's kiosk with its tray, without a window."""
    made = MoneyKiosk(qtbot, demo, clock, tmp_path)
    yield made
    made.close()
