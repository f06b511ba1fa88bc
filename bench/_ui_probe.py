"""The process that bench/ui.py measures: the kiosk's screens in a real window.

Prints one JSON object. Times are milliseconds; the parent gives its own clock's start.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from kiosk.app.console import Place
from kiosk.app.container import build
from kiosk.app.garbage import Sweeper, hurry
from kiosk.app.installed import SystemClock, installed
from ui.application import Screen, make_application
from ui.inspection import visible_items
from ui.views.frame import Row

SIZE = (1080, 1920)
IDLE_S = 6.0
TAPS = 60
FRAMES = 300
ROWS = 10_000
WAIT_MAX_S = 1.0


def until(done: Callable[[], bool]) -> None:
    """Run Qt's events until ``done``; gives up after a bound."""
    end = time.perf_counter() + WAIT_MAX_S
    while not done() and time.perf_counter() < end:
        QGuiApplication.processEvents()


def rest(seconds: float) -> None:
    """Sleep as the kiosk's loop does, serving events as they come."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QGuiApplication.processEvents()
        time.sleep(0.02)


def pss_mb() -> float:
    """Give the process's proportional share of memory."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def percentile(values: list[float], percent: int) -> float:
    """Give a percentile, 1…99."""
    return quantiles(values, n=100)[percent - 1]


def idle_cpu_percent() -> float:
    """Let the kiosk stand in Qt's own loop; gives the processor's share that it takes."""
    loop = QEventLoop()
    QTimer.singleShot(int(IDLE_S * 1000), loop.quit)
    spent = time.process_time()
    loop.exec()
    return 100 * (time.process_time() - spent) / IDLE_S


class Probe:
    """A window with its frame counter."""

    def __init__(self, data: Path, started: float) -> None:
        hurry()
        make_application()
        here = installed(Place(data=data))
        self.kiosk = build(here, SystemClock(), environment="bench")
        self.app = self.kiosk.app
        self.screen = Screen(self.app, size=SIZE)
        self.window: QQuickWindow = self.screen.window
        self.frames = self.changed_at = 0
        self.begun = self.swapped = self.painted = 0.0
        self.window.afterAnimating.connect(self._begin, Qt.ConnectionType.DirectConnection)
        self.window.frameSwapped.connect(self._swap, Qt.ConnectionType.DirectConnection)
        self.app.screenChanged.connect(self._change)
        self.window.show()
        until(lambda: self.frames > 0)
        self.first_paint_ms = (self.painted - started) * 1000

    def _begin(self) -> None:
        self.begun = time.perf_counter()

    def _swap(self) -> None:
        self.painted = self.painted or time.time()
        self.frames += 1
        self.swapped = time.perf_counter()

    def _change(self) -> None:
        self.changed_at = self.frames

    def taps(self) -> list[float]:
        """Tap a cell of the hive, then home, again and again; gives each tap-to-paint."""
        from PySide6.QtTest import QTest

        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        spent: list[float] = []
        for number in range(TAPS):
            spot = self._middle_of(("Piscine", "Accueil", "Agenda", "Accueil")[number % 4])
            self.changed_at = 0
            start = time.perf_counter()
            QTest.mouseClick(self.window, button, none, spot)
            until(lambda: self.frames > self.changed_at > 0)
            spent.append((self.swapped - start) * 1000)
            rest(0.05)
        return spent

    def _middle_of(self, name: str) -> QPoint:
        for item, seen in visible_items(self.window):
            if item.property("targetName") == name:
                return seen.center().toPoint()
        raise LookupError(name)

    def frame_costs(self) -> list[float]:
        """Scroll a list of ten thousand rows; gives what each frame costs."""
        rows = [
            Row(key=str(i), heading=f"Ligne {i}", detail="Un détail", glyph="bus", route="place")
            for i in range(ROWS)
        ]
        services = self.kiosk.context.territory.services
        self.app.show("steps", next(s.id for s in services if s.kind == "steps"))
        self.app.opened.property("rows").show(rows)
        rest(0.3)
        view = self._list()
        spent: list[float] = []
        for number in range(FRAMES):
            before = self.frames
            start = time.perf_counter()
            view.setProperty("contentY", 40.0 * (number + 1))
            moved = time.perf_counter() - start
            until(lambda before=before: self.frames > before)  # type: ignore[misc]
            spent.append((moved + self.swapped - self.begun) * 1000)
        return spent

    def _list(self) -> QObject:
        for item, _ in visible_items(self.window):
            if item.inherits("QQuickListView"):
                return item
        raise LookupError("no list")


def main() -> None:
    """Measure and print."""
    data, started = Path(sys.argv[1]), float(sys.argv[2])
    probe = Probe(data, started)
    figures = {"first_paint_ms": probe.first_paint_ms}
    rest(1.0)
    figures["pss_mb"] = pss_mb()
    probe.kiosk.serve()
    probe.app.start()
    sweeper = Sweeper()
    rest(1.0)
    figures["idle_cpu_percent"] = idle_cpu_percent()
    taps = probe.taps()
    figures["tap_p50_ms"], figures["tap_p95_ms"] = percentile(taps, 50), percentile(taps, 95)
    costs = probe.frame_costs()
    figures["frame_p50_ms"], figures["frame_p99_ms"] = percentile(costs, 50), percentile(costs, 99)
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    del sweeper
    probe.screen.close()
    probe.kiosk.close()
