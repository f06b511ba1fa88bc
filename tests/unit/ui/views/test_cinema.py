"""Showings by day, cinema and film."""

from __future__ import annotations

from datetime import timedelta

from kiosk.domain.facts import Event, Place
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.cinema import build_cinema


def showing(day: int, hour: int, cinema: str = "Le Trèfle") -> Event:
    return Event(starts_at=utc(day, hour), place=cinema, commune="Sées")


def test_todays_showings_come_first(world: World) -> None:
    world.put([showing(22, 14), showing(23, 14)], titles=["A", "B"])
    frame = build_cinema(world.context("cinema"), "s")
    assert [row.heading for row in frame.rows] == ["A"]
    assert [(pill.label, pill.detail) for pill in frame.days] == [
        ("Aujourd’hui", "1 séance"),
        ("Demain", "1 séance"),
        ("Mardi", "0 séance"),
    ]


def test_the_next_day_with_showings_is_chosen(world: World) -> None:
    world.put([showing(23, 14)])
    frame = build_cinema(world.context("cinema"), "s")
    assert [pill.chosen for pill in frame.days] == [False, True, False]
    assert [pill.faded for pill in frame.days] == [True, False, True]


def test_a_day_can_be_chosen(world: World) -> None:
    world.put([showing(22, 14), showing(23, 15)], titles=["A", "B"])
    argument = build_cinema(world.context("cinema"), "s").days[1].argument
    frame = build_cinema(world.context("cinema"), argument)
    assert [row.heading for row in frame.rows] == ["B"]


def test_a_film_is_one_row_with_its_later_times(world: World) -> None:
    world.put([showing(22, 20), showing(22, 14), showing(22, 18)], titles=["A", "A", "A"])
    (row,) = build_cinema(world.context("cinema"), "s").rows
    assert row.trailing == "14:00"
    assert row.state_text == "puis 18\u00a0h, 20\u00a0h"
    assert (row.route, row.argument) == ("event", "d/1")


def test_cinemas_come_in_the_order_of_their_own_list(world: World) -> None:
    world.put([showing(22, 14, "B"), showing(22, 20, "A"), showing(22, 13, "Z")])
    world.put([Place(), Place()], dataset="c", titles=["A", "B"])
    rows = build_cinema(world.context("cinema"), "s").rows
    assert [row.section for row in rows[:3]] == ["A, Sées", "B, Sées", "Z, Sées"]


def test_cinemas_keep_their_order_in_another_language(world: World) -> None:
    world.put([showing(22, 14, "B"), showing(22, 20, "A")])
    names = [{"fr": "A", "en": "The A"}, {"fr": "B", "en": "The B"}]
    world.put([Place(), Place()], dataset="c", titles=names)
    rows = build_cinema(world.context("cinema", "en"), "s").rows
    assert [row.section for row in rows[:2]] == ["A, Sées", "B, Sées"]


def test_each_cinema_can_be_opened(world: World) -> None:
    world.put([Place(address="Rue", commune="Sées")], dataset="c", titles=["A"])
    (row,) = build_cinema(world.context("cinema"), "s").rows
    assert (row.route, row.argument, row.detail) == ("place", "s/c/0", "Rue, Sées")


def test_a_cinema_nobody_has_confirmed_for_long_says_so(world: World) -> None:
    world.put([showing(22, 14)])
    world.put([Place()], dataset="c", observed_at=NOW - timedelta(days=90))
    frame = build_cinema(world.context("cinema"), "s")
    assert frame.age.label == "annoncé"
    assert frame.rows[-1].state_text == "ancien, il y a 3 mois"
    assert (frame.rows[-1].tone, frame.rows[0].state_text) == ("warn", "")


def test_a_showing_that_has_begun_long_ago_is_gone(world: World) -> None:
    world.put([showing(22, 8)])
    assert build_cinema(world.context("cinema"), "s").rows == ()


def test_the_showings_are_spoken_by_cinema(world: World) -> None:
    world.put([showing(22, 14)], titles=["A"])
    spoken = build_cinema(world.context("cinema"), "s").spoken
    assert spoken == ("Service, aujourd’hui.", "Le Trèfle, Sées\u00a0: A, 14:00.")
