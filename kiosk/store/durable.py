"""SQLite files whose every commit outlives a power cut: the journal's rules, and small files.

``synchronous=FULL`` like the journal: what it forgets would be paid twice, or never answered. Only
its one process opens it; usable from any thread, one call at a time.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from kiosk.domain.errors import StorageFull

WAIT_S = 5.0
# What makes a commit survive a power cut (tests/sim/test_power_loss.py).
DURABLE = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def lacks_room(wrong: sqlite3.OperationalError) -> bool:
    """Say whether a write failed for want of room, or of a disk that takes it."""
    return wrong.sqlite_errorcode & 0xFF in NO_ROOM


@contextmanager
def transaction(connection: sqlite3.Connection, what: str) -> Generator[sqlite3.Connection]:
    """Commit what the block writes, whole or not at all; raises StorageFull about ``what``."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except sqlite3.OperationalError as full:
        if not lacks_room(full):
            raise
        raise StorageFull(f"{what} can't be written: {full}") from full
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class DurableFile:
    """The file at ``path``, made with ``schema``; None keeps it in memory (demonstration, tests).

    ``what`` names its rows in errors. Raises sqlite3.DatabaseError for a file that is no such
    database, sqlite3.OperationalError where none can be made.
    """

    def __init__(self, path: Path | None, schema: str, *, what: str) -> None:
        self._what = what
        self._turn = threading.RLock()
        where = ":memory:" if path is None else path
        self._connection = sqlite3.connect(
            where, timeout=WAIT_S, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        try:
            for pragma in (*DURABLE, "PRAGMA trusted_schema = OFF"):
                self._connection.execute(pragma)
            self._connection.executescript(schema)
        except sqlite3.DatabaseError:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _read(self, query: str, *arguments: str | int) -> list[sqlite3.Row]:
        with self._turn:
            return self._connection.execute(query, arguments).fetchall()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        """Commit what the block writes, whole or not at all; raises StorageFull."""
        with self._turn, transaction(self._connection, self._what) as connection:
            yield connection
