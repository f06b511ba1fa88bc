"""A first installation by the hub's image: taken whole, or the records in its place."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk.domain.errors import DataAbsent, FeedRefused
from kiosk.store import copies
from kiosk.store.content import ContentWriter
from kiosk.store.copies import CopyWriter
from kiosk.store.database import ContentReader, open_to_write
from kiosk.store.image import DRAFT
from sync.engine.folder import FolderSource
from sync.protocol.blobs import compress, name_of
from sync.protocol.manifest import Image, Manifest, read, write
from sync.signing import open_manifest
from tests.alv1 import Publisher, many, wire
from tests.unit.sync.test_copying import Kiosk, Memory

RECORDS = 60


@pytest.fixture
def publisher() -> Publisher:
    one = Publisher()
    one.publish("stops", many(RECORDS))
    one.publish("fairs", [wire("a", popularity=7), wire("b", body={"fr": "Deux\nlignes"})])
    return one


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path / "data")


def ask(kiosk: Kiosk, query: str) -> list[tuple[object, ...]]:
    reader = ContentReader(kiosk.data / "content.db")
    rows = reader.rows(query)
    assert reader.fault == ""
    reader.close()
    return rows


def fill_locally(kiosk: Kiosk) -> None:
    """Let the kiosk have data of its own: a dataset, and a timetable of one that the hub has."""
    from kiosk.domain.record import Geo, Record
    from kiosk.domain.territory import Dataset
    from kiosk.domain.transit import TimetableRows

    def named(name: str) -> Dataset:
        return Dataset(
            id=name, title={"fr": name}, kind="stop", connector="seed", source="Nous", licence="lo"
        )

    record = Record(
        id="own", dataset="local", kind="stop", title={"fr": "Kiosque à musique"}, source="Nous",
        licence="lo", observed_at=kiosk.clock.now(), geo=Geo(lat=48.0, lon=0.5),
    )  # fmt: skip
    now = kiosk.clock.now()
    kiosk.data.mkdir(parents=True)
    with ContentWriter(kiosk.data / "content.db") as writer:
        for name in ("local", "stops"):
            writer.replace_dataset(named(name), [record], observed_at=now, imported_at=now)
        writer.replace_timetable(
            "stops",
            TimetableRows(
                timezone="Europe/Paris",
                last_s=0,
                boards=[(4, "b", "B", "b", 48.0, 0.5, 0, b"")],
                stops=[(1, "s", "S", "", 0, 4)],
                routes=[],
                services=[(1, 127, 1, 9)],
                exceptions=[],
                trips=[],
                headsigns=[],
            ),
        )


def test_a_first_installation_takes_the_image(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    told = publisher.make_image(tmp_path)
    source = Memory(publisher)
    outcome = kiosk.sync(source)
    assert (outcome.image, outcome.taken, outcome.kept) == (True, ["stops", "fairs"], {})
    assert set(source.asked) == {publisher.image, *(piece.name for piece in told.pieces)}
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.found("s000003") == ["s000003"]
    assert ask(kiosk, "SELECT count(*) FROM record_geo") == [(RECORDS + 2,)]
    assert not (kiosk.data / f"content.db{DRAFT}").exists()


def test_what_was_published_since_comes_by_deltas(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.make_image(tmp_path)
    publisher.publish("stops", many(RECORDS - 3))
    publisher.publish("news", many(2))
    outcome = kiosk.sync(Memory(publisher))
    assert (outcome.image, outcome.taken) == (True, ["fairs", "stops", "news"])
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.found("s000059") == []


def test_a_manifest_without_an_image_is_written_as_before(publisher: Publisher) -> None:
    assert b"image" not in msgspec.json.encode(publisher.manifest())
    signed = publisher.signed()
    assert open_manifest(signed, publisher.key.public_key).image is msgspec.UNSET


def test_who_has_copies_leaves_the_image_alone(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    kiosk.sync(Memory(publisher))
    publisher.make_image(tmp_path)
    source = Memory(publisher)
    assert not kiosk.sync(source).image
    assert source.asked == []


def test_what_the_kiosk_has_of_its_own_is_carried_over(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    fill_locally(kiosk)
    publisher.make_image(tmp_path)
    assert kiosk.sync(Memory(publisher)).image
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.found("kiosque") == ["own"]
    (number,) = ask(kiosk, "SELECT no FROM dataset WHERE id='stops'")[0]
    assert ask(kiosk, "SELECT dataset_no, timezone FROM gtfs_feed") == [(number, "Europe/Paris")]
    joined = "SELECT s.id, b.id FROM gtfs_stop AS s JOIN gtfs_board AS b ON b.no=s.board"
    assert ask(kiosk, joined) == [("s", "b")]
    local = "SELECT r.dataset_no, (r.no >> 24) & 65535 FROM record AS r WHERE r.id='own'"
    ((dataset, band),) = ask(kiosk, local)
    assert dataset == band == 3
    near = "SELECT dataset_no FROM record_geo WHERE south < 48.2"
    assert ask(kiosk, near) == [(3,)]


def test_a_reader_that_was_open_sees_it(kiosk: Kiosk, publisher: Publisher, tmp_path: Path) -> None:
    fill_locally(kiosk)
    reader = ContentReader(kiosk.data / "content.db")
    assert reader.rows("SELECT count(*) FROM record") == [(2,)]
    before = reader.version()
    publisher.make_image(tmp_path)
    kiosk.sync(Memory(publisher))
    assert reader.version() != before
    assert reader.rows("SELECT count(*) FROM record") == [(RECORDS + 3,)]
    reader.close()


def test_a_content_that_was_lost_takes_the_image_again(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.make_image(tmp_path)
    kiosk.sync(Memory(publisher))
    for file in kiosk.data.glob("content.db*"):
        file.unlink()
    assert kiosk.sync(Memory(publisher)).image


def test_a_stick_carries_the_image(kiosk: Kiosk, publisher: Publisher, tmp_path: Path) -> None:
    publisher.make_image(tmp_path)
    publisher.write(tmp_path / "hub")
    export(kiosk, FolderSource(tmp_path / "hub"), tmp_path / "stick")
    other = Kiosk(tmp_path / "other")
    assert other.sync(FolderSource(tmp_path / "stick")).image
    assert other.lines() == publisher.lines["stops"]


def test_a_stick_does_without_an_image_that_cannot_be_had(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    told = publisher.make_image(tmp_path)
    del publisher.blobs[told.pieces[0].name]
    export(kiosk, Memory(publisher), tmp_path / "stick")
    other = Kiosk(tmp_path / "other")
    assert not other.sync(FolderSource(tmp_path / "stick")).image
    assert other.lines() == publisher.lines["stops"]


def export(kiosk: Kiosk, source: Memory | FolderSource, stick: Path) -> None:
    import asyncio

    from sync.engine.following import Follower

    kiosk.sync(source)
    with Follower(kiosk.data, "orne", kiosk.clock) as follower:
        asyncio.run(follower.copier.mirror(source, stick))


def test_an_image_that_cannot_be_fetched_leaves_the_records(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    told = publisher.make_image(tmp_path)
    del publisher.blobs[told.pieces[-1].name]
    outcome = kiosk.sync(Memory(publisher))
    assert (outcome.image, outcome.taken) == (False, ["stops", "fairs"])
    assert kiosk.alarms() == []


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow past a size; undone at the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda bytes_max: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("share", [0.3, 1.001])  # of the image: it lies aside, or is in the WAL
def test_a_disk_that_takes_no_image_keeps_what_was_there(
    publisher: Publisher, tmp_path: Path, small_disk: Callable[[int], None], share: float
) -> None:
    publisher.publish("stops", many(3000))
    told = publisher.make_image(tmp_path)
    kiosk = Kiosk(tmp_path / "data")
    fill_locally(kiosk)
    small_disk(int(told.bytes * share))
    outcome = kiosk.sync(Memory(publisher))
    assert (outcome.image, "stops" in outcome.kept) == (False, True)
    assert kiosk.lines("local") == {"own": None}
    assert not (kiosk.data / f"content.db{DRAFT}").exists()
    small_disk(resource.RLIM_INFINITY)
    kiosk.sync(Memory(publisher))
    assert kiosk.lines() == publisher.lines["stops"]


def test_a_writer_that_does_not_end_is_not_waited_for_forever(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.make_image(tmp_path)
    monkeypatch.setattr("kiosk.store.database.WRITE_WAIT_S", 0.01)
    monkeypatch.setattr(copies, "BUSY_TRIES_MAX", 1)
    database = tmp_path / "content.db"
    with CopyWriter(database) as writer, closing(open_to_write(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataAbsent, match="another writer"):
            writer.replace_by(tmp_path / f"image-{publisher.version - 1}.db")


# Evil images: each is signed by the true key, a stolen one; nothing of it may be accepted.


def _sql(*statements: str) -> Callable[[Publisher, Path], None]:
    """Change the image by SQL before it is cut and signed."""

    def change(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement).fetchall()

    return _file(change)


def _file(change: Callable[[Path], None]) -> Callable[[Publisher, Path], None]:
    return lambda publisher, folder: _made(publisher, folder, change)


def _made(publisher: Publisher, folder: Path, change: Callable[[Path], None]) -> None:
    publisher.make_image(folder, change)


def _told(**changes: object) -> Callable[[Publisher, Path], None]:
    """Tell otherwise of a sound image."""

    def tell(publisher: Publisher, folder: Path) -> None:
        told = publisher.make_image(folder)
        publisher.name_image(msgspec.structs.replace(told, **changes))

    return tell


def _held(**changes: object) -> Callable[[Publisher, Path], None]:
    def tell(publisher: Publisher, folder: Path) -> None:
        told = publisher.make_image(folder)
        first, *others = told.datasets
        datasets = (msgspec.structs.replace(first, **changes), *others)
        publisher.name_image(msgspec.structs.replace(told, datasets=datasets))

    return tell


def _pieces(change: Callable[[bytes], bytes]) -> Callable[[Publisher, Path], None]:
    """Give a first piece of other bytes, under its true hash."""

    def tell(publisher: Publisher, folder: Path) -> None:
        told = publisher.make_image(folder)
        first, *others = told.pieces
        data = change(publisher.blobs[first.name])
        publisher.blobs[name_of(data)] = data
        piece = msgspec.structs.replace(first, name=name_of(data), bytes=len(data))
        publisher.name_image(msgspec.structs.replace(told, pieces=(piece, *others)))

    return tell


def _document(change: Callable[[Image], bytes]) -> Callable[[Publisher, Path], None]:
    def tell(publisher: Publisher, folder: Path) -> None:
        data = change(publisher.make_image(folder))
        publisher.image = name_of(data)
        publisher.blobs[publisher.image] = data

    return tell


def _in_place(at: int, data: bytes) -> Callable[[Publisher, Path], None]:
    def change(file: Path) -> None:
        raw = bytearray(file.read_bytes())
        raw[at : at + len(data)] = data
        file.write_bytes(raw)

    return _file(change)


def _swapped_pieces(publisher: Publisher, folder: Path) -> None:
    told = publisher.make_image(folder)
    for piece in told.pieces:
        publisher.blobs[piece.name] = b"other bytes"


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


ONE = "WHERE id='s000007'"
EVIL: dict[str, Callable[[Publisher, Path], None]] = {
    "a trigger": _sql("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM copy; END"),
    "a view": _sql("CREATE VIEW v AS SELECT load_extension('x')"),
    "another table": _sql("CREATE TABLE more(x)"),
    "another virtual table": _sql("CREATE VIRTUAL TABLE more USING fts5(x)"),
    "another index": _sql("CREATE INDEX more ON record(id) WHERE abs(no) > 1"),
    "a column with a default": _sql("ALTER TABLE record ADD COLUMN more DEFAULT 1"),
    "statistics": _sql("ANALYZE"),
    "a table renamed": _sql("DROP TABLE gtfs_feed"),
    "another version": _sql("PRAGMA user_version=99"),
    "a journal of another kind": _in_place(18, b"\x02\x02"),
    "another page size": _in_place(16, b"\x20\x00"),
    "no database": _in_place(0, b"%PDF-1.7"),
    "pages that don't hold together": _in_place(3 * 4096, b"\xff" * 4096),
    "a schema that can't be read": _in_place(100, b"\xff" * 12),
    "a cut file": _file(_cut),
    "a ranking of its own": _sql(
        "INSERT INTO record_fts(record_fts, rank) VALUES('rank', 'bm25(9)')"),
    "a record less": _sql(f"DELETE FROM record {ONE}"),
    "a record without search": _sql(
        "DELETE FROM record_fts_docsize WHERE id IN (SELECT no FROM record WHERE id='s000007')"),
    "a record without a place": _sql(
        f"DELETE FROM record_geo WHERE no IN (SELECT no FROM record {ONE})"),
    "another line": _sql(f"UPDATE record SET line=x'7b7d' {ONE}"),
    "another dataset's record": _sql(f"UPDATE record SET dataset_no=2 {ONE}"),
    "a record of no dataset": _sql(f"UPDATE record SET dataset_no=9, no=(9<<24) {ONE}"),
    "a number of no band": _sql(f"UPDATE record SET no=(200<<40)|(1<<24) {ONE}"),
    "a number of another popularity": _sql(f"UPDATE record SET no=(5<<40)|(1<<24) {ONE}"),
    "a title of bytes": _sql(f"UPDATE record SET title=x'7b7d' {ONE}"),
    "a title that isn't text": _sql(f"UPDATE record SET title='[1]' {ONE}"),
    "a title that isn't JSON": _sql(f"UPDATE record SET title='{{' {ONE}"),
    "a title that isn't UTF-8": _sql(f"UPDATE record SET title=CAST(x'7bff7d' AS TEXT) {ONE}"),
    "no title": _sql(f"UPDATE record SET title='{{}}' {ONE}"),
    "a title of many lines": _sql(f"""UPDATE record SET title='{{"fr":"a\\nb"}}' {ONE}"""),
    "a title too long": _sql(f"""UPDATE record SET title='{{"fr":"{"a" * 300}"}}' {ONE}"""),
    "a text that turns around": _sql(f"""UPDATE record SET body='{{"fr":"a\u202eb"}}' {ONE}"""),
    "data that are a list": _sql(f"UPDATE record SET data='[]' {ONE}"),
    "data of deep nesting": _sql(
        f"""UPDATE record SET data='{{"a":{"[" * 400}{"]" * 400}}}' {ONE}"""),
    "data without end of nesting": _sql(
        f"""UPDATE record SET data='{{"a":{"[" * 90000}{"]" * 90000}}}' {ONE}"""),
    "a moment of no year": _sql(f"UPDATE record SET observed_at=1<<60 {ONE}"),
    "a moment that is text": _sql(f"UPDATE record SET valid_until='soon' {ONE}"),
    "a place out of this world": _sql(f"UPDATE record SET lat=1234.5 {ONE}"),
    "half a place": _sql(f"UPDATE record SET lon=NULL {ONE}"),
    "a confidence past one": _sql(f"UPDATE record SET confidence=7.0 {ONE}"),
    "an id of nothing": _sql(f"UPDATE record SET id='' {ONE}"),
    "another title than the line's": _sql(f"""UPDATE record SET title='{{"fr":"Faux"}}' {ONE}"""),
    "other words than the line's": _sql(f"UPDATE record SET words='faux' {ONE}"),
    "a dataset more": _sql("INSERT INTO dataset(id, records, rejects) VALUES('more', 0, 0)"),
    "a dataset less": _sql("DELETE FROM dataset WHERE id='fairs'"),
    "a dataset of another number": _sql("UPDATE dataset SET no=7 WHERE no=2"),
    "a dataset without a title": _sql("UPDATE dataset SET title='{}'"),
    "a dataset whose title is bytes": _sql("UPDATE dataset SET title=x'7b7d'"),
    "a dataset with rejects": _sql("UPDATE dataset SET rejects=1"),
    "a copy more": _sql("INSERT INTO copy VALUES(9, 1, 1, 1, '')"),
    "a copy at another head": _sql("UPDATE copy SET head=0"),
    "a timetable": _sql("INSERT INTO gtfs_feed VALUES(1, 'Europe/Paris', 0)"),
    "news of trips": _sql("INSERT INTO gtfs_update(dataset, trip) VALUES('bus', 't')"),
    "another territory": _told(territory="lot"),
    "another schema": _told(database=99),
    "another size": _told(bytes=4096),
    "no pieces": _told(pieces=()),
    "an unknown dataset": _held(id="more"),
    "another epoch": _held(epoch=5),
    "a head past the manifest's": _held(head=9),
    "another sum": _held(sum="0" * 32),
    "another count": _held(count=2**40),
    "a piece that is a bomb": _pieces(lambda _: compress(bytes(50_000_000))),
    "a piece that is short": _pieces(lambda _: compress(bytes(100))),
    "a piece that is no frame": _pieces(lambda _: b"hello"),
    "pieces of other bytes": _swapped_pieces,
    "a document that is none": _document(lambda _: compress(b"{}\n")),
    "a document with more": _document(
        lambda told: compress(msgspec.json.encode({**msgspec.to_builtins(told), "x": 1}) + b"\n")),
    "a document that isn't canonical": _document(
        lambda told: compress(msgspec.json.encode(msgspec.to_builtins(told)) + b" \n")),
    "a document that is a bomb": _document(lambda _: compress(bytes(50_000_000))),
    "a manifest as a document": _document(lambda _: write(Publisher().manifest())),
}  # fmt: skip


@pytest.mark.parametrize("script", EVIL)
def test_nothing_of_an_evil_image_is_accepted(
    publisher: Publisher, tmp_path: Path, script: str
) -> None:
    EVIL[script](publisher, tmp_path)
    publisher.version += 1
    kiosk = Kiosk(tmp_path / "data")
    outcome = kiosk.sync(Memory(publisher))
    assert (outcome.image, outcome.taken, outcome.kept) == (False, ["stops", "fairs"], {})
    assert kiosk.alarms() == ["feed.image"]
    assert kiosk.lines() == publisher.lines["stops"]
    assert not (kiosk.data / f"content.db{DRAFT}").exists()


def test_a_bad_image_is_tried_three_times_an_hour(
    kiosk: Kiosk, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.make_image(tmp_path)
    bad = {publisher.image: b"other bytes"}
    bad |= dict.fromkeys((one.head.detail for one in publisher.editions.values()), b"other bytes")
    asked = []
    for _ in range(5):
        source = Memory(publisher, bad)
        kiosk.sync(source)
        asked.append(source.asked.count(publisher.image))
    assert asked == [1, 1, 1, 0, 0]
    kiosk.clock.at += timedelta(hours=2)
    assert kiosk.sync(Memory(publisher)).image


def test_an_image_named_by_a_path_is_refused(publisher: Publisher) -> None:
    told = {**msgspec.to_builtins(publisher.manifest()), "image": "../" * 21 + "a"}
    with pytest.raises(FeedRefused, match="image"):
        read(compress(msgspec.json.encode(told, order="sorted") + b"\n"), Manifest)
