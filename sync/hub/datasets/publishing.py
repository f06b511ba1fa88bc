"""Publishing: records in, an edition and a signed manifest out (SYNC.md, "Hub").

Rules:
1. The number of an edition comes of ``UPDATE … SET head = head + 1 … RETURNING``: the row's lock
   lets one publisher of a dataset in after the other.
2. Blobs are durable before the transaction that names them commits.
3. The same records again are no edition: only the moment of observation moves.
4. The manifest is signed anew after each change; its version only grows.
5. A blob that no edition and no image names any more is kept GRACE for the kiosks that are fetching
   it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from msgspec import UNSET, UnsetType

from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.models import Blob, Dataset, PrebuiltImage, SignedManifest, StoredRecord
from sync.hub.here import Here
from sync.protocol.canonical import Wire
from sync.protocol.manifest import About, DatasetHead, Detail, Image, Live, Manifest, read
from sync.publish import Edition, first, following, lines_by_id, live
from sync.signing import sign_manifest

LASTS = timedelta(days=7)  # a manifest; the worker signs a new one long before
GRACE = timedelta(days=7)
BLOBS_SWEPT_MAX = 1_000
ROWS_AT_ONCE = 500
LIVE_LASTS = 3  # refreshes
_NEXT_HEAD = "UPDATE datasets_dataset SET head = head + 1 WHERE id = %s RETURNING head"
_NEXT_VERSION = (
    "UPDATE territories_territory SET version = version + 1 WHERE slug = %s"
    " RETURNING epoch, version"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publish did: the head now, the records, and whether it is a new edition."""

    head: int
    records: int
    changed: bool


def publish(
    hub: Here, dataset: Dataset, records: Iterable[Wire], observed_at: datetime
) -> Published:
    """Publish a dataset's records as they are now; raises FeedRefused, and then changes nothing."""
    after = lines_by_id(records)
    with transaction.atomic():
        number = _claimed(dataset)
        dataset.refresh_from_db()
        dataset.observed_at = observed_at
        before = {row.key: bytes(row.body) for row in dataset.records.all()}
        changed = before != after or not dataset.detail
        if changed:
            edition = _edition(hub, dataset, before, after)
            assert edition.head.head == number, "the row's number is the edition's"
            _keep(hub, dataset, edition)
            _replace(dataset, before, after)
        else:
            dataset.head = number - 1
        dataset.save(update_fields=["head", "count", "sum", "detail", "observed_at"])
    return Published(head=dataset.head, records=len(after), changed=changed)


def sign(hub: Here, territory: str) -> Manifest:
    """Sign a territory's manifest anew; gives what it says."""
    now = hub.clock.now()
    with transaction.atomic():
        epoch, version = _next_version(territory)
        found = list(Dataset.objects.filter(territory=territory).exclude(detail=""))
        inline = {one.slug: told for one in found if one.inline and (told := _live(one, now))}
        lines = tuple(_line(one) for one in found if one.slug not in inline)
        manifest = Manifest(
            territory=territory,
            epoch=epoch,
            version=version,
            issued_at=int(now.timestamp()),
            expires_at=int((now + LASTS).timestamp()),
            datasets=lines,
            live=tuple(inline.values()),
            image=_image(territory, lines),
        )
        body = sign_manifest(manifest, hub.key)
        SignedManifest.objects.update_or_create(
            territory_id=territory,
            defaults={
                "body": body,
                "etag": f"{epoch}-{version}",
                "issued_at": now,
                "expires_at": now + LASTS,
            },
        )
    return manifest


def sweep_blobs(hub: Here) -> int:
    """Delete the blobs that no edition has named for GRACE; gives how many."""
    store = DurableBlobs(hub.blobs)
    now = hub.clock.now()
    for dataset in Dataset.objects.exclude(detail=""):
        detail = _detail(store, dataset.detail)
        Blob.objects.filter(name__in=[dataset.detail, *_names(detail)]).update(needed_at=now)
    for image in PrebuiltImage.objects.all():
        told = read(store.read(image.name), Image)
        names = [image.name, *(piece.name for piece in told.pieces)]
        Blob.objects.filter(name__in=names).update(needed_at=now)
    gone = list(Blob.objects.filter(needed_at__lt=now - GRACE)[:BLOBS_SWEPT_MAX])
    for blob in gone:
        store.forget(blob.name)
        blob.delete()
    return len(gone)


def keep_blob(hub: Here, name: str, data: bytes) -> None:
    """Make a blob durable, and count it as needed from now on (rules 2 and 5)."""
    DurableBlobs(hub.blobs).write(name, data)
    needed = {"size": len(data), "needed_at": hub.clock.now()}
    Blob.objects.update_or_create(name=name, defaults=needed)


def _claimed(dataset: Dataset) -> int:
    """Take the next number of a dataset, and its row's lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_HEAD, [dataset.pk])
        return int(cursor.fetchone()[0])


def _next_version(territory: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_VERSION, [territory])
        epoch, version = cursor.fetchone()
        return int(epoch), int(version)


def _edition(
    hub: Here, dataset: Dataset, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Edition:
    assert dataset.observed_at is not None, "a publish tells when"
    at = int(dataset.observed_at.timestamp())
    if not dataset.detail:
        return first(dataset.slug, about(dataset), after, epoch=dataset.epoch, observed_at=at)
    store = DurableBlobs(hub.blobs)
    return following(
        _detail(store, dataset.detail),
        before,
        after,
        store.read,
        observed_at=at,
        about=about(dataset),
    )


def _keep(hub: Here, dataset: Dataset, edition: Edition) -> None:
    """Write the new blobs and what the edition says of itself (rule 2)."""
    for name, data in edition.blobs.items():
        keep_blob(hub, name, data)
    told = edition.head
    dataset.head, dataset.count, dataset.sum = told.head, told.count, told.sum
    dataset.detail = told.detail


def _replace(dataset: Dataset, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    """Bring the stored lines from ``before`` to ``after``."""
    gone = [key for key in before if after.get(key) != before[key]]
    come = [key for key in after if after[key] != before.get(key)]
    for start in range(0, len(gone), ROWS_AT_ONCE):
        some = gone[start : start + ROWS_AT_ONCE]
        StoredRecord.objects.filter(dataset=dataset, key__in=some).delete()
    rows = (StoredRecord(dataset=dataset, key=key, body=after[key]) for key in come)
    StoredRecord.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def about(dataset: Dataset) -> About:
    """Give what is shown of a dataset beside its records."""
    return About(
        title={tag: str(words) for tag, words in dataset.title.items()},
        kind=dataset.kind,
        connector=dataset.connector,
        source=dataset.source,
        licence=dataset.licence,
        demo=dataset.demo,
    )


def _line(dataset: Dataset) -> DatasetHead:
    assert dataset.observed_at is not None, "what has a detail was observed"
    return DatasetHead(
        id=dataset.slug,
        schema=dataset.schema,
        epoch=dataset.epoch,
        head=dataset.head,
        count=dataset.count,
        sum=dataset.sum,
        observed_at=int(dataset.observed_at.timestamp()),
        detail=dataset.detail,
    )


def _image(territory: str, lines: Iterable[DatasetHead]) -> str | UnsetType:
    """Give the blob of the territory's image while kiosks can go on from it, else nothing."""
    image = PrebuiltImage.objects.filter(territory=territory).first()
    if image is None or not image.epochs.items() <= {one.id: one.epoch for one in lines}.items():
        return UNSET
    return image.name


def _live(dataset: Dataset, now: datetime) -> Live | None:
    """Give a dataset as it travels in the manifest, None when it is too large for that."""
    observed = dataset.observed_at or now
    lasts = timedelta(seconds=dataset.refresh_s * LIVE_LASTS)
    lines = [bytes(row.body) for row in dataset.records.all()]
    return live(
        dataset.slug,
        about(dataset),
        lines,
        observed_at=int(observed.timestamp()),
        valid_until=int((observed + lasts).timestamp()),
    )


def _detail(store: DurableBlobs, name: str) -> Detail:
    return read(store.read(name), Detail)


def _names(detail: Detail) -> set[str]:
    chunks = [*detail.snapshot.chunks]
    for delta in detail.deltas:
        chunks += delta.chunks
    if detail.prebuilt is not None:
        chunks += detail.prebuilt.chunks
    return {chunk.name for chunk in chunks}
