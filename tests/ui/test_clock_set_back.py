"""A kiosk whose clock stands before its journal: money is closed until the clock is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from pytestqt.qtbot import QtBot
from structlog.testing import capture_logs

from kiosk.app.installed import Installed
from kiosk.app.safe import LEDGER
from kiosk.domain.errors import ClockSetBack
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings, closings
from kiosk.store.ledger_read import open_to_read
from kiosk.usecases.close_period import ClosePeriod
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk
from tests.ui.test_licence import Town, minute
from tests.ui.test_topup_screen import Citizen
from tests.unit.kiosk.app.test_diagnose_hub import LET_IN
from ui.sentences import SENTENCES

KEY = ClockSetBack.message_key
HOUR_S, DAY_S = 3600, 86_400


@dataclass
class World:
    """A folder in which kiosks are started and ended, and the clock on its wall."""

    qtbot: QtBot
    here: Installed
    clock: MovedClock
    folder: Path
    money: MoneyKiosk | None = None

    def boot(self) -> MoneyKiosk:
        self.end()
        self.money = MoneyKiosk(self.qtbot, self.here, self.clock, self.folder)
        return self.money

    def end(self) -> None:
        if self.money is not None:
            self.money.close()

    def sell(self) -> MoneyKiosk:
        """Give a kiosk that has sold something just now, and whose visitor has gone."""
        money = self.boot()
        reload(money)
        assert money.at(Stage.DONE)
        money.lift()
        money.app.end()
        return money


def reload(money: MoneyKiosk) -> None:
    money.ask()
    money.phone()


def look(money: MoneyKiosk) -> None:
    """Look whether a day is to be closed, as each half minute does."""
    night = money.kiosk.counters.night
    assert night is not None
    night.look()
    money.settle()


def days_closed(world: World) -> list[str]:
    """End the kiosk and give the names of the days that its journal has closed."""
    world.end()
    with open_to_read(world.folder / LEDGER) as connection:
        return [one.name for one in closings(connection) if one.period == "day"]


def close_day(world: World) -> None:
    """Close the day by hand, as « alveole ledger close » does."""
    world.end()
    with Ledger(world.folder / LEDGER) as ledger:
        journal = Closings(ledger, DeviceKey(world.folder))
        ClosePeriod(journal, world.clock, ZoneInfo("Europe/Paris")).run("day")


@pytest.fixture
def world(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[World]:
    world = World(qtbot, demo, clock, tmp_path)
    yield world
    world.end()


def test_the_screen_says_that_the_clock_is_wrong_and_money_opens_with_the_right_one(
    world: World, clock: MovedClock
) -> None:
    money = world.sell()
    clock.set_back(HOUR_S)
    minute(money)
    window = Citizen(world.qtbot, money)
    money.lay()
    window.settle()
    assert SENTENCES[KEY] in window.texts()
    assert "Recharger" not in window.targets()
    clock.set_back(-HOUR_S)
    minute(money)
    window.settle()
    assert SENTENCES[KEY] not in window.texts()
    assert "Recharger" in window.targets()
    window.close()


def test_a_top_up_is_refused_before_the_next_look_at_the_clock(
    world: World, clock: MovedClock
) -> None:
    money = world.sell()
    clock.set_back(HOUR_S)
    money.ask()
    assert (money.wallet.problem, money.wallet.progress) == (KEY, None)


def test_a_kiosk_that_starts_with_a_wrong_clock_opens_no_money(
    world: World, clock: MovedClock
) -> None:
    world.sell()
    clock.set_back(DAY_S)
    assert world.boot().wallet.closed == KEY


def test_what_is_under_way_goes_on_to_its_end(world: World, clock: MovedClock) -> None:
    money = world.sell()
    money.ask()
    clock.set_back(HOUR_S)
    money.phone()
    assert money.at(Stage.DONE)
    assert money.entries() == 2


def test_the_log_says_once_why_money_is_closed(
    world: World, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = world.sell()
    clock.set_back(HOUR_S)
    monkeypatch.setattr(structlog, "is_configured", lambda: True)
    with capture_logs() as facts:
        minute(money)
        minute(money)
    told = [fact for fact in facts if fact.get("why") == KEY]
    assert [(fact["event"], fact["command"]) for fact in told] == [("command.refused", "permit")]


def test_no_closing_is_made_by_itself_under_a_wrong_clock(world: World, clock: MovedClock) -> None:
    world.sell()
    clock.move(DAY_S)
    look(world.boot())
    assert days_closed(world) == ["2026-11-22"]
    clock.move(3 * DAY_S)
    world.sell()
    clock.set_back(DAY_S)  # the 24th is over and without a closing
    look(world.boot())
    assert days_closed(world) == ["2026-11-22"]
    clock.move(2 * DAY_S)
    look(world.boot())
    assert days_closed(world) == ["2026-11-22", "2026-11-26"]


def test_a_licence_that_has_ended_isn_t_brought_back(world: World, clock: MovedClock) -> None:
    town = Town(world.folder, clock)
    money = world.sell()
    town.store.keep(LET_IN)
    town.licence(clock.now() - timedelta(seconds=1))
    clock.set_back(DAY_S)
    minute(money)
    assert money.wallet.closed == KEY


def test_a_clock_that_stood_ahead_is_forgiven_once_people_have_closed_the_day(
    world: World, clock: MovedClock
) -> None:
    clock.move(400 * DAY_S)
    money = world.sell()
    clock.set_back(400 * DAY_S)
    minute(money)
    assert money.wallet.closed == KEY
    close_day(world)
    money = world.boot()
    assert money.wallet.closed == ""
    reload(money)
    assert money.at(Stage.DONE)
