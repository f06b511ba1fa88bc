"""Holds an image against what was told of it, before anything but this opens it (ADR 0025).

It comes signed and named by its hash, and is still a database from outside. It is opened read-only
and immutable, ``trusted_schema`` off, cells checked. Rules:
1. Its schema is ours, word by word: no other table, no trigger, no view, no index.
2. Its pages hold together (``quick_check``, bounded by the told size) before any row is read.
3. It holds the told datasets, each with its count and its sum, and nothing else.
4. Every row has the types and bounds that the readers rely on, every text is clean as from a line.
5. Of SAMPLE_MAX rows drawn by chance each column is what its line says. The others' columns are the
   hub's word, as their lines are: whoever could sign a false column could sign a false line.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import ID_MAX, POPULARITY_MAX
from kiosk.domain.text import BODY_MAX, TITLE_MAX, clean, clean_line
from kiosk.store.content import RecordRow, first_rowid, row_of
from kiosk.store.database import MMAP_BYTES
from kiosk.store.migrations import VERSION, migrate
from sync.protocol.canonical import DEPTH_MAX, SUM_MODULUS, decode, digest, hex_sum, read_json
from sync.protocol.envelope import record_of, tidy
from sync.protocol.manifest import Held, Image

SAMPLE_MAX = 500
ROWS_AT_ONCE = 500
PAGE_BYTES = 4096
_HEADER = b"SQLite format 3\x00" + PAGE_BYTES.to_bytes(2, "big") + b"\x01\x01"  # no WAL
_PRAGMAS = (
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "query_only=ON",
    f"mmap_size={MMAP_BYTES}",
)
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
_FOREIGN = """
SELECT EXISTS (SELECT 1 FROM gtfs_feed) + EXISTS (SELECT 1 FROM gtfs_board)
    + EXISTS (SELECT 1 FROM gtfs_stop) + EXISTS (SELECT 1 FROM gtfs_route)
    + EXISTS (SELECT 1 FROM gtfs_service) + EXISTS (SELECT 1 FROM gtfs_exception)
    + EXISTS (SELECT 1 FROM gtfs_trip) + EXISTS (SELECT 1 FROM gtfs_headsign)
    + EXISTS (SELECT 1 FROM gtfs_update), (SELECT count(*) FROM copy)
"""
_RECORDS = """
SELECT no, dataset_no, title, body, data, line, coalesce(
    typeof(id)='text' AND length(id) BETWEEN 1 AND :id_max AND typeof(kind)='text'
    AND typeof(title)='text' AND typeof(body)='text' AND typeof(data)='text'
    AND typeof(source)='text' AND typeof(licence)='text'
    AND typeof(names)='text' AND typeof(words)='text' AND typeof(line)='blob'
    AND typeof(observed_at)='integer' AND observed_at BETWEEN :first_s AND :last_s
    AND (valid_from IS NULL
        OR typeof(valid_from)='integer' AND valid_from BETWEEN :first_s AND :last_s)
    AND (valid_until IS NULL
        OR typeof(valid_until)='integer' AND valid_until BETWEEN :first_s AND :last_s)
    AND typeof(confidence)='real' AND confidence BETWEEN 0 AND 1 AND demo IN (0, 1)
    AND (lat IS NULL AND lon IS NULL OR typeof(lat)='real' AND typeof(lon)='real'
        AND lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180)
    AND no >> 40 BETWEEN 0 AND :popularity_max AND (no >> 24) & 65535 = dataset_no, 0)
FROM record
"""
_BOUNDS = {
    "id_max": ID_MAX,
    "popularity_max": POPULARITY_MAX,
    "first_s": -62_135_596_800,  # years 1 to 9999
    "last_s": 253_402_300_799,
}
_DATASETS = (
    "SELECT d.id, c.schema, c.epoch, c.head, d.records, c.sum, d.no, d.title, d.kind, d.connector,"
    " d.source, d.licence, d.demo, d.observed_at, d.imported_at, d.rejects, d.first_rejects"
    " FROM dataset AS d LEFT JOIN copy AS c ON c.dataset_no=d.no ORDER BY d.no LIMIT ?"
)
_ABOUT = (int, str, str, str, str, str, int, int, int, int, str)  # from d.no on
_INDEXED = (
    "SELECT (SELECT count(*) FROM record WHERE lat IS NOT NULL)"
    " = (SELECT count(*) FROM record_geo_rowid)"
    " AND (SELECT count(*) FROM record) = (SELECT count(*) FROM record_fts_docsize)"
)
_TEXTS: msgspec.json.Decoder[dict[str, str]] = msgspec.json.Decoder(dict[str, str])
_DATA: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def check(path: Path, told: Image) -> None:
    """Hold an image against what was told of it; raises FeedRefused."""
    if told.database != VERSION:
        raise FeedRefused(f"an image of schema {told.database}, this programme has {VERSION}")
    _check_header(path, told)
    try:
        with closing(_opened(path)) as connection:
            _check_schema(connection)
            _check_datasets(connection, told.datasets)
            _check_records(connection, told.datasets)
    except sqlite3.Error as wrong:
        raise FeedRefused(f"an image that can't be read: {wrong}") from wrong


def _check_header(path: Path, told: Image) -> None:
    with path.open("rb") as file:
        header = file.read(len(_HEADER))
    if header != _HEADER or path.stat().st_size != told.bytes:
        raise FeedRefused("an image that is no database of ours")


def _opened(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _check_schema(connection: sqlite3.Connection) -> None:
    """Refuse another schema than ours (rule 1), and pages that don't hold together (rule 2)."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ours:
        migrate(ours)
        expected = ours.execute(_SCHEMA).fetchall()
        config = ours.execute("SELECT * FROM record_fts_config").fetchall()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION or connection.execute(_SCHEMA).fetchall() != expected:
        raise FeedRefused("an image of another schema")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise FeedRefused(f"an image whose pages don't hold together: {verdict}")
    if connection.execute("SELECT * FROM record_fts_config LIMIT 9").fetchall() != config:
        raise FeedRefused("an image whose search is set up otherwise")


def _check_datasets(connection: sqlite3.Connection, told: Sequence[Held]) -> None:
    """Refuse other datasets than those told (rule 3)."""
    rows = connection.execute(_DATASETS, (len(told) + 1,)).fetchall()
    found = [row[:6] for row in rows]
    expected = [(one.id, one.schema, one.epoch, one.head, one.count, one.sum) for one in told]
    numbers = [row[6] for row in rows]
    if found != expected or numbers != list(range(1, len(told) + 1)):
        raise FeedRefused("an image of other datasets than those told")
    for row in rows:
        _check_about(row[6:])
    if connection.execute(_FOREIGN).fetchone() != (0, len(told)):
        raise FeedRefused("an image that holds more than the told datasets")


def _check_about(about: Sequence[Any]) -> None:
    if not all(type(one) is kind for one, kind in zip(about, _ABOUT, strict=True)):
        raise FeedRefused("an image whose dataset is described otherwise")
    _check_texts(about[1], "{}", "{}")
    if (about[-2], about[-1]) != (0, "[]"):
        raise FeedRefused("an image with rejects")


def _check_records(connection: sqlite3.Connection, told: Sequence[Held]) -> None:
    """Look at every row once, and at some more closely (rules 3 to 5)."""
    (indexed,) = connection.execute(_INDEXED).fetchone()
    if not indexed:
        raise FeedRefused("an image whose indexes hold other rows than its table")
    sums, counts = [0] * (len(told) + 1), [0] * (len(told) + 1)
    numbers: list[int] = []
    rows = connection.execute(_RECORDS, _BOUNDS)
    while some := rows.fetchmany(ROWS_AT_ONCE):
        plain = tidy("".join([f"{row[2]}{row[3]}" for row in some]).encode())
        for number, dataset, title, body, data, line, sound in some:
            if not sound or not 0 < dataset < len(counts):
                raise FeedRefused("an image with a row of other types or bounds than ours")
            sums[dataset] += digest(line)
            counts[dataset] += 1
            _check_texts(title, body, data, plain=plain)
            numbers.append(number)
    for number, one in enumerate(told, 1):
        if (counts[number], hex_sum(sums[number] % SUM_MODULUS)) != (one.count, one.sum):
            raise FeedRefused(f"{one.id}: an image of other records than those told")
    for number in random.SystemRandom().sample(numbers, min(len(numbers), SAMPLE_MAX)):
        row = connection.execute("SELECT * FROM record WHERE no=?", (number,)).fetchone()
        _check_row(row)


def _check_texts(title: str, body: str, data: str, *, plain: bool = False) -> None:
    """Refuse texts by language that aren't as cleaning leaves them, and data that are no object.

    ``plain`` says that there is nothing in them to be cleaned, but for their length.
    """
    try:
        titles, bodies = _TEXTS.decode(title), _TEXTS.decode(body)
        _DATA.decode(data)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise FeedRefused(f"an image with texts or data that are none: {wrong}") from wrong
    if data.count("[") + data.count("{") > DEPTH_MAX:  # as the lines are looked at
        read_json(data.encode())
    if not any(titles.values()):
        raise FeedRefused("an image with a title that says nothing")
    if plain and len(title) <= TITLE_MAX and len(body) <= BODY_MAX:
        return
    clean_titles = all(clean_line(text) == text for text in titles.values())
    if not clean_titles or any(clean(text) != text for text in bodies.values()):
        raise FeedRefused("an image with a text that isn't clean")


def _check_row(row: RecordRow) -> None:
    number, dataset, line = row[0], row[1], row[-1]
    assert isinstance(number, int), "the table's types were looked at"
    assert isinstance(dataset, int), "the table's types were looked at"
    assert isinstance(line, bytes), "the table's types were looked at"
    decode(line)
    record = record_of(line, str(dataset))
    first = first_rowid(record.popularity, dataset)
    if row_of(record, number, dataset, line) != row or number >> 24 != first >> 24:
        raise FeedRefused(f"{record.id}: an image whose row isn't what its line says")
