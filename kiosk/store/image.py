"""Images: a content database made whole by the hub, and taken by a kiosk as its own (ADR 0025).

Rules:
1. The hub makes it by the code with which a kiosk takes a snapshot (``CopyWriter.take``).
2. A kiosk takes one while nothing of a hub stands in its database. What it has of its own (the
   pack's timetables, datasets that the image doesn't hold) is carried over into the image first.
3. The image then replaces the database's pages in ONE transaction of SQLite's, by its backup: a
   kill at any moment leaves all of the old or all of the new, and readers need not open it anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kiosk.domain.errors import DataAbsent, FeedRefused
from kiosk.store.content import DATASETS_MAX, INDEX_RECORDS, board_base, first_rowid
from kiosk.store.copies import CopyWriter, Edition

DRAFT = ".draft"  # behind the database's name: an image on its way
_RECORD = (
    "INSERT INTO record SELECT no + :band, :new, id, kind, title, body, data, source, licence,"
    " observed_at, valid_from, valid_until, confidence, demo, lat, lon, names, words, line"
    " FROM old.record WHERE dataset_no=:old"
)
_DATASET = (
    "INSERT INTO dataset(id, title, kind, connector, source, licence, demo, observed_at,"
    " imported_at, records, rejects, first_rejects)"
    " SELECT id, title, kind, connector, source, licence, demo, observed_at, imported_at, records,"
    " rejects, first_rejects FROM old.dataset WHERE no=? RETURNING no"
)
_TIMETABLE = """
INSERT INTO gtfs_feed SELECT :new, timezone, last_s FROM old.gtfs_feed WHERE dataset_no=:old;
INSERT INTO gtfs_board
    SELECT no + :boards, :new, id, name, folded, lat, lon, departures, departing
    FROM old.gtfs_board WHERE dataset_no=:old;
INSERT INTO gtfs_stop SELECT :new, no, id, name, platform, wheelchair, board + :boards
    FROM old.gtfs_stop WHERE dataset_no=:old;
INSERT INTO gtfs_route SELECT :new, no, id, name, colour, text_colour, type
    FROM old.gtfs_route WHERE dataset_no=:old;
INSERT INTO gtfs_service SELECT :new, no, weekdays, first_day, last_day
    FROM old.gtfs_service WHERE dataset_no=:old;
INSERT INTO gtfs_exception SELECT :new, day, service, added
    FROM old.gtfs_exception WHERE dataset_no=:old;
INSERT INTO gtfs_trip SELECT :new, no, id, route, headsign, destination, wheelchair
    FROM old.gtfs_trip WHERE dataset_no=:old;
INSERT INTO gtfs_headsign SELECT :new, no, text FROM old.gtfs_headsign WHERE dataset_no=:old
"""


def make(path: Path, editions: Iterable[tuple[Edition, Iterable[bytes]]]) -> None:
    """Make an image at ``path`` of editions and their lines, sorted by id.

    Raises FeedRefused (not the edition's count and sum) and DataAbsent (the disk).
    """
    draft = path.with_name(f"{path.name}{DRAFT}")
    with CopyWriter(draft) as writer:
        for edition, lines in editions:
            writer.take(edition, snapshot=lines)
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as wrong:
        raise DataAbsent(f"an image can't be written: {wrong}") from wrong


def carry_over(image: Path, database: Path) -> None:
    """Bring into a checked image what ``database`` has of its own; raises DataAbsent."""
    try:
        with closing(_draft(image)) as connection:
            connection.execute("ATTACH ? AS old", (f"{database.absolute().as_uri()}?mode=ro",))
            connection.execute("BEGIN")
            known = dict(connection.execute("SELECT id, no FROM main.dataset"))
            for old, name in connection.execute("SELECT no, id FROM old.dataset").fetchall():
                new = known.get(name) or _record_over(connection, old)
                numbers = {"old": old, "new": new, "boards": board_base(new) - board_base(old)}
                for statement in _TIMETABLE.split(";"):
                    connection.execute(statement, numbers)
            connection.execute("INSERT INTO gtfs_update SELECT * FROM old.gtfs_update")
            connection.execute("COMMIT")
    except sqlite3.Error as wrong:
        raise DataAbsent(f"an image can't be completed: {wrong}") from wrong


def _draft(image: Path) -> sqlite3.Connection:
    """Open an image to write; it is made anew rather than repaired, so nothing of it is synced."""
    connection = sqlite3.connect(image.absolute().as_uri(), uri=True, isolation_level=None)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "journal_mode=OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def _record_over(connection: sqlite3.Connection, old: int) -> int:
    """Carry a dataset and its records over; gives its new number."""
    (new,) = connection.execute(_DATASET, (old,)).fetchone()
    if new >= DATASETS_MAX:
        raise FeedRefused("too many datasets beside an image's")
    band = first_rowid(0, new) - first_rowid(0, old)
    connection.execute(_RECORD, {"old": old, "new": new, "band": band})
    for statement in INDEX_RECORDS:
        connection.execute(statement, (new,))
    return int(new)
