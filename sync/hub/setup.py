"""Preparing a hub: its keys, its tables, its territory out of a pack, published and signed.

Rules:
1. Doing it again changes nothing that is there: keys stay, the same records are no edition.
2. A restored hub bumps the epoch: a new online key, named by a notice of the root key, and first
   editions anew (SYNC.md, "The manifest carries …").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json, Record, text_in
from kiosk.domain.sealed import Signer
from kiosk.domain.territory import Dataset as PackDataset
from kiosk.domain.territory import Territory as PackTerritory
from kiosk.store.pack import load_territory
from kiosk.store.pack_records import seed_records
from kiosk.store.pack_seed import GTFS, gtfs_zip
from sync.connectors.base import Context, Item
from sync.connectors.gtfs.connector import read_timetable
from sync.hub.config import ROOT_KEY
from sync.hub.datasets.imaging import renew
from sync.hub.datasets.models import Dataset, SignedManifest
from sync.hub.datasets.publishing import publish, sign
from sync.hub.here import Here
from sync.hub.keys import FileKey
from sync.hub.office.kiosk_side import bring_all
from sync.hub.territories.models import Territory
from sync.protocol.canonical import decode
from sync.protocol.envelope import wire_of
from sync.protocol.manifest import Notice
from sync.signing import sign_notice

SEED_REFRESH_S = 86_400
LANGUAGE = "fr"  # of the back office


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was published: records by dataset, the manifest's epoch and version, the key (hex)."""

    territory: str
    datasets: Mapping[str, int]
    rejects: int
    epoch: int
    version: int
    hub_key: str


def migrate() -> None:
    """Bring the database's tables up to date."""
    call_command("migrate", verbosity=0)


def prepare(hub: Here, folder: Path) -> Prepared:
    """Publish the pack in ``folder``; raises InputRefused when it can't be used."""
    pack, now = load_territory(folder), hub.clock.now()
    name = pack.name.get("fr") or pack.slug
    known = {
        "name": name,
        "timezone": pack.timezone,
        "demo": pack.demo,
        "services": _services(pack),
    }
    Territory.objects.update_or_create(slug=pack.slug, defaults=known)
    counts: dict[str, int] = {}
    rejects = 0
    for described in pack.datasets.values():
        row = _row(pack.slug, described)
        if not described.seed:
            continue
        try:
            items = list(_seeds(folder, pack, described, now))
        except InputRefused:
            rejects += 1
            continue
        records = [one for one in items if isinstance(one, Record)]
        rejects += len(items) - len(records)
        counts[described.id] = publish(hub, row, map(wire_of, records), now).records
    bring_all(hub, Territory.objects.get(slug=pack.slug))
    renew(hub, pack.slug)
    signed = sign(hub, pack.slug)
    _name_key(hub, pack.slug, signed.epoch)
    return Prepared(
        territory=pack.slug,
        datasets=counts,
        rejects=rejects,
        epoch=signed.epoch,
        version=signed.version,
        hub_key=hub.key.public_key.hex(),
    )


def begin_epoch(hub: Here, territory: str, *, root: Signer | None = None, least: int = 0) -> None:
    """Bump a territory's epoch: every dataset begins anew, at a first edition.

    ``root`` names the online key (None: the root key where it lies here); the epoch is ``least`` at
    least, as when a backup is restored for the second time.
    """
    with transaction.atomic():
        here = Territory.objects.select_for_update().get(slug=territory)
        step = max(1, least - here.epoch)
        Territory.objects.filter(slug=territory).update(epoch=F("epoch") + step)
        for dataset in Dataset.objects.filter(territory=territory).exclude(detail=""):
            records = [decode(bytes(row.body)) for row in dataset.records.all()]
            observed_at = dataset.observed_at or hub.clock.now()
            dataset.epoch, dataset.head, dataset.detail = dataset.epoch + step, 0, ""
            dataset.save(update_fields=["epoch", "head", "detail"])
            publish(hub, dataset, records, observed_at)
    signed = sign(hub, territory)
    _name_key(hub, territory, signed.epoch, root)


def _name_key(hub: Here, territory: str, epoch: int, root: Signer | None = None) -> None:
    """Write the notice of the online key where the root key lies here (else it is made offline)."""
    file = hub.config.data / ROOT_KEY
    if root is None and not file.exists():
        return
    root = root or FileKey(file)
    notice = Notice(
        territory=territory,
        epoch=epoch,
        key=hub.key.public_key,
        root=root.public_key,
        issued_at=int(hub.clock.now().timestamp()),
    )
    body = sign_notice(notice, root)
    SignedManifest.objects.filter(territory=territory).update(notice=body)


def _services(pack: PackTerritory) -> dict[str, Json]:
    """Give what the hive's editor shows of a pack's services."""
    tiles: list[Json] = [
        {
            "id": one.id,
            "title": text_in(one.title, LANGUAGE)[0],
            "icon": one.icon,
            "family": one.family,
        }
        for one in sorted(pack.services, key=lambda one: one.cell)
    ]
    return {"tiles": tiles, "accent": pack.theme.get("accent", "")}


def _row(territory: str, described: PackDataset) -> Dataset:
    known = {
        "title": dict(described.title),
        "kind": described.kind,
        "connector": described.connector,
        "source": described.source,
        "licence": described.licence,
        "demo": described.demo,
    }
    pace = {"refresh_s": described.policy.live_s or SEED_REFRESH_S}
    row, _ = Dataset.objects.update_or_create(
        territory_id=territory,
        slug=described.id,
        defaults=known,
        create_defaults={**known, **pace},
    )
    return row


def _seeds(
    folder: Path, pack: PackTerritory, described: PackDataset, now: datetime
) -> Iterator[Item]:
    """Give the items of a dataset's seed; raises InputRefused."""
    zone = ZoneInfo(pack.timezone)
    if described.connector != GTFS:
        yield from seed_records(folder, described, now, zone)
        return
    context = Context(
        dataset=described.id,
        source=described.source,
        licence=described.licence,
        observed_at=now,
        now=now,
        timezone=pack.timezone,
        demo=described.demo,
    )
    _rows, items = read_timetable(gtfs_zip(folder / described.seed), context)
    yield from items
