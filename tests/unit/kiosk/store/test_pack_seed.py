"""Seeding: a pack's records and feeds go into the content database."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.territory import Dataset, Territory
from kiosk.store import pack_seed
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.pack import load_territory
from kiosk.store.pack_seed import REJECTS_KEPT_MAX, Seeded, gtfs_zip, seed_content
from tests.unit.kiosk.store.packs import edit, small_pack

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def no_feed(_dataset: Dataset, _raw: bytes) -> int:
    return 0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def writer(database: Path) -> Iterator[ContentWriter]:
    with ContentWriter(database) as opened:
        yield opened


def ids(database: Path, dataset: str) -> list[str]:
    """The ids that the database holds of a dataset."""
    sql = "SELECT r.id FROM record r JOIN dataset d ON d.no=r.dataset_no WHERE d.id=? ORDER BY r.id"
    reader = ContentReader(database)
    try:
        return [row[0] for row in reader.rows(sql, (dataset,))]
    finally:
        reader.close()


def seed(folder: Path, writer: ContentWriter, now: datetime = NOW) -> Seeded:
    return seed_content(folder, load_territory(folder), writer, now, no_feed)


def test_every_seed_of_a_pack_is_published(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    seeded = seed(small_pack(tmp_path), writer)
    assert seeded.records == {"piscines": 2, "agenda": 4, "bus": 0}
    assert seeded.rejects == []
    assert ids(database, "piscines") == ["p1", "p2"]
    assert ids(database, "agenda") == [
        "e1",
        "e2-2026-11-21",
        "e2-2026-11-28",
        "e2-2026-12-05",
    ]


def test_seeding_on_another_day_moves_the_dates(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    seed(folder, writer)
    seed(folder, writer, NOW + timedelta(days=7))
    assert ids(database, "agenda")[1:] == ["e2-2026-11-28", "e2-2026-12-05", "e2-2026-12-12"]


def test_bad_records_are_told_and_the_good_ones_published(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    edit(folder, "seeds/piscines.ndjson", ',"demo":true', "")
    seeded = seed(folder, writer)
    assert ids(database, "piscines") == ["p1"]
    assert [reject.where for reject in seeded.rejects] == ["seeds/piscines.ndjson:2"]


@pytest.mark.parametrize("content", [b"{}\n{}\n", b"\x00\xff", b"["])
def test_a_seed_that_gives_nothing_leaves_the_last_good_data(
    content: bytes, tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    seed(folder, writer)
    (folder / "seeds/piscines.ndjson").write_bytes(content)
    seeded = seed(folder, writer)
    assert ids(database, "piscines") == ["p1", "p2"]
    assert "piscines" not in seeded.records
    assert seeded.rejects


def test_a_missing_seed_does_not_stop_the_others(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    (folder / "seeds/piscines.ndjson").unlink()
    shutil.rmtree(folder / "seeds/gtfs-bus")
    seeded = seed(folder, writer)
    assert len(ids(database, "agenda")) == 4
    assert [reject.where for reject in seeded.rejects] == ["seeds/piscines.ndjson:0", "gtfs-bus"]


def test_a_dataset_without_seed_is_left_to_its_feed(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    seed(folder, writer)
    edit(folder, "datasets.toml", 'seed = "seeds/piscines.ndjson"', "")
    assert "piscines" not in seed(folder, writer).records
    assert ids(database, "piscines") == ["p1", "p2"]


def test_a_feed_goes_to_the_importer_as_a_zip(tmp_path: Path, writer: ContentWriter) -> None:
    folder = small_pack(tmp_path)
    came: list[tuple[str, list[str]]] = []

    def importer(dataset: Dataset, raw: bytes) -> int:
        came.append((dataset.id, zipfile.ZipFile(io.BytesIO(raw)).namelist()))
        return 28

    seeded = seed_content(folder, load_territory(folder), writer, NOW, importer)
    assert seeded.records["bus"] == 28
    names = ["agency.txt", "routes.txt", "stop_times.txt", "stops.txt", "trips.txt"]
    assert came == [("bus", names)]


def test_a_feed_that_is_refused_is_told(tmp_path: Path, writer: ContentWriter) -> None:
    def importer(_dataset: Dataset, _raw: bytes) -> int:
        raise InputRefused("no stops", where="stops.txt:1")

    folder = small_pack(tmp_path)
    seeded = seed_content(folder, load_territory(folder), writer, NOW, importer)
    assert [(one.where, one.why) for one in seeded.rejects] == [("stops.txt:1", "no stops")]
    assert seeded.records["piscines"] == 2


def test_rejects_are_kept_up_to_a_bound(tmp_path: Path, writer: ContentWriter) -> None:
    folder = small_pack(tmp_path)
    good = (folder / "seeds/piscines.ndjson").read_text()
    (folder / "seeds/piscines.ndjson").write_text(good + "{}\n" * (2 * REJECTS_KEPT_MAX))
    seeded = seed(folder, writer)
    assert seeded.records["piscines"] == 2
    assert 0 < len(seeded.rejects) <= REJECTS_KEPT_MAX


def test_a_dataset_is_as_old_as_its_latest_record(
    tmp_path: Path, database: Path, writer: ContentWriter
) -> None:
    folder = small_pack(tmp_path)
    lines = (folder / "seeds/piscines.ndjson").read_text().splitlines()
    (folder / "seeds/piscines.ndjson").write_text(lines[0])
    seed(folder, writer)
    reader = ContentReader(database)
    ((observed,),) = reader.rows("SELECT observed_at FROM dataset WHERE id='piscines'", ())
    reader.close()
    assert datetime.fromtimestamp(observed, UTC).isoformat() == "2026-01-01T23:00:00+00:00"


def test_the_same_feed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = small_pack(tmp_path / "a") / "seeds/gtfs-bus"
    second = small_pack(tmp_path / "b") / "seeds/gtfs-bus"
    assert gtfs_zip(first) == gtfs_zip(second)


def test_a_feed_of_links_or_over_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_pack(tmp_path) / "seeds/gtfs-bus"
    monkeypatch.setattr(pack_seed, "SEED_BYTES_MAX", 10)
    with pytest.raises(InputRefused, match="over 10 bytes"):
        gtfs_zip(folder)
    (folder / "shapes.txt").symlink_to(folder / "stops.txt")
    with pytest.raises(InputRefused, match="links"):
        gtfs_zip(folder)


def test_the_default_pack_is_seeded_without_reject(
    root: Path, database: Path, writer: ContentWriter
) -> None:
    folder = root / "assets" / "territories" / "orne"
    territory: Territory = load_territory(folder)
    seeded = seed_content(folder, territory, writer, NOW, no_feed)
    assert seeded.rejects == []
    assert set(seeded.records) == {one.id for one in territory.datasets.values() if one.seed}
    assert len(ids(database, "communes")) == 381
