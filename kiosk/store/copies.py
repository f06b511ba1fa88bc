"""Copies of a hub's datasets in content.db: a whole snapshot, or what changed.

Rules:
1. Records, their indexes and the position (table ``copy``) change in one transaction: a kill at any
   moment leaves the old edition with its position, or the new one with its own.
2. Nothing is committed before the number of records and their sum are those of the manifest.
3. A record's line is kept beside its columns, so that a change of some fields can be applied to
   what the hub wrote, unknown fields included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from kiosk.domain.errors import DataAbsent, FeedRefused
from kiosk.domain.record import POPULARITY_MAX
from kiosk.domain.territory import Dataset
from kiosk.store.content import (
    DATASET,
    DELETE_RECORDS,
    INDEX_RECORDS,
    INSERT_RECORD,
    OPTIMIZE,
    OPTIMIZED_FROM,
    RECORDS_MAX,
    ContentWriter,
    Imported,
    RecordRow,
    about_row,
    first_rowid,
    row_of,
)
from kiosk.store.database import MMAP_BYTES, ContentReader
from sync.protocol.canonical import SUM_MODULUS, decode, digest, hex_sum
from sync.protocol.delta import Operation, apply
from sync.protocol.envelope import record_of

_BAND = 1 << 24  # row numbers of one popularity in one dataset
_NO, _KIND, _LAT, _LON, _NAMES, _WORDS, _LINE = 0, 3, 14, 15, 16, 17, 18  # places in a row
_SELECT = "SELECT * FROM record WHERE dataset_no=? AND id=?"
_COLUMNS = (
    "kind", "title", "body", "data", "source", "licence", "observed_at", "valid_from",
    "valid_until", "confidence", "demo", "lat", "lon", "names", "words", "line",
)  # fmt: skip
_UPDATE = f"UPDATE record SET {', '.join(f'{name}=?' for name in _COLUMNS)} WHERE no=?"  # noqa: S608  # constants
_FORGET_WORDS = "INSERT INTO record_fts(record_fts, rowid, names, words) VALUES('delete', ?, ?, ?)"
_ADD_WORDS = "INSERT INTO record_fts(rowid, names, words) VALUES(?, ?, ?)"
_ADD_PLACE = "INSERT INTO record_geo VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
BUSY_TRIES_MAX = 3  # of WRITE_WAIT_S each


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Which edition of a hub's dataset stands here; ``sum`` is that of its records (hex)."""

    schema: int
    epoch: int
    head: int
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What is to stand in content.db: a dataset, its position, and how many records it has."""

    dataset: Dataset
    copy: Copy
    count: int
    observed_at: datetime
    imported_at: datetime


@dataclass(slots=True)
class _Tally:
    """The sum and the number of records, kept up change by change."""

    sum: int = 0
    count: int = 0

    def come(self, line: bytes) -> None:
        self.sum += digest(line)
        self.count += 1

    def gone(self, line: bytes) -> None:
        self.sum -= digest(line)
        self.count -= 1


class CopyWriter(ContentWriter):
    """The one writer of a content database that also takes a hub's datasets."""

    def held(self, dataset_id: str) -> Copy | None:
        """Give which edition stands here; None for none, or for what was made here."""
        row = self._connection.execute(
            "SELECT schema, epoch, head, sum FROM copy"
            " WHERE dataset_no=(SELECT no FROM dataset WHERE id=?)",
            (dataset_id,),
        ).fetchone()
        if row is None:
            return None
        return Copy(schema=row[0], epoch=row[1], head=row[2], sum=row[3])

    def holds_copies(self) -> bool:
        """Whether any edition of a hub stands here."""
        return self._connection.execute("SELECT 1 FROM copy LIMIT 1").fetchone() is not None

    def replace_by(self, image: Path) -> None:
        """Take all of another database's content in one transaction; raises DataAbsent."""
        tries = count(1)

        def bounded(_status: int, _left: int, _pages: int) -> None:
            if next(tries) > BUSY_TRIES_MAX:
                raise DataAbsent("content database: another writer doesn't end")

        try:
            uri = f"{image.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as source:
                source.execute(f"PRAGMA mmap_size={MMAP_BYTES}")
                source.backup(self._connection, progress=bounded)
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as wrong:
            raise DataAbsent(f"content database: {wrong}") from wrong

    def take(
        self,
        edition: Edition,
        *,
        snapshot: Iterable[bytes] | None,
        operations: Iterable[Operation] = (),
    ) -> None:
        """Bring the dataset to ``edition``: a snapshot's lines where given, then operations.

        Raises FeedRefused (unsound, or not the edition's count and sum) and DataAbsent (the disk);
        the old data then stay.
        """
        with self.swap():
            number = self._number(edition.dataset.id)
            tally = self._tally(number) if snapshot is None else self._replace(number, snapshot)
            many = tally.count if snapshot is not None else 0
            change = _Change(self, number, tally)
            for operation in operations:
                change.apply(operation)
            if (tally.count, hex_sum(tally.sum % SUM_MODULUS)) != (edition.count, edition.copy.sum):
                raise FeedRefused(
                    f"{edition.dataset.id}: {tally.count} records, the manifest tells"
                    f" {edition.count}, or their sum differs"
                )
            self._close_edition(number, edition, many)

    def _tally(self, number: int) -> _Tally:
        row = self._connection.execute(
            "SELECT d.records, c.sum FROM dataset AS d JOIN copy AS c ON c.dataset_no=d.no"
            " WHERE d.no=?",
            (number,),
        ).fetchone()
        if row is None:
            raise FeedRefused("a change of a dataset that isn't here")
        return _Tally(sum=int(row[1], 16), count=row[0])

    def _replace(self, number: int, lines: Iterable[bytes]) -> _Tally:
        tally = _Tally()
        for statement in DELETE_RECORDS:
            self._connection.execute(statement, (number,))
        self._connection.executemany(INSERT_RECORD, _rows(lines, number, tally))
        for statement in INDEX_RECORDS:
            self._connection.execute(statement, (number,))
        return tally

    def _close_edition(self, number: int, edition: Edition, many: int) -> None:
        """Write the dataset's own row and its position."""
        execute, copy = self._connection.execute, edition.copy
        if many >= OPTIMIZED_FROM:
            execute(OPTIMIZE)
        done = Imported(records=edition.count)
        about = about_row(edition.dataset, edition.observed_at, edition.imported_at, done)
        execute(DATASET, (*about, number))
        execute(
            "INSERT OR REPLACE INTO copy VALUES(?, ?, ?, ?, ?)",
            (number, copy.schema, copy.epoch, copy.head, copy.sum),
        )

    def record_row(self, number: int, name: str) -> RecordRow | None:
        """Give a record's whole row, None when there is none."""
        row: RecordRow | None = self._connection.execute(_SELECT, (number, name)).fetchone()
        return row

    def free_rowid(self, first: int) -> int:
        """Give the row number behind the last one of a popularity's band."""
        (last,) = self._connection.execute(
            "SELECT max(no) FROM record WHERE no >= ? AND no < ?", (first, first + _BAND)
        ).fetchone()
        if last == first + _BAND - 1:
            raise FeedRefused("no row number is left: a snapshot numbers anew")
        return first if last is None else int(last) + 1

    def put_row(self, old: RecordRow | None, new: RecordRow) -> None:
        """Write a row and its indexes in place of ``old``."""
        same = old is not None and old[_NO] == new[_NO]
        words = not same or old is None or old[_NAMES:_LINE] != new[_NAMES:_LINE]
        place = not same or old is None or old[_LAT:_NAMES] != new[_LAT:_NAMES]
        if old is not None:
            self._unindex(old, words=words, place=place)
        if old is not None and same:  # its id stays: its indexes' pages are left alone
            self._connection.execute(_UPDATE, (*new[_KIND:], new[_NO]))
        else:
            if old is not None:
                self._connection.execute("DELETE FROM record WHERE no=?", (old[_NO],))
            self._connection.execute(INSERT_RECORD, new)
        self._index(new, words=words, place=place)

    def drop_row(self, old: RecordRow) -> None:
        """Take a row and its indexes away."""
        self._unindex(old, words=True, place=True)
        self._connection.execute("DELETE FROM record WHERE no=?", (old[_NO],))

    def _unindex(self, row: RecordRow, *, words: bool, place: bool) -> None:
        if words:
            self._connection.execute(_FORGET_WORDS, (row[_NO], row[_NAMES], row[_WORDS]))
        if place and row[_LAT] is not None:
            self._connection.execute("DELETE FROM record_geo WHERE no=?", (row[_NO],))

    def _index(self, row: RecordRow, *, words: bool, place: bool) -> None:
        if words:
            self._connection.execute(_ADD_WORDS, (row[_NO], row[_NAMES], row[_WORDS]))
        if place and row[_LAT] is not None:
            lat, lon = row[_LAT], row[_LON]
            self._connection.execute(_ADD_PLACE, (row[_NO], lat, lat, lon, lon, row[1], lat, lon))


def held_copies(reader: ContentReader) -> list[dict[str, str | int]]:
    """Give the datasets that are copies of a hub's: id, epoch, head, and how many records."""
    rows = reader.rows(
        "SELECT d.id, c.epoch, c.head, d.records FROM copy AS c"
        " JOIN dataset AS d ON d.no=c.dataset_no ORDER BY d.id"
    )
    return [dict(zip(("id", "epoch", "head", "records"), row, strict=True)) for row in rows]


class _Change:
    """Applies operations to one dataset, record by record."""

    def __init__(self, writer: CopyWriter, number: int, tally: _Tally) -> None:
        self._writer = writer
        self._number = number
        self._tally = tally

    def apply(self, operation: Operation) -> None:
        old = self._writer.record_row(self._number, operation.id)
        before = None if old is None else old[_LINE]
        assert before is None or isinstance(before, bytes), "the column's type"
        if old is not None and before is None:
            raise FeedRefused(f"{operation.id}: a change of what no hub has written")
        line = apply(operation, before)
        if before is not None:
            self._tally.gone(before)
        if line is None:
            if old is not None:
                self._writer.drop_row(old)
            return
        self._tally.come(line)
        record = record_of(line, str(self._number))
        first = first_rowid(record.popularity, self._number)
        number = None if old is None else old[_NO]
        kept = isinstance(number, int) and first <= number < first + _BAND
        rowid = number if kept else self._writer.free_rowid(first)
        assert isinstance(rowid, int), "a row has a number"
        self._writer.put_row(old, row_of(record, rowid, self._number, line))


def _rows(lines: Iterable[bytes], number: int, tally: _Tally) -> Iterator[RecordRow]:
    """Turn a snapshot's lines into rows; an id that comes twice is refused."""
    last = ""
    following = [first_rowid(one, number) for one in range(POPULARITY_MAX + 1)]
    for line in lines:
        name = str(decode(line)["id"])
        if name <= last:
            raise FeedRefused(f"{name}: a snapshot is sorted by id, each once")
        if tally.count >= RECORDS_MAX:
            raise FeedRefused(f"more than {RECORDS_MAX} records")
        last = name
        record = record_of(line, str(number))
        rowid = following[record.popularity]
        following[record.popularity] += 1
        tally.come(line)
        yield row_of(record, rowid, number, line)
