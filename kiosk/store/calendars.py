"""The holidays of a place: public ones by country and subdivision, French school zones.

French subdivisions are departments: 57, 67 and 68 (Alsace-Moselle) have two holidays more, those
overseas their own. School holidays are published for a few years: for the others nobody knows.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from kiosk.domain.opening_hours.surroundings import Calendar, NoCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holidays import HolidayBase

DAYS_MAX = 4000  # what a calendar remembers
ZONES = "ABC"
OUTSIDE_ZONES = ("2A", "2B", "97", "98")  # Corsica and overseas: school holidays of their own

# Departments whose name in the library differs; all others of the mainland have no extra days.
_DEPARTMENTS = {"67": "6AE", "68": "6AE", "Bas-Rhin": "6AE", "Haut-Rhin": "6AE"}


class PlaceCalendar:
    """Public holidays of a country's subdivision, and the French school holidays of a zone.

    Implements kiosk.domain.opening_hours.surroundings.Calendar. The libraries are asked at first
    need: their data takes a tenth of a second to read.
    """

    def __init__(self, country: str, subdivision: str = "", zone: str = "") -> None:
        self._country = country.upper()
        self._subdivision = subdivision
        self._zone = zone.upper()
        self._in_zones = not subdivision.startswith(OUTSIDE_ZONES)
        self._publics: dict[date, str | None] = {}

    def public_holiday(self, day: date) -> str | None:
        """Give the public holiday's name, "" for none, None for a country that isn't known."""
        try:
            return self._publics[day]
        except KeyError:
            return self._publics.setdefault(day, self._public(day))

    def _public(self, day: date) -> str | None:
        known = _country_days(self._country, self._subdivision)
        if len(self._publics) >= DAYS_MAX:
            self._publics.clear()
        return None if known is None else known.get(day, "")

    def school_holiday(self, day: date) -> str | None:
        """Give the school holidays' name, "" for none, None where nobody knows.

        That is: abroad, outside the years published, and without a zone where the zones differ.
        """
        published = _published(day) if self._country == "FR" else None
        return None if published is None else self._in_zone(*published)

    def _in_zone(self, name: str, zones: str) -> str | None:
        """Give the name where the zone has these holidays, None where no zone is known."""
        if self._zone:
            return name if self._zone in zones else ""
        return name if self._in_zones and zones in ("", ZONES) else None


def calendar_of(country: str, subdivision: str = "", zone: str = "") -> Calendar:
    """Give the calendar of a place; without a country its holidays aren't known."""
    return PlaceCalendar(country, subdivision, zone) if country else NoCalendar()


def save_calendar(path: Path, calendar: Calendar, first: date, last: date) -> None:
    """Write what ``calendar`` knows of the days from ``first`` to ``last``, for SavedCalendar.

    Raises OSError where the file can't be written.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    saved = _Saved(
        first=first,
        last=last,
        public={day: name for day in days if (name := calendar.public_holiday(day)) != ""},
        school={day: name for day in days if (name := calendar.school_holiday(day)) != ""},
    )
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_bytes(msgspec.json.encode(saved))
    aside.replace(path)


class SavedCalendar:
    """The holidays as a file keeps them, so that a kiosk needn't load the libraries to start.

    Days outside the file, and all days without a sound file, are asked of ``behind``.
    Implements kiosk.domain.opening_hours.surroundings.Calendar.
    """

    def __init__(self, path: Path, behind: Calendar) -> None:
        self._behind = behind
        self._saved = _read(path)

    def public_holiday(self, day: date) -> str | None:
        """Give the public holiday's name, "" for none, None where it isn't known."""
        saved = self._saved
        if saved is None or not saved.first <= day <= saved.last:
            return self._behind.public_holiday(day)
        return saved.public.get(day, "")

    def school_holiday(self, day: date) -> str | None:
        """Give the school holidays' name, "" for none, None where they aren't known."""
        saved = self._saved
        if saved is None or not saved.first <= day <= saved.last:
            return self._behind.school_holiday(day)
        return saved.school.get(day, "")


class _Saved(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of a saved calendar that aren't ordinary, None where nobody knows."""

    first: date
    last: date
    public: dict[date, str | None]
    school: dict[date, str | None]


def _read(path: Path) -> _Saved | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Saved)
    except (OSError, msgspec.MsgspecError):
        return None


def department_of(insee: str) -> str:
    """Give the department of the INSEE code of a commune or department: « 61 », « 2A », « 974 »."""
    return insee[: 3 if insee.startswith(("97", "98")) else 2]


@lru_cache(maxsize=64)
def _country_days(country: str, subdivision: str) -> HolidayBase | None:
    """Give the country's holidays, of the subdivision where the library knows it."""
    import holidays

    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        return None
    kind: type[HolidayBase] = getattr(holidays, country)
    named = _DEPARTMENTS.get(subdivision, subdivision) if country == "FR" else subdivision
    known = named in kind.subdivisions or named in kind.subdivisions_aliases
    language = kind.default_language
    return holidays.country_holidays(country, subdiv=named if known else None, language=language)


def _published(day: date) -> tuple[str, str] | None:
    """Give the holidays' name and zones; None for a day that wasn't published."""
    rows, first, last = _school()
    return rows.get(day, ("", "")) if first <= day <= last else None


@lru_cache(maxsize=1)
def _school() -> tuple[Mapping[date, tuple[str, str]], date, date]:
    """Give the name and the zones of each holiday, and the first and last day that are known."""
    import vacances_scolaires_france as school

    # the library has no types: one dictionary a day, True or False by "vacances_zone_a" …
    rows = cast("Mapping[date, Mapping[str, str | bool]]", school.SchoolHolidayDates().data)  # pyright: ignore[reportUnknownMemberType]
    found = {
        day: (
            str(row["nom_vacances"]),
            "".join(zone for zone in ZONES if row[f"vacances_zone_{zone.lower()}"]),
        )
        for day, row in rows.items()
    }
    return found, min(found), max(found)
