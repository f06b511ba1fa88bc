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
from pathlib import Path

import structlog

from kiosk.app.sync_state import State, forget_state, write_state
from kiosk.ports import Clock

BACKOFF_S, BACKOFF_MAX_S = 1.0, 60.0
STEADY_S = 60.0
LOOK_S = 0.5  # how often a child's end is looked for
STOP_S = 5.0
UNSTARTABLE = 127  # as a shell tells it

log = structlog.get_logger("kiosk.supervisor")


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
        self._folder = folder
        self._clock = clock
        self._sleep = sleep
        self._child: subprocess.Popen[bytes] | None = None
        self._restarts = 0

    async def run(self) -> None:
        """Keep the child running until this task is cancelled."""
        pause_s = BACKOFF_S
        forget_state(self._folder)
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
        write_state(self._folder, state)
