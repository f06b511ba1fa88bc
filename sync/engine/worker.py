"""The sync process' loop in the demonstration: asks the feeder, reads by connectors, publishes.

Rules:
1. A feed that fails leaves its last good data; the others go on.
2. Its first failure is logged once, and its recovery once.
3. The loop ends at the next wake when ``stop`` is set (SIGTERM sets it in ``serve``).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Protocol

import structlog

from kiosk.domain.errors import DataAbsent, InputRefused
from kiosk.ports import Clock
from kiosk.store.content import ContentWriter
from kiosk.store.pack import load_territory
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import load, manifest_of
from sync.engine.demo import Feed, live_feeds
from sync.engine.feeder import GAUGE_MAPPING
from sync.engine.updates import trip_updates_of

CONTENT = "content.db"
PERIOD_S = 30
UPDATES_VALID_S = 3 * PERIOD_S

log = structlog.get_logger("sync.worker")


class Stop(Protocol):
    """What tells the loop to end; a threading.Event is one."""

    def is_set(self) -> bool:
        """Whether to end."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds to be told."""
        ...


@dataclass(slots=True, kw_only=True)
class _Health:
    """Whether a feed's last try failed."""

    failing: bool = False


class Worker:
    """Refreshes a territory's demonstration feeds in a content database."""

    def __init__(self, folder: Path, writer: ContentWriter, clock: Clock) -> None:
        """Read the pack in ``folder``; raises InputRefused when it can't be used."""
        self._territory = load_territory(folder)
        self._writer = writer
        self._clock = clock
        self._feeds = list(live_feeds(folder, self._territory, clock.now()))
        self._health = {feed.dataset.id: _Health() for feed in self._feeds}

    def refresh(self) -> None:
        """Publish every feed once; a failing one is logged and leaves its last good data."""
        for feed in self._feeds:
            health = self._health[feed.dataset.id]
            try:
                self._publish(feed)
            except (InputRefused, DataAbsent) as wrong:
                if not health.failing:
                    log.warning("feed.failed", dataset=feed.dataset.id, why=str(wrong))
                health.failing = True
                continue
            if health.failing:
                log.info("feed.recovered", dataset=feed.dataset.id)
            health.failing = False

    def _publish(self, feed: Feed) -> None:
        now = self._clock.now()
        items = self._read(feed, now)
        if feed.connector == "gtfs_rt":
            self._writer.replace_updates(feed.dataset.id, list(trip_updates_of(items)))
        else:
            self._writer.replace_dataset(feed.dataset, items, observed_at=now, imported_at=now)

    def _read(self, feed: Feed, now: datetime) -> Iterator[Item]:
        """Read the feed's bytes as a stranger's: by its connector, under its caps."""
        context = Context(
            dataset=feed.dataset.id,
            source=feed.dataset.source,
            licence=feed.dataset.licence,
            observed_at=now,
            now=now,
            timezone=self._territory.timezone,
            demo=True,
            extra={"mapping": dict(GAUGE_MAPPING), "valid_s": UPDATES_VALID_S},
        )
        manifest, connector = manifest_of(feed.connector), load(feed.connector)
        raw = feed.fetch(now)
        return guarded(connector.parse, raw, context, manifest, self._clock.monotonic)


def run_worker(data: Path, folder: Path, clock: Clock, stop: Stop) -> None:
    """Refresh the feeds of the pack in ``folder`` every PERIOD_S until ``stop``.

    ``data`` holds content.db, which must be ours to write. Raises InputRefused when the pack
    can't be used, DataAbsent when the database can't be opened.
    """
    with ContentWriter(data / CONTENT) as writer:
        worker = Worker(folder, writer, clock)
        log.info("worker.started")
        while not stop.is_set():
            worker.refresh()
            stop.wait(PERIOD_S)
        log.info("worker.stopped")


def serve(data: Path, folder: Path, clock: Clock) -> None:
    """Run the worker in this process until SIGTERM or SIGINT; raises like ``run_worker``."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    run_worker(data, folder, clock, stop)
