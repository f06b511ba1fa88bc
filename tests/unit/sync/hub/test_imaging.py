"""Images: made when asked for, seldom, of what is published; kiosks go on from them by deltas."""

from __future__ import annotations

from asyncio import run
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import UNSET
from structlog.testing import capture_logs

from sync.engine.folder import KEYS, MANIFEST, FolderSource, keep
from sync.engine.following import Follower
from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.imaging import renew
from sync.hub.datasets.models import Blob, Dataset, PrebuiltImage, SignedManifest
from sync.hub.datasets.publishing import GRACE, publish, sign, sweep_blobs
from sync.hub.here import Here
from sync.hub.setup import begin_epoch
from sync.hub.territories.models import Territory
from sync.protocol.canonical import Wire
from sync.protocol.manifest import Image, read
from tests.alv1 import many
from tests.conftest import MovedClock


@pytest.fixture
def imaging(here: Here) -> Here:
    """A hub that makes images, at most one in three manifests."""
    return replace(here, config=replace(here.config, image_every=3))


@pytest.fixture
def stops(imaging: Here) -> Dataset:
    Territory.objects.create(slug="orne", name="L’Orne")
    dataset = Dataset.objects.create(
        territory_id="orne", slug="stops", title={"fr": "Arrêts"}, kind="stop", connector="seed",
        source="Essai", licence="CC0",
    )  # fmt: skip
    put(imaging, dataset, many(30))
    return dataset


def put(hub: Here, dataset: Dataset, records: Iterable[Wire]) -> None:
    publish(hub, dataset, records, hub.clock.now())


def image(hub: Here) -> Image:
    row = PrebuiltImage.objects.get(territory="orne")
    return read(DurableBlobs(hub.blobs).read(row.name), Image)


def test_none_is_made_unless_asked_for(here: Here, stops: Dataset) -> None:
    assert not renew(here, stops.territory_id)
    assert sign(here, "orne").image is UNSET


def test_the_manifest_names_what_was_made(imaging: Here, stops: Dataset) -> None:
    assert renew(imaging, stops.territory_id)
    assert sign(imaging, "orne").image == PrebuiltImage.objects.get(territory="orne").name
    assert [(one.id, one.count) for one in image(imaging).datasets] == [("stops", 30)]


def test_a_new_one_waits_for_its_manifests(imaging: Here, stops: Dataset) -> None:
    made = []
    for step in range(7):
        put(imaging, stops, many(30, step))
        made.append(renew(imaging, "orne"))
        sign(imaging, "orne")
    assert made == [True, False, False, True, False, False, True]


def test_a_territory_without_data_has_none(imaging: Here) -> None:
    Territory.objects.create(slug="lot", name="Le Lot")
    assert not renew(imaging, "lot")


def test_one_of_an_earlier_epoch_is_named_no_more(imaging: Here, stops: Dataset) -> None:
    renew(imaging, stops.territory_id)
    begin_epoch(imaging, "orne")
    assert sign(imaging, "orne").image is UNSET


def test_records_that_no_kiosk_could_take_are_told_in_the_log(
    imaging: Here, stops: Dataset
) -> None:
    put(imaging, stops, [{"id": "a", "kind": "stop"}])
    with capture_logs() as told:
        assert not renew(imaging, "orne")
    assert [one["event"] for one in told] == ["image.failed"]
    assert not list(imaging.config.data.glob("image-*"))


def test_its_blobs_are_kept_while_it_is_the_newest(
    imaging: Here, stops: Dataset, clock: MovedClock
) -> None:
    renew(imaging, stops.territory_id)
    clock.move(2 * GRACE.total_seconds())
    sweep_blobs(imaging)
    names = {piece.name for piece in image(imaging).pieces}
    assert Blob.objects.filter(name__in=names).count() == len(names)


def test_a_kiosk_goes_on_from_an_older_one(imaging: Here, stops: Dataset, tmp_path: Path) -> None:
    begin_epoch(imaging, "orne")
    stops.refresh_from_db()
    assert renew(imaging, "orne")
    put(imaging, stops, [*many(29), *many(32)[30:]])
    sign(imaging, "orne")
    signed = SignedManifest.objects.get(territory="orne")
    keep(imaging.config.data, MANIFEST, bytes(signed.body))
    keep(imaging.config.data, KEYS, bytes(signed.notice))
    with Follower(tmp_path / "kiosk", "orne", imaging.clock) as follower:
        outcome = run(follower.take(FolderSource(imaging.config.data), first=True))
    assert (outcome.image, outcome.taken, outcome.kept) == (True, ["stops"], {})
    assert image(imaging).datasets[0].head == 1
