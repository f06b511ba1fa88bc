"""Waste days where the kiosk stands and elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args, get_type_hints

from kiosk.domain.facts import WasteDay
from tests.unit.ui.views.world import World
from ui.views.waste import NEXT_MAX, STREAMS, bin_of, build_waste, next_here, to_come

Stream = Literal["household", "recycling", "glass", "bio", "bulky", "paper"]
YELLOW = "Bac jaune\u00a0: emballages"


def day(
    number: int, commune: str = "Alençon", sector: str = "", stream: Stream = "household"
) -> WasteDay:
    return WasteDay(day=date(2026, 11, number), commune=commune, sector=sector, stream=stream)


def test_the_next_collection_is_said_large(world: World) -> None:
    world.put([day(24), day(23)], titles=["Bac noir", YELLOW], body={"fr": "La veille."})
    frame = build_waste(world.context("waste"), "s")
    assert (frame.verdict, frame.rest, frame.note) == ("Demain", YELLOW, "La veille.")


def test_all_bins_of_the_next_day_are_said(world: World) -> None:
    world.put([day(23), day(23, stream="glass")], titles=["Bac noir", "Verre"])
    assert build_waste(world.context("waste"), "s").rest == "Bac noir, Verre"


def test_todays_collection_is_still_said_and_yesterdays_is_not(world: World) -> None:
    world.put([day(21), day(22)], titles=["old", "now"])
    frame = build_waste(world.context("waste"), "s")
    assert (frame.verdict, frame.rest) == ("Aujourd’hui", "now")


def test_after_midnight_it_is_another_day(world: World) -> None:
    world.put([day(23)])
    world.clock.move(13.5 * 3600)
    assert build_waste(world.context("waste"), "s").verdict == "Aujourd’hui"


def test_every_stream_has_its_bin() -> None:
    assert set(STREAMS) == set(get_args(get_type_hints(WasteDay)["stream"]))


def test_a_bin_has_its_colour(world: World) -> None:
    world.put([day(23, stream="recycling")])
    (row,) = build_waste(world.context("waste"), "s").rows
    assert (row.glyph, row.badge_colour, row.badge_ink) == STREAMS["recycling"]
    assert row.detail == "Demain, lundi 23 novembre"


def test_only_the_next_few_are_listed(world: World) -> None:
    world.put([day(number) for number in range(22, 31)])
    assert len(build_waste(world.context("waste"), "s").rows) == NEXT_MAX


def test_other_communes_follow_with_their_next_bin(world: World) -> None:
    world.put([day(23), day(25, "Sées"), day(24, "Sées")], titles=["Bac noir", "x", YELLOW])
    row = build_waste(world.context("waste"), "s").rows[-1]
    assert (row.heading, row.detail) == ("Sées", "Mardi\u00a0: bac jaune")
    assert (row.route, row.argument) == ("waste", "s/Sées")


def test_another_commune_can_be_opened(world: World) -> None:
    world.put([day(23), day(24, "Sées")])
    frame = build_waste(world.context("waste"), "s/Sées")
    assert (frame.subtitle, frame.verdict) == ("Sées", "Mardi")
    assert frame.rows[-1].heading == "Alençon"


def test_sectors_are_a_choice(world: World) -> None:
    world.put([day(23, sector="Nord"), day(24, sector="Centre")])
    context = world.context("waste")
    frame = build_waste(context, "s")
    assert [(pill.label, pill.chosen) for pill in frame.options] == [
        ("Centre", True),
        ("Nord", False),
    ]
    assert build_waste(context, frame.options[1].argument).subtitle == "Alençon, Nord"


def test_the_most_asked_for_commune_is_where_the_kiosk_stands(world: World) -> None:
    world.put([day(24, "Sées")], dataset="a", popularity=90)
    world.put([day(23, "Alençon")], dataset="b", popularity=10)
    context = world.context("waste")
    (found,) = next_here(context, context.territory.services[0])
    assert found.facts.commune == "Sées"


def test_a_bins_short_name_is_what_stands_before_the_colon_or_comma(world: World) -> None:
    names = [YELLOW, "Verre, en porte à porte", "Encombrants"]
    world.put([day(23), day(24), day(25)], titles=names)
    context = world.context("waste")
    coming = to_come(context, context.territory.services[0])
    assert [bin_of(context, one) for one in coming] == ["bac jaune", "verre", "encombrants"]


def test_without_collections_the_desk_is_named(world: World) -> None:
    frame = build_waste(world.context("waste"), "s/Sées")
    assert (frame.verdict, frame.rows) == ("", ())
    assert "02 00 00 00 00" in frame.empty


def test_the_next_bin_is_spoken_with_its_advice(world: World) -> None:
    world.put([day(23)], titles=[YELLOW], body={"fr": "La veille."})
    spoken = build_waste(world.context("waste"), "s").spoken
    assert spoken[1] == f"Demain\u00a0: {YELLOW}. La veille."
