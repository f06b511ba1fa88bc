"""The small durable files: what is committed stays, what can't be written is refused whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.domain.errors import StorageFull
from kiosk.store.durable import DurableFile

SCHEMA = "CREATE TABLE IF NOT EXISTS fact (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"


class Facts(DurableFile):
    def __init__(self, path: Path | None) -> None:
        super().__init__(path, SCHEMA, what="the facts")

    def add(self, *texts: str) -> None:
        with self._transaction() as connection:
            for text in texts:
                connection.execute("INSERT INTO fact (text) VALUES (?)", (text,))

    def texts(self) -> list[str]:
        return [row["text"] for row in self._read("SELECT text FROM fact ORDER BY id")]

    def limit(self, pages: int) -> None:
        self._read(f"PRAGMA max_page_count = {pages}")

    def synchronous(self) -> int:
        return int(self._read("PRAGMA synchronous")[0][0])


def test_what_was_committed_is_there_again(tmp_path: Path) -> None:
    with Facts(tmp_path / "facts.db") as facts:
        facts.add("one", "two")
    with Facts(tmp_path / "facts.db") as again:
        assert again.texts() == ["one", "two"]
        assert again.synchronous() == 2  # FULL: one fsync a commit


def test_a_full_file_refuses_the_whole_transaction(tmp_path: Path) -> None:
    with Facts(tmp_path / "facts.db") as facts:
        facts.add("kept")
        facts.limit(3)
        with pytest.raises(StorageFull, match="the facts can't be written"):
            facts.add("half", "x" * 100_000)
        assert facts.texts() == ["kept"]


def test_a_broken_rule_is_a_bug_and_undone() -> None:
    with Facts(None) as facts:
        with pytest.raises(sqlite3.IntegrityError):
            facts.add("half", None)  # type: ignore[arg-type]  # the rule that is broken
        assert facts.texts() == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.db").write_bytes(b"no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Facts(tmp_path / "facts.db")
