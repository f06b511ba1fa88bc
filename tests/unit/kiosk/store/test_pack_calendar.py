"""The school calendar of L'Orne is a fact: it agrees with its sources."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.facts import Event, facts_of
from kiosk.domain.record import Record
from kiosk.store.pack import load_territory
from kiosk.store.pack_records import seed_records

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2027, 12, 31)


@pytest.fixture
def orne(root: Path) -> Path:
    return root / "assets" / "territories" / "orne"


def spans(orne: Path, dataset: str) -> dict[tuple[date, date], Record]:
    """The days of each event, first and last, with its record."""
    found: dict[tuple[date, date], Record] = {}
    for one in seed_records(orne, load_territory(orne).datasets[dataset], NOW, PARIS):
        assert isinstance(one, Record)
        event = facts_of(one, Event)
        assert event.ends_at is not None
        assert event.all_day
        last = event.ends_at.astimezone(PARIS).date() - timedelta(days=1)
        found[event.starts_at.astimezone(PARIS).date(), last] = one
    return found


def test_the_holidays_are_those_of_zone_b(orne: Path) -> None:
    calendar = pytest.importorskip("vacances_scolaires_france").SchoolHolidayDates()
    ours = {
        first + timedelta(days=i)
        for first, last in spans(orne, "vacances")
        for i in range((last - first).days + 1)
    }
    day, official = date(2026, 10, 1), set[date]()
    while day < date(2027, 9, 1):
        if calendar.is_holiday_for_zone(day, "B"):
            official.add(day)
        day += timedelta(days=1)
    assert ours == official


def test_the_public_holidays_are_the_governments(orne: Path, corpus: Path) -> None:
    file = corpus / "calendriers" / "jours_feries_metropole.csv"
    with file.open(encoding="utf-8", newline="") as held:
        days = {date.fromisoformat(row["date"]) for row in csv.DictReader(held)}
    official = {day for day in days if FIRST <= day <= LAST}
    ours = {first for first, last in spans(orne, "jours-feries") if first == last}
    assert ours == official


@pytest.mark.parametrize("dataset", ["vacances", "jours-feries"])
def test_the_calendar_names_its_source_and_licence(orne: Path, dataset: str) -> None:
    for record in spans(orne, dataset).values():
        assert not record.demo
        assert record.licence == "Licence Ouverte 2.0"
        assert "etalab" in record.source or "Ministère" in record.source
        assert record.observed_at < NOW
