"""A small world a test fills, and the demonstration pack filled once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.context import context_of
from kiosk.app.installed import Installed, installed
from tests.conftest import MovedClock
from tests.unit.ui.views.world import NOW, World
from ui.context import Context


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    here = installed(Place(data=tmp_path_factory.mktemp("orne"), territory="orne"))
    prepare(here, NOW)
    return here


@pytest.fixture
def orne(demo: Installed) -> Callable[..., Context]:
    def at(now: datetime = NOW, language: str = "fr") -> Context:
        return context_of(demo, MovedClock(now), language)

    return at
