"""Reads the journal's outbox for the sync process: read-only, beside the kiosk that writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.errors import DataAbsent

WAIT_S = 5.0
_ROWS = "SELECT seq, kind, subject, at, payload FROM outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A fact to tell: its number, its moment and what it says, as the journal has them."""

    seq: int
    kind: str
    subject: str
    at: str
    payload: str

    @property
    def identity(self) -> bytes:
        """What tells this row from that of another journal."""
        words = (str(self.seq), self.kind, self.subject, self.at, self.payload)
        return "\x00".join(words).encode()


class OutboxReader:
    """The outbox of a journal; an absent journal has none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def first(self) -> OutboxRow | None:
        """Give the first row, None for an empty or absent outbox; raises DataAbsent."""
        rows = self._rows(f"{_ROWS} ORDER BY seq LIMIT 1", ())
        return rows[0] if rows else None

    def last(self) -> int:
        """Give the highest number, 0 when there is none; raises DataAbsent."""
        rows = self._rows(f"{_ROWS} ORDER BY seq DESC LIMIT 1", ())
        return rows[0].seq if rows else 0

    def after(self, seq: int, limit: int) -> Sequence[OutboxRow]:
        """Give at most ``limit`` rows past ``seq``, oldest first; raises DataAbsent."""
        return self._rows(f"{_ROWS} WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))

    def _rows(self, sql: str, parameters: tuple[int, ...]) -> list[OutboxRow]:
        if not self._path.exists():
            return []
        try:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=WAIT_S)) as connection:
                rows = connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as wrong:
            raise DataAbsent(f"{self._path.name}: {wrong}") from wrong
        return [
            OutboxRow(seq=row[0], kind=row[1], subject=row[2], at=row[3], payload=row[4])
            for row in rows
        ]
