"""A small territory on a real database, filled record by record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.facts import KINDS, data_of
from kiosk.domain.freshness import Policy
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.domain.record import Geo, Localised, Record
from kiosk.domain.territory import Dataset, Service, Territory
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.records import RecordStore
from kiosk.store.timetable import TimetableStore
from tests.conftest import MovedClock
from ui.context import Context
from ui.words import Words

# Sunday 22 November 2026, 10:42 in Paris
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
LIVE = Policy(live_s=120, stale_s=1800, withdraw=True)


def utc(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Give a moment of November 2026, on Paris' clock (one hour ahead of UTC)."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 1, minutes=minute)


class World:
    """One service ``s`` over the datasets that were put into it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "content.db"
        self.clock = MovedClock(NOW)
        self._datasets: dict[str, Dataset] = {}

    def put(
        self,
        facts: Sequence[msgspec.Struct],
        *,
        dataset: str = "d",
        titles: Sequence[str | Localised] = (),
        policy: Policy | None = None,
        **common: Any,
    ) -> None:
        """Publish records ``0``, ``1`` … of one kind; ``common`` are fields of all records."""
        kind = next(name for name, known in KINDS.items() if known is type(facts[0]))
        self.declare(dataset, kind, policy=policy)
        fields: dict[str, Any] = {
            "source": "Mairie",
            "licence": "Licence Ouverte 2.0",
            "observed_at": NOW,
            **common,
        }
        records: list[Record] = []
        for i, one in enumerate(facts):
            title = titles[i] if i < len(titles) else f"N{i}"
            texts = {"fr": title} if isinstance(title, str) else title
            data = data_of(one)
            record = Record(id=str(i), dataset=dataset, kind=kind, title=texts, data=data, **fields)
            records.append(record)
        self.publish(dataset, records)

    def declare(self, dataset: str, kind: str, *, policy: Policy | None = None) -> None:
        """Add a dataset without records."""
        self._datasets[dataset] = Dataset(
            id=dataset,
            title={"fr": "Balades", "en": "Walks"},
            kind=kind,
            connector="seed",
            source="Mairie",
            licence="Licence Ouverte 2.0",
            policy=policy or Policy(),
        )

    def publish(self, dataset: str, records: Sequence[Record]) -> None:
        """Replace the records of a declared dataset."""
        with ContentWriter(self.path) as writer:
            writer.replace_dataset(
                self._datasets[dataset], records, observed_at=NOW, imported_at=NOW
            )

    def context(self, kind: str = "agenda", language: str = "fr", **service: Any) -> Context:
        """Give the screens' ports over this world; ``service`` are fields of its one service."""
        fields: dict[str, Any] = {
            "id": "s",
            "kind": kind,
            "family": "live",
            "icon": "pool",
            "title": {"fr": "Service", "en": "The service"},
            "datasets": tuple(self._datasets),
            "cell": (0, 0),
        }
        reader = ContentReader(self.path)
        return Context(
            territory=territory(Service(**{**fields, **service}), self._datasets),
            clock=self.clock,
            cache=RecordStore(reader, self.clock),
            timetable=TimetableStore(reader),
            hours=Engine(Surroundings(zone=ZoneInfo("Europe/Paris"))),
            words=Words(language),
        )


def territory(service: Service, datasets: Mapping[str, Dataset]) -> Territory:
    """Give a small territory with one service."""
    return Territory(
        slug="petit",
        name={"fr": "Petit", "en": "Small"},
        host={"fr": "Mairie", "en": "Town hall"},
        insee=("61001",),
        holidays_zone="B",
        languages=("fr", "en"),
        timezone="Europe/Paris",
        position=Geo(lat=48.4, lon=0.1),
        phone="02 00 00 00 00",
        demo=False,
        services=(service,),
        datasets=datasets,
    )
