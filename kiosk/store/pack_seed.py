"""Filling the content database from a pack's seeds, so that a kiosk without network has data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record, Reject
from kiosk.domain.territory import Dataset, Territory
from kiosk.store.pack_format import FILES_MAX, SEED_BYTES_MAX
from kiosk.store.pack_records import seed_records

GTFS = "gtfs"
REJECTS_KEPT_MAX = 200
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes

# Reads a zipped GTFS feed into the database; gives how many records (stops) it holds.
GtfsImporter: TypeAlias = Callable[[Dataset, bytes], int]


class DatasetWriter(Protocol):
    """The write side of the content database."""

    def replace_dataset(self, dataset: Dataset, records: Iterable[Record]) -> object:
        """Put ``records`` in the place of what the dataset holds, in one transaction."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was seeded: records by dataset, and what was left out (the first ones)."""

    records: dict[str, int] = field(default_factory=dict[str, int])
    rejects: list[Reject] = field(default_factory=list[Reject])

    def refuse(self, reject: Reject) -> None:
        """Keep a reject while there is room."""
        if len(self.rejects) < REJECTS_KEPT_MAX:
            self.rejects.append(reject)


def seed_content(
    folder: Path,
    territory: Territory,
    writer: DatasetWriter,
    now: datetime,
    import_gtfs: GtfsImporter,
) -> Seeded:
    """Fill the database with every seed of the pack in ``folder``; ``now`` is aware.

    A seed that gives nothing leaves what the database holds; the others are replaced.
    """
    seeded = Seeded()
    zone = ZoneInfo(territory.timezone)
    for dataset in territory.datasets.values():
        if not dataset.seed:
            continue
        if dataset.connector == GTFS:
            _seed_feed(folder, dataset, import_gtfs, seeded)
            continue
        records: list[Record] = []
        for one in seed_records(folder, dataset, now, zone):
            if isinstance(one, Reject):
                seeded.refuse(one)
            else:
                records.append(one)
        if records:
            writer.replace_dataset(dataset, records)
            seeded.records[dataset.id] = len(records)
    return seeded


def _seed_feed(folder: Path, dataset: Dataset, import_gtfs: GtfsImporter, seeded: Seeded) -> None:
    try:
        seeded.records[dataset.id] = import_gtfs(dataset, gtfs_zip(folder / dataset.seed))
    except InputRefused as wrong:
        seeded.refuse(Reject(where=wrong.where or dataset.seed, why=wrong.what))


def gtfs_zip(folder: Path) -> bytes:
    """Zip the text files of a GTFS folder in memory, always to the same bytes.

    Raises InputRefused when there are none, for links, and past 10 MB or 2 000 files.
    """
    files = sorted(folder.glob("*.txt"))[: FILES_MAX + 1]
    if not files or any(not file.is_file() or file.is_symlink() for file in files):
        raise InputRefused("no GTFS text files, or links", where=folder.name)
    if len(files) > FILES_MAX or sum(file.stat().st_size for file in files) > SEED_BYTES_MAX:
        raise InputRefused(f"over {SEED_BYTES_MAX} bytes", where=folder.name)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return into.getvalue()
