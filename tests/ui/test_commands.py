"""Work leaves the screen's thread once, and comes back to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import structlog
from pytestqt.qtbot import QtBot

from kiosk.domain.errors import AlveoleError, CardPulled, PaymentDeclined, StorageFull
from ui.commands import Commands


class Told:
    """What came back, and on which thread."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[AlveoleError] = []
        self.threads: set[threading.Thread] = set()

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread())

    def failed(self, error: AlveoleError) -> None:
        self.errors.append(error)
        self.threads.add(threading.current_thread())


@pytest.fixture
def commands(qtbot: QtBot) -> Iterator[Commands]:
    made = Commands()
    yield made
    made.close()


@pytest.fixture
def told() -> Told:
    return Told()


def settle(qtbot: QtBot, commands: Commands) -> None:
    qtbot.waitUntil(lambda: not commands.busy)


def test_work_is_done_elsewhere_and_its_result_comes_back_here(
    qtbot: QtBot, commands: Commands, told: Told
) -> None:
    assert commands.run("work", threading.current_thread, told.done, told.failed)
    settle(qtbot, commands)
    assert told.results != [threading.current_thread()]
    assert told.threads == {threading.main_thread()}


def test_nothing_comes_back_before_the_screen_s_loop_runs(commands: Commands, told: Told) -> None:
    done = threading.Event()
    commands.run("work", done.set, told.done, told.failed)
    assert done.wait(5)
    assert told.results == []
    assert commands.busy


def test_a_second_tap_is_dropped_while_the_first_runs(
    qtbot: QtBot, commands: Commands, told: Told
) -> None:
    go = threading.Event()
    assert commands.run("pay", go.wait, told.done, told.failed)
    assert not commands.run("pay", go.wait, told.done, told.failed)
    go.set()
    settle(qtbot, commands)
    assert told.results == [True]
    assert commands.run("pay", go.wait, told.done, told.failed)
    settle(qtbot, commands)


def test_commands_run_one_after_the_other_in_their_order(
    qtbot: QtBot, commands: Commands, told: Told
) -> None:
    order: list[int] = []
    for number in range(5):
        commands.run(f"n{number}", lambda n=number: order.append(n), told.done, told.failed)  # type: ignore[misc]  # the number is bound now
    settle(qtbot, commands)
    assert order == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("error", [PaymentDeclined("no"), CardPulled("gone")])
def test_a_declared_error_comes_back_as_itself(
    qtbot: QtBot, commands: Commands, told: Told, error: AlveoleError
) -> None:
    def fail() -> None:
        raise error

    commands.run("work", fail, told.done, told.failed)
    settle(qtbot, commands)
    assert told.errors == [error]
    assert told.results == []
    assert told.threads == {threading.main_thread()}


def test_a_bug_reaches_the_top_and_the_next_command_runs(
    qtbot: QtBot, commands: Commands, told: Told
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a bug")

    with qtbot.captureExceptions() as caught:
        commands.run("work", fail, told.done, told.failed)
        settle(qtbot, commands)
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
    assert told.errors == []
    commands.run("work", lambda: 1, told.done, told.failed)
    settle(qtbot, commands)
    assert told.results == [1]


def test_closing_waits_for_what_runs_and_tells_nobody(qtbot: QtBot, told: Told) -> None:
    commands, begun, go = Commands(), threading.Event(), threading.Event()
    ended: list[bool] = []

    def work() -> None:
        begun.set()
        go.wait(5)
        ended.append(True)

    commands.run("work", work, told.done, told.failed)
    commands.run("other", lambda: ended.append(False), told.done, told.failed)
    assert begun.wait(5)
    threading.Timer(0.05, go.set).start()
    commands.close()
    qtbot.wait(20)
    assert ended == [True]
    assert told.results == []


def test_after_closing_nothing_is_taken(qtbot: QtBot, told: Told) -> None:
    commands = Commands()
    commands.close()
    assert not commands.run("work", lambda: 1, told.done, told.failed)


def test_a_refusal_is_a_fact_of_the_log_once_until_it_is_over(
    qtbot: QtBot, commands: Commands
) -> None:
    def full() -> None:
        raise StorageFull("no room")

    def run(work: Callable[[], None]) -> None:
        commands.run("pay", work, lambda _: None, lambda _: None)
        qtbot.waitUntil(lambda: not commands.busy)

    with structlog.testing.capture_logs() as facts:
        for work in (full, full, lambda: None, full):
            run(work)
    assert [(one["event"], one["command"], one["why"]) for one in facts] == [
        ("command.refused", "pay", "storage.full")
    ] * 2
