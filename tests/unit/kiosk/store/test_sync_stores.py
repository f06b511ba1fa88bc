"""sync.db, the blobs on the disk and the copies: what is kept, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import BlobDamaged, DataAbsent, FeedRefused
from kiosk.domain.territory import Dataset
from kiosk.store import copies
from kiosk.store.blob_store import BlobStore
from kiosk.store.copies import Copy, CopyWriter, Edition
from kiosk.store.sync_store import ALARMS_MAX, Refusal, SyncStore
from sync.feed import Pin, Seen
from sync.merge import Stream
from sync.protocol.blobs import compress, name_of
from sync.protocol.canonical import encode, hex_sum, total
from sync.protocol.delta import Delete, Operation, Patch, Put
from tests.alv1 import wire

AT = datetime(2026, 11, 30, tzinfo=UTC)
DATASET = Dataset(
    id="stops", title={"fr": "Arrêts"}, kind="stop", connector="", source="s", licence="l"
)
DATA = compress(b"a\n")
NAME = name_of(DATA)


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    pin = Pin(territory="orne", root=b"r" * 32, key=b"k" * 32, epoch=3)
    seen = Seen(epoch=3, version=9, digest=b"d", etag='"x"', at=5, expires_at=6)
    with SyncStore(tmp_path / "sync.db") as store:
        assert (store.pin(), store.seen(), store.device(), store.stream("x")) == (
            None,
            None,
            "",
            None,
        )
        store.set_pin(pin)
        store.set_seen(seen)
        store.set_device("kiosk-1")
        store.set_stream("x", Stream(epoch="e", acked=7), [Refusal(epoch="e", seq=2, code="c")], 1)
        store.note_try("stops", 100, 50)
    with SyncStore(tmp_path / "sync.db") as store:
        assert (store.pin(), store.seen(), store.device()) == (pin, seen, "kiosk-1")
        assert store.stream("x") == Stream(epoch="e", acked=7)
        assert store.refused() == [Refusal(epoch="e", seq=2, code="c")]
        assert store.tries("stops") == [100]
        store.note_try("stops", 5000, 1400)
        assert store.tries("stops") == [5000]


def test_the_oldest_alarms_make_room(tmp_path: Path) -> None:
    with SyncStore(tmp_path / "sync.db") as store:
        store._connection.execute("PRAGMA synchronous=OFF")
        for number in range(ALARMS_MAX + 3):
            store.raise_alarm("feed.kept", str(number), number)
        assert [one.about for one in store.alarms()][:1] == ["3"]


def test_a_memory_that_cant_be_opened_or_written_is_absent(tmp_path: Path) -> None:
    (tmp_path / "sync.db").write_bytes(b"no database" * 100)
    with pytest.raises(DataAbsent):
        SyncStore(tmp_path / "sync.db")
    with SyncStore(tmp_path / "other.db") as store:
        store._connection.execute("PRAGMA query_only=ON")
        with pytest.raises(DataAbsent):
            store.set_device("x")


def test_a_blob_is_kept_under_its_name_alone(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    store.keep(NAME, DATA)
    assert (store.has(NAME), store.read(NAME)) == (True, DATA)
    with pytest.raises(BlobDamaged):
        store.keep("0" * 64, DATA)
    store.forget(NAME)
    with pytest.raises(BlobDamaged):
        store.read(NAME)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", NAME.upper(), NAME + "0"])
def test_what_is_no_blobs_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(FeedRefused):
        BlobStore(tmp_path).has(name)


def test_a_blob_that_rots_is_found(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    store.keep(NAME, DATA)
    store.path(NAME).write_bytes(b"rot")
    with pytest.raises(BlobDamaged):
        store.read(NAME)


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(DataAbsent):
        BlobStore(tmp_path / "blobs").keep(NAME, DATA)


def test_only_what_is_wanted_stays(tmp_path: Path) -> None:
    store, other = BlobStore(tmp_path), compress(b"b\n")
    store.keep(NAME, DATA)
    store.keep(name_of(other), other)
    assert store.sweep({NAME}) == 1
    assert store.has(NAME)


def _edition(lines: list[bytes], head: int = 1) -> Edition:
    copy = Copy(schema=1, epoch=1, head=head, sum=hex_sum(total(lines)))
    return Edition(dataset=DATASET, copy=copy, count=len(lines), observed_at=AT, imported_at=AT)


A, B = encode(wire("a")), encode(wire("b"))


def test_a_copy_knows_its_position(tmp_path: Path) -> None:
    with CopyWriter(tmp_path / "content.db") as writer:
        assert writer.held("stops") is None
        writer.take(_edition([A, B]), snapshot=[A, B])
        assert writer.held("stops") == _edition([A, B]).copy


def test_a_local_import_ends_the_copy(tmp_path: Path) -> None:
    with CopyWriter(tmp_path / "content.db") as writer:
        writer.take(_edition([A]), snapshot=[A])
        writer.replace_dataset(DATASET, [], observed_at=AT, imported_at=AT)
        assert writer.held("stops") is None


@pytest.mark.parametrize(
    ("operations", "why"),
    [
        ([], "sum differs"),
        ([Patch(id="z", fields={"n": 1})], "isn't there"),
        ([Put(id="a", line=encode({**wire("a"), "title": {}}))], "title"),
    ],
)
def test_a_change_that_doesnt_lead_to_the_edition_leaves_the_old_one(
    tmp_path: Path, operations: list[Operation], why: str
) -> None:
    with CopyWriter(tmp_path / "content.db") as writer:
        writer.take(_edition([A]), snapshot=[A])
        with pytest.raises(FeedRefused, match=why):
            writer.take(_edition([A, B], head=2), snapshot=None, operations=operations)
        assert writer.held("stops") == _edition([A]).copy


def test_changes_of_what_no_hub_wrote_are_refused(tmp_path: Path) -> None:
    with CopyWriter(tmp_path / "content.db") as writer:
        with pytest.raises(FeedRefused, match="isn't here"):
            writer.take(_edition([A]), snapshot=None, operations=[Delete(id="a")])
        writer.take(_edition([A]), snapshot=[A])
        writer._connection.execute("UPDATE record SET line=NULL")
        with pytest.raises(FeedRefused, match="no hub has written"):
            writer.take(_edition([], head=2), snapshot=None, operations=[Delete(id="a")])


def test_deleting_what_isnt_there_changes_nothing(tmp_path: Path) -> None:
    with CopyWriter(tmp_path / "content.db") as writer:
        writer.take(_edition([A]), snapshot=[A])
        writer.take(_edition([A], head=2), snapshot=None, operations=[Delete(id="z")])
        assert writer.held("stops") == _edition([A], head=2).copy


def test_too_many_records_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "RECORDS_MAX", 1)
    with (
        CopyWriter(tmp_path / "content.db") as writer,
        pytest.raises(FeedRefused, match="more than"),
    ):
        writer.take(_edition([A, B]), snapshot=[A, B])


def test_a_full_band_asks_for_a_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_BAND", 1)
    with CopyWriter(tmp_path / "content.db") as writer:
        writer.take(_edition([A]), snapshot=[A])
        with pytest.raises(FeedRefused, match="numbers anew"):
            writer.take(_edition([A, B], head=2), snapshot=None, operations=[Put(id="b", line=B)])
