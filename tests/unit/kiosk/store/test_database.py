from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.store.database import ContentReader, open_to_read, open_to_write
from tests.unit.kiosk.store.contents import publish, record

COUNT = "SELECT count(*) FROM record"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


def test_the_kiosk_cannot_write_content(path: Path) -> None:
    publish(path, [record("a")])
    connection = open_to_read(path)
    for statement in ("DELETE FROM record", "CREATE TABLE t(x)", "PRAGMA user_version=9"):
        with pytest.raises(sqlite3.OperationalError, match=r"readonly|read-only|query_only"):
            connection.execute(statement)
    connection.close()


def test_a_reader_does_not_trust_the_schema(path: Path) -> None:
    publish(path, [])
    connection = open_to_read(path)
    assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
    connection.close()


def test_a_writer_leaves_readers_alone(path: Path) -> None:
    connection = open_to_write(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_absent_file_reads_as_empty_and_is_not_made(path: Path) -> None:
    reader = ContentReader(path)
    assert reader.rows(COUNT) == []
    assert list(reader.scan(COUNT)) == []
    assert reader.version() == 0
    assert reader.fault == "absent"
    assert not path.exists()


def test_a_file_that_appears_later_is_read(path: Path) -> None:
    reader = ContentReader(path)
    reader.rows(COUNT)
    publish(path, [record("a")])
    assert reader.rows(COUNT) == [(1,)]
    assert reader.fault == ""
    reader.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough" * 100, b"\x00"])
def test_a_damaged_file_reads_as_empty_and_says_why(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    reader = ContentReader(path)
    assert reader.rows(COUNT) == []
    assert reader.fault
    reader.close()


def test_a_folder_in_its_place_reads_as_empty(path: Path) -> None:
    path.mkdir()
    reader = ContentReader(path)
    assert reader.rows(COUNT) == []
    assert reader.fault


def test_damage_inside_the_file_reads_as_empty(path: Path) -> None:
    publish(path, [record(f"r{number}", "x" * 190) for number in range(500)])
    raw = bytearray(path.read_bytes())
    for page in range(2, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(raw)
    reader = ContentReader(path)
    assert reader.rows("SELECT * FROM record") == []
    assert list(reader.scan("SELECT * FROM record")) == []
    assert "malformed" in reader.fault
    reader.close()


def test_the_version_changes_when_another_writes_and_only_then(path: Path) -> None:
    publish(path, [record("a")])
    reader = ContentReader(path)
    before = reader.version()
    assert reader.version() == before
    publish(path, [record("b")])
    assert reader.version() != before
    reader.close()


def test_a_file_that_was_replaced_is_opened_anew(path: Path, tmp_path: Path) -> None:
    publish(path, [record("a")])
    reader = ContentReader(path)
    before = reader.version()
    publish(tmp_path / "new.db", [record("b"), record("c")])
    (tmp_path / "new.db").replace(path)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    assert reader.version() != before
    assert reader.rows(COUNT) == [(2,)]
    reader.close()


def test_a_file_that_went_away_reads_as_empty(path: Path) -> None:
    publish(path, [record("a")])
    reader = ContentReader(path)
    reader.version()
    path.unlink()
    assert reader.version() == 0
    assert reader.rows(COUNT) == []


def test_an_unfinished_scan_does_not_hold_the_writer_back(path: Path) -> None:
    publish(path, [record("a"), record("b")])
    reader = ContentReader(path)
    scan = reader.scan("SELECT id FROM record ORDER BY id")
    assert next(scan) == ("a",)
    scan.close()  # type: ignore[attr-defined]  # it is a generator
    publish(path, [record("c")])
    assert list(reader.scan("SELECT id FROM record")) == [("c",)]
    assert not Path(f"{path}-wal").exists() or Path(f"{path}-wal").stat().st_size == 0
    reader.close()


def test_a_reader_tells_its_trouble_before_anything_is_asked(tmp_path: Path) -> None:
    assert ContentReader(tmp_path / "absent.db").trouble() == "absent"
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    assert ContentReader(broken).trouble()
