"""The kiosk's copy of what a hub publishes: over HTTP, by stick, and in spite of the hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import (
    BlobDamaged,
    FeedForged,
    FeedRefused,
    HubUnavailable,
)
from kiosk.domain.record import Json
from kiosk.store.blob_store import BlobStore
from kiosk.store.copies import CopyWriter
from kiosk.store.database import ContentReader
from sync import publish, signing
from sync.engine.copying import Outcome
from sync.engine.folder import FolderSource
from sync.engine.following import Follower
from sync.protocol.blobs import LINES_BYTES_MAX, compress, name_of
from sync.protocol.canonical import encode, hex_sum, total
from sync.protocol.manifest import Live, write
from sync.source import Polled, Source
from tests.alv1 import ABOUT, NOW_S, STRANGER, Publisher, many, wire
from tests.unit.sync.clock import MovedClock


class Kiosk:
    """A kiosk's data folder, synced from a publisher in memory or by another source."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = MovedClock()

    def sync(self, source: Source, *, first: bool = True) -> Outcome:
        with Follower(self.data, "orne", self.clock) as follower:
            return asyncio.run(follower.take(source, first=first))

    def lines(self, dataset: str = "stops") -> dict[str, bytes]:
        reader = ContentReader(self.data / "content.db")
        rows = reader.rows(
            "SELECT r.id, r.line FROM record AS r JOIN dataset AS d ON d.no=r.dataset_no"
            " WHERE d.id=?",
            (dataset,),
        )
        reader.close()
        return dict(rows)

    def found(self, words: str) -> list[str]:
        reader = ContentReader(self.data / "content.db")
        rows = reader.rows(
            "SELECT r.id FROM record_fts AS f JOIN record AS r ON r.no=f.rowid"
            " WHERE record_fts MATCH ? ORDER BY r.id",
            (words,),
        )
        reader.close()
        return [row[0] for row in rows]

    def alarms(self) -> list[str]:
        with Follower(self.data, "orne", self.clock) as follower:
            return [alarm.code for alarm in follower.store.alarms()]


class Memory:
    """A publisher as a source ; ``spoilt`` answers go first, and end when it ``mends``."""

    def __init__(
        self,
        publisher: Publisher,
        spoilt: Mapping[str, bytes] | None = None,
        *,
        mends: bool = False,
    ) -> None:
        self.publisher = publisher
        self.spoilt = dict(spoilt or {})
        self.mends = mends
        self.asked: list[str] = []

    async def manifest(self, etag: str) -> Polled:
        told = f'"{self.publisher.epoch}-{self.publisher.version}"'
        if etag == told and "manifest" not in self.spoilt:
            return Polled(data=None, etag=etag)
        return Polled(data=self.spoilt.get("manifest") or self.publisher.signed(), etag=told)

    async def notice(self) -> bytes:
        return self.spoilt.get("notice") or self.publisher.notice()

    async def blob(self, name: str, *, fresh: bool = False) -> bytes:
        self.asked.append(f"{name}!" if fresh else name)
        if fresh and self.mends:
            self.spoilt.clear()
        if name not in self.publisher.blobs:
            raise HubUnavailable("404")
        return self.spoilt.get(name, self.publisher.blobs[name])


@pytest.fixture
def publisher() -> Publisher:
    one = Publisher()
    one.publish("stops", many(30))
    return one


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path / "data")


def test_the_first_sync_takes_everything(kiosk: Kiosk, publisher: Publisher) -> None:
    outcome = kiosk.sync(Memory(publisher))
    assert (outcome.result, outcome.taken, outcome.kept) == ("taken", ["stops"], {})
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.found("s000003") == ["s000003"]


def test_a_second_sync_has_nothing_to_fetch(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    again = Memory(publisher)
    assert kiosk.sync(again).result == "unchanged"
    assert again.asked == []


def test_a_change_travels_as_a_delta(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    records = [*many(30)[1:], wire("new", title={"fr": "Toute nouvelle"})]
    records[3] = wire("s000004", 99, title={"fr": "Autre nom"}, popularity=7)
    publisher.publish("stops", records)
    source = Memory(publisher)
    outcome = kiosk.sync(source)
    assert outcome.taken == ["stops"]
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.found("nouvelle") == ["new"]
    assert kiosk.found("s000000") == []
    assert kiosk.found("autre") == ["s000004"]


def test_a_field_of_a_newer_hub_is_kept_with_its_record(kiosk: Kiosk, publisher: Publisher) -> None:
    publisher.publish("stops", [wire("a", tomorrow={"x": 1}), *many(20)])
    kiosk.sync(Memory(publisher))
    publisher.publish("stops", [wire("a", 5, tomorrow={"x": 2}), *many(20)])
    kiosk.sync(Memory(publisher))
    assert b'"tomorrow":{"x":2}' in kiosk.lines()["a"]


def test_a_dataset_of_a_newer_schema_keeps_its_data(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    old = kiosk.lines()
    publisher.publish("stops", many(5))
    head = publisher.editions["stops"].head
    publisher.with_head("stops", msgspec.structs.replace(head, schema=2))
    assert kiosk.sync(Memory(publisher)).taken == []
    assert kiosk.lines() == old


def test_a_live_feed_comes_with_the_manifest(kiosk: Kiosk, publisher: Publisher) -> None:
    line = encode(wire("g1", 12))
    feed = publish.live("gauges", ABOUT, [line], observed_at=NOW_S, valid_until=NOW_S + 90)
    assert feed is not None
    publisher.live = (feed,)
    assert kiosk.sync(Memory(publisher)).taken == ["stops", "gauges"]
    assert list(kiosk.lines("gauges")) == ["g1"]


def test_a_live_feed_that_is_over_is_not_taken(kiosk: Kiosk, publisher: Publisher) -> None:
    feed = publish.live(
        "gauges", ABOUT, [encode(wire("g1"))], observed_at=NOW_S, valid_until=NOW_S + 30
    )
    assert feed is not None
    publisher.live = (feed,)
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]


def test_news_of_trips_become_the_timetables(kiosk: Kiosk, publisher: Publisher) -> None:
    facts: dict[str, Json] = {
        "trip": "t1", "start_day": "", "stop": "s1", "stop_sequence": 3, "delay_s": 60,
        "expected": None, "cancelled": False,
    }  # fmt: skip
    about = msgspec.structs.replace(ABOUT, kind="trip_update")
    line = encode({**wire("u1"), "kind": "trip_update", "data": facts})
    feed = publish.live("bus-live", about, [line], observed_at=NOW_S, valid_until=NOW_S + 90)
    assert feed is not None
    publisher.live = (feed,)
    kiosk.sync(Memory(publisher))
    reader = ContentReader(kiosk.data / "content.db")
    assert reader.rows("SELECT dataset, trip, delay_s FROM gtfs_update") == [("bus", "t1", 60)]
    reader.close()


def test_without_an_enrolment_no_key_is_believed(kiosk: Kiosk, publisher: Publisher) -> None:
    with pytest.raises(FeedRefused, match="enrolled"):
        kiosk.sync(Memory(publisher), first=False)


def test_the_keys_of_another_territory_are_not_pinned(kiosk: Kiosk) -> None:
    other = Publisher(territory="lot")
    with pytest.raises(FeedRefused, match="lot"):
        kiosk.sync(Memory(other))


def test_a_restored_hub_rotates_its_keys_by_the_root(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    publisher.key, publisher.epoch, publisher.version = STRANGER, 2, 0
    publisher.publish("stops", many(12))
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.alarms() == ["feed.keys"]


def test_an_expired_manifest_gives_nothing_new(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    old = kiosk.lines()
    publisher.publish("stops", many(5))
    kiosk.clock.at += timedelta(days=2)
    assert kiosk.sync(Memory(publisher)).result == "frozen"
    assert kiosk.lines() == old


def test_a_clock_set_back_stops_nothing(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    kiosk.clock.at -= timedelta(days=4000)
    publisher.publish("stops", many(5))
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]


def test_a_kiosk_whose_content_was_lost_takes_it_anew(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    for file in kiosk.data.glob("content.db*"):
        file.unlink()
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]
    assert kiosk.lines() == publisher.lines["stops"]


def test_a_disk_that_is_full_keeps_the_old_data(
    kiosk: Kiosk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.sync(Memory(publisher))
    old = kiosk.lines()
    publisher.publish("stops", many(2000))

    opened = CopyWriter.__init__

    def small(self: CopyWriter, path: Path) -> None:
        opened(self, path)
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        self._connection.execute(f"PRAGMA max_page_count={pages + 5}")

    monkeypatch.setattr(CopyWriter, "__init__", small)
    assert "full" in kiosk.sync(Memory(publisher)).kept["stops"]
    assert kiosk.lines() == old
    monkeypatch.undo()
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]


def test_a_blob_that_came_bad_is_fetched_once_more_past_caches(
    kiosk: Kiosk, publisher: Publisher
) -> None:
    (chunk,) = publisher.editions["stops"].detail.snapshot.chunks
    source = Memory(publisher, {chunk.name: b"other bytes"}, mends=True)
    assert kiosk.sync(source).taken == ["stops"]
    assert f"{chunk.name}!" in source.asked


def test_a_delta_that_stays_bad_leads_to_the_snapshot(kiosk: Kiosk, publisher: Publisher) -> None:
    for step in range(publish.SNAPSHOT_STEPS_MAX + 1):
        publisher.publish("stops", many(400, step))
        if step == publish.SNAPSHOT_STEPS_MAX - 1:
            kiosk.sync(Memory(publisher))
    detail = publisher.editions["stops"].detail
    assert detail.snapshot.head == detail.head
    (delta,) = (one for one in detail.deltas if one.since == detail.head - 1)
    source = Memory(publisher, {delta.chunks[0].name: b"other bytes"})
    assert kiosk.sync(source).taken == ["stops"]


def test_the_ladder_is_climbed_three_times_an_hour(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    publisher.publish("stops", many(31))
    bad = dict.fromkeys(publisher.editions["stops"].blobs, b"other bytes")
    asked = []
    for _ in range(5):
        source = Memory(publisher, bad)
        kiosk.sync(source)
        asked.append(len(source.asked))
    assert asked == [2, 2, 2, 1, 1]
    kiosk.clock.at += timedelta(hours=2)
    assert kiosk.sync(Memory(publisher)).taken == ["stops"]


def test_a_stick_carries_the_same_bytes(kiosk: Kiosk, publisher: Publisher, tmp_path: Path) -> None:
    kiosk.sync(Memory(publisher))
    with Follower(kiosk.data, "orne", kiosk.clock) as follower:
        asyncio.run(follower.copier.mirror(FolderSource(kiosk.data), tmp_path / "stick"))
    other = Kiosk(tmp_path / "other")
    assert other.sync(FolderSource(tmp_path / "stick")).taken == ["stops"]
    assert other.lines() == kiosk.lines()


def test_nothing_is_exported_before_something_was_synced(kiosk: Kiosk, tmp_path: Path) -> None:
    with (
        Follower(kiosk.data, "orne", kiosk.clock) as follower,
        pytest.raises(HubUnavailable, match="sync once"),
    ):
        asyncio.run(follower.copier.mirror(FolderSource(kiosk.data), tmp_path / "stick"))


def test_what_no_manifest_names_is_swept(kiosk: Kiosk, publisher: Publisher) -> None:
    kiosk.sync(Memory(publisher))
    stray = compress(b"stray\n")
    BlobStore(kiosk.data / "blobs").keep(name_of(stray), stray)
    publisher.publish("stops", many(31))
    kiosk.sync(Memory(publisher))
    assert not BlobStore(kiosk.data / "blobs").has(name_of(stray))


def test_a_blob_that_rots_on_the_disk_is_fetched_again(kiosk: Kiosk, publisher: Publisher) -> None:
    (chunk,) = publisher.editions["stops"].detail.snapshot.chunks
    path = BlobStore(kiosk.data / "blobs").path(chunk.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rot")
    source = Memory(publisher)
    assert kiosk.sync(source).taken == ["stops"]
    assert f"{chunk.name}!" in source.asked


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["publish", "sync"]),
            st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8),
        ),
        max_size=12,
    )
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_publishes_and_syncs_end_equal(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, dict[str, int]]]
) -> None:
    kiosk, publisher = Kiosk(tmp_path_factory.mktemp("kiosk")), Publisher()
    publisher.publish("stops", many(3))
    for step, state in steps:
        if step == "publish":
            publisher.publish("stops", [wire(name, value) for name, value in state.items()])
        else:
            kiosk.sync(Memory(publisher))
    kiosk.sync(Memory(publisher))
    assert kiosk.lines() == publisher.lines["stops"]
    assert kiosk.alarms() == []


# The evil hub: each script gives what it serves instead; nothing of it may be accepted.


def _edited(publisher: Publisher, **changes: object) -> bytes:
    """Sign a manifest with other values by the true key: a stolen online key."""
    manifest = msgspec.structs.replace(publisher.manifest(), **changes)
    return signing.sign_manifest(manifest, publisher.key)


def _raw(publisher: Publisher, body: bytes) -> bytes:
    """Sign any bytes by the true key."""
    head = signing.MAGIC_MANIFEST + signing.key_id(publisher.key.public_key)
    return head + publisher.key.sign(signing.CONTEXT + head + body) + body


def _json(publisher: Publisher, **changes: object) -> bytes:
    value = {**msgspec.to_builtins(publisher.manifest()), **changes}
    return _raw(publisher, compress(msgspec.json.encode(value, order="sorted") + b"\n"))


def _heads(publisher: Publisher, **changes: object) -> tuple[object, ...]:
    head = publisher.editions["stops"].head
    return (msgspec.structs.replace(head, **changes),)


def _detail(publisher: Publisher, **changes: object) -> dict[str, bytes]:
    """Serve another detail, named in a manifest that is signed by the true key."""
    detail = msgspec.structs.replace(publisher.editions["stops"].detail, **changes)
    return _blob_as_detail(publisher, write(detail))


def _blob_as_detail(publisher: Publisher, data: bytes) -> dict[str, bytes]:
    publisher.blobs[name_of(data)] = data
    return {"manifest": _edited(publisher, datasets=_heads(publisher, detail=name_of(data)))}


def _content(publisher: Publisher, lines: bytes, count: int, told: list[bytes]) -> dict[str, bytes]:
    """Serve another snapshot, all of it signed by the true key."""
    data = compress(lines)
    publisher.blobs[name_of(data)] = data
    detail = publisher.editions["stops"].detail
    chunk = msgspec.structs.replace(
        detail.snapshot.chunks[0], name=name_of(data), bytes=len(data), lines=count
    )
    snapshot = msgspec.structs.replace(
        detail.snapshot, head=detail.head, count=count, chunks=(chunk,)
    )
    changed = write(msgspec.structs.replace(detail, snapshot=snapshot, deltas=()))
    publisher.blobs[name_of(changed)] = changed
    heads = _heads(publisher, detail=name_of(changed), count=count, sum=hex_sum(total(told)))
    return {"manifest": _edited(publisher, datasets=heads)}


def _line(publisher: Publisher, line: bytes) -> dict[str, bytes]:
    return _content(publisher, line + b"\n", 1, [line])


def _evil_live(publisher: Publisher, **changes: object) -> dict[str, bytes]:
    live = Live(
        dataset="stops", observed_at=NOW_S, valid_until=NOW_S + 90, about=ABOUT,
        frame=compress(b'{"id":"x"}\n'),
    )  # fmt: skip
    return {"manifest": _edited(publisher, live=(msgspec.structs.replace(live, **changes),))}


def _flipped(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


GOOD = encode(wire("a"))
SCRIPTS: dict[str, Callable[[Publisher], dict[str, bytes]]] = {
    "another key": lambda one: {
        "manifest": signing.sign_manifest(one.manifest(), STRANGER)
    },
    "another key, and a notice by another root": lambda one: {
        "manifest": signing.sign_manifest(one.manifest(), STRANGER),
        "notice": Publisher(epoch=2, key=STRANGER, root=STRANGER).notice(),
    },
    "another key, and a notice of our epoch": lambda one: {
        "manifest": signing.sign_manifest(one.manifest(), STRANGER),
        "notice": Publisher(epoch=1, key=STRANGER).notice(),
    },
    "another key, and a notice of another territory": lambda one: {
        "manifest": signing.sign_manifest(one.manifest(), STRANGER),
        "notice": Publisher(epoch=2, key=STRANGER, territory="lot").notice(),
    },
    "a notice signed by the online key": lambda one: {
        "manifest": signing.sign_manifest(one.manifest(), STRANGER),
        "notice": Publisher(epoch=2, key=STRANGER, root=one.key).notice(),
    },
    "a bit of the manifest": lambda one: {"manifest": _flipped(one.signed())},
    "a bit of the signature": lambda one: {
        "manifest": one.signed()[:20] + bytes([one.signed()[20] ^ 1]) + one.signed()[21:]
    },
    "a cut manifest": lambda one: {"manifest": one.signed()[:-3]},
    "an empty manifest": lambda _: {"manifest": b"x"},
    "a notice as a manifest": lambda one: {"manifest": one.notice()},
    "a rollback": lambda one: {"manifest": _edited(one, version=1)},
    "two manifests of one version": lambda one: {
        "manifest": _edited(one, version=2, datasets=())
    },
    "a lower epoch": lambda one: {"manifest": _edited(one, epoch=0)},
    "a higher epoch without the root": lambda one: {"manifest": _edited(one, epoch=2)},
    "another territory": lambda one: {"manifest": _edited(one, territory="lot")},
    "expired": lambda one: {"manifest": _edited(one, issued_at=1, expires_at=2)},
    "ends before it begins": lambda one: {"manifest": _edited(one, expires_at=1)},
    "an unknown field": lambda one: {"manifest": _json(one, extra=1)},
    "a lax number": lambda one: {"manifest": _json(one, version="9")},
    "a boolean as a number": lambda one: {"manifest": _json(one, version=True)},
    "NaN": lambda one: {"manifest": _raw(one, compress(b'{"version":NaN}\n'))},
    "deep nesting": lambda one: {"manifest": _raw(one, compress(b"[" * 100_000))},
    "a bomb": lambda one: {"manifest": _raw(one, compress(bytes(50_000_000)))},
    "no zstd": lambda one: {"manifest": _raw(one, b"hello")},
    "too long": lambda one: {"manifest": _raw(one, bytes(300_000))},
    "a path as a dataset": lambda one: {"manifest": _json(one, datasets=[
        {**msgspec.to_builtins(one.editions["stops"].head), "id": "../../etc"}])},
    "a path as a blob": lambda one: {"manifest": _json(one, datasets=[
        {**msgspec.to_builtins(one.editions["stops"].head), "detail": "../" * 21 + "a"}])},
    "a dataset named twice": lambda one: {
        "manifest": _edited(one, datasets=_heads(one) * 2)
    },
    "a huge count": lambda one: {"manifest": _edited(one, datasets=_heads(one, count=2**52))},
    "a wrong count": lambda one: {"manifest": _edited(one, datasets=_heads(one, count=7))},
    "a wrong sum": lambda one: {"manifest": _edited(one, datasets=_heads(one, sum="0" * 32))},
    "another head than the detail's": lambda one: {
        "manifest": _edited(one, datasets=_heads(one, head=9))
    },
    "a detail that isn't there": lambda one: {
        "manifest": _edited(one, datasets=_heads(one, detail="ab" * 32))
    },
    "another dataset's detail": lambda one: _detail(one, id="other"),
    "a detail of another epoch": lambda one: _detail(one, epoch=5),
    "a snapshot that leads nowhere": lambda one: _detail(one, deltas=(), snapshot=msgspec.structs.
        replace(one.editions["stops"].detail.snapshot, head=1)),
    "a detail that is no detail": lambda one: _blob_as_detail(one, compress(b"{}\n")),
    "a bomb as a detail": lambda one: _blob_as_detail(one, compress(bytes(LINES_BYTES_MAX + 1))),
    "swapped blobs": lambda one: dict.fromkeys(one.editions["stops"].blobs, one.signed()),
    "cut blobs": lambda one: {n: b[:-1] for n, b in one.editions["stops"].blobs.items()},
    "bits of blobs": lambda one: {n: _flipped(b) for n, b in one.editions["stops"].blobs.items()},
    "blobs without end": lambda one: dict.fromkeys(one.editions["stops"].blobs, bytes(300_000)),
    "a record twice": lambda one: _content(one, (GOOD + b"\n") * 2, 2, [GOOD, GOOD]),
    "records out of order": lambda one: _content(
        one, encode(wire("b")) + b"\n" + GOOD + b"\n", 2, [encode(wire("b")), GOOD]),
    "more lines than told": lambda one: _content(one, GOOD + b"\n", 2, [GOOD]),
    "a record of lax JSON": lambda one: _line(one, GOOD.replace(b":", b": ", 1)),
    "a record with NaN": lambda one: _line(one, b'{"id":"a","n":NaN}'),
    "a record of deep nesting": lambda one: _line(
        one, b'{"id":"a","n":' + b"[" * 500 + b"]" * 500 + b"}"),
    "a record without a title": lambda one: _line(one, encode({**wire("a"), "title": {}})),
    "a record of another shape": lambda one: _line(one, encode({**wire("a"), "title": "x"})),
    "a record out of this world": lambda one: _line(
        one, encode({**wire("a"), "geo": {"lat": 123, "lon": 4}})),
    "a record of no moment": lambda one: _line(one, encode({**wire("a"), "observed_at": "now"})),
    "a record of a naive moment": lambda one: _line(
        one, encode({**wire("a"), "observed_at": "2026-01-01T00:00:00"})),
    "a live feed that isn't canonical": lambda one: _evil_live(
        one, frame=compress(b'{"id": "x"}\n')),
    "a live feed that isn't records": _evil_live,
    "a live feed that is a bomb": lambda one: _evil_live(one, frame=compress(bytes(1_000_000))),
    "a live feed that is cut": lambda one: _evil_live(one, frame=compress(GOOD)),
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_of_an_evil_hub_is_accepted(
    kiosk: Kiosk, publisher: Publisher, script: str
) -> None:
    publisher.publish("stops", many(40))
    kiosk.sync(Memory(publisher))
    old = kiosk.lines()
    was = publisher.version
    publisher.publish("stops", many(41))
    spoilt = SCRIPTS[script](publisher)
    assert publisher.version == was + 1
    try:
        outcome = kiosk.sync(Memory(publisher, spoilt))
    except (FeedForged, FeedRefused, BlobDamaged, HubUnavailable):
        pass
    else:
        assert outcome.result == "frozen" or "stops" in outcome.kept
    if "live feed" not in script:
        assert kiosk.lines() == old
    publisher.version += 1
    kiosk.clock.at += timedelta(hours=2)
    assert (
        "stops" in kiosk.sync(Memory(publisher)).taken or kiosk.lines() == publisher.lines["stops"]
    )
    assert kiosk.lines() == publisher.lines["stops"]
