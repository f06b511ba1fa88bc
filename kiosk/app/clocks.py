"""Clocks that the command line may ask for, and the tour's."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic


class ShiftedClock:
    """A clock that began at a chosen moment and goes on from there (implements ports.Clock)."""

    def __init__(self, start: datetime) -> None:
        """Begin at ``start``, aware."""
        self._start = start
        self._began_s = monotonic()

    def now(self) -> datetime:
        """Give the moment."""
        return self._start + timedelta(seconds=monotonic() - self._began_s)

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        return monotonic()


class StillClock:
    """A clock that stands until it is moved (implements ports.Clock)."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._ticks = 0.0

    def now(self) -> datetime:
        """Give the moment, aware."""
        return self._now

    def monotonic(self) -> float:
        """Give the seconds that were moved."""
        return self._ticks

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._ticks += seconds
