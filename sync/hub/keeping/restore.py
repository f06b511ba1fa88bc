"""The way back from a backup, into an empty place (SYNC.md, "a restored hub").

Rules:
1. The backup is read to its end before anything is written; a newer one than this programme is
   refused, and a place that isn't empty.
2. The restored hub has new keys. The territories' root key names the new online key under a higher
   epoch: no kiosk takes the older numbers for a rollback, or what somebody signs with the lost key.
3. Every stream's ack is the backup's: kiosks hear a lower one and send again what has come since;
   the primary key counts each event once.
4. The list of lost cards leaps ahead, so that kiosks which saw newer ones take it.
5. An epoch is never used twice: who restores the same backup again names a higher one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.apps.registry import Apps
from django.db import transaction
from django.db.models import F
from django.db.utils import DatabaseError

from kiosk.domain.errors import InputRefused
from kiosk.domain.sealed import Signer
from sync.hub.audit.record import note
from sync.hub.config import BLOBS, ROOT_KEY
from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.models import Dataset
from sync.hub.devices.models import Device
from sync.hub.events.closings import chain_of
from sync.hub.events.models import Photo
from sync.hub.here import Here
from sync.hub.keeping import tables
from sync.hub.keeping.archive import Header, Member, opened
from sync.hub.keeping.place import MONEY, put
from sync.hub.setup import begin_epoch
from sync.hub.territories.models import Territory
from sync.protocol.canonical import hex_sum, total

GIVEN: Final = (ROOT_KEY, "database_url")  # who restores has given both
LEAP: Final = 1_000_000  # more lists of lost cards than any hub makes between two backups
TABLES: Final = "tables/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back, the epoch of each territory now, and what to bring by hand.

    ``records`` counts what each territory publishes as blobs. ``datasets`` and ``closings`` were
    compared with their sums and their chains; ``odd`` names those that don't agree, which they
    didn't at the backup either.
    """

    made_at: str
    territories: Mapping[str, int]
    rows: int
    files: int
    hub_key: str
    missing: tuple[str, ...]
    records: Mapping[str, int]
    datasets: int
    closings: int
    odd: tuple[str, ...]


def restore(hub: Here, file: Path, root: Signer, *, epoch: int = 0) -> Restored:
    """Bring a verified backup back into an empty hub, and begin a new epoch.

    ``epoch`` is the least that the territories begin with. Raises InputRefused, StorageFull.
    """
    if not tables.is_empty():
        raise InputRefused("the database isn't empty", todo="make a new one")
    with opened(file) as (header, pieces):
        registry = tables.prepare(header.schema)
        try:
            with transaction.atomic():
                for member, piece in pieces:
                    if member.name.startswith(TABLES):
                        _load(registry, header, member, piece)
                    else:
                        _file(hub, member, piece)
        except DatabaseError as wrong:
            raise InputRefused(f"its tables can't be loaded: {wrong}", where=str(file)) from wrong
    tables.finish(registry)
    datasets, closings, odd = _inspected()
    epochs = _begin(hub, header, root, epoch)
    return Restored(
        made_at=header.made_at,
        territories=epochs,
        rows=sum(header.rows.values()),
        files=len(header.files),
        hub_key=hub.key.public_key.hex(),
        records=_records(),
        datasets=datasets,
        closings=closings,
        odd=odd,
        missing=tuple(
            one
            for one in header.left_out
            if one not in GIVEN and not (hub.config.data / one).exists()
        ),
    )


def _load(registry: Apps, header: Header, member: Member, piece: IO[bytes]) -> None:
    """Load a table, and count what came."""
    label = member.name.removeprefix(TABLES).removesuffix(".zst")
    if tables.load(registry, label, piece) != header.rows.get(label):
        raise InputRefused("not as many rows as were saved", where=label)


def _file(hub: Here, member: Member, piece: IO[bytes]) -> None:
    """Write a piece that is a file; the settings were brought before."""
    folder, _, name = member.name.rpartition("/")
    if folder == BLOBS:
        put(DurableBlobs(hub.blobs).path(name), piece, mode=0o644)
    elif folder:
        put(hub.config.data / folder / name, piece)
    elif name in MONEY:
        put(hub.config.data / name, piece)


def _begin(hub: Here, header: Header, root: Signer, epoch: int) -> dict[str, int]:
    """Begin a new epoch in every territory (rules 2 and 4), and note the restore."""
    lost = [one.pk for one in Photo.objects.all() if not _is_here(hub, one)]
    Photo.objects.filter(pk__in=lost).delete()  # a kiosk that still has one sends it again
    Territory.objects.update(lost_cards=F("lost_cards") + LEAP)
    for slug in header.territories:
        begin_epoch(hub, slug, root=root, least=epoch)
    note(hub, None, ("hub.restored", ""), header.made_at)
    return dict(Territory.objects.values_list("slug", "epoch"))


def _is_here(hub: Here, photo: Photo) -> bool:
    return photo.complete_at is not None and (hub.photos / photo.device_id / photo.sha256).exists()


def _inspected() -> tuple[int, int, tuple[str, ...]]:
    """Compare what came with what it says of itself: datasets with their sums, closings' chains."""
    odd: list[str] = []
    datasets = list(Dataset.objects.exclude(detail=""))
    for one in datasets:
        lines = [bytes(body) for body in one.records.values_list("body", flat=True)]
        if (len(lines), hex_sum(total(lines))) != (one.count, one.sum):
            odd.append(f"{one}")
    chains = [chain_of(device) for device in Device.objects.all()]
    odd += [f"closings of {one.device.id}" for one in chains if one.faults]
    return len(datasets), sum(len(one.anchors) for one in chains), tuple(odd)


def _records() -> dict[str, int]:
    counted = dict.fromkeys(Territory.objects.values_list("slug", flat=True), 0)
    for one in Dataset.objects.filter(inline=False).exclude(detail=""):
        counted[one.territory_id] += one.count
    return counted
