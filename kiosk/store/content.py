"""Writes content.db: the sync process' side.

Rules:
1. A dataset is replaced as a whole: one transaction is the stage and the swap, so that a reader
   (WAL) sees all of the old data or all of the new, never half.
2. What was counted on the way in must stand in the table, else nothing is committed.
3. Any failure rolls back: the last good data stays.
4. Items that were all rejected are a bad file, not an empty dataset: refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from kiosk.domain.errors import DataAbsent, InputRefused
from kiosk.domain.record import POPULARITY_MAX, Json, Record, Reject
from kiosk.domain.territory import Dataset
from kiosk.domain.transit import TimetableRows, TripUpdate
from kiosk.store.database import open_to_write
from kiosk.store.migrations import migrate
from kiosk.store.search import plain

REJECTS_KEPT_MAX = 1000
REJECTS_STORED_MAX = 10
RECORDS_MAX = 1 << 24
OPTIMIZED_FROM = 20_000  # records; a search in one segment is twice as fast, merging takes 0.5 s
DATASETS_MAX = 1 << 16
KEYWORD_FIELDS = ("keywords", "commune", "address", "place", "lines", "postcodes", "canteen")
_BOARD_SHIFT = 32

INSERT_RECORD = f"INSERT INTO record VALUES({','.join('?' * 19)})"
DELETE_RECORDS = (
    (
        "INSERT INTO record_fts(record_fts, rowid, names, words)"
        " SELECT 'delete', no, names, words FROM record WHERE dataset_no=?"
    ),
    (
        "DELETE FROM record_geo WHERE no IN"
        " (SELECT no FROM record WHERE dataset_no=? AND lat IS NOT NULL)"
    ),
    "DELETE FROM record WHERE dataset_no=?",
    "DELETE FROM copy WHERE dataset_no=?",
)
INDEX_RECORDS = (
    (
        "INSERT INTO record_fts(rowid, names, words)"
        " SELECT no, names, words FROM record WHERE dataset_no=?"
    ),
    (
        "INSERT INTO record_geo SELECT no, lat, lat, lon, lon, dataset_no, lat, lon"
        " FROM record WHERE dataset_no=? AND lat IS NOT NULL"
    ),
)
OPTIMIZE = "INSERT INTO record_fts(record_fts) VALUES('optimize')"
_DELETE_TIMETABLE = (
    "DELETE FROM gtfs_feed WHERE dataset_no=?",
    "DELETE FROM gtfs_board WHERE dataset_no=?",
    "DELETE FROM gtfs_stop WHERE dataset_no=?",
    "DELETE FROM gtfs_route WHERE dataset_no=?",
    "DELETE FROM gtfs_service WHERE dataset_no=?",
    "DELETE FROM gtfs_exception WHERE dataset_no=?",
    "DELETE FROM gtfs_trip WHERE dataset_no=?",
    "DELETE FROM gtfs_headsign WHERE dataset_no=?",
)
DATASET = (
    "UPDATE dataset SET title=?, kind=?, connector=?, source=?, licence=?, demo=?,"
    " observed_at=?, imported_at=?, records=?, rejects=?, first_rejects=? WHERE no=?"
)
_UPDATE = "INSERT INTO gtfs_update VALUES(?,?,?,?,?,?,?,?,?,?,?)"

Divert: TypeAlias = Callable[[Record], bool]  # takes a record, or leaves it to the table
RecordRow: TypeAlias = tuple[str | int | float | bytes | None, ...]


@dataclass(slots=True, kw_only=True)
class Imported:
    """What an import did; ``first_rejects`` holds at most REJECTS_KEPT_MAX of ``rejects``.

    ``diverted`` counts the records that were kept elsewhere than in the table of records.
    """

    records: int = 0
    diverted: int = 0
    rejects: int = 0
    first_rejects: list[Reject] = field(default_factory=list[Reject])

    def reject(self, where: str, why: str) -> None:
        """Count a reject, and keep it while there is room."""
        self.rejects += 1
        if len(self.first_rejects) < REJECTS_KEPT_MAX:
            self.first_rejects.append(Reject(where=where, why=why))


def first_rowid(popularity: int, dataset_no: int) -> int:
    """Give the lowest row number of a popularity in a dataset: the popular ones come first."""
    return (POPULARITY_MAX - popularity) << 40 | dataset_no << 24


def board_base(dataset_no: int) -> int:
    """Give what is added to a feed's board numbers to make them unique in the database."""
    return dataset_no << _BOARD_SHIFT


def keywords(data: Mapping[str, Json]) -> Iterator[str]:
    """Yield the texts of a record's data that a citizen may search by."""
    for name in KEYWORD_FIELDS:
        value = data.get(name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (text for text in value if isinstance(text, str))


class ContentWriter:
    """The one writer of a content database; a context manager that closes it."""

    def __init__(self, path: Path) -> None:
        """Open and migrate ``path``; raises DataAbsent (damaged, locked) and InputRefused."""
        try:
            self._connection = open_to_write(path)
            migrate(self._connection)
        except sqlite3.Error as wrong:
            raise DataAbsent(f"{path.name}: {wrong}") from wrong

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextmanager
    def swap(self) -> Generator[None]:
        """Hold one transaction around several replacements; they are seen together or not at all.

        Raises DataAbsent when the disk or the file fails.
        """
        if self._connection.in_transaction:
            yield
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as wrong:
            raise DataAbsent(f"content database: {wrong}") from wrong

    def replace_dataset(
        self,
        dataset: Dataset,
        items: Iterable[Record | Reject],
        *,
        observed_at: datetime,
        imported_at: datetime,
        divert: Divert | None = None,
    ) -> Imported:
        """Replace a dataset's records by ``items``; those that ``divert`` takes aren't stored.

        Raises InputRefused when every item was rejected or ``items`` raises it, DataAbsent when
        the database fails; the last good data then stays.
        """
        done = Imported()
        with self.swap():
            number = self._number(dataset.id)
            for statement in DELETE_RECORDS:
                self._connection.execute(statement, (number,))
            self._connection.executemany(INSERT_RECORD, _rows(items, number, done, divert))
            self._verify(number, done)
            for statement in INDEX_RECORDS:
                self._connection.execute(statement, (number,))
            if done.records >= OPTIMIZED_FROM:
                self._connection.execute(OPTIMIZE)
            about = about_row(dataset, observed_at, imported_at, done)
            self._connection.execute(DATASET, (*about, number))
        return done

    def replace_timetable(self, dataset_id: str, rows: TimetableRows) -> None:
        """Replace a dataset's timetable; raises DataAbsent."""
        with self.swap():
            number = self._number(dataset_id)
            base = board_base(number)
            execute, many = self._connection.execute, self._connection.executemany
            for statement in _DELETE_TIMETABLE:
                execute(statement, (number,))
            execute("INSERT INTO gtfs_feed VALUES(?,?,?)", (number, rows.timezone, rows.last_s))
            for table, columns, values in (
                ("gtfs_board", f"{base}+?,{number},?,?,?,?,?,?,?", rows.boards),
                ("gtfs_stop", f"{number},?,?,?,?,?,{base}+?", rows.stops),
                ("gtfs_route", f"{number},?,?,?,?,?,?", rows.routes),
                ("gtfs_service", f"{number},?,?,?,?", rows.services),
                ("gtfs_exception", f"{number},?,?,?", rows.exceptions),
                ("gtfs_trip", f"{number},?,?,?,?,?,?", rows.trips),
                ("gtfs_headsign", f"{number},?,?", rows.headsigns),
            ):
                many(f"INSERT INTO {table} VALUES({columns})", values)

    def has_timetable(self, dataset_id: str) -> bool:
        """Say whether the dataset is a timetable's."""
        found = self._connection.execute(
            "SELECT 1 FROM gtfs_feed WHERE dataset_no=(SELECT no FROM dataset WHERE id=?)",
            (dataset_id,),
        ).fetchone()
        return found is not None

    def replace_updates(self, dataset_id: str, updates: Iterable[TripUpdate]) -> int:
        """Replace what is known live of the timetable ``dataset_id``; gives how many rows."""
        with self.swap():
            self._connection.execute("DELETE FROM gtfs_update WHERE dataset=?", (dataset_id,))
            cursor = self._connection.executemany(
                _UPDATE, (_update_row(dataset_id, update) for update in updates)
            )
        return max(cursor.rowcount, 0)

    def _number(self, dataset_id: str) -> int:
        """Give the dataset's number, a new one when it is new."""
        execute = self._connection.execute
        found = execute("SELECT no FROM dataset WHERE id=?", (dataset_id,)).fetchone()
        if found is not None:
            return int(found[0])
        row = execute(
            "INSERT INTO dataset(id, records, rejects) VALUES(?, 0, 0) RETURNING no", (dataset_id,)
        ).fetchone()
        if row[0] >= DATASETS_MAX:
            raise InputRefused("too many datasets", where=dataset_id)
        return int(row[0])

    def _verify(self, number: int, done: Imported) -> None:
        """Hold the count against the table; raises DataAbsent, InputRefused."""
        if done.rejects and not done.records + done.diverted:
            first = done.first_rejects[0]
            raise InputRefused(
                f"none of its {done.rejects} items could be read, the first: {first.why}",
                where=first.where,
                todo="the last good data stays",
            )
        (stored,) = self._connection.execute(
            "SELECT count(*) FROM record WHERE dataset_no=?", (number,)
        ).fetchone()
        if stored != done.records:
            raise DataAbsent(f"{done.records} records went in, {stored} are stored")


def about_row(
    dataset: Dataset, observed_at: datetime, imported_at: datetime, done: Imported
) -> RecordRow:
    """Give what is written of a dataset itself, but its number."""
    kept = [(reject.where, reject.why) for reject in done.first_rejects[:REJECTS_STORED_MAX]]
    return (
        _json(dataset.title),
        dataset.kind,
        dataset.connector,
        dataset.source,
        dataset.licence,
        int(dataset.demo),
        int(observed_at.timestamp()),
        int(imported_at.timestamp()),
        done.records,
        done.rejects,
        _json(kept),
    )


def _rows(
    items: Iterable[Record | Reject], number: int, done: Imported, divert: Divert | None
) -> Iterator[RecordRow]:
    """Turn items into rows, counting; the second item that bears an id is a reject."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Reject):
            done.reject(item.where, item.why)
        elif divert is not None and divert(item):
            done.diverted += 1
        elif item.id in seen:
            done.reject(item.id, "an earlier item bears the same id")
        elif done.records >= RECORDS_MAX:
            raise InputRefused(f"more than {RECORDS_MAX} records")
        else:
            seen.add(item.id)
            yield row_of(item, first_rowid(item.popularity, number) + done.records, number)
            done.records += 1


def row_of(record: Record, rowid: int, number: int, line: bytes | None = None) -> RecordRow:
    """Give a record's row; ``line`` is how a hub wrote it, None for what was made here."""
    geo = record.geo
    return (
        rowid,
        number,
        record.id,
        record.kind,
        _json(record.title),
        _json(record.body),
        _json(record.data),
        record.source,
        record.licence,
        int(record.observed_at.timestamp()),
        _epoch(record.valid_from),
        _epoch(record.valid_until),
        record.confidence,
        int(record.demo),
        geo.lat if geo else None,
        geo.lon if geo else None,
        plain("\n".join(record.title.values())),
        plain("\n".join((*record.body.values(), *keywords(record.data)))),
        line,
    )


def _update_row(dataset_id: str, update: TripUpdate) -> RecordRow:
    return (
        dataset_id,
        update.trip,
        update.stop,
        update.stop_sequence,
        update.start_day,
        update.delay_s,
        _epoch(update.expected),
        int(update.cancelled),
        int(update.observed_at.timestamp()),
        _epoch(update.valid_until),
        int(update.demo),
    )


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _json(value: Mapping[str, str] | Mapping[str, Json] | Sequence[tuple[str, str]]) -> str:
    return msgspec.json.encode(value).decode()
