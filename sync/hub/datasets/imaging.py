"""Images: what a first installation may take instead of records (ADR 0025).

Rules:
1. None is made unless the setting ``image_every`` says after how many manifests a new one may be.
2. It holds the datasets that don't travel inline, as they stand; a kiosk goes on from it by deltas.
3. It is made aside and is durable before the manifest names it; the worker makes it, no request.
4. The manifest names it while each of its datasets is published in the same epoch.
5. One that can't be made is logged; kiosks then take records as ever.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog

from kiosk.domain.errors import DataAbsent, FeedRefused
from kiosk.store.copies import Copy
from kiosk.store.copies import Edition as StoreEdition
from kiosk.store.image import make
from kiosk.store.migrations import VERSION
from sync.engine.copying import dataset_of
from sync.hub.datasets.models import Dataset, PrebuiltImage
from sync.hub.datasets.publishing import about, keep_blob
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.protocol.blobs import name_of
from sync.protocol.image import cut
from sync.protocol.manifest import PIECE_BYTES_MAX, Held, Image, Piece, write

log = structlog.get_logger("hub.imaging")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A dataset as it stands: what the image tells of it, and what goes in."""

    held: Held
    edition: StoreEdition
    lines: list[bytes]


def renew(hub: Here, territory: str) -> bool:
    """Make a territory's image where one is due; says whether one was made."""
    version = Territory.objects.get(slug=territory).version
    last = PrebuiltImage.objects.filter(territory=territory).first()
    every = hub.config.image_every
    if not every or (last is not None and version - last.version < every):
        return False
    try:
        with tempfile.TemporaryDirectory(dir=hub.config.data, prefix="image-") as folder:
            return _renew(hub, territory, version, Path(folder) / "image.db")
    except (FeedRefused, DataAbsent) as wrong:
        log.warning("image.failed", territory=territory, why=str(wrong))
        return False


def _renew(hub: Here, territory: str, version: int, file: Path) -> bool:
    standing = list(_standing(territory))
    if not standing:
        return False
    make(file, ((one.edition, one.lines) for one in standing))
    held = [one.held for one in standing]
    name = _keep(hub, territory, file, held)
    PrebuiltImage.objects.update_or_create(
        territory_id=territory,
        defaults={
            "name": name,
            "version": version,
            "epochs": {one.id: one.epoch for one in held},
            "made_at": hub.clock.now(),
        },
    )
    log.info("image.made", territory=territory, bytes=file.stat().st_size, datasets=len(held))
    return True


def _standing(territory: str) -> Iterator[_Standing]:
    for dataset in Dataset.objects.filter(territory=territory, inline=False).exclude(detail=""):
        lines = {row.key: bytes(row.body) for row in dataset.records.all()}
        assert dataset.observed_at is not None, "what has a detail was observed"
        held = Held(
            id=dataset.slug,
            schema=dataset.schema,
            epoch=dataset.epoch,
            head=dataset.head,
            count=dataset.count,
            sum=dataset.sum,
        )
        yield _Standing(
            held=held,
            edition=_edition(dataset, held, dataset.observed_at),
            lines=[lines[key] for key in sorted(lines)],
        )


def _edition(dataset: Dataset, held: Held, observed_at: datetime) -> StoreEdition:
    observed_at = observed_at.astimezone(UTC)
    return StoreEdition(
        dataset=dataset_of(dataset.slug, about(dataset)),
        copy=Copy(schema=held.schema, epoch=held.epoch, head=held.head, sum=held.sum),
        count=held.count,
        observed_at=observed_at,
        imported_at=observed_at,
    )


def _keep(hub: Here, territory: str, file: Path, held: Iterable[Held]) -> str:
    """Make an image's blobs durable; gives the name of the one that tells of the others."""
    pieces: list[Piece] = []
    with file.open("rb") as read:
        for one in cut(iter(partial(read.read, PIECE_BYTES_MAX), b"")):
            keep_blob(hub, one.piece.name, one.data)
            pieces.append(one.piece)
    told = Image(
        territory=territory,
        database=VERSION,
        bytes=file.stat().st_size,
        datasets=tuple(held),
        pieces=tuple(pieces),
    )
    data = write(told)
    name = name_of(data)
    keep_blob(hub, name, data)
    return name
