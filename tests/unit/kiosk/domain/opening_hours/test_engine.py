"""The engine behind the port: it keeps what it read and never raises on dirty text."""

from __future__ import annotations

import pytest

from kiosk.domain.hours import Door, Verdict
from kiosk.domain.opening_hours import engine as module
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.ports import OpeningHours
from tests.unit.kiosk.domain.opening_hours.weeks import PARIS, VILLAGE, local

HOURS = "Mo-Fr 10:00-12:00; PH off"


@pytest.fixture
def engine() -> Engine:
    return Engine(Surroundings(calendar=VILLAGE, zone=PARIS))


def test_it_is_an_engine_of_opening_hours(engine: Engine) -> None:
    port: OpeningHours = engine
    assert port.verdict(HOURS, local("2026-11-09 11:00")).door is Door.OPEN


def test_it_says_until_when(engine: Engine) -> None:
    verdict = engine.verdict(HOURS, local("2026-11-09 11:00"))
    assert verdict.until == local("2026-11-09 12:00")


def test_it_explains_a_holiday(engine: Engine) -> None:
    verdict = engine.verdict(HOURS, local("2026-11-11 11:00"))
    assert verdict.door is Door.CLOSED
    assert verdict.reason == "jour férié (11 novembre)"


def test_it_gives_the_open_stretches(engine: Engine) -> None:
    found = engine.intervals(HOURS, local("2026-11-09"), local("2026-11-12"))
    assert [one.start for one in found] == [local("2026-11-09 10:00"), local("2026-11-10 10:00")]


@pytest.mark.parametrize(
    "text", ["", "voir affichage", "Mo 8-", "(", "x" * 2000, "\x00", "24/7" * 400, "Mo;" * 200]
)
def test_what_is_not_understood_is_unknown_and_never_closed(engine: Engine, text: str) -> None:
    assert engine.verdict(text, local("2026-11-09 11:00")) == Verdict(door=Door.UNKNOWN)
    assert engine.intervals(text, local("2026-11-09"), local("2026-11-16")) == []


@pytest.mark.parametrize("text", ["Mo-Fr 08:00", "Mo-Fr 08:00-18:00/60", "9h"])
def test_points_in_time_are_no_hours_of_a_door(engine: Engine, text: str) -> None:
    assert engine.verdict(text, local("2026-11-09 11:00")).door is Door.UNKNOWN
    assert engine.intervals(text, local("2026-11-09"), local("2026-11-16")) == []


def test_an_expression_is_read_once(engine: Engine) -> None:
    noon = local("2026-11-09 11:00")
    assert engine.verdict(HOURS, noon) is engine.verdict(HOURS, noon)


def test_what_is_kept_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXPRESSIONS_MAX", 3)
    for hour in range(8, 18):
        engine.verdict(f"Mo {hour:02}:00-20:00", local("2026-11-09 11:00"))
    assert len(engine._known) == 3


def test_a_forgotten_expression_is_read_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EXPRESSIONS_MAX", 1)
    noon = local("2026-11-09 11:00")
    first = engine.verdict(HOURS, noon)
    engine.verdict("off", noon)
    assert engine.verdict(HOURS, noon) == first
