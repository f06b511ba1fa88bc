"""Calls that may never come back, watched: SCardTransmit has no time-out.

Each card has a worker: one thread that makes its calls, one after the other. A caller waits
``limit_s`` at most; then the worker is stuck, which every later call is told at once. A stuck
thread can't be ended: it is left to itself, and ends when its call comes back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from queue import SimpleQueue
from typing import TypeVar

from kiosk.domain.errors import ReaderAbsent

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
ANSWER_S = 3.0  # a card needs 5 to 60 ms a command; waiting-time extensions stay below a second


class Worker:
    """A thread that makes calls; ``close`` ends it after those that were asked for."""

    def __init__(self, name: str, *, limit_s: float) -> None:
        self._limit_s = limit_s
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._stuck = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def stuck(self) -> bool:
        """Whether a call didn't come back in time."""
        return self._stuck

    def run(self, call: Callable[[], _T]) -> _T:
        """Make ``call`` in the worker; raises ReaderAbsent when it is stuck, and what it raises."""
        if self._stuck:
            raise ReaderAbsent("the reader is stuck")
        future: Future[_T] = Future()
        self._calls.put(lambda: _fulfil(future, call))
        try:
            return future.result(self._limit_s)
        except Late as late:
            self._stuck = True
            _LOG.warning("card.stuck: %s", self._thread.name)
            raise ReaderAbsent(f"no answer after {self._limit_s} s: stuck") from late

    def close(self, last: Callable[[], None]) -> None:
        """Make one last call and end; never waits."""
        self._calls.put(last)
        self._calls.put(None)

    def ended(self) -> bool:
        """Wait, after ``close``, for the thread's end; a stuck one is not waited for."""
        self._thread.join(0 if self._stuck else self._limit_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _fulfil(future: Future[_T], call: Callable[[], _T]) -> None:
    """Hand a call's end, whatever it is, to the thread that waits for it."""
    try:
        future.set_result(call())
    except BaseException as end:  # noqa: BLE001  # raised again in the caller's thread
        future.set_exception(end)
