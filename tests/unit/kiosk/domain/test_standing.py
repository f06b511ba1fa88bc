"""Whether a kiosk may move money: within its licence, and not shut out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.errors import ClockSetBack, DeviceRevoked, LicenceEnded
from kiosk.domain.standing import CLOCK_SLACK, ENDING, Standing, check_clock

UNTIL = datetime(2026, 12, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before_end", "state"),
    [
        (timedelta(days=30), "valid"),
        (ENDING + timedelta(seconds=1), "valid"),
        (ENDING, "ending"),
        (timedelta(seconds=1), "ending"),
        (timedelta(0), "ended"),
        (timedelta(days=-1), "ended"),
    ],
)
def test_a_licence_is_valid_then_ending_then_over(before_end: timedelta, state: str) -> None:
    assert Standing(until=UNTIL).state(UNTIL - before_end) == state


def test_after_its_end_nothing_begins() -> None:
    Standing(until=UNTIL).check(UNTIL - timedelta(seconds=1))
    with pytest.raises(LicenceEnded):
        Standing(until=UNTIL).check(UNTIL)


def test_a_kiosk_that_was_shut_out_has_no_use_for_a_licence() -> None:
    with pytest.raises(DeviceRevoked):
        Standing(until=UNTIL, revoked=True).check(UNTIL - timedelta(days=20))


def test_without_a_licence_that_holds_it_is_over() -> None:
    with pytest.raises(LicenceEnded):
        Standing().check(UNTIL)


def test_a_journal_without_a_line_believes_any_clock() -> None:
    check_clock(None, UNTIL)


@pytest.mark.parametrize("before", [timedelta(days=-1), timedelta(0), CLOCK_SLACK])
def test_a_clock_that_is_corrected_a_little_moves_money(before: timedelta) -> None:
    check_clock(UNTIL, UNTIL - before)


def test_a_clock_that_was_set_back_moves_none() -> None:
    with pytest.raises(ClockSetBack):
        check_clock(UNTIL, UNTIL - CLOCK_SLACK - timedelta(seconds=1))
