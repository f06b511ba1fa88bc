"""Journals for tests: sound ones with closings, and a forger's tools."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo


def demo_journal(folder: Path, lines: int) -> Path:
    """Write a closed journal, signed by the key of ``folder``; gives its path."""
    path = folder / "demo.db"
    write_demo(path, lines, DeviceKey(folder))
    return path


def copy_of(path: Path, folder: Path) -> Path:
    """Give a copy to be forged."""
    forged = folder / "forged.db"
    shutil.copyfile(path, forged)
    return forged


class Forger:
    """Changes a journal behind the kiosk's back: its triggers are put aside, then put back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, *statements: str) -> None:
        """Run statements as if nothing guarded the tables."""
        with closing(sqlite3.connect(self._path)) as connection, connection:
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for _, sql in triggers:
                connection.execute(sql)

    def set(self, table: str, column: str, rowid: str, value: object) -> None:
        """Put ``value`` into one cell."""
        with closing(sqlite3.connect(self._path)) as connection, connection:
            guard = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? AND type = 'trigger'",
                (table,),
            ).fetchall()
            for name, _ in guard:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {rowid}", (value,))
            for _, sql in guard:
                connection.execute(sql)

    def rechain(self, table: str) -> None:
        """Compute the hashes of entries or closings anew, as anybody can."""
        head, found = bytes(32), list[tuple[bytes, bytes, int]]()
        with closing(sqlite3.connect(self._path)) as connection:
            for seq, content in connection.execute(
                f"SELECT seq, canonical FROM {table} ORDER BY seq"
            ):
                before, head = head, hashlib.sha256(head + content).digest()
                found.append((before, head, seq))
        self.run(
            *(
                f"UPDATE {table} SET previous = x'{before.hex()}', hash = x'{digest.hex()}'"
                f" WHERE seq = {seq}"
                for before, digest, seq in found
            )
        )
