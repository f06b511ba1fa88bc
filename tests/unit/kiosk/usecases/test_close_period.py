"""Closing a day, a month, a year: what is closed with it, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.closing import Closing
from kiosk.domain.errors import PeriodClosed
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.verify_ledger import verify
from kiosk.usecases.close_period import ClosePeriod
from tests.contracts.test_journal import FULL

LATE = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # the first of December in Paris
PARIS = ZoneInfo("Europe/Paris")


class World:
    """A journal, a clock that is moved, and the use case over them."""

    def __init__(self, folder: Path) -> None:
        self.at = LATE
        self.path = folder / "ledger.db"
        self.ledger = Ledger(self.path, free=lambda _: 10**12)
        closings = Closings(self.ledger, DeviceKey(folder))
        self.close = ClosePeriod(closings, self, PARIS)
        self.booked = 0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def book(self) -> None:
        self.booked += 1
        self.ledger.book_topup(replace(FULL, id=f"T-{self.booked}"), at=self.at)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


def test_a_day_is_named_in_the_territory_s_own_time(world: World) -> None:
    world.book()
    (made,) = world.close.run("day")
    assert (made.name, made.entries) == ("2026-12-01", 1)


def test_the_day_that_has_just_ended_may_be_named(world: World) -> None:
    world.book()
    (made,) = world.close.run("day", date(2026, 11, 30))
    assert made.name == "2026-11-30"


def test_a_year_closes_the_open_day_and_month_first(world: World) -> None:
    world.book()
    made = world.close.run("year")
    assert [(one.period, one.name) for one in made] == [
        ("day", "2026-12-01"),
        ("month", "2026-12"),
        ("year", "2026"),
    ]
    assert {one.now.cents for one in made} == {2000}
    assert verify(world.path).closings == 3


def test_days_add_up_to_their_month(world: World) -> None:
    days: list[Closing] = []
    for _ in range(3):
        world.book()
        days += world.close.run("day")
        world.at += timedelta(days=1)
    (month,) = world.close.run("month")
    assert sum(day.cents for day in days) == month.cents == 6000
    assert (month.first, month.now.last) == (1, 3)


def test_a_day_without_sales_is_closed_once(world: World) -> None:
    (made,) = world.close.run("day")
    assert made.entries == 0
    with pytest.raises(PeriodClosed, match="closing 1"):
        world.close.run("day")


def test_what_is_booked_after_the_closing_waits_for_the_next_one(world: World) -> None:
    world.book()
    world.close.run("day")
    world.book()
    (second,) = world.close.run("day")
    assert (second.first, second.now.last, second.name) == (2, 2, "2026-12-01")


def test_a_clock_set_back_loses_no_entry(world: World) -> None:
    world.book()
    world.close.run("day")
    world.at -= timedelta(days=40)
    world.book()
    (made,) = world.close.run("day")
    assert (made.name, made.first, made.now.last) == ("2026-10-22", 2, 2)
    report = verify(world.path)
    assert (report.sound, report.closings_turned_back) == (True, (2,))
