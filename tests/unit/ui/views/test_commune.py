"""A commune's page: its facts, and the nearest of what each service offers."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.facts import Commune, Notice, Place
from kiosk.domain.record import Geo
from tests.unit.ui.views.world import World
from ui.context import Context
from ui.views.commune import build_commune

Orne = Callable[..., Context]
HERE = Geo(lat=48.4, lon=0.1)


def test_the_facts_of_a_commune_are_shown(world: World) -> None:
    world.put([Commune(insee="61001", population=25_848, postcodes=("61000", "61250"))])
    rows = build_commune(world.context(), "d/0").rows
    assert [(row.heading, row.detail) for row in rows] == [
        ("25\u202f848", "habitants"),
        ("61000, 61250", "code postal"),
        ("61001", "code Insee"),
    ]


def test_what_the_source_does_not_say_is_left_out(world: World) -> None:
    world.put([Commune(insee="61001")])
    rows = build_commune(world.context(), "d/0").rows
    assert [row.detail for row in rows] == ["code Insee"]


def test_the_nearest_place_of_a_service_is_offered_with_its_door(world: World) -> None:
    world.put([Commune(insee="61001")], geo=HERE)
    world.put([Place(commune="Petit", hours="24/7")], dataset="p", titles=["Mairie"], geo=HERE)
    row = build_commune(world.context("places"), "d/0").rows[-1]
    assert (row.heading, row.section, row.route) == ("Mairie", "Le plus près", "place")
    assert row.argument == "s/p/0"
    assert row.state_text.startswith("Ouvert")


def test_a_commune_without_position_offers_nothing_near(world: World) -> None:
    world.put([Commune(insee="61001")])
    world.put([Place()], dataset="p", geo=HERE)
    rows = build_commune(world.context("places"), "d/0").rows
    assert all(row.section == "" for row in rows)


def test_every_commune_of_the_pack_finds_a_town_hall(orne: Orne) -> None:
    context = orne()
    rows = build_commune(context, "communes/61464").rows
    assert any(row.argument.startswith("mairies/") for row in rows)


def test_a_place_is_carried_off_from_the_page(world: World) -> None:
    world.put([Commune(insee="61001")], geo=HERE)
    action = build_commune(world.context(), "d/0").action
    assert (action.route, action.argument) == ("takeaway", "place/d/0")


def test_an_unknown_commune_sends_to_the_desk(world: World) -> None:
    world.put([Notice()])
    for path in ("", "d/9", "x/0", "d/0"):
        frame = build_commune(world.context(), path)
        assert "02 00 00 00 00" in frame.empty
        assert frame.rows == ()
