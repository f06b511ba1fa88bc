"""The invented timetable of the GTFS tests, published for the store's tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.transit import Departure, TripUpdate
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.timetable import TimetableStore
from sync.connectors.gtfs.connector import read_timetable
from tests.unit.kiosk.store.contents import NOW, dataset
from tests.unit.sync.connectors.gtfs.feeds import context, feed

PARIS = ZoneInfo("Europe/Paris")


def publish_feed(path: Path, raw: bytes | None = None, name: str = "bus") -> None:
    """Publish a feed (the invented one) as the dataset ``name``."""
    rows, items = read_timetable(raw or feed(), context(dataset=name))
    with ContentWriter(path) as writer, writer.swap():
        writer.replace_timetable(name, rows)
        writer.replace_dataset(dataset(name), items, observed_at=NOW, imported_at=NOW)


def publish_news(path: Path, *news: TripUpdate, name: str = "bus") -> None:
    with ContentWriter(path) as writer:
        writer.replace_updates(name, news)


def timetable(path: Path) -> TimetableStore:
    return TimetableStore(ContentReader(path))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def told(departures: list[Departure] | tuple[Departure, ...]) -> list[tuple[str, str]]:
    """Each departure as (trip, day and time)."""
    return [(one.trip, f"{one.scheduled:%m-%d %H:%M}") for one in departures]
