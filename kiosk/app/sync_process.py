"""The sync process: prepares the content, then follows the hub, or refreshes the demo's feeds.

Started by the kiosk (kiosk.app.run) as ``python -m kiosk.app.sync_process``. It ends by SIGTERM or
SIGINT, or when its standard input closes: the kiosk holds the other end, and has died.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import structlog

from kiosk.app import logging as kiosk_logging
from kiosk.app.clocks import ShiftedClock
from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.installed import Installed, SystemClock, installed
from kiosk.domain.errors import DataAbsent, InputRefused
from kiosk.ports import Clock
from kiosk.store.hours import keep_calendar
from sync.engine.worker import run_worker

LOG = "sync.jsonl"
NICE = 5  # the screen goes first
STDIN = 0

log = structlog.get_logger("kiosk.sync_process")


def serve(place: Place, clock: Clock, stop: Event) -> int:
    """Prepare and refresh until ``stop``; gives the exit code."""
    try:
        here = installed(place)
        keep_calendar(here.pack.territory, place.data, clock.now())
        prepare(here, clock.now())
        here.content.close()
        if here.settings.hub:
            return _follow(place, here, clock, stop)
        run_worker(data=place.data, folder=here.folder, clock=clock, stop=stop)
    except (InputRefused, DataAbsent, OSError) as wrong:
        log.warning("sync.failed", why=str(wrong))
        return 2 if isinstance(wrong, InputRefused) else 1
    return 0


def _follow(place: Place, here: Installed, clock: Clock, stop: Event) -> int:
    """Follow the configured hub until ``stop``; raises InputRefused, DataAbsent."""
    from sync.engine.following import follow

    territory = here.pack.territory.slug
    follow(here.settings.hub, territory, place.data, clock, stop)
    return 0


def _end_with_parent(stop: Event) -> None:
    """Set ``stop`` when the other end of standard input is closed."""

    def wait() -> None:
        # not sys.stdin: its buffer's lock would abort the interpreter's end
        while os.read(STDIN, 1):
            pass
        stop.set()

    Thread(target=wait, name="parent", daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the process; gives its exit code."""
    parser = argparse.ArgumentParser(prog="alveole-sync", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--territory", default="")
    parser.add_argument("--at", type=datetime.fromisoformat)
    asked = parser.parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    _end_with_parent(stop)
    os.nice(NICE)
    clock: Clock = ShiftedClock(asked.at) if asked.at else SystemClock()
    place = Place(data=asked.data, territory=asked.territory)
    try:
        kiosk_logging.start(asked.data / "log", clock.now(), name=LOG)
    except OSError as wrong:
        sys.stderr.write(f"alveole-sync: no log: {wrong}\n")
    return serve(place, clock, stop)


if __name__ == "__main__":
    sys.exit(main())
