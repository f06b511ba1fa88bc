"""Creates and upgrades the schema of content.db; only the writer imports this (sqlite-utils).

Schema (times are whole epoch seconds UTC, texts by language are JSON objects):

- dataset      one row per dataset; ``no`` is its short number in every other table
- record       ``rowid`` is the order of popularity: see ``kiosk.store.content.first_rowid``
- record_fts   FTS5 over record.names and record.words (external content: no second copy)
- record_geo   R-Tree; the dataset's number lies beside the box (as a third dimension, in which
  every box is flat, it made the tree forty times slower), and so does the exact position
- gtfs_*       a timetable, in the numbers that kiosk.domain.transit.TimetableRows explains
- gtfs_update  what a live feed says of trips
- copy         which edition of a hub's dataset stands here; ``record.line`` is then the record as
  the hub wrote it, NULL for what was made here
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from sqlite_utils import Database

Step: TypeAlias = "Callable[[Database], None]"


# What sqlite-utils has no words for: virtual tables with their options, WITHOUT ROWID.
_RECORD_INDEXES = """
CREATE VIRTUAL TABLE record_fts USING fts5(
    names, words, content='record', content_rowid='no',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3 4');
CREATE VIRTUAL TABLE record_geo USING rtree(
    no, south, north, west, east, +dataset_no, +lat, +lon)
"""
_TIMETABLES = """
CREATE TABLE gtfs_feed(dataset_no INTEGER PRIMARY KEY, timezone TEXT, last_s INTEGER);
CREATE TABLE gtfs_board(
    no INTEGER PRIMARY KEY, dataset_no INTEGER, id TEXT, name TEXT, folded TEXT,
    lat REAL, lon REAL, departures INTEGER, departing BLOB);
CREATE TABLE gtfs_stop(
    dataset_no INTEGER, no INTEGER, id TEXT, name TEXT, platform TEXT, wheelchair INTEGER,
    board INTEGER, PRIMARY KEY(dataset_no, no)) WITHOUT ROWID;
CREATE INDEX gtfs_board_dataset ON gtfs_board(dataset_no);
CREATE INDEX gtfs_stop_id ON gtfs_stop(id);
CREATE TABLE gtfs_route(
    dataset_no INTEGER, no INTEGER, id TEXT, name TEXT, colour TEXT, text_colour TEXT,
    type INTEGER, PRIMARY KEY(dataset_no, no)) WITHOUT ROWID;
CREATE TABLE gtfs_service(
    dataset_no INTEGER, no INTEGER, weekdays INTEGER, first_day INTEGER, last_day INTEGER,
    PRIMARY KEY(dataset_no, no)) WITHOUT ROWID;
CREATE TABLE gtfs_exception(
    dataset_no INTEGER, day INTEGER, service INTEGER, added INTEGER,
    PRIMARY KEY(dataset_no, day, service)) WITHOUT ROWID;
CREATE TABLE gtfs_trip(
    dataset_no INTEGER, no INTEGER, id TEXT, route INTEGER, headsign TEXT, destination TEXT,
    wheelchair INTEGER, PRIMARY KEY(dataset_no, no)) WITHOUT ROWID;
CREATE TABLE gtfs_headsign(
    dataset_no INTEGER, no INTEGER, text TEXT, PRIMARY KEY(dataset_no, no)) WITHOUT ROWID;
CREATE TABLE gtfs_update(
    dataset TEXT, trip TEXT, stop TEXT, seq INTEGER, start_day TEXT, delay_s INTEGER,
    expected INTEGER, cancelled INTEGER, observed_at INTEGER, valid_until INTEGER,
    demo INTEGER);
CREATE INDEX gtfs_update_dataset ON gtfs_update(dataset)
"""


def _records(db: Database) -> None:
    db.table("dataset").create(
        {
            "no": int,
            "id": str,
            "title": str,
            "kind": str,
            "connector": str,
            "source": str,
            "licence": str,
            "demo": int,
            "observed_at": int,
            "imported_at": int,
            "records": int,
            "rejects": int,
            "first_rejects": str,
        },
        pk="no",
        not_null={"id", "records", "rejects"},
    )
    db.table("dataset").create_index(["id"], unique=True)
    db.table("record").create(
        {
            "no": int,
            "dataset_no": int,
            "id": str,
            "kind": str,
            "title": str,
            "body": str,
            "data": str,
            "source": str,
            "licence": str,
            "observed_at": int,
            "valid_from": int,
            "valid_until": int,
            "confidence": float,
            "demo": int,
            "lat": float,
            "lon": float,
            "names": str,
            "words": str,
        },
        pk="no",
        not_null={"dataset_no", "id", "kind", "title", "observed_at"},
    )
    db.table("record").create_index(["dataset_no", "id"], unique=True)
    db.table("record").create_index(
        ["dataset_no"]
    )  # gives a dataset's rows by popularity, unsorted
    for statement in _RECORD_INDEXES.split(";"):
        db.conn.execute(statement)


def _timetables(db: Database) -> None:
    for statement in _TIMETABLES.split(";"):
        db.conn.execute(statement)


def _copies(db: Database) -> None:
    db.conn.execute("ALTER TABLE record ADD COLUMN line BLOB")
    db.conn.execute(
        "CREATE TABLE copy(dataset_no INTEGER PRIMARY KEY, schema INTEGER NOT NULL,"
        " epoch INTEGER NOT NULL, head INTEGER NOT NULL, sum TEXT NOT NULL)"
    )


STEPS: tuple[Step, ...] = (_records, _timetables, _copies)
VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to VERSION, one transaction a step.

    Raises InputRefused when a newer programme has written the file.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise InputRefused(
            f"content database of schema {found}, this programme knows {VERSION}",
            todo="update the programme or give another --database",
        )
    if found == VERSION:
        return
    from sqlite_utils import Database

    db = Database(connection)
    for number, step in enumerate(STEPS[found:], found + 1):
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or rolls the whole step back
            step(db)
            connection.execute(f"PRAGMA user_version={number}")
