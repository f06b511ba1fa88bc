"""A kiosk may begin at another moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kiosk.app.clocks import ShiftedClock

THEN = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def test_it_begins_at_its_moment_and_goes_on() -> None:
    clock = ShiftedClock(THEN)
    first, second = clock.now(), clock.now()
    assert THEN <= first <= second < THEN + timedelta(minutes=1)


def test_its_seconds_never_go_back() -> None:
    clock = ShiftedClock(THEN)
    assert clock.monotonic() <= clock.monotonic()
