"""A small SQLite file whose every commit outlives a power cut: payments, requests, codes.

``synchronous=FULL`` like the journal: what it forgets would be paid twice, or never answered. Only
its one process opens it; usable from any thread, one call at a time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from kiosk.domain.errors import StorageFull
from kiosk.store.ledger import DURABLE, NO_ROOM

WAIT_S = 5.0


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
        with self._turn:
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.OperationalError as full:
                if full.sqlite_errorcode & 0xFF not in NO_ROOM:
                    raise
                raise StorageFull(f"{self._what} can't be written: {full}") from full
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
