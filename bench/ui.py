"""Measures the screens: first paint, memory, tap-to-paint, frames of a long list, idleness.

The screens run in a process of their own, in a real window under Xvfb, drawn in software, with
their bytecode compiled as on an installed kiosk. ``bare_paint_ms`` is the first frame of an empty
Qt Quick window, started between them: ``first_paint_ratio`` stays the same on a slower machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory

from kiosk.app.cli_bench import Options
from kiosk.app.console import ROOT, Place
from kiosk.app.content import prepare
from kiosk.app.installed import installed
from kiosk.domain.errors import InputRefused
from kiosk.store.hours import keep_calendar

GATES: Mapping[str, float] = {
    "first_paint_ms": 500.0,
    "pss_mb": 150.0,
    "tap_p95_ms": 16.0,
    "frame_p99_ms": 8.0,
    "idle_cpu_percent": 1.0,
}
STARTS = 3
START_MAX_S = 60


def run(options: Options) -> dict[str, float]:
    """Measure on the demonstration's content; first paint is the median of several starts."""
    with TemporaryDirectory(prefix="bench-ui-") as name, display() as screen:
        here = installed(Place(data=options.data.__class__(name)))
        now = datetime.now(UTC)
        keep_calendar(here.pack.territory, here.content.path.parent, now)
        prepare(here, now)
        here.content.close()
        probe(name, screen)  # compiles what isn't compiled yet
        measured: list[dict[str, float]] = []
        for _ in range(STARTS):
            bare = float(started("bench._ui_bare", screen))
            figures = probe(name, screen)
            ratio = figures["first_paint_ms"] / bare
            measured.append({**figures, "bare_paint_ms": bare, "first_paint_ratio": ratio})
    return {figure: median(one[figure] for one in measured) for figure in measured[0]}


@contextmanager
def display() -> Iterator[str]:
    """Give a virtual display of the panel's size; raises InputRefused without Xvfb."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]
    try:
        server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    except FileNotFoundError as wrong:
        raise InputRefused("Xvfb isn't installed", todo="make venv installs it") from wrong
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(START_MAX_S)


def probe(data: str, screen: str) -> dict[str, float]:
    """Start the measured process once."""
    figures: dict[str, float] = json.loads(started("bench._ui_start", screen, data))
    return figures


def started(module: str, screen: str, *arguments: str) -> str:
    """Run a module on the display, telling it when it was started; gives its last line."""
    environment = {
        **os.environ,
        "DISPLAY": screen,
        "QT_QPA_PLATFORM": "xcb",
        "QT_QUICK_BACKEND": "software",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments, str(time.time())],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=START_MAX_S,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        raise InputRefused(said, where=f"{module.replace('.', '/')}.py")
    return done.stdout.splitlines()[-1]
