"""The machine's clock, as the port wants it."""

from __future__ import annotations

from datetime import UTC

from kiosk.app.installed import SystemClock


def test_the_time_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_timers_never_go_back() -> None:
    clock = SystemClock()
    first = clock.monotonic()
    assert clock.monotonic() >= first
