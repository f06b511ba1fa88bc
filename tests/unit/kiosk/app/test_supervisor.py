"""The child that is kept running; real processes, time moved by the test."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
import structlog

from kiosk.app.supervisor import (
    BACKOFF_MAX_S,
    BACKOFF_S,
    LOOK_S,
    STEADY_S,
    UNSTARTABLE,
    Supervisor,
)
from kiosk.app.sync_state import FILE as STATE_FILE
from kiosk.app.sync_state import State, last_state
from tests.conftest import MovedClock

FAIL = (sys.executable, "-c", "raise SystemExit(3)")
WAIT = (sys.executable, "-c", "import sys; sys.stdin.read()")
STUBBORN = (
    sys.executable,
    "-c",
    (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(sys.argv[1], 'w').close()\n"
        "time.sleep(60)\n"
    ),
)
TURNS_MAX = 4000


class Sleeper:
    """Sleeps in the clock's time; ends the supervisor after some pauses."""

    def __init__(self, clock: MovedClock, pauses: int, lives_s: float = 0) -> None:
        self.clock = clock
        self.pauses: list[float] = []
        self._left = pauses
        self._lives_s = lives_s

    async def __call__(self, seconds: float) -> None:
        if seconds == LOOK_S:
            self.clock.move(self._lives_s)
            await asyncio.sleep(0.005)
            return
        self.pauses.append(seconds)
        if len(self.pauses) == self._left:
            raise asyncio.CancelledError


def supervise(
    folder: Path, clock: MovedClock, command: tuple[str, ...], pauses: int, lives_s: float = 0
) -> list[float]:
    """Run the supervisor over ``pauses`` ends of its child; gives the pauses."""
    sleeper = Sleeper(clock, pauses, lives_s)
    supervisor = Supervisor(command, folder, clock, sleep=sleeper)

    async def body() -> None:
        await supervisor.run()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(body())
    return sleeper.pauses


def test_a_child_that_ends_is_started_again_later_and_later(
    tmp_path: Path, clock: MovedClock
) -> None:
    assert supervise(tmp_path, clock, FAIL, 4) == [BACKOFF_S * n for n in (1, 2, 4, 8)]


def test_the_pause_has_a_maximum(tmp_path: Path, clock: MovedClock) -> None:
    pauses = supervise(tmp_path, clock, ("/no/such/program",), 9)
    assert pauses[-1] == BACKOFF_MAX_S
    assert max(pauses) == BACKOFF_MAX_S


def test_a_child_that_ran_long_begins_anew(tmp_path: Path, clock: MovedClock) -> None:
    slow = (sys.executable, "-c", "import time; time.sleep(0.05)")
    assert supervise(tmp_path, clock, slow, 3, STEADY_S) == [BACKOFF_S] * 3


def test_an_unexpected_end_is_logged_and_kept_for_doctor(tmp_path: Path, clock: MovedClock) -> None:
    with structlog.testing.capture_logs() as lines:
        supervise(tmp_path, clock, FAIL, 2)
    assert [(line["event"], line["exit_code"], line["restarts"]) for line in lines] == [
        ("sync.ended", 3, 1),
        ("sync.ended", 3, 2),
    ]
    assert last_state(tmp_path) == State(restarts=2, exit_code=3, at=clock.now())


def test_a_child_that_can_t_be_started_is_told(tmp_path: Path, clock: MovedClock) -> None:
    with structlog.testing.capture_logs() as lines:
        supervise(tmp_path, clock, ("/no/such/program",), 1)
    assert [line["event"] for line in lines] == ["sync.unstartable", "sync.ended"]
    state = last_state(tmp_path)
    assert state is not None
    assert state.exit_code == UNSTARTABLE


def test_a_folder_that_can_t_be_written_doesn_t_end_the_supervisor(
    tmp_path: Path, clock: MovedClock
) -> None:
    assert len(supervise(tmp_path / "absent", clock, FAIL, 2)) == 2
    assert last_state(tmp_path / "absent") is None


def test_what_was_told_before_is_forgotten_at_the_start(tmp_path: Path, clock: MovedClock) -> None:
    (tmp_path / STATE_FILE).write_text('{"restarts": 7, "exit_code": 1, "at": "2026-11-01T00:00Z"}')
    sleeper = Sleeper(clock, 1)
    supervisor = Supervisor(WAIT, tmp_path, clock, sleep=sleeper)
    running(supervisor, lambda: None)
    assert last_state(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"restarts": "many"}'])
def test_an_unreadable_state_is_no_state(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_FILE).write_text(text)
    assert last_state(tmp_path) is None


def running(supervisor: Supervisor, look: Callable[[], None]) -> None:
    """Let the child start, look, and stop it."""

    async def body() -> None:
        task: asyncio.Task[None] = asyncio.create_task(_coroutine(supervisor))
        for _ in range(TURNS_MAX):
            if supervisor._child is not None:
                break
            await asyncio.sleep(0.001)
        look()
        task.cancel()
        supervisor.stop()

    asyncio.run(body())


def _coroutine(supervisor: Supervisor) -> Coroutine[None, None, None]:
    return supervisor.run()


def test_stopping_ends_the_child(tmp_path: Path, clock: MovedClock) -> None:
    supervisor = Supervisor(WAIT, tmp_path, clock)
    seen: list[int] = []

    def look() -> None:
        assert supervisor._child is not None
        seen.append(supervisor._child.pid)

    running(supervisor, look)
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


def test_a_child_that_doesn_t_listen_is_killed(
    tmp_path: Path, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.app.supervisor.STOP_S", 0.2)
    ready = tmp_path / "ready"
    supervisor = Supervisor((*STUBBORN, str(ready)), tmp_path, clock)
    seen: list[int] = []

    async def body() -> None:
        task = asyncio.create_task(_coroutine(supervisor))
        for _ in range(TURNS_MAX):
            if ready.exists():
                break
            await asyncio.sleep(0.005)
        assert supervisor._child is not None
        seen.append(supervisor._child.pid)
        task.cancel()
        supervisor.stop()

    asyncio.run(body())
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


def test_stopping_twice_or_before_the_start_does_nothing(tmp_path: Path, clock: MovedClock) -> None:
    supervisor = Supervisor(WAIT, tmp_path, clock)
    supervisor.stop()
    supervisor.stop()
    assert supervisor._child is None
