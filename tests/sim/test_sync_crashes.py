"""kill −9 of the sync at every durable step: the next sync always ends equal to the hub."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.domain.record import Json
from kiosk.store.database import ContentReader
from tests.alv1 import Publisher, many, wire
from tests.sim.sync_child import sync_in_child, sync_until_written

MEMORY = Path("/dev/shm")
FAR = 10**9  # steps: no kill
KILLS = int(os.environ.get("SYNC_KILLS", "25"))  # of each of two: 50


def _lines(data: Path) -> dict[str, bytes]:
    reader = ContentReader(data / "content.db")
    rows = reader.rows("SELECT id, line FROM record")
    fault = reader.rows("INSERT INTO record_fts(record_fts) VALUES('integrity-check')")
    reader.close()
    assert fault == []
    return dict(rows)


def _published(hub: Path, editions: Sequence[list[dict[str, Json]]]) -> Publisher:
    publisher = Publisher()
    for records in editions:
        publisher.publish("stops", records)
    publisher.write(hub)
    return publisher


def _with_image(publisher: Publisher, hub: Path) -> None:
    publisher.make_image(hub)
    publisher.write(hub)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: a kill loses nothing that was written."""
    home = MEMORY if MEMORY.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=home) as name:
        yield Path(name)


@pytest.mark.parametrize("from_scratch", [True, False])
def test_killed_anywhere_it_ends_equal(folder: Path, from_scratch: object) -> None:
    editions = [many(40), [*many(39)[1:], wire("new")], many(44)]
    old = _published(folder / "old", editions[:1])
    new = _published(folder / "new", editions)
    code, total = sync_in_child(folder / "measured", folder / "old", FAR)
    assert code == 0
    shutil.copytree(folder / "measured", folder / "kiosk")
    if not from_scratch:
        code, total = sync_in_child(folder / "measured", folder / "new", FAR)
    places = random.Random(61).sample(range(1, total), min(KILLS, total - 1))
    for number, place in enumerate(places):
        data = folder / f"kiosk-{number}"
        if not from_scratch:
            shutil.copytree(folder / "kiosk", data)
        hub = folder / ("old" if from_scratch else "new")
        assert sync_in_child(data, hub, place)[0] == -signal.SIGKILL
        if not from_scratch:
            assert _lines(data) in (old.lines["stops"], new.lines["stops"])
        assert sync_in_child(data, folder / "new", FAR)[0] == 0
        assert _lines(data) == new.lines["stops"]


def test_killed_anywhere_of_an_image_it_ends_equal(folder: Path) -> None:
    hub = _published(folder / "hub", [many(400)])
    _with_image(hub, folder / "hub")
    code, total = sync_in_child(folder / "measured", folder / "hub", FAR)
    assert code == 0
    for place in random.Random(62).sample(range(1, total), min(KILLS, total - 1)):
        data = folder / f"kiosk-{place}"
        assert sync_in_child(data, folder / "hub", place)[0] == -signal.SIGKILL
        assert sync_in_child(data, folder / "hub", FAR)[0] == 0
        assert _lines(data) == hub.lines["stops"]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_killed_while_an_image_replaces_it_has_all_of_it_or_nothing(
    folder: Path, share: float
) -> None:
    hub = _published(folder / "hub", [many(4000)])
    _with_image(hub, folder / "hub")
    size = next((folder / "hub").glob("image-*.db")).stat().st_size
    data = folder / "kiosk"
    sync_until_written(data, folder / "hub", data / "content.db-wal", int(size * share))
    assert _lines(data) in ({}, hub.lines["stops"])
    assert sync_in_child(data, folder / "hub", FAR)[0] == 0
    assert _lines(data) == hub.lines["stops"]
