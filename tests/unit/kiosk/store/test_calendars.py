"""The holidays of places, against the official lists where those are at hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.opening_hours.surroundings import NoCalendar
from kiosk.store import calendars
from kiosk.store.calendars import PlaceCalendar, calendar_of, department_of

YEAR = [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]


def publics(country: str, subdivision: str = "") -> set[str]:
    calendar = calendar_of(country, subdivision)
    return {f"{day:%m-%d}" for day in YEAR if calendar.public_holiday(day)}


MAINLAND = {
    "01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11",
    "12-25",
}  # fmt: skip


@pytest.mark.parametrize("department", ["", "61", "75", "2A", "Occitanie"])
def test_mainland_france_has_eleven_holidays(department: str) -> None:
    assert publics("FR", department) == MAINLAND


@pytest.mark.parametrize("department", ["57", "67", "68", "Moselle", "Bas-Rhin", "Haut-Rhin"])
def test_alsace_and_moselle_have_two_more(department: str) -> None:
    assert publics("FR", department) - MAINLAND == {"04-03", "12-26"}


def test_overseas_departments_have_their_own() -> None:
    assert publics("FR", "974") - MAINLAND == {"12-20"}


def test_a_country_is_found_in_small_letters_too() -> None:
    assert publics("fr") == MAINLAND


def test_a_state_abroad_is_found_by_its_name() -> None:
    assert publics("DE", "Baden-Württemberg") - publics("DE") >= {"01-06"}


def test_holidays_have_their_countrys_names() -> None:
    assert calendar_of("FR").public_holiday(date(2026, 11, 11)) == "Armistice"
    assert calendar_of("DE").public_holiday(date(2026, 1, 1)) == "Neujahr"


def test_an_ordinary_day_has_no_name() -> None:
    assert calendar_of("FR").public_holiday(date(2026, 11, 12)) == ""


@pytest.mark.parametrize("country", ["XX", "Atlantis", "holiday_base"])
def test_an_unknown_country_knows_nothing(country: str) -> None:
    assert calendar_of(country).public_holiday(date(2026, 1, 1)) is None
    assert calendar_of(country).school_holiday(date(2026, 1, 1)) is None


def test_no_country_knows_nothing() -> None:
    assert isinstance(calendar_of(""), NoCalendar)
    assert calendar_of("").public_holiday(date(2026, 1, 1)) is None
    assert calendar_of("").school_holiday(date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("zone", "day", "name"),
    [
        ("A", date(2026, 2, 10), "Vacances d'hiver"),
        ("B", date(2026, 2, 10), ""),
        ("B", date(2026, 2, 17), "Vacances d'hiver"),
        ("b", date(2026, 2, 17), "Vacances d'hiver"),
        ("C", date(2026, 2, 10), ""),
        ("C", date(2026, 2, 24), "Vacances d'hiver"),
        ("A", date(2026, 12, 25), "Vacances de Noël"),
        ("A", date(2026, 11, 12), ""),
    ],
)
def test_school_holidays_differ_by_zone(zone: str, day: date, name: str) -> None:
    assert calendar_of("FR", "61", zone).school_holiday(day) == name


def test_without_a_zone_only_what_all_zones_share_is_known() -> None:
    calendar = calendar_of("FR", "61")
    assert calendar.school_holiday(date(2026, 12, 25)) == "Vacances de Noël"
    assert calendar.school_holiday(date(2026, 11, 12)) == ""
    assert calendar.school_holiday(date(2026, 2, 10)) is None


@pytest.mark.parametrize("department", ["2A", "2B", "974", "988"])
def test_corsica_and_overseas_have_other_school_holidays(department: str) -> None:
    assert calendar_of("FR", department).school_holiday(date(2026, 12, 25)) is None


@pytest.mark.parametrize("day", [date(1980, 7, 14), date(2150, 7, 14)])
def test_years_that_were_not_published_are_unknown(day: date) -> None:
    assert calendar_of("FR", "61", "B").school_holiday(day) is None


def test_school_holidays_abroad_are_unknown() -> None:
    assert calendar_of("DE", "Bayern", "A").school_holiday(date(2026, 12, 25)) is None


def test_what_a_calendar_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "DAYS_MAX", 10)
    calendar = PlaceCalendar("FR")
    for day in YEAR[:60]:
        assert (calendar.public_holiday(day) != "") is (f"{day:%m-%d}" in MAINLAND)
    assert len(calendar._publics) <= 11


@pytest.mark.parametrize(
    ("file", "department"),
    [("jours_feries_metropole.csv", "61"), ("jours_feries_alsace-moselle.csv", "67")],
)
def test_public_holidays_are_those_of_the_official_list(
    corpus: Path, file: str, department: str
) -> None:
    with (corpus / "calendriers" / file).open(encoding="utf-8", newline="") as lines:
        listed = {date.fromisoformat(row["date"]) for row in csv.DictReader(lines)}
    # until 2008 Whit Monday was the day of solidarity: the two sources see it differently
    official = {day for day in listed if day.year >= 2008}
    calendar = calendar_of("FR", department)
    first, last = min(official), max(official)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    assert {day for day in days if calendar.public_holiday(day)} == official


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_school_holidays_are_those_of_the_official_list(corpus: Path, zone: str) -> None:
    path = corpus / "calendriers" / "vacances_scolaires_zones_abc.csv"
    calendar = calendar_of("FR", "", zone)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = {
            date.fromisoformat(row["date"]): row[f"vacances_zone_{zone.lower()}"] == "True"
            for row in csv.DictReader(lines)
        }
    # the list was taken in March 2025: only the school years that it holds whole
    for day, holiday in rows.items():
        if date(2018, 1, 1) <= day <= date(2025, 7, 4):
            assert bool(calendar.school_holiday(day)) is holiday, day


@pytest.mark.parametrize(
    ("insee", "department"),
    [("61", "61"), ("61001", "61"), ("2A004", "2A"), ("97411", "974"), ("98818", "988"), ("", "")],
)
def test_an_insee_code_names_its_department(insee: str, department: str) -> None:
    assert department_of(insee) == department
