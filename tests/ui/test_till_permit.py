"""The till without a permit: nothing begins, and what is there already is still made safe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.demonstration import SECOND_PIN
from kiosk.app.installed import Installed
from kiosk.app.tour_stage import in_role
from kiosk.domain.errors import ClockSetBack, LicenceEnded
from kiosk.domain.money import Money
from kiosk.domain.till import TillState
from kiosk.store.database import ContentReader
from kiosk.store.enrolment import EnrolmentStore
from kiosk.store.ledger_read import verify_file
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk
from tests.ui.test_till_screens import OWN, SECOND, Counter
from tests.unit.kiosk.app.test_diagnose_hub import LET_IN
from ui.sentences import STAFF
from ui.views.till_sum import TillSumFrame

HOUR_S = 3600
CLOCK, LICENCE = ClockSetBack.message_key, LicenceEnded.message_key


@pytest.fixture
def counter(
    qtbot: QtBot, demo: Installed, clock: MovedClock, money: MoneyKiosk
) -> Iterator[Counter]:
    money.close()
    folder = money.path.parent
    own = replace(in_role(demo, "counter"), content=ContentReader(folder / "content.db"))
    one = Counter(qtbot, own, clock, folder)
    one.log_in()
    yield one
    one.close()


@pytest.fixture
def till(counter: Counter) -> Counter:
    """An open till with 20 € of a citizen in its drawer, whose card lies there."""
    counter.give("open", "150")
    counter.lay(OWN)
    counter.give("cash", "20", "20")
    counter.poll(1)
    counter.act()
    counter.lift()
    counter.lay(OWN)
    counter.show("till")
    return counter


def end_permit(till: Counter, why: str) -> None:
    """Take the permit away: the clock is set back, or a hub's licence has ended."""
    if why == CLOCK:
        till.clock.set_back(HOUR_S)
    else:
        EnrolmentStore(folder_of(till)).keep(LET_IN)


def folder_of(till: Counter) -> Path:
    return till.path.parent


def said(till: Counter) -> str:
    return str(till.app.opened.frame.banner.text)


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
def test_no_till_is_opened(counter: Counter, why: str) -> None:
    counter.give("open", "150")
    counter.give("count", "150", "0")
    counter.act()
    end_permit(counter, why)
    counter.give("open", "150")
    assert (counter.state, said(counter)) == (TillState.CLOSED, STAFF[why])


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
@pytest.mark.parametrize("act", [("cash", "20", "20"), ("cheque", "20"), ("refund", "10")])
def test_nothing_is_taken_for_a_card_nor_off_it(
    till: Counter, act: tuple[str, ...], why: str
) -> None:
    before = till.balance()
    end_permit(till, why)
    till.give(*act)
    assert isinstance(till.app.opened.frame, TillSumFrame)
    assert (said(till), till.balance()) == (STAFF[why], before)


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
def test_no_card_is_emptied(till: Counter, why: str) -> None:
    before = till.balance()
    end_permit(till, why)
    till.tap_row("empty")
    till.act()
    assert (said(till), till.balance()) == (STAFF[why], before)
    assert before > Money(0)


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
@pytest.mark.parametrize("act", [("deposit", "50", "12"), ("reverse", "99")])
def test_what_secures_money_is_never_refused_for_that(
    till: Counter, act: tuple[str, ...], why: str
) -> None:
    end_permit(till, why)
    till.give(*act)
    assert said(till) != STAFF[why]
    assert act[0] != "deposit" or "Reçu n° 3." in said(till)


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
def test_the_till_is_handed_over(till: Counter, why: str) -> None:
    end_permit(till, why)
    till.give("handover", "170", "0")
    till.lay(SECOND)
    till.enter(SECOND_PIN)
    assert "tenue par badge" in till.app.opened.frame.lead


@pytest.mark.parametrize("why", [CLOCK, LICENCE])
def test_a_surprise_check_is_done(till: Counter, why: str) -> None:
    end_permit(till, why)
    till.tap_row("freeze")
    till.act()
    assert till.state == TillState.FROZEN
    till.give("check", "170", "0")
    assert till.state == TillState.OPEN


@pytest.mark.parametrize(("why", "closings"), [(CLOCK, 0), (LICENCE, 1)])
def test_it_is_counted_and_closed_and_a_wrong_clock_closes_no_day(
    till: Counter, why: str, closings: int
) -> None:
    end_permit(till, why)
    till.give("count", "170", "0")
    till.act()
    assert till.state == TillState.CLOSED
    till.close()
    assert verify_file(till.path).closings == closings
