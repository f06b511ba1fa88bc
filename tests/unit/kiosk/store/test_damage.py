"""A content database that can't be read is told from one that is only busy, and set aside."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.store.content import ContentWriter
from kiosk.store.damage import is_damaged, set_aside

ROOT = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "content.db"
    with ContentWriter(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def test_a_sound_database_is_not_damaged(database: Path) -> None:
    assert not is_damaged(database)


def test_an_absent_database_is_not_damaged(tmp_path: Path) -> None:
    assert not is_damaged(tmp_path / "content.db")


@pytest.mark.parametrize(
    "content", [b"no database at all" * 400, b"SQLite format 3\x00" + b"\xff" * 8176]
)
def test_another_file_in_its_place_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "content.db"
    path.write_bytes(content)
    assert is_damaged(path)


def test_overwritten_pages_are_damaged(database: Path) -> None:
    raw = bytearray(database.read_bytes())
    raw[4096 : 4096 * 4] = b"\xaa" * (4096 * 3)
    database.write_bytes(bytes(raw))
    assert is_damaged(database)


def test_a_folder_in_its_place_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "content.db").mkdir()
    assert is_damaged(tmp_path / "content.db")


def test_a_database_that_somebody_writes_is_not_damaged(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert not is_damaged(database)
        writer.execute("ROLLBACK")


def test_a_database_that_no_room_is_left_for_is_not_damaged(database: Path) -> None:
    asked = f"""
import resource, signal
from pathlib import Path
from kiosk.store.damage import is_damaged
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # as on a full disk, no byte can be added
print(is_damaged(Path({str(database)!r})))
"""
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert said.stdout == "False\n"


def test_the_file_and_its_companions_are_set_aside_together(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"content.db{suffix}").write_text(suffix)
    aside = set_aside(tmp_path / "content.db", NOW)
    assert aside.name == "content.db.damaged-20261122T094200"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        aside.name,
        f"{aside.name}-shm",
        f"{aside.name}-wal",
    ]


def test_companions_that_are_not_there_are_not_missed(tmp_path: Path) -> None:
    (tmp_path / "content.db").write_text("")
    set_aside(tmp_path / "content.db", NOW)
    assert not (tmp_path / "content.db").exists()
