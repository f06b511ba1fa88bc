"""The kiosk closes by itself: midnights, month and year ends, summer time, power cuts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.closing import Closing, Period
from kiosk.domain.payment import TopupState
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings, closings
from kiosk.store.ledger_read import open_to_read
from kiosk.store.verify_ledger import verify
from kiosk.usecases.close_due import CloseDue, paying
from tests.contracts.test_journal import FULL

PARIS = ZoneInfo("Europe/Paris")
STEP = timedelta(minutes=10)
STEPS_MAX = 5000


class PowerCut(BaseException):
    """The power goes after a closing."""


class CutClosings(Closings):
    """A journal whose power goes once a period was closed."""

    cut_after: Period | None = None

    def close_period(self, period: Period, name: str, *, at: datetime) -> Closing:
        made = super().close_period(period, name, at=at)
        if period == self.cut_after:
            raise PowerCut
        return made


class World:
    """A journal and a clock that is moved, in the territory's own time."""

    def __init__(self, folder: Path) -> None:
        self.at = datetime(2026, 11, 29, 12, tzinfo=PARIS).astimezone(UTC)
        self.path = folder / "ledger.db"
        self.ledger = Ledger(self.path, free=lambda _: 10**12)
        self.journal = CutClosings(self.ledger, DeviceKey(folder))
        self.due = CloseDue(self.journal, self, PARIS, busy=lambda: paying(self.ledger))
        self.booked = 0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def stand(self, *moment: int) -> None:
        self.at = datetime(*moment, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc,arg-type]

    def book(self) -> None:
        self.booked += 1
        self.ledger.book_topup(replace(FULL, id=f"T-{self.booked}", state=DONE), at=self.at)

    def run_until(self, *moment: int) -> None:
        """Let the kiosk look every STEP until a local moment."""
        end = datetime(*moment, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc,arg-type]
        for _ in range(STEPS_MAX):
            if self.at >= end:
                return
            self.at += STEP
            self.due.run()
        raise AssertionError(self.at)

    def made(self) -> list[tuple[str, str]]:
        with open_to_read(self.path) as connection:
            return [(one.period, one.name) for one in closings(connection)]


DONE = TopupState.DONE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()
    assert verify(world.path).sound


def test_nothing_is_closed_before_the_margin_after_midnight(world: World) -> None:
    world.book()
    world.stand(2026, 11, 30, 0, 9)
    assert world.due.run() == ()
    world.stand(2026, 11, 30, 0, 10)
    (made,) = world.due.run()
    assert (made.period, made.name, made.entries) == ("day", "2026-11-29", 1)
    assert world.due.run() == ()


def test_a_month_ends_with_its_last_day(world: World) -> None:
    world.book()
    world.run_until(2026, 12, 2, 1)
    assert world.made() == [
        ("day", "2026-11-29"),
        ("day", "2026-11-30"),
        ("month", "2026-11"),
        ("day", "2026-12-01"),
    ]


def test_a_year_ends_with_its_last_month(world: World) -> None:
    world.stand(2026, 12, 31, 23)
    world.book()
    world.run_until(2027, 1, 1, 1)
    assert world.made() == [("day", "2026-12-31"), ("month", "2026-12"), ("year", "2026")]
    world.run_until(2027, 1, 2, 1)
    assert world.made()[3:] == [("day", "2027-01-01")]


def test_a_leap_day_is_a_day_and_ends_its_month(world: World) -> None:
    world.stand(2028, 2, 28, 12)
    world.book()
    world.run_until(2028, 3, 1, 12)
    assert world.made() == [("day", "2028-02-28"), ("day", "2028-02-29"), ("month", "2028-02")]


@pytest.mark.parametrize("change", [(2026, 3, 28), (2026, 10, 24)])
def test_the_nights_of_summer_time_close_each_day_once(
    world: World, change: tuple[int, int, int]
) -> None:
    year, month, day = change
    world.stand(year, month, day, 12)
    world.book()
    world.run_until(year, month, day + 3, 12)
    names = [name for _, name in world.made()]
    assert names == [f"{year}-{month:02}-{day + n:02}" for n in range(3)]


def test_a_kiosk_that_was_off_over_the_year_s_end_closes_at_its_next_start(world: World) -> None:
    world.stand(2026, 12, 30, 17)
    world.book()
    world.stand(2027, 1, 3, 9)
    assert [(one.period, one.name) for one in world.due.run()] == [
        ("day", "2026-12-30"),
        ("month", "2026-12"),
        ("year", "2026"),
        ("day", "2027-01-02"),
    ]


def test_what_was_closed_before_the_power_went_still_gets_its_month(world: World) -> None:
    world.stand(2026, 11, 29, 17)
    world.book()
    world.stand(2026, 11, 30, 1)
    world.due.run()
    world.stand(2026, 12, 5, 9)
    assert [(one.period, one.name) for one in world.due.run()] == [
        ("month", "2026-11"),
        ("day", "2026-12-04"),
    ]


@pytest.mark.parametrize("period", ["day", "month", "year"])
def test_a_power_cut_between_two_closings_loses_and_doubles_none(
    world: World, period: Period
) -> None:
    world.stand(2026, 12, 31, 17)
    world.book()
    world.stand(2027, 1, 1, 1)
    world.journal.cut_after = period
    with pytest.raises(PowerCut):
        world.due.run()
    world.journal.cut_after = None
    world.due.run()
    world.due.run()
    assert world.made() == [("day", "2026-12-31"), ("month", "2026-12"), ("year", "2026")]


def test_nothing_is_closed_while_a_citizen_pays(world: World) -> None:
    world.book()
    world.stand(2026, 11, 30, 0, 20)
    running = replace(FULL, id="T-9", state=TopupState.INTENT_CREATED, entry=0)
    world.ledger.save_topup(running)
    assert world.due.run() == ()
    world.ledger.save_topup(replace(running, state=TopupState.CANCELED))
    assert len(world.due.run()) == 1


def test_a_torn_card_that_is_awaited_for_days_keeps_nothing_open(world: World) -> None:
    world.book()
    world.ledger.save_topup(replace(FULL, id="T-9", state=TopupState.CARD_WRITING, entry=0))
    world.stand(2026, 11, 30, 1)
    assert len(world.due.run()) == 1


def test_a_journal_without_any_entry_has_nothing_to_close(world: World) -> None:
    world.run_until(2026, 12, 2, 1)
    assert world.made() == []


def test_a_day_without_sales_is_closed_too(world: World) -> None:
    world.book()
    world.run_until(2026, 11, 30, 1)
    world.stand(2026, 12, 1, 1)
    assert [one.entries for one in world.due.run() if one.period == "day"] == [0]


def test_a_clock_that_stood_years_ahead_doesn_t_end_the_closings(world: World) -> None:
    world.book()
    world.stand(2031, 5, 2, 1)
    world.due.run()
    world.stand(2026, 12, 4, 1)
    world.book()
    world.stand(2026, 12, 5, 1)
    made = [(one.period, one.name) for one in world.due.run()]
    assert ("day", "2026-12-04") in made
    assert world.due.run() == ()


def test_each_closing_tells_the_hub_in_its_own_transaction(world: World) -> None:
    world.book()
    world.stand(2026, 12, 1, 1)
    world.due.run()
    told = [event.kind for event in world.ledger.events() if event.kind.startswith("closing.")]
    assert told == ["closing.day", "closing.day", "closing.month"]
