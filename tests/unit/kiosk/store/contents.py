"""Small contents for the store's tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from kiosk.domain.record import Geo, Json, Record, Reject
from kiosk.domain.territory import Dataset
from kiosk.store.content import ContentWriter, Imported

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def dataset(name: str = "places", **changed: object) -> Dataset:
    given: dict[str, object] = {
        "id": name,
        "title": {"fr": "Lieux"},
        "kind": "place",
        "connector": "seed",
        "source": "Bourg inventé",
        "licence": "CC0",
        **changed,
    }
    return Dataset(**given)  # type: ignore[arg-type]  # the tests name the fields


def record(
    name: str,
    title: str = "Piscine",
    *,
    body: str = "",
    at: tuple[float, float] | None = None,
    popularity: int = 0,
    kind: str = "place",
    data: dict[str, Json] | None = None,
    **changed: object,
) -> Record:
    given: dict[str, object] = {
        "id": name,
        "dataset": "places",
        "kind": kind,
        "title": {"fr": title},
        "body": {"fr": body} if body else {},
        "geo": None if at is None else Geo(lat=at[0], lon=at[1]),
        "popularity": popularity,
        "data": data or {},
        "source": "Bourg inventé",
        "licence": "CC0",
        "observed_at": NOW,
        **changed,
    }
    return Record(**given)  # type: ignore[arg-type]  # the tests name the fields


def publish(path: Path, items: Iterable[Record | Reject], name: str = "places") -> Imported:
    """Replace a dataset of the database at ``path``."""
    with ContentWriter(path) as writer:
        return writer.replace_dataset(dataset(name), items, observed_at=NOW, imported_at=NOW)
