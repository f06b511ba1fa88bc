"""Making a backup: one file with the tables, the blobs, the photos and the payments.

Rules:
1. The tables are of one moment; blobs and photos are those that these tables name. A blob stays on
   the disk for days after nothing names it any more, so none is missing.
2. No private key travels, nor a bank's secret, nor a database's password: ``left_out`` names what
   lay there. They are kept apart, with the root key (docs/operations.md). Card keys are in the
   tables, sealed under ``hub-card.key``, which stays.
3. What the disk holds with other bytes than its name says is told in ``damaged``, and left out:
   a blob is made anew at a restore, a photo is lost.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.errors import InputRefused, StorageFull
from sync.hub.config import CARD_KEY, FILE, PHOTOS, ROOT_KEY, SECRET, SIGNING_KEY
from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.models import Blob, SignedManifest
from sync.hub.events.models import Photo
from sync.hub.here import Here
from sync.hub.keeping import tables
from sync.hub.keeping.archive import FORMAT, Backup, Header, Member, Standing, member_of, write
from sync.hub.keeping.place import MONEY
from sync.hub.territories.models import Territory
from sync.signing import first_notice

STAY: Final = (
    SECRET,
    SIGNING_KEY,
    ROOT_KEY,
    CARD_KEY,
    "payments.toml",
    "hub.key",
    "code.key",
    "hub-token",
    "territories",
)
WAIT_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What goes into the file: where each piece lies, the tables' rows, what is damaged."""

    sources: dict[str, Path]
    members: tuple[Member, ...]
    rows: Mapping[str, int]
    territories: Mapping[str, Standing]
    damaged: tuple[str, ...]


def backup(hub: Here, out: Path) -> Backup:
    """Back the hub up into ``out``; raises InputRefused (no folder, or a file), StorageFull."""
    if not out.parent.is_dir() or out.exists():
        raise InputRefused("no folder for it, or a file is there already", where=str(out))
    made_at, schema = hub.clock.now().isoformat(), tables.schema()
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as aside:
            found = _gathered(hub, Path(aside))
            header = Header(
                format=FORMAT,
                made_at=made_at,
                schema=schema,
                territories=dict(found.territories),
                rows=dict(found.rows),
                left_out=left_out(hub),
                files=found.members,
            )
            write(out, header, found.sources)
    except OSError as full:
        raise StorageFull(f"the backup can't be written: {full}") from full
    whole = member_of(out.name, out)
    names = [one.name for one in found.members]
    return Backup(
        file=str(out),
        bytes=whole.size,
        sha256=whole.sha256,
        made_at=made_at,
        rows=found.rows,
        blobs=sum(name.startswith("blobs/") for name in names),
        photos=sum(name.startswith("photos/") for name in names),
        left_out=header.left_out,
        damaged=found.damaged,
    )


def left_out(hub: Here) -> tuple[str, ...]:
    """Name what lies in the hub's folder, or in its settings, and doesn't travel."""
    found = [name for name in STAY if (hub.config.data / name).exists()]
    return (*found, *(["database_url"] if hub.config.database is not None else []))


def _gathered(hub: Here, aside: Path) -> _Gathered:
    with tables.snapshot():
        sources, rows = tables.dump(aside)
        named = dict(_blobs(hub)) | dict(_photos(hub))
        territories = dict(_standings())
    sources |= dict(_payments(hub, aside))
    settings = aside / FILE
    settings.write_text(_settings(hub), encoding="utf-8")
    members = [member_of(name, file) for name, file in {**sources, FILE: settings}.items()]
    damaged: list[str] = []
    for name, file in named.items():
        sound = _sound(name, file)
        if sound is None:
            damaged.append(name)
        else:
            members.append(sound)
    return _Gathered(
        sources={**sources, **named, FILE: settings},
        members=tuple(members),
        rows=rows,
        territories=territories,
        damaged=tuple(damaged),
    )


def _sound(name: str, file: Path) -> Member | None:
    """Describe a piece that is named by its content; None when the disk holds other bytes."""
    try:
        member = member_of(name, file)
    except OSError:
        return None
    return member if name.endswith(member.sha256) else None


def _blobs(hub: Here) -> Iterator[tuple[str, Path]]:
    store = DurableBlobs(hub.blobs)
    for name in Blob.objects.values_list("name", flat=True):
        yield f"blobs/{name}", store.path(name)


def _photos(hub: Here) -> Iterator[tuple[str, Path]]:
    whole = Photo.objects.exclude(complete_at=None)
    for device, name in whole.values_list("device_id", "sha256"):
        yield f"{PHOTOS}/{device}/{name}", hub.photos / device / name


def _standings() -> Iterator[tuple[str, Standing]]:
    notices = dict(SignedManifest.objects.values_list("territory_id", "notice"))
    for one in Territory.objects.all():
        notice = bytes(notices.get(one.slug, b""))
        root = first_notice(notice).root.hex() if notice else ""
        yield one.slug, Standing(epoch=one.epoch, version=one.version, root=root)


def _payments(hub: Here, aside: Path) -> Iterator[tuple[str, Path]]:
    """Copy the SQLite files of payments, each as of one moment, while the hub goes on."""
    for name in MONEY:
        source = hub.config.data / name
        if source.exists():
            address = f"{source.absolute().as_uri()}?mode=ro"
            with (
                closing(sqlite3.connect(address, uri=True, timeout=WAIT_S)) as there,
                closing(sqlite3.connect(aside / name)) as here,
            ):
                there.backup(here)
            yield name, aside / name


def _settings(hub: Here) -> str:
    """Give hub.toml as it may travel: without the database."""
    told = {
        "public_url": hub.config.public_url,
        "allowed_hosts": list(hub.config.allowed_hosts),
        "territory": hub.config.territory,
    }
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items() if value)
