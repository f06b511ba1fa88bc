"""Exceptional hours count on their days, and are told in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.facts import Opening, Place
from kiosk.domain.hours import Door
from tests.unit.ui.views.world import NOW, World
from ui.context import Context
from ui.views.records import known_at

PARIS = ZoneInfo("Europe/Paris")
HALL = Place(hours="Mo-Fr 09:00-17:00")


def told(
    world: World, *openings: Opening, place: Place = HALL, valid_from: datetime | None = None
) -> Context:
    world.put([place], dataset="d", titles=["Mairie"])
    world.put(openings, dataset="x", titles=["Inventaire"] * len(openings), valid_from=valid_from)
    return world.context("places")


def hall(context: Context) -> Place:
    found = known_at(context, "d/0", Place)
    assert found is not None
    return found.facts


def door(context: Context, day: int, hour: int, month: int = 11) -> Door:
    at = datetime(2026, month, day, hour, 30, tzinfo=PARIS)
    return context.hours.verdict(hall(context).hours, at).door


def opening(
    first: int, last: int, hours: str = "", *, month: int = 11, place: str = "d/0"
) -> Opening:
    return Opening(
        place=place,
        first_day=date(2026, month, first),
        last_day=date(2026, month, last),
        hours=hours,
    )


def test_a_place_is_closed_on_its_exceptional_days_alone(world: World) -> None:
    context = told(world, opening(24, 25))
    assert [door(context, day, 10) for day in (23, 24, 25, 26)] == [
        Door.OPEN,
        Door.CLOSED,
        Door.CLOSED,
        Door.OPEN,
    ]


def test_a_place_opens_on_a_day_on_which_it_is_usually_closed(world: World) -> None:
    context = told(world, opening(28, 28, "14:00-16:00"))  # a Saturday
    assert door(context, 28, 14) is Door.OPEN
    assert door(context, 28, 10) is Door.CLOSED


def test_an_exception_counts_over_new_year(world: World) -> None:
    exception = Opening(
        place="d/0", first_day=date(2026, 12, 24), last_day=date(2027, 1, 2), hours="09:00-12:00"
    )
    context = told(world, exception)
    assert door(context, 25, 9, month=12) is Door.OPEN
    assert door(context, 31, 13, month=12) is Door.CLOSED


def test_an_exception_is_told_with_its_reason_two_weeks_ahead(world: World) -> None:
    context = told(world, opening(24, 24), opening(6, 8, "09:00-12:00", month=12))
    told_now = hall(context).hours_note["fr"]
    assert told_now == (
        "Mardi 24 novembre\u00a0: fermé (Inventaire). "
        "Du 6 décembre au 8 décembre\u00a0: 09:00–12:00 (Inventaire)"
    )
    later = told(world, opening(7, 8, month=12))
    assert hall(later).hours_note["fr"] == ""


@pytest.mark.parametrize(
    "other", [opening(24, 24, place="d/1"), opening(20, 21), opening(24, 24, place="e/0")]
)
def test_another_place_s_or_a_past_exception_changes_nothing(world: World, other: Opening) -> None:
    assert hall(told(world, other)) == HALL


def test_a_place_without_hours_stays_without(world: World) -> None:
    assert hall(told(world, opening(24, 24), place=Place())) == Place()


def test_what_is_written_ahead_waits_for_its_day(world: World) -> None:
    context = told(world, opening(24, 24), valid_from=NOW + timedelta(hours=1))
    assert hall(context) == HALL
    world.clock.move(3600)
    assert hall(context) != HALL
