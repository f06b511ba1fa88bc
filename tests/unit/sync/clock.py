"""The clock of the sync's tests: it stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.alv1 import NOW_S


class MovedClock:
    """A clock that is moved, never waited for (implements kiosk.ports.Clock)."""

    def __init__(self) -> None:
        self.at = datetime.fromtimestamp(NOW_S + 60, UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()
