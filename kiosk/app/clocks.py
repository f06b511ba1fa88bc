"""Clocks that the command line may ask for."""

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
