"""Opens content.db: for the kiosk read-only and tolerant, for the sync process to write.

Rules:
1. The kiosk never writes content.db: the connection is read-only twice (mode=ro, query_only).
2. A missing or damaged file reads as empty; ``fault`` says why, for doctor.
3. A file that was replaced on the disk (set aside and rebuilt) is opened anew at the next
   ``version()``, so that nobody goes on reading a file that no longer has a name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

Parameters: TypeAlias = Sequence[str | int | float | None]

READ_WAIT_S = 0.25  # a reader on the screen's thread must not freeze it
WRITE_WAIT_S = 5.0
MMAP_BYTES = 256 * 1024 * 1024
_GENERATION_SHIFT = 32


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing content database read-only; raises sqlite3.Error, ValueError."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=READ_WAIT_S,
        isolation_level=None,
        check_same_thread=False,  # SQLite is built serialized; a worker may ask in our place
    )
    for pragma in (
        "query_only=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        f"mmap_size={MMAP_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open (or create) a content database for its one writer; raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=WRITE_WAIT_S, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",  # content can be fetched again; the ledger is FULL
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class ContentReader:
    """One read-only connection to content.db that outlives the file's absence and damage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault = ""
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._generation = 0

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Give a query's rows; [] when the file is absent, damaged or of another schema."""
        connection = self._open()
        if connection is None:
            return []
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as wrong:
            self.fault = str(wrong)
            return []

    def scan(self, sql: str, parameters: Parameters = ()) -> Iterator[tuple[Any, ...]]:
        """Yield a query's rows one by one; ends quietly like ``rows``.

        Close the iterator (or exhaust it): an open one holds the writer's checkpoint back.
        """
        connection = self._open()
        if connection is None:
            return
        try:
            with closing(connection.execute(sql, parameters)) as cursor:
                yield from cursor
        except sqlite3.Error as wrong:
            self.fault = str(wrong)

    def trouble(self) -> str:
        """Try a first read; gives why the database can't be read, "" when it can."""
        self.rows("SELECT 1 FROM dataset LIMIT 1")
        return self.fault

    def version(self) -> int:
        """Give a number that changes when another process has written or replaced the file."""
        self._close_when_replaced()
        found = self.rows("PRAGMA data_version")
        return (self._generation << _GENERATION_SHIFT) | int(found[0][0]) if found else 0

    def close(self) -> None:
        """Close the connection; a later question opens it anew."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is not None:
            return self._connection
        try:
            inode = self.path.stat().st_ino
            self._connection = open_to_read(self.path)
        except FileNotFoundError:
            self.fault = "absent"
        except (OSError, ValueError, sqlite3.Error) as wrong:
            self.fault = str(wrong)
        else:
            self.fault = ""
            self._inode = inode
            self._generation += 1
        return self._connection

    def _close_when_replaced(self) -> None:
        if self._connection is None:
            return
        try:
            same = self.path.stat().st_ino == self._inode
        except OSError:
            same = False
        if not same:
            self.close()
