"""Garbage is collected on the screens' thread, and on no other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Thread, get_ident

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.garbage import EVERY_MS, OLDEST, Sweeper, hurry, sweep

CIRCLES = 20_000  # far more than Python's own threshold of 700


class Circle:
    """Something that only the collector can end."""

    ended_on: list[int] = []  # noqa: RUF012  # what the test looks at

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_on.append(get_ident())


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    gc.collect()
    Circle.ended_on.clear()
    yield
    gc.unfreeze()
    gc.enable()


def in_a_thread() -> int:
    """Make garbage beside the screens; gives the thread."""

    def make() -> None:
        for _ in range(CIRCLES):
            Circle()

    thread = Thread(target=make)
    thread.start()
    thread.join()
    assert thread.ident is not None
    return thread.ident


def test_python_alone_ends_a_screen_on_whatever_thread_makes_garbage() -> None:
    gc.enable()
    assert in_a_thread() in Circle.ended_on  # the fault that this room is for


def test_nothing_ends_on_another_thread(qtbot: QtBot) -> None:
    sweeper = Sweeper()
    in_a_thread()
    assert Circle.ended_on == []
    qtbot.waitUntil(lambda: len(Circle.ended_on) == CIRCLES, timeout=10 * EVERY_MS)
    assert set(Circle.ended_on) == {get_ident()}
    sweeper.deleteLater()


def test_each_generation_is_swept_when_it_is_due() -> None:
    hurry()
    gc.collect()
    gc.freeze()
    swept = set[int]()
    for _ in range(300):
        kept = [[] for _ in range(1000)]  # type: list[list[int]]
        swept.add(sweep())
        del kept
    assert swept == set(range(OLDEST + 1))


def test_nothing_is_swept_that_is_not_due() -> None:
    hurry()
    gc.collect()
    assert sweep() == -1
