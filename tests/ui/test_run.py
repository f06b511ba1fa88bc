"""How a kiosk is run: what the command line changes, its clock, its window, its end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import structlog
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from kiosk.app.clocks import ShiftedClock
from kiosk.app.console import Place
from kiosk.app.installed import Installed, SystemClock
from kiosk.app.lifecycle import SIGNALS, EarlyEnd, live, log_bugs, wait_for_first_frame
from kiosk.app.run import Wish, clock_of, pixels_of, px_per_mm_of, run, wished
from kiosk.domain.errors import InputRefused
from ui.application import assumed_px_per_mm, make_application


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QQuickWindow]:
    make_application()
    made = QQuickWindow()
    made.resize(100, 100)
    yield made
    made.close()


def application() -> QGuiApplication:
    found = QGuiApplication.instance()
    assert isinstance(found, QGuiApplication)
    return found


def with_settings(here: Installed, **settings: object) -> Installed:
    return replace(here, settings=msgspec.structs.replace(here.settings, **settings))


def test_nothing_asked_for_changes_nothing(demo: Installed) -> None:
    assert wished(demo, Wish()).settings == demo.settings


def test_the_command_line_goes_before_the_settings(demo: Installed) -> None:
    here = with_settings(demo, reader="none", size="320x480")
    settings = wished(here, Wish(demo=True, size=(1080, 1920))).settings
    assert settings.reader == "virtual"
    assert settings.pixels == (1080, 1920)
    assert settings.windowed


def test_a_moment_without_an_offset_is_the_territory_s(demo: Installed) -> None:
    clock = clock_of(demo, "2026-11-22T10:42")
    assert isinstance(clock, ShiftedClock)
    assert (clock.now() - datetime(2026, 11, 22, 9, 42, tzinfo=UTC)).total_seconds() < 60


def test_a_moment_with_an_offset_is_taken_as_it_is(demo: Installed) -> None:
    clock = clock_of(demo, "2026-11-22T10:42+00:00")
    assert clock.now().astimezone(UTC).hour == 10


def test_no_moment_is_the_present(demo: Installed) -> None:
    assert isinstance(clock_of(demo, ""), SystemClock)


def test_no_moment_at_all_is_refused(demo: Installed) -> None:
    with pytest.raises(InputRefused, match="not a moment"):
        clock_of(demo, "tomorrow")


def test_the_window_takes_the_panel_unless_a_size_is_asked_for(
    qtbot: QtBot, demo: Installed
) -> None:
    panel = application().primaryScreen()
    whole = (panel.size().width(), panel.size().height())
    assert pixels_of(demo, panel) == whole
    assert pixels_of(with_settings(demo, size="540x960"), panel) == (540, 960)


def test_a_window_of_no_size_is_a_portrait_that_fits(qtbot: QtBot, demo: Installed) -> None:
    panel = application().primaryScreen()
    width, height = pixels_of(with_settings(demo, windowed=True), panel)
    assert width < height < panel.size().height()


def test_the_size_of_a_millimetre_is_set_told_or_assumed(qtbot: QtBot, demo: Installed) -> None:
    panel = application().primaryScreen()
    assert px_per_mm_of(with_settings(demo, px_per_mm=4.2), panel, (1080, 1920)) == 4.2
    windowed = with_settings(demo, windowed=True)
    assert px_per_mm_of(windowed, panel, (1080, 1920)) == assumed_px_per_mm(1080, 1920)
    assert 0 < px_per_mm_of(demo, panel, (1080, 1920)) < 40


def test_the_first_frame_is_waited_for(qtbot: QtBot, window: QQuickWindow) -> None:
    frames: list[bool] = []
    window.frameSwapped.connect(lambda: frames.append(True))
    window.show()
    wait_for_first_frame(window)
    assert frames


def ends(window: QQuickWindow, end: Callable[[], object]) -> list[str]:
    """Live until ``end`` is called from Qt's loop; gives what the background saw."""
    seen: list[str] = []

    async def background() -> None:
        seen.append("begun")
        try:
            await asyncio.sleep(60)
        finally:
            seen.append("ended")

    kept = {number: signal.getsignal(number) for number in SIGNALS}
    early = EarlyEnd()
    window.show()
    QTimer.singleShot(50, end)
    live(application(), window, background, early)
    for number, handler in kept.items():
        signal.signal(number, handler)
    return seen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_what_runs_behind(
    qtbot: QtBot, window: QQuickWindow, number: signal.Signals
) -> None:
    assert ends(window, lambda: os.kill(os.getpid(), number)) == ["begun", "ended"]


def test_a_signal_that_came_before_the_loop_ends_it_at_once(
    qtbot: QtBot, window: QQuickWindow
) -> None:
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    early = EarlyEnd()
    os.kill(os.getpid(), signal.SIGTERM)

    async def background() -> None:
        await asyncio.sleep(60)

    window.show()
    live(application(), window, background, early)
    for number, handler in kept.items():
        signal.signal(number, handler)
    assert early.asked


def test_closing_the_window_ends_it(qtbot: QtBot, window: QQuickWindow) -> None:
    assert ends(window, window.close) == ["begun", "ended"]


def test_a_bug_in_qt_s_loop_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *bug: told.append(bug[0]))
    log_bugs()
    with structlog.testing.capture_logs() as lines:
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("a bug"), None)
    assert [line["event"] for line in lines] == ["bug"]
    assert told == [ZeroDivisionError]


def test_the_whole_kiosk_runs_and_ends(
    qtbot: QtBot, demo: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    level = logging.getLogger().level
    make_application()
    QTimer.singleShot(1500, lambda: os.kill(os.getpid(), signal.SIGTERM))
    run(Place(data=tmp_path), Wish(size=(540, 960), at="2026-11-22T10:42"))
    for number, handler in kept.items():
        signal.signal(number, handler)
    logging.getLogger().setLevel(level)
    said = (tmp_path / "log" / "alveole.jsonl").read_text()
    assert "kiosk.painted" in said
    assert "kiosk.ended" in said
    assert (tmp_path / "ledger.db").exists()
