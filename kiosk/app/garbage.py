"""Collects garbage on the thread of the screens alone, never in the middle of a start.

Rules:
1. Screens are QObjects that hold each other in circles: Python ends them wherever it happens to
   collect, and Qt doesn't survive an object that ends on another thread ("Timers cannot be stopped
   from another thread"). Card, money and voice have threads of their own.
2. What a start has made stays for good: it is never looked at again.
3. Python's own thresholds decide which generation is due; they are looked at between two events.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
OLDEST = 2


def hurry() -> None:
    """Collect nothing by itself from now on: a start makes what it will keep."""
    gc.disable()


def sweep() -> int:
    """Collect the oldest generation that is due; gives its number, -1 for none."""
    counts, most = gc.get_count(), gc.get_threshold()
    for generation in range(OLDEST, -1, -1):
        if counts[generation] > most[generation]:
            gc.collect(generation)
            return generation
    return -1


class Sweeper(QObject):
    """Sweeps once a second on the thread that made it, as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Keep what is there for good, and begin."""
        super().__init__(parent)
        hurry()
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(sweep)
        self._timer.start()
