"""Measures alv1 on the kiosk: a full copy, an image, a delta of 1 %, and a reader meanwhile.

100 000 invented records. The raw side is sqlite3's executemany of rows that are ready, into the
same schema with the same indexes, committed and checkpointed: no byte is unpacked, no record read,
no sum kept. Ours begins with the blobs' bytes and ends with a verified, committed edition. Both are
the best of ROUNDS runs in turn, in the process' CPU time, so that a busy machine weighs on nothing.

``install`` begins with an image's blobs on the disk and ends with the kiosk's content replaced: put
together, checked row by row, written through the WAL, checkpointed.

``delta_raw_ms`` is the same delta as bare UPDATEs of ready values, committed and checkpointed: no
way of ours is faster. ``delta_bytes_ratio`` holds our delta's blob against one zstd frame, of the
same level, of the bare changes (id and new value, nothing else). ``reader_p99_ratio`` holds a
screen's questions, in CPU time, while another process syncs against the same questions before. A
poll's bytes: bench scale. With ``--peers`` others make the same copy (bench/_sync_peers.py).
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from time import process_time

import msgspec
from structlog.testing import capture_logs

from bench._sync_peers import of_peers
from kiosk.app.cli_bench import Figure, Options
from kiosk.domain.record import Geo, Record
from kiosk.domain.territory import Dataset
from kiosk.store.blob_store import FOLDER, BlobStore
from kiosk.store.content import INDEX_RECORDS, INSERT_RECORD, OPTIMIZE
from kiosk.store.copies import Copy, CopyWriter, Edition
from kiosk.store.database import ContentReader, open_to_write
from kiosk.store.image import make
from kiosk.store.migrations import VERSION, migrate
from sync import publish
from sync.engine.installing import Installer
from sync.protocol.blobs import compress, name_of, unpack
from sync.protocol.delta import read as read_operation
from sync.protocol.envelope import wire_of
from sync.protocol.image import cut
from sync.protocol.manifest import (
    PIECE_BYTES_MAX,
    About,
    Chunk,
    Held,
    Image,
    Manifest,
    Piece,
    write,
)

GATES = {
    "full_ratio": 3.0,  # the goal is 2
    "install_ratio": 0.5,
    "delta_bytes_ratio": 1.15,
    "reader_p99_ratio": 2.0,
}
RECORDS = 100_000
CHANGED = RECORDS // 100
ROUNDS = 2
QUESTIONS = 1000
AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
ABOUT = About(title={"fr": "Lieux"}, kind="place", source="Invention", licence="etalab-2.0")
DATASET = Dataset(
    id="places", title=ABOUT.title, kind="place", connector="", source="Invention", licence="lo"
)
WORDS = [
    "gare",
    "mairie",
    "école",
    "marché",
    "piscine",
    "jardin",
    "musée",
    "stade",
    "pont",
    "place",
    "moulin",
    "forge",
    "halle",
]


def run(options: Options) -> Mapping[str, Figure]:
    """Measure; gives seconds (``_s``), milliseconds (``_ms``), bytes and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = publish.lines_by_id(map(wire_of, records()))
        first = publish.first("places", ABOUT, lines, epoch=1, observed_at=0)
        blobs = dict(first.blobs)
        later = changed(lines)
        second = publish.following(first.detail, lines, later, blobs.__getitem__, observed_at=0)
        blobs.update(second.blobs)
        chunks = first.detail.snapshot.chunks
        figures = of_full(folder, first, chunks, blobs)
        base = folder / "base.db"
        shutil.copyfile(folder / "full-0.db", base)
        figures |= of_image(folder, first, lines, figures)
        figures |= of_delta(folder, second, later, blobs) | of_reader(folder, first, blobs)
        if not options.peers:
            return figures
        figures |= of_peers(folder, lines, later, folder / "full-0.db", base)
        return figures | ratios(figures)


def ratios(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Give how many times faster we are than PouchDB; nothing where it isn't."""
    pairs = {
        "full": (figures["full_s"], 1.0),
        "install": (figures["install_s"], 1.0),
        "delta": (figures["delta_apply_ms"], 1000.0),
    }
    found: dict[str, Figure] = {}
    for name, (ours, unit) in pairs.items():
        kind = "delta" if name == "delta" else "full"
        theirs = figures.get(f"peer_pouchdb_{kind}_s_for_all")
        if isinstance(theirs, float) and isinstance(ours, float):
            found[f"times_faster_than_pouchdb_{name}"] = theirs * unit / ours
    return found


def records() -> Sequence[Record]:
    """Make the records (seeded)."""
    chance = random.Random(61)
    return [
        Record(
            id=f"p{number:06}",
            dataset="places",
            kind="place",
            title={"fr": f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}"},
            body={"fr": " ".join(chance.choices(WORDS, k=12))},
            source="Invention",
            licence="etalab-2.0",
            observed_at=AT,
            geo=Geo(lat=48 + chance.random(), lon=chance.random()),
            data={"value": chance.randrange(1000), "commune": chance.choice(WORDS), "open": True},
        )
        for number in range(RECORDS)
    ]


def changed(lines: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the lines after one value in a hundred has changed."""
    after = dict(lines)
    chance = random.Random(62)
    for name in chance.sample(sorted(lines), CHANGED):
        record = msgspec.json.decode(lines[name])
        record["data"]["value"] = chance.randrange(1000, 2000)
        after.update(publish.lines_by_id([record]))
    return after


def of_full(
    folder: Path, edition: publish.Edition, chunks: Sequence[Chunk], blobs: Mapping[str, bytes]
) -> dict[str, Figure]:
    """Measure a full copy against raw executemany."""
    ours_s, raw_s = [], []
    rows: list[tuple[object, ...]] = []
    for number in range(ROUNDS):
        path = folder / f"full-{number}.db"
        with CopyWriter(path) as writer:
            ours_s.append(timed(partial(take, writer, edition, blobs, chunks=chunks)))
        rows = rows or all_rows(path)
        raw_s.append(raw(folder / f"raw-{number}.db", rows))
    return {
        "full_bytes": sum(chunk.bytes for chunk in chunks),
        "full_blobs": len(chunks),
        "full_s": min(ours_s),
        "executemany_s": min(raw_s),
        "full_ratio": min(ours_s) / min(raw_s),
    }


def take(
    writer: CopyWriter,
    edition: publish.Edition,
    blobs: Mapping[str, bytes],
    *,
    chunks: Sequence[Chunk] | None = None,
    deltas: Sequence[Chunk] = (),
) -> None:
    """Bring a database to an edition, from blobs."""
    snapshot = None if chunks is None else read(chunks, blobs)
    operations = map(read_operation, read(deltas, blobs))
    writer.take(edition_of(edition), snapshot=snapshot, operations=operations)


def edition_of(edition: publish.Edition) -> Edition:
    """Give an edition as the store takes it."""
    head = edition.head
    copy = Copy(schema=head.schema, epoch=head.epoch, head=head.head, sum=head.sum)
    return Edition(dataset=DATASET, copy=copy, count=head.count, observed_at=AT, imported_at=AT)


def of_image(
    folder: Path,
    first: publish.Edition,
    lines: Mapping[str, bytes],
    figures: Mapping[str, Figure],
) -> dict[str, Figure]:
    """Measure the making of an image, and its installation against raw executemany."""
    file, blobs = folder / "image.db", BlobStore(folder / FOLDER)
    pieces: list[Piece] = []

    def made() -> None:
        make(file, [(edition_of(first), [lines[name] for name in sorted(lines)])])
        with file.open("rb") as parts:
            for one in cut(iter(partial(parts.read, PIECE_BYTES_MAX), b"")):
                blobs.keep(one.piece.name, one.data)
                pieces.append(one.piece)

    made_s = timed(made)
    names = ("id", "schema", "epoch", "head", "count", "sum")
    held = Held(**{name: getattr(first.head, name) for name in names})
    told = Image(
        territory="t", database=VERSION, bytes=file.stat().st_size, datasets=(held,),
        pieces=tuple(pieces),
    )  # fmt: skip
    data = write(told)
    blobs.keep(name_of(data), data)
    manifest = Manifest(
        territory="t", epoch=1, version=1, issued_at=0, expires_at=1, datasets=(first.head,)
    )

    installs_s = [
        installed(folder / f"installed-{number}.db", blobs, name_of(data), manifest)
        for number in range(ROUNDS)
    ]
    executemany_s = figures["executemany_s"]
    assert isinstance(executemany_s, float), "measured before"
    return {
        "image_bytes": sum(piece.bytes for piece in pieces),
        "image_file_bytes": told.bytes,
        "image_make_s": made_s,
        "install_s": min(installs_s),
        "install_ratio": min(installs_s) / executemany_s,
    }


def installed(path: Path, blobs: BlobStore, name: str, manifest: Manifest) -> float:
    """Install an image whose blobs are here; gives seconds."""

    async def here(_name: str) -> None:
        """Have the blob, which is on the disk."""

    with CopyWriter(path) as writer, capture_logs():
        installer = Installer(path, blobs, writer)
        took_s = timed(lambda: asyncio.run(installer.install(name, manifest, here)))
        assert writer.holds_copies(), "it was installed"
    return took_s


def read(chunks: Sequence[Chunk], blobs: Mapping[str, bytes]) -> Sequence[bytes]:
    """Give the lines of blobs."""
    return [line for chunk in chunks for line in unpack(chunk.name, blobs[chunk.name])]


def all_rows(path: Path) -> list[tuple[object, ...]]:
    """Give the rows that a copy has written, ready to be put in raw."""
    reader = ContentReader(path)
    rows = reader.rows("SELECT * FROM record ORDER BY no")
    reader.close()
    return rows


def raw(path: Path, rows: Sequence[tuple[object, ...]]) -> float:
    """Put ready rows into an empty database of the same schema; gives seconds."""
    connection = open_to_write(path)
    migrate(connection)
    number = rows[0][1]

    def put() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT_RECORD, rows)
        for statement in INDEX_RECORDS:
            connection.execute(statement, (number,))
        connection.execute(OPTIMIZE)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    try:
        return timed(put)
    finally:
        connection.close()


def of_delta(
    folder: Path, edition: publish.Edition, later: Mapping[str, bytes], blobs: Mapping[str, bytes]
) -> dict[str, Figure]:
    """Measure a delta of 1 %: its bytes against bare changes, and its time."""
    chunks = next(one for one in edition.detail.deltas if one.since == 1).chunks
    operations = read(chunks, blobs)
    bare = [
        msgspec.json.encode({"id": one["id"], "value": one["set"]["data/value"]})
        for one in map(msgspec.json.decode, operations)
    ]
    ours = sum(chunk.bytes for chunk in chunks)
    theirs = len(compress(b"".join(line + b"\n" for line in bare)))
    floor = folder / "floor.db"
    shutil.copyfile(folder / "full-0.db", floor)
    with CopyWriter(folder / "full-0.db") as writer:
        took_s = timed(lambda: take(writer, edition, blobs, deltas=chunks))
    assert len(later) == edition.head.count
    names = [str(msgspec.json.decode(one)["id"]) for one in operations]
    floor_s = raw_updates(floor, folder / "full-0.db", names)
    return {
        "delta_bytes": ours,
        "bare_changes_bytes": theirs,
        "delta_bytes_ratio": ours / theirs,
        "delta_apply_ms": took_s * 1000,
        "delta_raw_ms": floor_s * 1000,
    }


def raw_updates(path: Path, changed: Path, names: Sequence[str]) -> float:
    """Find each changed row and write its ready new value, with nothing read; gives seconds."""
    reader = ContentReader(changed)
    values = [
        reader.rows("SELECT data, line FROM record WHERE dataset_no=1 AND id=?", (name,))[0]
        for name in names
    ]
    reader.close()
    connection = open_to_write(path)

    def put() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE record SET data=?, line=? WHERE dataset_no=1 AND id=?",
            [(*value, name) for value, name in zip(values, names, strict=True)],
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    try:
        return timed(put)
    finally:
        connection.close()


def of_reader(
    folder: Path, edition: publish.Edition, blobs: Mapping[str, bytes]
) -> dict[str, Figure]:
    """Measure a reader alone, and while another process takes the edition again and again."""
    path = folder / "full-1.db"
    alone = questions(path)
    child = os.fork()
    if child == 0:
        with CopyWriter(path) as writer:
            for _ in count():
                take(writer, edition, blobs, chunks=edition.detail.snapshot.chunks)
    try:
        meanwhile = questions(path)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return {
        "reader_idle_p99_ms": alone,
        "reader_syncing_p99_ms": meanwhile,
        "reader_p99_ratio": meanwhile / alone,
    }


def questions(path: Path) -> float:
    """Ask for records by id and by word; gives the 99th percentile in milliseconds."""
    chance = random.Random(63)
    reader = ContentReader(path)
    seconds: list[float] = []
    for _ in range(QUESTIONS):
        name, word = f"p{chance.randrange(RECORDS):06}", chance.choice(WORDS)

        def ask(name: str = name, word: str = word) -> None:
            reader.rows("SELECT * FROM record WHERE id=? AND dataset_no=1", (name,))
            reader.rows("SELECT rowid FROM record_fts WHERE record_fts MATCH ? LIMIT 20", (word,))

        seconds.append(timed(ask))
    reader.close()
    return sorted(seconds)[int(QUESTIONS * 0.99)] * 1000


def timed(work: Callable[[], object]) -> float:
    """Give the seconds of this process' time that ``work`` takes."""
    begun = process_time()
    work()
    return process_time() - begun
