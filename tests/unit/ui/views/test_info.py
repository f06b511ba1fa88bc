"""Pages without data, and the attract loop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.facts import Event, Notice, Place, Step
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World, utc
from ui.context import Context
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


def test_an_info_page_tells_notices_procedures_and_contacts(world: World) -> None:
    world.put([Notice()], dataset="n", titles=["Le nom du parc"], valid_until=utc(30))
    world.put([Step(where={"fr": "À l’accueil"})], dataset="s", titles=["Signaler un trou"])
    world.put([Place(phone="02 00 00 00 16")], dataset="p", titles=["Eau"], demo=True)
    rows = build_info(world.context("info", phone="3237"), "s").rows
    assert [row.heading for row in rows] == [
        "Le nom du parc",
        "Signaler un trou",
        "Eau",
        "3237",
        "À l’accueil",
    ]
    assert [row.route for row in rows] == ["notice", "step", "place", "", ""]
    assert (rows[2].state_text, rows[2].state_glyph, rows[2].demo) == (
        "02 00 00 00 16",
        "phone-call",
        True,
    )


def test_a_contact_without_a_number_shows_none(world: World) -> None:
    world.put([Place()])
    row = build_info(world.context("info"), "s").rows[0]
    assert (row.state_text, row.state_glyph) == ("", "")


def test_a_notice_that_is_over_leaves_the_page(world: World) -> None:
    world.put([Notice()], titles=["Enquête"], valid_until=NOW)
    frame = build_info(world.context("info"), "s")
    assert "Enquête" not in [row.heading for row in frame.rows]


def test_an_info_page_is_as_old_as_its_oldest_datum(world: World) -> None:
    world.put([Step(where={"fr": "Ici"})], policy=Policy(stale_s=60))
    world.clock.move(3600)
    assert build_info(world.context("info"), "s").age.state is State.LAST_GOOD


def test_a_page_without_datasets_bears_no_age(world: World) -> None:
    assert build_info(world.context("info"), "s").age.text == ""


def test_a_page_whose_data_are_gone_says_so(world: World) -> None:
    world.declare("d", "step")
    assert build_info(world.context("info"), "s").age.state is State.ABSENT


@pytest.mark.parametrize("service", ["panne", "signaler", "prets", "paiements", "avis"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_demos_information_pages_say_what_to_do(
    orne: Callable[..., Context], service: str, language: str
) -> None:
    frame = build_info(orne(language=language), service)
    told = [row for row in frame.rows if row.route]
    assert len(told) >= 3
    assert all(row.demo and row.heading for row in told)
    assert frame.footnote
    assert frame.rows[-2].heading.startswith("02 61 91")


def test_the_fault_page_shows_every_number_at_once(orne: Callable[..., Context]) -> None:
    rows = [row for row in build_info(orne(), "panne").rows if row.route == "place"]
    assert len({row.state_text for row in rows}) >= 5
    assert all(row.state_text.startswith("02 61 91 ") for row in rows)
