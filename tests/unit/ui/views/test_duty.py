"""Who is on duty."""

from __future__ import annotations

from datetime import timedelta

from kiosk.domain.facts import Duty, Place
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.duty import NUMBERS, build_duty, on_duty, turns_of


def turn(start: int, end: int, place: str = "0", phone: str = "") -> Duty:
    """A turn of Sunday 22 from ``start`` to ``end`` o'clock (25: Monday at 1)."""
    return Duty(starts_at=utc(22, start), ends_at=utc(22, end), place=place, phone=phone)


def filled(world: World, *turns: Duty) -> World:
    world.put([Place(address="Rue", commune="Sées", phone="01")], dataset="p", titles=["Verger"])
    world.put(turns, dataset="g", titles=["Garde du Verger"])
    return world


def test_the_pharmacy_on_duty_is_said_large_with_its_end(world: World) -> None:
    frame = build_duty(filled(world, turn(9, 19)).context("duty"), "s")
    assert (frame.verdict, frame.rest) == ("Verger", "de garde jusqu’à 19\u00a0h")
    assert frame.tone == "good"


def test_its_phone_and_address_come_first(world: World) -> None:
    rows = build_duty(filled(world, turn(9, 19)).context("duty"), "s").rows
    assert [row.heading for row in rows[:2]] == ["01", "Rue, Sées"]
    assert (rows[1].route, rows[1].argument) == ("place", "s/p/0")


def test_the_turns_own_number_goes_before_the_places(world: World) -> None:
    rows = build_duty(filled(world, turn(9, 19, phone="02")).context("duty"), "s").rows
    assert rows[0].heading == "02"


def test_a_place_that_is_not_known_is_named_by_the_turn(world: World) -> None:
    frame = build_duty(filled(world, turn(9, 19, place="?", phone="02")).context("duty"), "s")
    assert frame.verdict == "Garde du Verger"
    assert frame.rows[0].heading == "02"


def test_between_two_turns_the_national_number_is_given(world: World) -> None:
    frame = build_duty(filled(world, turn(19, 25)).context("duty"), "s")
    assert (frame.verdict, frame.tone) == ("Garde inconnue", "warn")
    assert "3237" in frame.rest


def test_a_turn_that_is_over_is_gone(world: World) -> None:
    context = filled(world, turn(7, 9)).context("duty")
    assert turns_of(context, context.territory.services[0]) == []


def test_of_two_turns_the_one_that_began_first_answers(world: World) -> None:
    context = filled(world, turn(10, 19), turn(8, 12, phone="first")).context("duty")
    now = on_duty(context, turns_of(context, context.territory.services[0]))
    assert now is not None
    assert now.facts.phone == "first"


def test_the_emergency_numbers_are_always_there(world: World) -> None:
    rows = build_duty(world.context("duty"), "s").rows
    assert [row.badge for row in rows] == list(NUMBERS)
    assert {"15", "112", "3237"} <= set(NUMBERS)


def test_the_next_turns_are_listed_with_day_and_hours(world: World) -> None:
    frame = build_duty(filled(world, turn(9, 19), turn(19, 33)).context("duty"), "s")
    assert frame.rows[-1].detail == "Aujourd’hui, de 19\u00a0h à 9\u00a0h"
    assert frame.rows[-1].heading == "Verger"


def test_an_address_nobody_has_confirmed_for_long_says_so(world: World) -> None:
    world.put([turn(9, 19)], dataset="g")
    world.put([Place(commune="Sées")], dataset="p", observed_at=NOW - timedelta(days=90))
    frame = build_duty(world.context("duty"), "s")
    assert frame.age.label == "annoncé"
    (where,) = (row for row in frame.rows if row.heading == "Sées")
    assert where.state_text.startswith("ancien")


def test_the_age_is_that_of_the_oldest_turn_listed(world: World) -> None:
    world.put([turn(9, 19)], dataset="g")
    world.put([turn(19, 23)], dataset="h", observed_at=NOW - timedelta(days=90))
    assert build_duty(world.context("duty"), "s").age.label == "ancien"


def test_the_page_is_spoken(world: World) -> None:
    spoken = build_duty(filled(world, turn(9, 19)).context("duty"), "s").spoken
    assert spoken[0] == "Verger, de garde jusqu’à 19\u00a0h."
