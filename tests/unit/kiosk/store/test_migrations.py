from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.store import migrations
from kiosk.store.database import open_to_write
from kiosk.store.migrations import STEPS, VERSION, migrate


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    return open_to_write(tmp_path / "content.db")


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_a_new_file_gets_every_table(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert {"dataset", "record", "record_fts", "record_geo", "gtfs_board"} <= tables(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    connection.close()


def test_a_second_migration_changes_nothing(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = connection.execute("PRAGMA schema_version").fetchone()
    migrate(connection)
    assert connection.execute("PRAGMA schema_version").fetchone() == before
    connection.close()


def test_beginnings_of_one_to_four_letters_have_an_index(connection: sqlite3.Connection) -> None:
    migrate(connection)
    (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name='record_fts'").fetchone()
    assert "prefix='1 2 3 4'" in made
    connection.close()


def test_an_older_file_keeps_its_data(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", STEPS[:1])
    monkeypatch.setattr(migrations, "VERSION", 1)
    migrate(connection)
    connection.execute("INSERT INTO dataset(id, records, rejects) VALUES('old', 3, 0)")
    monkeypatch.undo()
    migrate(connection)
    assert connection.execute("SELECT records FROM dataset").fetchall() == [(3,)]
    assert "gtfs_board" in tables(connection)
    connection.close()


def test_a_newer_file_is_refused_untouched(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(InputRefused, match="update the programme"):
        migrate(connection)
    assert tables(connection) == set()
    connection.close()


def test_a_step_that_fails_leaves_nothing_behind(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_TIMETABLES", "CREATE TABLE half(x); CREATE NONSENSE")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert "half" not in tables(connection)
    connection.close()
