"""Follows the readers in a thread of its own, through pcscd's absence, death and return.

The rules are those of cardreader.presence; here are the waits. Each has its maximum: a look waits
``wait_ms`` at most, a lost service is tried again after a pause that doubles up to ``retry_max_s``
(an old context never recovers, so each try opens a new one).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cardreader.presence import Happening, Presence, Slot, Stage
from kiosk.domain.errors import ReaderAbsent

_LOG = logging.getLogger(__name__)
END_MAX_S = 5.0  # how long ``close`` waits for the thread


class Service(Protocol):
    """A line to PC/SC (cardreader.pcsc.Context); every call raises ReaderAbsent when it breaks."""

    def slots(self) -> tuple[Slot, ...]:
        """Give what every reader says now."""
        ...

    def wait(self, known: Sequence[Slot], timeout_ms: int) -> tuple[Slot, ...]:
        """Wait for a change from ``known``; give what is now."""
        ...

    def cancel(self) -> None:
        """End the other thread's wait."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the monitor waits: for a change, and after an error (doubled each time)."""

    wait_ms: int = 250
    retry_min_s: float = 0.25
    retry_max_s: float = 5.0


class Monitor:
    """Tells ``on_happening`` what was laid and lifted, and ``on_turn`` after every look.

    Both are called in the monitor's thread.
    """

    def __init__(
        self,
        open_service: Callable[[], Service],
        on_happening: Callable[[Happening], None],
        *,
        on_turn: Callable[[], None] = lambda: None,
        pace: Pace | None = None,
    ) -> None:
        self._open = open_service
        self._tell = on_happening
        self._turned = on_turn
        self._pace = pace or Pace()
        self._presence = Presence()
        self._service: Service | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card-monitor", daemon=True)

    @property
    def stage(self) -> Stage:
        """What is waited for now."""
        return self._presence.stage

    def start(self) -> None:
        """Begin to follow, once."""
        self._thread.start()

    def close(self) -> None:
        """Stop following; waits for the thread unless it is the caller's own."""
        self._stop.set()
        service = self._service
        if service is not None:
            service.cancel()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(END_MAX_S)

    def _run(self) -> None:
        pause_s = self._pace.retry_min_s
        while not self._stop.is_set():
            try:
                self._follow()
            except ReaderAbsent:
                if self._presence.slots is not None:
                    pause_s = self._pace.retry_min_s  # it did answer
                self._see(None)
                self._stop.wait(pause_s)
                pause_s = min(pause_s * 2, self._pace.retry_max_s)

    def _follow(self) -> None:
        """Follow one line until it breaks (ReaderAbsent) or the end."""
        service = self._open()
        self._service = service
        try:
            slots = service.slots()
            while not self._stop.is_set():
                self._see(slots)
                self._turned()
                slots = service.wait(slots, self._pace.wait_ms)
        finally:
            self._service = None
            service.close()

    def _see(self, slots: tuple[Slot, ...] | None) -> None:
        happenings = self._presence.happenings(slots)
        before, self._presence = self._presence.stage, Presence(slots=slots)
        if self._presence.stage is not before:
            _LOG.info("card.stage: %s", self._presence.stage.value)
        for happening in happenings:
            self._tell(happening)
