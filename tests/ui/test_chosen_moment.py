"""A demonstration that begins at a chosen moment sells, though its journal was written later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.clocks import ShiftedClock
from kiosk.app.context import context_of
from kiosk.app.demonstration import Demonstration
from kiosk.app.installed import Installed
from kiosk.app.safe import Safe
from kiosk.domain.errors import ClockSetBack
from kiosk.store.database import ContentReader
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk

YEAR = timedelta(days=365)


class Chosen(ShiftedClock):
    """A chosen moment's clock, which tests move as well."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._at = start
        self._ticks = 0.0

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._ticks

    def move(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
        self._ticks += seconds


@pytest.fixture
def sold(money: MoneyKiosk) -> MoneyKiosk:
    """A demonstration whose journal was written now, and that has ended."""
    money.ask()
    money.phone()
    assert money.at(Stage.DONE)
    money.close()
    return money


def test_the_demonstration_sells_at_an_earlier_moment(
    qtbot: QtBot, demo: Installed, sold: MoneyKiosk
) -> None:
    chosen = cast("MovedClock", Chosen(sold.clock.now() - YEAR))
    again = MoneyKiosk(qtbot, demo, chosen, sold.path.parent)
    assert again.wallet.closed == ""
    again.ask()
    again.phone()
    assert again.at(Stage.DONE)
    again.close()
    assert verify_file(sold.path).sound


def test_a_kiosk_with_a_real_reader_stays_closed_at_an_earlier_moment(
    demo: Installed, sold: MoneyKiosk
) -> None:
    chosen = Chosen(sold.clock.now() - YEAR)
    settings = msgspec.structs.replace(demo.settings, reader="pcsc")
    content = ContentReader(sold.path.parent / "content.db")
    here = replace(demo, content=content, settings=settings)
    bank = Demonstration(chosen, "")
    safe = Safe(here, context_of(here, chosen), bank)
    with pytest.raises(ClockSetBack):
        safe.permit()
    safe.close()
    bank.close()
    content.close()
