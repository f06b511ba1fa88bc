"""Menus: the day, the canteen, the dishes and their allergens."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.facts import Dish, Menu
from tests.unit.ui.views.world import World
from ui.views.menus import ALLERGENS, allergens_of, build_menus, next_meal, school_days

RICE = Dish(course="side", name="Riz")
PIE = Dish(course="main", name="Tarte", allergens=(1, 7), labels=("bio", "local"))


def menu(day: int, *dishes: Dish, canteen: str = "Les Prés") -> Menu:
    return Menu(day=date(2026, 11, day), canteen=canteen, dishes=dishes or (RICE,))


@pytest.mark.parametrize(
    ("day", "monday"), [(16, 16), (20, 16), (21, 23), (22, 23), (23, 23), (25, 23)]
)
def test_the_week_end_looks_at_the_next_school_week(day: int, monday: int) -> None:
    days = school_days(date(2026, 11, day))
    assert (days[0].day, days[-1].weekday(), len(days)) == (monday, 4, 5)


def test_dishes_come_by_course_with_allergens_in_words(world: World) -> None:
    world.put([menu(23, RICE, PIE)])
    rows = build_menus(world.context("menus"), "s").rows
    assert [row.heading for row in rows] == ["Tarte", "Riz"]
    assert rows[0].detail == "Plat – contient\u00a0: gluten, lait"
    assert rows[1].detail == "Accompagnement – sans allergène déclaré"


def test_labels_are_said(world: World) -> None:
    world.put([menu(23, PIE)])
    (row,) = build_menus(world.context("menus"), "s").rows
    assert (row.state_text, row.state_glyph) == ("Bio, local", "leaf")


def test_all_fourteen_allergens_have_a_name() -> None:
    assert sorted(ALLERGENS) == list(range(1, 15))


def test_an_unknown_allergen_stays_a_number(world: World) -> None:
    dish = Dish(course="main", name="?", allergens=(99,))
    assert allergens_of(world.context("menus"), dish) == "contient\u00a0: 99"


def test_the_next_day_with_a_meal_is_chosen(world: World) -> None:
    world.put([menu(24), menu(26)])
    frame = build_menus(world.context("menus"), "s")
    assert [pill.chosen for pill in frame.days] == [False, True, False, False, False]
    assert [pill.faded for pill in frame.days] == [True, False, True, False, True]


def test_a_day_without_a_meal_says_so(world: World) -> None:
    world.put([menu(23)])
    context = world.context("menus")
    wednesday = build_menus(context, "s").days[2].argument
    frame = build_menus(context, wednesday)
    assert frame.rows == ()
    assert frame.empty == "Pas de repas ce jour-là."
    assert frame.spoken[-1] == frame.empty


def test_a_canteen_can_be_chosen_and_keeps_the_day(world: World) -> None:
    world.put([menu(23), menu(24), menu(24, PIE, canteen="Le Bois")])
    context = world.context("menus")
    tuesday = build_menus(context, "s").days[1].argument
    other = build_menus(context, tuesday).options[1].argument
    frame = build_menus(context, other)
    assert (frame.subtitle, frame.rows[0].heading) == ("Le Bois", "Tarte")
    assert frame.days[1].chosen


def test_one_canteen_is_no_choice(world: World) -> None:
    world.put([menu(23)])
    assert build_menus(world.context("menus"), "s").options == ()


def test_a_canteen_with_a_slash_in_its_name_can_be_chosen(world: World) -> None:
    world.put([menu(23), menu(23, PIE, canteen="Bois/Prés")])
    context = world.context("menus")
    frame = build_menus(context, build_menus(context, "s").options[1].argument)
    assert frame.subtitle == "Bois/Prés"


@pytest.mark.parametrize("argument", ["s/2026-01-01/Les Prés", "s/nonsense/nobody", "s//"])
def test_a_day_or_canteen_that_is_gone_falls_back_to_the_next_meal(
    world: World, argument: str
) -> None:
    world.put([menu(23)])
    frame = build_menus(world.context("menus"), argument)
    assert (frame.subtitle, len(frame.rows)) == ("Les Prés", 1)


def test_without_any_menu_nothing_is_promised(world: World) -> None:
    frame = build_menus(world.context("menus"), "s")
    assert frame.days == ()
    assert "Demandez à l’accueil" in frame.empty


@pytest.mark.parametrize(("language", "told"), [("fr", False), ("en", True)])
def test_another_language_is_told_that_dishes_are_french(
    world: World, language: str, *, told: bool
) -> None:
    world.put([menu(23)])
    footnote = build_menus(world.context("menus", language), "s").footnote
    assert ("French" in footnote) is told
    assert "1169/2011" in footnote


def test_the_next_meal_is_that_of_the_first_canteen(world: World) -> None:
    world.put([menu(24), menu(20), menu(23, canteen="Le Bois")])
    context = world.context("menus")
    found = next_meal(context, context.territory.services[0])
    assert found is not None
    assert found.facts.day == date(2026, 11, 24)
