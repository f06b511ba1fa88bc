"""Keeps a child process running: starts it, starts it again when it ends, stops it at the end.

Rules:
1. The first restart comes after BACKOFF_S, each further one after twice as long, BACKOFF_MAX_S at
   most; a child that ran for STEADY_S begins anew.
2. The child's standard input is a pipe that nobody writes: it ends when we do, however we die.
3. At the end it gets SIGTERM, then STOP_S to end, then SIGKILL.
4. Each unexpected end is told: a line in the log, and a file that doctor reads.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from kiosk.ports import Clock

STATE_FILE = "sync-state.json"
BACKOFF_S, BACKOFF_MAX_S = 1.0, 60.0
STEADY_S = 60.0
LOOK_S = 0.5  # how often a child's end is looked for
STOP_S = 5.0
UNSTARTABLE = 127  # as a shell tells it

log = structlog.get_logger("kiosk.supervisor")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What doctor is told of a child that keeps ending."""

    restarts: int
    exit_code: int
    at: datetime


class Supervisor:
    """One child and its restarts; ``sleep`` and ``clock`` are moved by tests."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._command = tuple(command)
        self._file = folder / STATE_FILE
        self._clock = clock
        self._sleep = sleep
        self._child: subprocess.Popen[bytes] | None = None
        self._restarts = 0

    async def run(self) -> None:
        """Keep the child running until this task is cancelled."""
        pause_s = BACKOFF_S
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
        while True:
            began_s = self._clock.monotonic()
            code = await self._live()
            lived_s = self._clock.monotonic() - began_s
            pause_s = BACKOFF_S if lived_s >= STEADY_S else pause_s
            self._tell(code, pause_s)
            await self._sleep(pause_s)
            pause_s = min(pause_s * 2, BACKOFF_MAX_S)

    def stop(self) -> None:
        """End the child, gently first; blocks STOP_S at most."""
        child, self._child = self._child, None
        if child is None:
            return
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(STOP_S)
        if child.stdin is not None:
            child.stdin.close()

    async def _live(self) -> int:
        """Start the child and wait for its end; gives its exit code."""
        child = self._child = self._started()
        if child is None:
            return UNSTARTABLE
        while child.poll() is None:
            await self._sleep(LOOK_S)
        if child.stdin is not None:
            child.stdin.close()
        self._child = None
        return child.returncode

    def _started(self) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(  # noqa: S603  # our own command
                self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
            )
        except OSError as wrong:
            log.warning("sync.unstartable", why=str(wrong))
            return None

    def _tell(self, code: int, pause_s: float) -> None:
        self._restarts += 1
        log.warning("sync.ended", exit_code=code, restarts=self._restarts, again_in_s=pause_s)
        state = State(restarts=self._restarts, exit_code=code, at=self._clock.now())
        with suppress(OSError):  # the log has it; a full disk must not end the supervisor
            self._file.write_bytes(msgspec.json.encode(state))


def last_state(folder: Path) -> State | None:
    """Give what the supervisor told last; None when nothing went wrong, or it can't be read."""
    try:
        return msgspec.json.decode((folder / STATE_FILE).read_bytes(), type=State)
    except (OSError, msgspec.ValidationError, msgspec.DecodeError):
        return None
