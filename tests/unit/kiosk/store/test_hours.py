"""The engine of opening hours of the installed territory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.app.console import ROOT, Place
from kiosk.app.installed import installed
from kiosk.domain.hours import Door
from kiosk.domain.territory import Territory
from kiosk.store.hours import engine_of, keep_calendar

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def orne(tmp_path: Path) -> Territory:
    return installed(Place(data=tmp_path)).pack.territory


def test_the_territorys_holidays_count(orne: Territory) -> None:
    engine = engine_of(orne)
    verdict = engine.verdict("Mo-Fr 09:00-18:00; PH off", datetime(2026, 11, 11, 10, tzinfo=PARIS))
    assert verdict.door is Door.CLOSED
    assert verdict.reason == "jour férié (11 novembre)"


def test_the_territorys_school_zone_counts(orne: Territory) -> None:
    at = datetime(2026, 2, 19, 10, tzinfo=PARIS)  # a Thursday of zone B's winter holidays
    assert engine_of(orne).verdict("SH Th 09:00-18:00", at).door is Door.OPEN
    other = replace(orne, holidays_zone="C")
    assert engine_of(other).verdict("SH Th 09:00-18:00", at).door is Door.CLOSED


def test_alsace_and_moselle_keep_their_own_holidays(orne: Territory) -> None:
    at = datetime(2026, 12, 26, 10, tzinfo=PARIS)
    assert engine_of(orne).verdict("24/7; PH off", at).door is Door.OPEN
    metz = replace(orne, insee=("57463",))
    assert engine_of(metz).verdict("24/7; PH off", at).door is Door.CLOSED


def test_the_territorys_sun_counts(orne: Territory) -> None:
    morning = datetime(2026, 12, 21, 8, tzinfo=PARIS)
    assert engine_of(orne).verdict("sunrise-sunset", morning).door is Door.CLOSED
    south = replace(orne, position=replace(orne.position, lat=-48.0))
    assert engine_of(south).verdict("sunrise-sunset", morning).door is Door.OPEN


def test_kept_holidays_need_no_library(orne: Territory, tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, 9, tzinfo=UTC)
    keep_calendar(orne, tmp_path, now)
    script = (
        "import sys; from datetime import datetime; from pathlib import Path;"
        "from kiosk.store.calendars import SavedCalendar, NoCalendar;"
        "kept = SavedCalendar(next(Path(sys.argv[1]).glob('*.json')), NoCalendar());"
        "day = datetime(2026, 11, 11).date();"
        "print(kept.public_holiday(day), kept.school_holiday(datetime(2026, 12, 24).date()));"
        "assert not {'holidays', 'vacances_scolaires_france'} & set(sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "Armistice" in done.stdout
    assert "Noël" in done.stdout


def test_a_damaged_calendar_file_is_no_calendar(orne: Territory, tmp_path: Path) -> None:
    keep_calendar(orne, tmp_path, datetime(2026, 11, 1, 9, tzinfo=UTC))
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(file.read_bytes()[:-20])
    at = datetime(2026, 11, 11, 10, tzinfo=PARIS)
    assert engine_of(orne, tmp_path).verdict("09:00-18:00; PH off", at).door is Door.CLOSED


def test_days_outside_of_the_file_are_asked_of_the_libraries(
    orne: Territory, tmp_path: Path
) -> None:
    keep_calendar(orne, tmp_path, datetime(2026, 11, 1, 9, tzinfo=UTC))
    at = datetime(2030, 11, 11, 10, tzinfo=PARIS)
    assert engine_of(orne, tmp_path).verdict("09:00-18:00; PH off", at).door is Door.CLOSED
