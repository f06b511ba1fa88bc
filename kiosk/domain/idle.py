"""The visit's idle watch: warn, then wipe.

Rules (UX.md, "Comfort panel"; TRUST.md, "Privacy"):
1. A touch or a key starts the visit or keeps it alive.
2. After ``warn_s`` without one, the citizen is asked whether more time is needed.
3. After ``wipe_s`` the visit is wiped.
4. While a payment is in flight nothing is wiped, for ``hold_max_s`` at most; when that ends,
   the time begins anew: the result has to be read.
5. With "slow" times all of them are tripled.
"""

from __future__ import annotations

from enum import StrEnum

WARN_S = 45.0
WIPE_S = 60.0
HOLD_MAX_S = 300.0
SLOW_FACTOR = 3.0


class Phase(StrEnum):
    """Where the visit stands."""

    REST = "rest"  # nobody is there
    ACTIVE = "active"
    WARNING = "warning"
    WIPE = "wipe"


class IdleWatch:
    """Watches one visit; all moments are monotonic seconds given by the caller."""

    def __init__(self, *, warn_s: float = WARN_S, wipe_s: float = WIPE_S) -> None:
        """Warn and wipe after these seconds; raises ValueError when the warning comes too late."""
        if not 0 < warn_s < wipe_s:
            msg = f"a warning after {warn_s} s, a wipe after {wipe_s} s"
            raise ValueError(msg)
        self._warn_s, self._wipe_s = warn_s, wipe_s
        self._touched_at: float | None = None
        self._held_since: float | None = None
        self.slow = False

    def touch(self, now: float) -> None:
        """Note that somebody acted."""
        self._touched_at = now

    def hold(self, now: float, *, held: bool) -> None:
        """Begin or end holding the wipe (a payment is in flight)."""
        if held and self._held_since is None:
            self._held_since = now
        elif not held and self._held_since is not None:
            if self._touched_at is not None:
                self._touched_at = self._active_until(now)
            self._held_since = None

    def end(self) -> None:
        """End the visit."""
        self._touched_at = None
        self._held_since = None

    def phase(self, now: float) -> Phase:
        """Say where the visit stands at ``now``."""
        if self._touched_at is None:
            return Phase.REST
        idle = self._idle(now)
        if idle >= self._wipe_s:
            return Phase.WIPE
        return Phase.WARNING if idle >= self._warn_s else Phase.ACTIVE

    def left_s(self, now: float) -> int:
        """Give the seconds left before the wipe, 0 at least."""
        factor = SLOW_FACTOR if self.slow else 1.0
        return max(round((self._wipe_s - self._idle(now)) * factor), 0)

    def _active_until(self, now: float) -> float:
        """Give the last moment at which somebody acted, or a payment was under way."""
        touched = self._touched_at or 0.0
        if self._held_since is None:
            return touched
        return max(touched, min(now, self._held_since + HOLD_MAX_S))

    def _idle(self, now: float) -> float:
        factor = SLOW_FACTOR if self.slow else 1.0
        return (now - self._active_until(now)) / factor
