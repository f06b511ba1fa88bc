"""What may befall a call to the bank's stand-in: a plan that the next calls meet, one each."""

from __future__ import annotations

import threading
from collections import deque
from enum import StrEnum


class Fault(StrEnum):
    """What befalls one call."""

    REQUEST_LOST = "request_lost"  # not done, no answer
    ANSWER_LOST = "answer_lost"  # done, no answer
    LATE = "late"  # no answer; done before the next call
    REPEATED = "repeated"  # the network delivers it twice
    REFUSED = "refused"  # 402: the card was refused
    CONFLICT = "conflict"  # 409: another call holds it
    LIMITED = "limited"  # 429: too many calls
    BROKEN = "broken"  # 500: not done, and kept under the key

    @property
    def status(self) -> int:
        """The HTTP status of a fault that answers, 0 for one that doesn't."""
        return _STATUSES.get(self, 0)


_STATUSES = {Fault.REFUSED: 402, Fault.CONFLICT: 409, Fault.LIMITED: 429, Fault.BROKEN: 500}


class FaultPlan:
    """The faults to come; usable from any thread."""

    def __init__(self) -> None:
        self._faults: deque[Fault | None] = deque()
        self._turn = threading.Lock()

    def disturb(self, *faults: Fault | None) -> None:
        """Let the next calls meet these faults, one each; None lets a call pass."""
        with self._turn:
            self._faults.extend(faults)

    def calm(self) -> None:
        """Forget the faults that no call has met yet."""
        with self._turn:
            self._faults.clear()

    def next(self) -> Fault | None:
        """Take the fault that this call meets."""
        with self._turn:
            return self._faults.popleft() if self._faults else None
