"""sync.db: what the sync process must not forget; its one writer is the sync process.

::

    pin      the territory's keys: the offline root, the online key, and the epoch they belong to
    device   this kiosk's id at the hub, once it is enrolled
    seen     the highest manifest taken in, and its bytes' digest
    stream   an outbox of ours: its epoch, and how far the hub holds it
    refused  events that the hub can't use (quarantine), for staff to see
    alarm    what people should look at, newest last
    try_at   when the ladder of verification was climbed (its limit is per hour)

Rules:
1. ``synchronous=FULL``: a position that was told is never told lower by a power cut.
2. Positions of datasets stand in content.db, in the transaction of their records
   (kiosk.store.copies): two files can't be changed in one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.domain.errors import DataAbsent
from kiosk.store.database import open_to_read
from sync.feed import Pin, Seen
from sync.merge import Stream

FILE = "sync.db"
WAIT_S = 5.0
ALARMS_MAX = 1000
REFUSED_MAX = 10_000
TRIES_MAX = 1000
VERSION = 1
_SCHEMA = f"""
CREATE TABLE pin(one INTEGER PRIMARY KEY CHECK (one=1), territory TEXT NOT NULL,
    root BLOB NOT NULL, key BLOB NOT NULL, epoch INTEGER NOT NULL) STRICT;
CREATE TABLE device(one INTEGER PRIMARY KEY CHECK (one=1), id TEXT NOT NULL) STRICT;
CREATE TABLE seen(one INTEGER PRIMARY KEY CHECK (one=1), epoch INTEGER NOT NULL,
    version INTEGER NOT NULL, digest BLOB NOT NULL, etag TEXT NOT NULL, at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE stream(name TEXT PRIMARY KEY, epoch TEXT NOT NULL, acked INTEGER NOT NULL) STRICT;
CREATE TABLE refused(epoch TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY(epoch, seq)) STRICT;
CREATE TABLE alarm(no INTEGER PRIMARY KEY, code TEXT NOT NULL, about TEXT NOT NULL,
    at INTEGER NOT NULL) STRICT;
CREATE TABLE try_at(dataset TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
PRAGMA user_version={VERSION};
"""
_SET_SEEN = "INSERT OR REPLACE INTO seen VALUES(1, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that people should look at; ``at`` in epoch seconds."""

    code: str
    about: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An event in quarantine: which one, and the hub's reason."""

    epoch: str
    seq: int
    code: str


class SyncStore:
    """The sync process' own memory; a context manager that closes it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises DataAbsent."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
                self._connection.execute(f"PRAGMA {pragma}")
            (found,) = self._connection.execute("PRAGMA user_version").fetchone()
            if found == 0:
                self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        except (OSError, sqlite3.Error) as wrong:
            raise DataAbsent(f"{path.name}: {wrong}") from wrong

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def pin(self) -> Pin | None:
        """Give the territory's keys, None before an enrolment."""
        row = self._connection.execute("SELECT territory, root, key, epoch FROM pin").fetchone()
        return None if row is None else Pin(territory=row[0], root=row[1], key=row[2], epoch=row[3])

    def set_pin(self, pin: Pin) -> None:
        """Keep the territory's keys.

        Every outbox's last event is told again then (rule 8 of sync.merge).
        """
        with self._writing() as connection:
            connection.execute("UPDATE stream SET acked = acked - 1 WHERE acked > 0")
            connection.execute(
                "INSERT OR REPLACE INTO pin VALUES(1, ?, ?, ?, ?)",
                (pin.territory, pin.root, pin.key, pin.epoch),
            )

    def begin(self, pin: Pin, seen: Seen | None) -> None:
        """Keep the keys of another root, with the highest manifest that they have signed."""
        with self._writing() as connection:
            connection.execute("DELETE FROM seen")
            connection.execute(
                "INSERT OR REPLACE INTO pin VALUES(1, ?, ?, ?, ?)",
                (pin.territory, pin.root, pin.key, pin.epoch),
            )
            if seen is not None:
                connection.execute(_SET_SEEN, _seen_row(seen))

    def device(self) -> str:
        """Give this kiosk's id at the hub, "" before it is enrolled."""
        row = self._connection.execute("SELECT id FROM device").fetchone()
        return "" if row is None else str(row[0])

    def set_device(self, name: str) -> None:
        """Keep this kiosk's id at the hub."""
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO device VALUES(1, ?)", (name,))

    def seen(self) -> Seen | None:
        """Give the highest manifest that was taken in, None before the first."""
        row = self._connection.execute(
            "SELECT epoch, version, digest, etag, at, expires_at FROM seen"
        ).fetchone()
        if row is None:
            return None
        return Seen(
            epoch=row[0], version=row[1], digest=row[2], etag=row[3], at=row[4], expires_at=row[5]
        )

    def set_seen(self, seen: Seen) -> None:
        """Keep the highest manifest."""
        with self._writing() as connection:
            connection.execute(_SET_SEEN, _seen_row(seen))

    def stream(self, name: str) -> Stream | None:
        """Give how far an outbox was sent, None before its first batch."""
        row = self._connection.execute(
            "SELECT epoch, acked FROM stream WHERE name=?", (name,)
        ).fetchone()
        return None if row is None else Stream(epoch=row[0], acked=row[1])

    def set_stream(self, name: str, stream: Stream, refused: Sequence[Refusal], at: int) -> None:
        """Keep how far an outbox was sent, and what went to the quarantine, together."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO stream VALUES(?, ?, ?)",
                (name, stream.epoch, stream.acked),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO refused VALUES(?, ?, ?, ?)",
                [(one.epoch, one.seq, one.code, at) for one in refused],
            )

    def refused(self) -> list[Refusal]:
        """Give the quarantine, oldest first."""
        rows = self._connection.execute(
            "SELECT epoch, seq, code FROM refused ORDER BY at, seq LIMIT ?", (REFUSED_MAX,)
        ).fetchall()
        return [Refusal(epoch=row[0], seq=row[1], code=row[2]) for row in rows]

    def raise_alarm(self, code: str, about: str, at: int) -> None:
        """Note what people should look at; the oldest make room."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO alarm(code, about, at) VALUES(?, ?, ?)", (code, about, at)
            )
            connection.execute(
                "DELETE FROM alarm WHERE no <= (SELECT max(no) FROM alarm) - ?", (ALARMS_MAX,)
            )

    def alarms(self) -> list[Alarm]:
        """Give the alarms, oldest first."""
        rows = self._connection.execute("SELECT code, about, at FROM alarm ORDER BY no").fetchall()
        return [Alarm(code=row[0], about=row[1], at=row[2]) for row in rows]

    def tries(self, dataset: str) -> list[int]:
        """Give when the ladder was climbed for a dataset (epoch seconds)."""
        rows = self._connection.execute(
            "SELECT at FROM try_at WHERE dataset=? ORDER BY at DESC LIMIT ?", (dataset, TRIES_MAX)
        ).fetchall()
        return [int(row[0]) for row in rows]

    def note_try(self, dataset: str, at: int, forget_before: int) -> None:
        """Note that the ladder is climbed now."""
        with self._writing() as connection:
            connection.execute("DELETE FROM try_at WHERE at < ?", (forget_before,))
            connection.execute("INSERT INTO try_at VALUES(?, ?)", (dataset, at))

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection
        except sqlite3.Error as wrong:
            raise DataAbsent(f"{FILE}: {wrong}") from wrong


def alarms_since(path: Path, since: int) -> set[str] | None:
    """Give the codes of the alarms since a moment (epoch seconds), beside the process that writes.

    An absent file has none; None: it can't be read.
    """
    if not path.exists():
        return set()
    try:
        with closing(open_to_read(path)) as connection:
            rows = connection.execute("SELECT DISTINCT code FROM alarm WHERE at > ?", (since,))
            return {str(code) for (code,) in rows}
    except (sqlite3.Error, ValueError):
        return None


def _seen_row(seen: Seen) -> tuple[object, ...]:
    return seen.epoch, seen.version, seen.digest, seen.etag, seen.at, seen.expires_at
