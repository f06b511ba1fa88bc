"""The search: services, then records, each opening its own screen; and what is kept of a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import Commune, Event, Gauge, Notice, Place, Step, Stop
from tests.unit.ui.views.world import NOW, World
from ui.context import Context
from ui.views.search import ROWS_MAX, SUGGESTED_MAX, TYPED_MAX, build_search, typed

Orne = Callable[..., Context]


def headings(context: Context, text: str) -> list[str]:
    return [row.heading for row in build_search(context, text).rows]


@pytest.mark.parametrize("blank", ["", " ", "   "])
def test_without_a_text_the_usual_services_are_offered(orne: Orne, blank: str) -> None:
    frame = build_search(orne(), blank)
    assert len(frame.rows) == SUGGESTED_MAX
    assert {row.section for row in frame.rows} == {"Souvent demandé"}


def test_a_service_is_found_by_the_beginning_of_its_name(orne: Orne) -> None:
    row = build_search(orne(), "pisc").rows[0]
    assert (row.heading, row.route, row.argument) == ("Piscine", "places", "piscine")


def test_a_service_says_its_live_answer(orne: Orne) -> None:
    assert "19" in build_search(orne(), "piscine").rows[0].detail


@pytest.mark.parametrize("text", ["médiathèque", "mediatheque", "MÉDIATH"])
def test_accents_and_capitals_do_not_count(orne: Orne, text: str) -> None:
    assert headings(orne(), text)[0] == "Médiathèque"


def test_a_service_is_found_by_its_name_in_any_language(orne: Orne) -> None:
    assert "Médiathèque" in headings(orne(), "library")


def test_names_are_shown_in_the_citizens_language(orne: Orne) -> None:
    assert headings(orne(language="en"), "piscine")[0] == "Pool"


def test_records_follow_the_services(orne: Orne) -> None:
    rows = build_search(orne(), "piscine").rows
    place = next(row for row in rows if row.heading == "Piscine des Tilleuls")
    assert place.route == "place"
    assert place.argument == "piscine/piscines/piscine-tilleuls"
    assert place.detail.startswith("Lieu. ")


def test_what_is_made_up_says_so(orne: Orne) -> None:
    rows = build_search(orne(), "tilleuls").rows
    assert all(row.demo for row in rows if row.route == "place")


def test_a_commune_opens_its_own_page(orne: Orne) -> None:
    rows = build_search(orne(), "Sées").rows
    commune = next(row for row in rows if row.route == "commune")
    assert (commune.heading, commune.argument) == ("Sées", "communes/61464")


@pytest.mark.parametrize(
    ("facts", "route", "argument"),
    [
        (Place(), "place", "s/d/0"),
        (Event(starts_at=NOW + timedelta(hours=2)), "event", "d/0"),
        (Step(where={}), "step", "d/0"),
        (Notice(), "notice", "d/0"),
        (Commune(insee="61001"), "commune", "d/0"),
        (Stop(), "agenda", "s"),
        (Gauge(what="free_places", value=1, capacity=2), "agenda", "s"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_each_kind_of_record_opens_its_screen(
    world: World, facts: Place, route: str, argument: str
) -> None:
    world.put([facts], titles=["Zinzolin"])
    rows = build_search(world.context(), "zinzolin").rows
    assert [(row.route, row.argument) for row in rows] == [(route, argument)]


def test_a_record_that_no_service_shows_is_not_found(world: World) -> None:
    world.put([Place()], titles=["Zinzolin"])
    context = world.context(datasets=())
    assert all(row.heading != "Zinzolin" for row in build_search(context, "zinzolin").rows)


def test_the_same_name_with_the_same_screen_is_listed_once(world: World) -> None:
    world.put([Stop(), Stop()], titles=["Zinzolin", "Zinzolin"])
    assert len(build_search(world.context(), "zinzolin").rows) == 1


def test_no_more_rows_than_one_reads_are_shown(world: World) -> None:
    world.put([Place()] * 60, titles=[f"Zinzolin {i}" for i in range(60)])
    frame = build_search(world.context(), "zinzolin")
    assert len(frame.rows) == ROWS_MAX
    assert frame.subtitle == f"{ROWS_MAX} réponses"


def test_nothing_found_says_so_and_offers_another_way(orne: Orne) -> None:
    frame = build_search(orne(), "xyzzy")
    assert frame.subtitle == "Rien trouvé pour «\u00a0xyzzy\u00a0»."
    assert len(frame.rows) == SUGGESTED_MAX
    assert frame.spoken[0] == frame.subtitle


def test_the_answers_are_spoken_with_their_number_first(orne: Orne) -> None:
    frame = build_search(orne(), "piscine")
    assert frame.spoken[0] == f"{len(frame.rows)} réponses."


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "{0} {x}", "%s %n", '"*"', "<img src=x>", "\\"])
def test_no_text_that_can_be_typed_breaks_the_search(orne: Orne, hostile: str) -> None:
    assert build_search(orne(), hostile).title == "Chercher"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mairie", "mairie"),
        ("mairie ", "mairie "),
        ("  mairie", "mairie"),
        ("deux  mots", "deux mots"),
        (" ", ""),
        ("a\x00b\u202ec", "abc"),
        ("x" * 80, "x" * TYPED_MAX),
    ],
)
def test_what_is_typed_is_kept_clean_and_short(text: str, kept: str) -> None:
    assert typed(text) == kept


@given(st.text(max_size=200))
def test_what_is_kept_never_grows_nor_changes_again(text: str) -> None:
    kept = typed(text)
    assert len(kept) <= TYPED_MAX
    assert typed(kept) == kept
