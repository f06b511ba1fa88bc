"""Filling the content database from a pack's seeds, so that a kiosk without network has data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record, Reject
from kiosk.domain.territory import Dataset, Territory
from kiosk.store.content import ContentWriter
from kiosk.store.pack_format import FILES_MAX, SEED_BYTES_MAX
from kiosk.store.pack_records import seed_records

GTFS = "gtfs"
REJECTS_KEPT_MAX = 200
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes

# Reads a zipped GTFS feed into the database; gives how many records it holds.
GtfsImporter: TypeAlias = Callable[[Dataset, bytes], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was seeded: records by dataset, and what was left out (the first ones)."""

    records: Mapping[str, int]
    rejects: Sequence[Reject]


def seed_content(
    folder: Path,
    territory: Territory,
    writer: ContentWriter,
    now: datetime,
    import_gtfs: GtfsImporter,
) -> Seeded:
    """Fill the database with every seed of the pack in ``folder``; ``now`` is aware.

    A seed of which nothing can be read leaves what the database holds. Raises DataAbsent when
    the database fails.
    """
    records: dict[str, int] = {}
    rejects: list[Reject] = []
    zone = ZoneInfo(territory.timezone)
    for dataset in territory.datasets.values():
        if not dataset.seed:
            continue
        try:
            if dataset.connector == GTFS:
                records[dataset.id] = import_gtfs(dataset, gtfs_zip(folder / dataset.seed))
                continue
            items = list(seed_records(folder, dataset, now, zone))
            done = writer.replace_dataset(
                dataset, items, observed_at=_observed_at(items, now), imported_at=now
            )
            records[dataset.id] = done.records
            rejects += done.first_rejects
        except InputRefused as wrong:
            rejects.append(Reject(where=wrong.where or dataset.seed, why=wrong.what))
    return Seeded(records=records, rejects=rejects[:REJECTS_KEPT_MAX])


def _observed_at(items: Sequence[Record | Reject], now: datetime) -> datetime:
    """Give when the latest of ``items`` was observed."""
    return max((one.observed_at for one in items if isinstance(one, Record)), default=now)


def gtfs_zip(folder: Path) -> bytes:
    """Zip the text files of a GTFS folder in memory, always to the same bytes.

    Raises InputRefused when there are none, for links, and past 10 MB or 2 000 files.
    """
    files = _text_files(folder)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return into.getvalue()


def _text_files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.txt"))[: FILES_MAX + 1]
    if not files or any(not file.is_file() or file.is_symlink() for file in files):
        raise InputRefused("no GTFS text files, or links", where=folder.name)
    if len(files) > FILES_MAX or sum(file.stat().st_size for file in files) > SEED_BYTES_MAX:
        raise InputRefused(f"over {SEED_BYTES_MAX} bytes", where=folder.name)
    return files
