"""Pages without data, and the attract loop."""

from __future__ import annotations

from kiosk.domain.facts import Event, Notice
from tests.unit.ui.views.world import World, utc
from ui.views.attract import OF_EACH_MAX, build_attract
from ui.views.frame import Row, said
from ui.views.info import build_info, build_outage


def test_a_service_tells_its_own_words_and_number(world: World) -> None:
    frame = build_info(world.context("info", intro={"fr": "Dites-le."}, phone="3237"), "s")
    assert (frame.title, frame.rest) == ("Service", "Dites-le.")
    assert [row.heading for row in frame.rows] == ["3237", "À l’accueil"]


def test_without_its_own_number_the_desks_is_given(world: World) -> None:
    frame = build_info(world.context("info"), "s")
    assert frame.rows[0].heading == "02 00 00 00 00"


def test_the_out_of_service_board_gives_emergency_numbers(world: World) -> None:
    frame = build_outage(world.context("info"))
    assert frame.tone == "warn"
    assert [row.badge for row in frame.rows if row.badge] == ["15", "112", "114"]
    assert frame.action.route == "hive"


def test_a_row_is_spoken_without_its_empty_parts() -> None:
    row = Row(key="", heading="Gare", detail="Sées.", trailing="4", unit="min", badge="2")
    assert said(row) == "2, Gare, Sées, 4 min."


def test_the_loop_mixes_alerts_and_notices(world: World) -> None:
    world.put(
        [Notice(), Notice(level="red"), Notice(level="yellow"), Notice()],
        titles=["i1", "red", "yellow", "i2"],
    )
    slides = build_attract(world.context("notices")).slides
    assert [slide.heading for slide in slides] == ["red", "i1", "yellow", "i2"]
    assert [slide.tone for slide in slides] == ["bad", "plain", "warn", "plain"]


def test_a_kind_of_slide_has_a_few_at_most(world: World) -> None:
    world.put([Notice()] * 9)
    assert len(build_attract(world.context("notices")).slides) == OF_EACH_MAX


def test_an_event_is_a_slide_with_day_and_place(world: World) -> None:
    world.put([Event(starts_at=utc(23, 20), place="Halles", commune="Sées")], demo=True)
    (slide,) = build_attract(world.context()).slides
    assert slide.foot == "Demain, à 20\u00a0h\nHalles, Sées"
    assert (slide.kicker, slide.demo) == ("Service", True)


def test_with_nothing_to_tell_the_loop_welcomes(world: World) -> None:
    (slide,) = build_attract(world.context()).slides
    assert slide.kicker == "Bienvenue"


def test_the_loop_shows_clock_and_day(world: World) -> None:
    frame = build_attract(world.context())
    assert (frame.clock, frame.day) == ("10:42", "dimanche 22 novembre")
