"""Publishing: an edition each change, one manifest for all, blobs durable before their names."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import BlobDamaged, FeedRefused
from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.models import Blob, Dataset, StoredRecord
from sync.hub.datasets.publishing import GRACE, publish, sign, sweep_blobs
from sync.hub.here import Here
from sync.hub.setup import begin_epoch
from sync.hub.territories.models import Territory
from sync.protocol import pyramid
from sync.protocol.blobs import unpack
from sync.protocol.canonical import SUM_MODULUS, Wire, digest, hex_sum
from sync.protocol.delta import apply
from sync.protocol.delta import read as read_operation
from sync.protocol.manifest import Detail, live_lines, read
from sync.signing import open_manifest
from tests.conftest import MovedClock
from tests.kiosks import get


def wire(name: str, value: int = 0) -> Wire:
    return {"id": name, "kind": "info", "data": {"value": value}, "source": "Essai"}


def made(here: Here, slug: str = "infos") -> Dataset:
    Territory.objects.get_or_create(slug="orne", defaults={"name": "L’Orne"})
    return Dataset.objects.create(
        territory_id="orne",
        slug=slug,
        title={"fr": "Infos"},
        kind="info",
        connector="seed",
        source="Essai",
        licence="CC0",
    )


@pytest.fixture
def dataset(here: Here) -> Dataset:
    return made(here)


def put(here: Here, dataset: Dataset, *records: Wire) -> int:
    return publish(here, dataset, records, here.clock.now()).head


def copied(here: Here, dataset: Dataset, held: dict[str, bytes], position: int | None) -> int:
    """Bring a copy to the head as a kiosk would; gives the head."""
    store = DurableBlobs(here.blobs)
    row = Dataset.objects.get(pk=dataset.pk)
    detail = read(store.read(row.detail), Detail)
    snapshot, way = pyramid.choose(detail, position)
    if snapshot:
        held.clear()
        for chunk in detail.snapshot.chunks:
            for line in unpack(chunk.name, store.read(chunk.name)):
                held[line.split(b'"id":"')[1].split(b'"')[0].decode()] = line
    for delta in way:
        for chunk in delta.chunks:
            for line in unpack(chunk.name, store.read(chunk.name)):
                operation = read_operation(line)
                after = apply(operation, held.get(operation.id))
                if after is None:
                    held.pop(operation.id, None)
                else:
                    held[operation.id] = after
    assert len(held) == row.count
    assert hex_sum(sum(map(digest, held.values())) % SUM_MODULUS) == row.sum
    return row.head


def test_a_first_publish_is_edition_one(here: Here, dataset: Dataset) -> None:
    assert put(here, dataset, wire("a"), wire("b")) == 1
    held: dict[str, bytes] = {}
    assert copied(here, dataset, held, None) == 1
    assert sorted(held) == ["a", "b"]


def test_the_same_records_again_are_no_edition_but_are_seen_anew(
    here: Here, dataset: Dataset, clock: MovedClock
) -> None:
    put(here, dataset, wire("a"))
    clock.move(60)
    assert put(here, dataset, wire("a")) == 1
    assert Dataset.objects.get().observed_at == clock.now()


def test_a_change_is_a_delta(here: Here, dataset: Dataset) -> None:
    many = [wire(f"r{number}") for number in range(200)]
    put(here, dataset, *many)
    held: dict[str, bytes] = {}
    position = copied(here, dataset, held, None)
    assert put(here, dataset, *many[1:-1], wire("r199", 5), wire("new")) == 2
    assert copied(here, dataset, held, position) == 2
    assert "r0" not in held


def test_a_record_that_stands_twice_refuses_the_publish(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    with pytest.raises(FeedRefused):
        put(here, dataset, wire("b"), wire("b"))
    assert [row.key for row in StoredRecord.objects.all()] == ["a"]
    assert Dataset.objects.get().head == 1


def test_publishers_at_once_take_each_their_own_number(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    heads: list[int] = []
    wrong: list[BaseException] = []

    def change(number: int) -> None:
        try:
            own = Dataset.objects.get(pk=dataset.pk)
            heads.append(put(here, own, wire("a", number), wire(f"w{number}")))
        except BaseException as failed:  # noqa: BLE001  # told to the test
            wrong.append(failed)
        finally:
            connections.close_all()

    threads = [Thread(target=change, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sorted(heads) == [2, 3, 4, 5, 6, 7]
    held: dict[str, bytes] = {}
    assert copied(here, dataset, held, None) == 7


@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 2)), max_size=8))
def test_whatever_is_published_each_copy_ends_equal(
    here: Here, editions: list[dict[str, int]]
) -> None:
    Dataset.objects.all().delete()
    dataset = made(here)
    held: dict[str, bytes] = {}
    position: int | None = None
    for place, edition in enumerate(editions):
        put(here, dataset, *(wire(name, value) for name, value in edition.items()))
        if place % 2:
            position = copied(here, dataset, held, position)
    if editions:
        copied(here, dataset, held, position)
        assert sorted(held) == sorted(editions[-1])


def test_the_manifest_is_signed_and_its_version_grows(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    sign(here, "orne")
    sign(here, "orne")
    answer = get("/v1/t/orne/manifest")
    manifest = open_manifest(answer.content, here.key.public_key)
    assert (manifest.territory, manifest.epoch, manifest.version) == ("orne", 1, 2)
    assert [one.id for one in manifest.datasets] == ["infos"]
    assert answer["Cache-Control"].startswith("public, max-age=5")


def test_an_unchanged_poll_is_a_small_304(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    sign(here, "orne")
    etag = get("/v1/t/orne/manifest")["ETag"]
    answer = get("/v1/t/orne/manifest", If_None_Match=etag)
    assert answer.status_code == 304
    assert answer.content == b""
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.items())
    assert len(head) + len("HTTP/1.1 304 Not Modified\r\ndate: ") + 35 <= 400
    sign(here, "orne")
    assert get("/v1/t/orne/manifest", If_None_Match=etag).status_code == 200


def test_a_small_live_dataset_travels_in_the_manifest(here: Here, dataset: Dataset) -> None:
    dataset.inline = True
    dataset.refresh_s = 30
    dataset.save()
    put(here, dataset, wire("a"))
    manifest = sign(here, "orne")
    assert manifest.datasets == ()
    assert len(live_lines(manifest.live[0])) == 1
    assert manifest.live[0].valid_until - manifest.live[0].observed_at == 90


def test_a_blob_is_served_whole_in_parts_and_for_ever(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    name = Dataset.objects.get().detail
    whole = get(f"/v1/b/{name}")
    assert "immutable" in whole["Cache-Control"]
    part = get(f"/v1/b/{name}", Range="bytes=5-9")
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    assert part["Content-Range"] == f"bytes 5-9/{len(whole.content)}"
    assert get(f"/v1/b/{name}", Range="bytes=5-").content == whole.content[5:]
    assert get(f"/v1/b/{name}", Range="bytes=999999-").status_code == 416
    assert get(f"/v1/b/{name}", Range="lines=1-2").status_code == 200
    assert get(f"/v1/b/{'0' * 64}").status_code == 404


def test_a_territory_that_isn_t_there_is_not_found(here: Here) -> None:
    assert get("/v1/t/nowhere/manifest").status_code == 404
    assert get("/v1/t/nowhere/keys").status_code == 404


def test_a_changed_file_is_not_given_out(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    store = DurableBlobs(here.blobs)
    name = Dataset.objects.get().detail
    store.path(name).write_bytes(b"changed")
    with pytest.raises(BlobDamaged):
        store.read(name)
    assert get(f"/v1/b/{name}").status_code == 404


def test_a_blob_s_name_leads_nowhere_else(here: Here) -> None:
    with pytest.raises(FeedRefused):
        DurableBlobs(here.blobs).path("../hub-signing.key")


def test_a_blob_that_nobody_names_is_kept_a_week(
    here: Here, dataset: Dataset, clock: MovedClock
) -> None:
    put(here, dataset, wire("a"))
    old = Dataset.objects.get().detail
    put(here, dataset, wire("a", 1))
    clock.move(GRACE.total_seconds() - 60)
    assert sweep_blobs(here) == 0
    clock.move(timedelta(minutes=2).total_seconds())
    assert sweep_blobs(here) > 0
    assert not DurableBlobs(here.blobs).path(old).exists()
    held: dict[str, bytes] = {}
    copied(here, dataset, held, None)
    assert Blob.objects.filter(name=old).count() == 0


def test_a_restored_hub_begins_a_new_epoch(here: Here, dataset: Dataset) -> None:
    put(here, dataset, wire("a"))
    put(here, dataset, wire("a", 1))
    sign(here, "orne")
    begin_epoch(here, "orne")
    manifest = open_manifest(get("/v1/t/orne/manifest").content, here.key.public_key)
    assert manifest.epoch == 2
    assert [(one.epoch, one.head, one.count) for one in manifest.datasets] == [(2, 1, 1)]
