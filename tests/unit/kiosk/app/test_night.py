"""The kiosk's nights: closings made and told, failures told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot
from structlog.testing import capture_logs

from kiosk.app.night import HEAR_LOOKS, Night
from kiosk.domain.bank_refund import BankRefund
from kiosk.domain.closing import Closing
from kiosk.domain.errors import StorageFull
from kiosk.domain.ledger import Account
from kiosk.domain.money import Money
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.usecases.hear_refunds import Heard
from tests.conftest import MovedClock
from tests.contracts.test_journal import FULL, NOW
from ui.commands import Commands


def closing(folder: Path) -> Closing:
    with Ledger(folder / "ledger.db", free=lambda _: 10**12) as ledger:
        ledger.book_topup(replace(FULL, id="T-1"), at=NOW)
        return Closings(ledger, DeviceKey(folder)).close_period("day", "2026-11-22", at=NOW)


def test_a_clock_that_was_set_back_is_a_fact_of_the_log(qtbot: QtBot, clock: MovedClock) -> None:
    commands = Commands()
    night = Night(commands, clock, list)
    with capture_logs() as facts:
        for seconds in (60, -2, -7200, 30):
            clock.move(seconds)
            night.look()
            qtbot.waitUntil(lambda: not commands.busy)
    commands.close()
    assert [(one["event"], one["seconds"]) for one in facts] == [("clock.set_back", 7200)]


def looked(qtbot: QtBot, close_due: Callable[[], Sequence[Closing]], times: int = 1) -> list[str]:
    """Let a night look; gives the log's facts."""
    commands = Commands()
    night = Night(commands, MovedClock(NOW), close_due)
    night.start()
    with capture_logs() as facts:
        for _ in range(times):
            night.look()
            qtbot.waitUntil(lambda: not commands.busy)
    night.close()
    commands.close()
    return [f"{one['log_level']} {one['event']}" for one in facts]


def test_each_closing_is_a_fact_of_the_log(qtbot: QtBot, tmp_path: Path) -> None:
    made = closing(tmp_path)
    assert looked(qtbot, lambda: [made]) == ["info closing.made"]


def test_cents_in_suspense_are_a_warning(qtbot: QtBot, tmp_path: Path) -> None:
    made = closing(tmp_path)
    lost = replace(made, now=replace(made.now, accounts={Account.SUSPENSE: 5}))
    assert looked(qtbot, lambda: [lost]) == ["warning closing.made"]


def test_a_full_disk_is_told_once_and_tried_again(qtbot: QtBot) -> None:
    tries = list[int]()

    def full() -> Sequence[Closing]:
        tries.append(1)
        raise StorageFull("no room")

    assert looked(qtbot, full, times=3) == ["warning command.refused"]
    assert len(tries) == 3


def test_refunds_are_asked_for_every_five_minutes_and_told(qtbot: QtBot, clock: MovedClock) -> None:
    refund = BankRefund(topup="T-1", total=Money(500))
    answers = [[Heard(refund=refund, booked=Money(500))], [Heard(refund=refund)]]
    commands = Commands()
    night = Night(commands, clock, list, lambda: answers.pop(0))
    with capture_logs() as facts:
        for _ in range(HEAR_LOOKS + 1):
            night.look()
            qtbot.waitUntil(lambda: not commands.busy)
    commands.close()
    told = [(one["log_level"], one["event"], one["booked_cents"]) for one in facts]
    assert told == [("info", "refund.heard", 500), ("warning", "refund.heard", 0)]
    assert answers == []
