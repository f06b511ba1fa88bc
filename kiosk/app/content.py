"""Makes sure that there is content to show: a damaged database is set aside, an empty one filled.

A database in which none of the pack's seeds stand is filled from the pack, so that a kiosk that
never saw a network shows its territory.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.app.installed import Installed
from kiosk.domain.errors import DataAbsent
from kiosk.domain.territory import Dataset
from kiosk.store.content import ContentWriter
from kiosk.store.damage import is_damaged, set_aside
from kiosk.store.pack_seed import Seeded, seed_content
from sync.connectors.base import Context
from sync.connectors.gtfs.connector import read_timetable


def prepare(here: Installed, now: datetime) -> Seeded | None:
    """Set a damaged content database aside and fill an empty one; gives what was filled.

    Raises DataAbsent when the data folder can't hold a database, InputRefused when a newer
    programme wrote it.
    """
    path = here.content.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_damaged(path):
            here.content.close()
            set_aside(path, now)
    except OSError as wrong:
        raise DataAbsent(f"the data folder can't be written: {wrong}") from wrong
    if any(here.cache.observed_at(name) for name in seeded_datasets(here)):
        return None
    return fill(here, now)


def seeded_datasets(here: Installed) -> list[str]:
    """Give the datasets that the pack holds seeds of."""
    return [one.id for one in here.pack.territory.datasets.values() if one.seed]


def fill(here: Installed, now: datetime) -> Seeded:
    """Fill the content database from the pack's seeds."""
    territory = here.pack.territory
    with ContentWriter(here.content.path) as writer:

        def import_gtfs(dataset: Dataset, raw: bytes) -> int:
            context = Context(
                dataset=dataset.id,
                source=dataset.source,
                licence=dataset.licence,
                observed_at=now,
                now=now,
                timezone=territory.timezone,
                demo=dataset.demo,
            )
            rows, items = read_timetable(raw, context)
            with writer.swap():
                done = writer.replace_dataset(dataset, items, observed_at=now, imported_at=now)
                writer.replace_timetable(dataset.id, rows)
            return done.records

        return seed_content(here.folder, territory, writer, now, import_gtfs)
