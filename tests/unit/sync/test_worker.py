from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, facts_of
from kiosk.domain.freshness import Policy
from kiosk.domain.record import Record
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.pack import load_territory
from kiosk.store.records import RecordStore
from sync.connectors.base import Context, record_of
from sync.engine.demo import live_feeds
from sync.engine.updates import trip_updates_of
from sync.engine.worker import CONTENT, PERIOD_S, Worker, run_worker, serve

GAUGE = Policy(live_s=600, stale_s=1_800)
SATURDAY = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


class FixedClock:
    """A clock that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Rounds:
    """Stops the worker after some rounds; what happens between two of them is a test's."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.waits: list[float] = []

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float) -> bool:
        self.waits.append(timeout)
        self.left -= 1
        return self.is_set()


@pytest.fixture(autouse=True)
def _plain_log() -> Iterator[None]:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture
def pack(root: Path, tmp_path: Path) -> Path:
    (source,) = (path.parent for path in (root / "assets" / "territories").glob("*/pack.toml"))
    return Path(shutil.copytree(source, tmp_path / source.name))


@pytest.fixture
def at() -> FixedClock:
    return FixedClock(SATURDAY)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[ContentWriter]:
    with ContentWriter(tmp_path / CONTENT) as opened:
        yield opened


def rows(tmp_path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / CONTENT)) as connection:
        return connection.execute(sql).fetchall()


def gauges_in(tmp_path: Path, dataset: str, at: FixedClock) -> dict[str, Record]:
    with closing(ContentReader(tmp_path / CONTENT)) as reader:
        found = RecordStore(reader, at).records(dataset, GAUGE)
    return {dated.value.id: dated.value for dated in found}


def test_the_worker_fills_gauges_and_delays(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    Worker(pack, writer, at).refresh()
    for dataset in ("parkings-live", "piscine-live"):
        found = gauges_in(tmp_path, dataset, at)
        assert found
        assert all(record.demo for record in found.values())
        assert all(facts_of(record, Gauge).capacity > 0 for record in found.values())
    ((updates, demo, newest),) = rows(
        tmp_path,
        "SELECT count(*), min(demo), max(observed_at) FROM gtfs_update WHERE dataset='bus'",
    )
    assert updates > 0
    assert demo == 1
    assert newest == int(SATURDAY.timestamp())


def test_the_gauges_keep_the_ids_and_places_of_the_pack(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    Worker(pack, writer, at).refresh()
    seeds = (pack / "seeds" / "parkings-live.ndjson").read_text(encoding="utf-8")
    found = gauges_in(tmp_path, "parkings-live", at)
    assert all(f'"id":"{name}"' in seeds for name in found)
    assert all(record.geo is not None for record in found.values())
    assert all(set(record.title) == {"fr", "en"} for record in found.values())


def test_the_demo_moves_with_the_clock(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    worker = Worker(pack, writer, at)
    seen: list[list[int]] = []
    for _ in range(4):
        worker.refresh()
        found = gauges_in(tmp_path, "parkings-live", at)
        seen.append([facts_of(found[name], Gauge).value for name in sorted(found)])
        at.moment += timedelta(minutes=20)
    assert len({tuple(values) for values in seen}) > 1


def test_a_pool_that_is_closed_has_nobody_in_it(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    at.moment = SATURDAY.replace(hour=2)
    Worker(pack, writer, at).refresh()
    gauges = [facts_of(one, Gauge) for one in gauges_in(tmp_path, "piscine-live", at).values()]
    assert {(gauge.value, gauge.open) for gauge in gauges} == {(0, False)}


def test_a_failing_feed_is_logged_once_and_keeps_its_last_good_data(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    worker = Worker(pack, writer, at)
    worker.refresh()
    before = gauges_in(tmp_path, "parkings-live", at)
    feeds, feed = worker._feeds, next(f for f in worker._feeds if f.dataset.id == "parkings-live")
    worker._feeds = [
        replace(one, fetch=lambda _now: b"<html>502</html>") if one is feed else one
        for one in feeds
    ]
    at.moment += timedelta(seconds=PERIOD_S)
    with capture_logs() as logs:
        worker.refresh()
        worker.refresh()
    (line,) = logs
    assert (line["event"], line["dataset"]) == ("feed.failed", "parkings-live")
    assert "not JSON" in line["why"]
    assert gauges_in(tmp_path, "parkings-live", at) == before
    pools = gauges_in(tmp_path, "piscine-live", at)
    assert all(record.observed_at == at.moment for record in pools.values())

    worker._feeds = feeds
    with capture_logs() as logs:
        worker.refresh()
        worker.refresh()
    assert [line["event"] for line in logs] == ["feed.recovered"]


def test_a_feed_whose_rows_are_all_bad_keeps_the_last_good_ones(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    worker = Worker(pack, writer, at)
    worker.refresh()
    before = gauges_in(tmp_path, "piscine-live", at)
    raw = b'{"total_count": 1, "results": [{"id": "x", "nom": "X", "value": "many"}]}'
    feed = next(one for one in worker._feeds if one.dataset.id == "piscine-live")
    worker._feeds = [replace(feed, fetch=lambda _now: raw)]
    with capture_logs() as logs:
        worker.refresh()
    assert [line["event"] for line in logs] == ["feed.failed"]
    assert gauges_in(tmp_path, "piscine-live", at) == before


def test_a_database_that_is_locked_is_a_failure_like_another(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    worker = Worker(pack, writer, at)
    writer._connection.execute("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(tmp_path / CONTENT, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with capture_logs() as logs:
            worker.refresh()
        other.execute("ROLLBACK")
    assert {line["event"] for line in logs} == {"feed.failed"}
    with capture_logs() as logs:
        worker.refresh()
    assert {line["event"] for line in logs} == {"feed.recovered"}


def test_a_broken_timetable_leaves_the_gauges_running(
    pack: Path, writer: ContentWriter, at: FixedClock, tmp_path: Path
) -> None:
    (pack / "seeds" / "gtfs-bus" / "stops.txt").unlink()
    with capture_logs() as logs:
        Worker(pack, writer, at).refresh()
    assert [(line["event"], line["dataset"]) for line in logs] == [("feed.failed", "bus")]
    assert gauges_in(tmp_path, "parkings-live", at)


def test_a_pack_that_is_no_demonstration_has_no_made_up_feed(pack: Path) -> None:
    territory = load_territory(pack)
    real = {name: replace(one, demo=False) for name, one in territory.datasets.items()}
    assert list(live_feeds(pack, replace(territory, datasets=real), SATURDAY)) == []


def test_the_loop_refreshes_until_it_is_told_to_stop(
    pack: Path, at: FixedClock, tmp_path: Path
) -> None:
    stop = Rounds(3)
    with capture_logs() as logs:
        run_worker(tmp_path, pack, at, stop)
    assert stop.waits == [PERIOD_S] * 3
    assert [line["event"] for line in logs] == ["worker.started", "worker.stopped"]
    assert gauges_in(tmp_path, "parkings-live", at)


def test_the_loop_does_nothing_once_stopped(pack: Path, at: FixedClock, tmp_path: Path) -> None:
    with capture_logs():
        run_worker(tmp_path, pack, at, Rounds(0))
    assert rows(tmp_path, "SELECT * FROM record") == []


def test_sigterm_ends_the_loop_cleanly(pack: Path, at: FixedClock, tmp_path: Path) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    class Ending(FixedClock):
        """Sends SIGTERM to this process once the first round has begun."""

        def monotonic(self) -> float:
            os.kill(os.getpid(), signal.SIGTERM)
            return super().monotonic()

    try:
        with capture_logs() as logs:
            serve(tmp_path, pack, Ending(SATURDAY))
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert logs[-1]["event"] == "worker.stopped"
    assert gauges_in(tmp_path, "parkings-live", at)  # the round was finished, not cut


def test_a_folder_without_a_pack_is_refused(at: FixedClock, tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        run_worker(tmp_path, tmp_path / "nowhere", at, Rounds(1))


def test_only_trip_updates_become_updates() -> None:
    context = Context(dataset="bus", source="s", licence="l", observed_at=SATURDAY, now=SATURDAY)
    notice = record_of(context, id="1", kind="notice", title="Travaux")
    broken = record_of(context, id="2", kind="trip_update", title="T", data={"trip": 7})
    assert list(trip_updates_of([notice])) == []
    with pytest.raises(InputRefused, match="2: "):
        list(trip_updates_of([broken]))
