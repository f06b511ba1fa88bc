"""A kiosk's sync in a forked process that kills itself at the Nth durable step (tests/sim)."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.store.copies import CopyWriter
from kiosk.store.sync_store import SyncStore
from sync.engine import folder, installing
from sync.engine.folder import FolderSource
from sync.engine.following import Follower
from tests.unit.sync.clock import MovedClock


class Countdown:
    """Kills this process when it has counted to zero."""

    def __init__(self, left: int) -> None:
        self.left = left

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, home: Any, name: str) -> None:
        """Count before and after each call of a function."""
        real: Callable[..., Any] = getattr(home, name)

        def counted(*words: Any, **named: Any) -> Any:
            self.step()
            done = real(*words, **named)
            self.step()
            return done

        setattr(home, name, counted)

    def statements(self, connection: sqlite3.Connection) -> None:
        """Count each statement that SQLite begins, commits included."""
        connection.set_trace_callback(lambda _sql: self.step())


def sync_in_child(data: Path, hub: Path, left: int) -> tuple[int, int]:
    """Sync in a child that dies after ``left`` steps; gives its exit code and the steps it took."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            steps = left - _run(data, hub, Countdown(left))
            os.write(writer, str(steps).encode())
            os._exit(0)
        finally:
            os._exit(1)  # whatever was raised, the tests' process isn't run twice
    os.close(writer)
    with os.fdopen(reader) as told:
        steps_taken = int(told.read() or left)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), steps_taken


def sync_until_written(data: Path, hub: Path, file: Path, size: int) -> None:
    """Sync in a child that is killed once a file has a size, or when it has ended before."""
    child = os.fork()
    if child == 0:
        try:
            _run(data, hub, Countdown(-1))
        finally:
            os._exit(0)
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if file.exists() and file.stat().st_size >= size:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return


def _run(data: Path, hub: Path, countdown: Countdown) -> int:
    countdown.around(folder, "keep")
    countdown.around(Path, "replace")
    countdown.around(installing, "check")
    countdown.around(installing, "carry_over")
    countdown.around(CopyWriter, "replace_by")
    for store in (CopyWriter, SyncStore):
        real = store.__init__

        def opened(self: Any, path: Path, real: Any = real) -> None:
            real(self, path)
            countdown.statements(self._connection)

        store.__init__ = opened  # type: ignore[method-assign]
    with Follower(data, "orne", MovedClock()) as follower:
        asyncio.run(follower.take(FolderSource(hub), first=True))
    return countdown.left
