"""The glances: short, true, and of the datum that matters."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app.console import Place as Folder
from kiosk.app.content import prepare
from kiosk.app.context import context_of
from kiosk.app.installed import Installed, installed
from kiosk.domain.facts import (
    Dish,
    Duty,
    Event,
    Gauge,
    Menu,
    Notice,
    Place,
    Sorting,
    Step,
    Walk,
    WasteDay,
)
from kiosk.domain.freshness import State
from tests.conftest import MovedClock
from tests.unit.ui.views.world import LIVE, NOW, World, utc
from ui.context import Context
from ui.glances import LENGTH_MAX, fitted, glance

HOURS = (0, 3, 9, 14, 30, 60, 100)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    here = installed(Folder(data=tmp_path_factory.mktemp("orne"), territory="orne"))
    prepare(here, NOW)
    return here


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def said(context: Context) -> str:
    return glance(context, context.territory.services[0]).value


def at(demo: Installed, hours: float = 0, language: str = "fr") -> dict[str, str]:
    context = context_of(demo, MovedClock(NOW + timedelta(hours=hours)), language)
    return {one.id: glance(context, one).value for one in context.territory.services}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("hours", HOURS)
def test_every_glance_of_the_demo_fits_its_cell(
    demo: Installed, hours: float, language: str
) -> None:
    for service, text in at(demo, hours, language).items():
        assert len(text) <= LENGTH_MAX, (service, text)


def test_every_cell_of_the_demo_has_an_answer(demo: Installed) -> None:
    assert [service for service, text in at(demo).items() if not text] == []


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("trains", "Caen 11:28"),
        ("parkings", "Gare\u00a0: 32 places"),
        ("piscine", "Ouvert jusqu’à 19\u00a0h"),
        ("mediatheque", "Ouvre mardi à 14\u00a0h"),
        ("dechets", "Demain\u00a0: bac noir"),
        ("cantines", "Demain\u00a0: hachis parmentier"),
        ("cinema", "4 séances ce soir"),
        ("patrimoine", "12 balades"),
        ("nature", "Air\u00a0: bon"),
        ("alertes", "Vigilance jaune, vent violent"),
        ("demarches", "17 démarches"),
    ],
)
def test_the_demo_says_what_matters_on_a_sunday_morning(
    demo: Installed, service: str, text: str
) -> None:
    assert at(demo)[service] == text


def test_a_bus_within_the_hour_is_said_in_minutes(demo: Installed) -> None:
    assert at(demo)["bus"] == "Ligne 1 dans 26\u00a0min"


def test_a_bus_of_tomorrow_is_said_with_its_day(demo: Installed) -> None:
    assert at(demo, 9)["bus"].startswith("Ligne 1 demain ")


def test_english_has_its_own_colon(demo: Installed) -> None:
    assert at(demo, language="en")["dechets"] == "Tomorrow: black bin"


@pytest.mark.parametrize(
    ("wordings", "taken"),
    [
        (("court",), "court"),
        (("x" * 35, "assez court"), "assez court"),
        (("", "rien avant"), "rien avant"),
        ((), ""),
        (("un titre qui ne tient vraiment pas dans sa case",), "un titre qui ne tient vraiment…"),
        (("x" * 40,), "x" * 33 + "…"),
    ],
)
def test_the_first_wording_that_fits_is_taken(wordings: tuple[str, ...], taken: str) -> None:
    assert fitted(*wordings) == taken


@given(st.lists(st.text(max_size=90), max_size=4))
def test_no_wording_overflows(wordings: list[str]) -> None:
    assert len(fitted(*wordings)) <= LENGTH_MAX


def test_a_pack_may_fix_a_glance(world: World) -> None:
    assert said(world.context("info", glance={"fr": "En 4 gestes"})) == "En 4 gestes"


def test_a_service_without_a_fixed_glance_says_its_intro(world: World) -> None:
    assert said(world.context("info", intro={"fr": "Dites-le nous"})) == "Dites-le nous"


@pytest.mark.parametrize(
    "kind",
    [
        "departures",
        "places",
        "agenda",
        "cinema",
        "menus",
        "waste",
        "gauges",
        "steps",
        "walks",
        "sorting",
        "vehicles",
        "itinerary",
        "unheard",
    ],
)
def test_without_data_a_glance_says_nothing(world: World, kind: str) -> None:
    context = world.context(kind)
    found = glance(context, context.territory.services[0])
    assert (found.value, found.freshness.state) == ("", State.ABSENT)


def test_places_without_focus_are_counted_when_none_is_open(world: World) -> None:
    world.put([Place(), Place()])
    assert said(world.context("places")) == "2 balades"


def test_places_without_focus_say_how_many_are_open(world: World) -> None:
    world.put([Place(hours="24/7"), Place(hours="Mo 10:00-12:00"), Place()])
    assert said(world.context("places")) == "1 ouvert en ce moment"


def test_the_focus_place_says_its_door(world: World) -> None:
    world.put([Place(hours="24/7"), Place(hours="Mo-Su 09:00-19:00")])
    assert said(world.context("places", focus="1")) == "Ouvert jusqu’à 19\u00a0h"


def test_a_running_event_is_said_to_be_on_now(world: World) -> None:
    world.put([Event(starts_at=utc(22, 9), ends_at=utc(22, 12))], titles=["Marché"])
    assert said(world.context()) == "Marché, en ce moment"


@pytest.mark.parametrize(
    ("starts", "text"),
    [
        (utc(22, 14), "Marché, 14\u00a0h"),
        (utc(23, 8), "Marché, demain"),
        (utc(29, 8), "Marché, dim. 29"),
    ],
)
def test_the_next_event_is_said_with_its_day(world: World, starts: object, text: str) -> None:
    world.put([Event(starts_at=starts)], titles=["Marché"])  # type: ignore[arg-type] # parametrized
    assert said(world.context()) == text


def test_an_event_of_the_whole_day_is_said_without_hour(world: World) -> None:
    world.put([Event(starts_at=utc(23), all_day=True)], titles=["Braderie"])
    assert said(world.context()) == "Braderie, demain"


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        ([14, 18, 21], "2 séances ce soir"),
        ([14, 15], "2 séances aujourd’hui"),
        ([20], "1 séance ce soir"),
        ([40], "1 séance demain"),
    ],
)
def test_showings_are_counted_for_the_evening_first(
    world: World, hours: list[int], text: str
) -> None:
    world.put([Event(starts_at=utc(22) + timedelta(hours=h)) for h in hours])
    assert said(world.context("cinema")) == text


def menu(day: int) -> Menu:
    return Menu(
        day=date(2026, 11, day), canteen="Les Prés", dishes=(Dish(course="main", name="Riz"),)
    )


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (22, "Parmentier, pomme"),
        (23, "Demain\u00a0: parmentier"),
        (25, "Mercredi\u00a0: parmentier"),
    ],
)
def test_the_next_meal_is_said_with_its_day(world: World, day: int, text: str) -> None:
    world.put([menu(day)], titles=["Parmentier, pomme"])
    assert said(world.context("menus")) == text


def test_two_bins_of_one_day_are_both_named(world: World) -> None:
    days = [WasteDay(day=date(2026, 11, 24), commune="Sées", stream=s) for s in ("bio", "glass")]
    world.put(days, titles=["Bac brun\u00a0: restes", "Verre, en porte à porte"])
    assert said(world.context("waste")) == "Mardi\u00a0: bac brun, verre"


@pytest.mark.parametrize(
    ("gauge", "text"),
    [
        (Gauge(what="free_places", value=32, capacity=120), "N0\u00a0: 32 places"),
        (Gauge(what="free_places", value=1, capacity=120), "N0\u00a0: 1 place"),
        (Gauge(what="free_places", value=0, capacity=120), "N0\u00a0: complet"),
        (Gauge(what="free_places", value=9, capacity=90, open=False), "N0\u00a0: fermé"),
    ],
)
def test_a_car_park_says_its_free_places(world: World, gauge: Gauge, text: str) -> None:
    world.put([gauge], policy=LIVE)
    assert said(world.context("gauges")) == text


def test_a_count_that_is_too_old_is_not_said(world: World) -> None:
    world.put([Gauge(what="free_places", value=32, capacity=120)], policy=LIVE, valid_until=NOW)
    assert said(world.context("gauges")) == ""


def test_a_count_of_hours_ago_gives_no_figure(world: World) -> None:
    world.put([Gauge(what="free_places", value=32, capacity=120)], policy=LIVE)
    world.clock.move(4 * 3600)
    assert said(world.context("gauges")) == "Pas de compte récent"


@pytest.mark.parametrize(
    ("levels", "focus", "text"),
    [
        (("info", "orange"), "0", "N1"),
        (("info", "info"), "1", "N1"),
        (("info", "info"), "", "2 balades"),
        (("info",), "", "N0"),
    ],
)
def test_an_alert_comes_before_the_focus_and_the_count(
    world: World, levels: tuple[str, ...], focus: str, text: str
) -> None:
    world.put([Notice(level=level) for level in levels])  # type: ignore[arg-type] # literals
    assert said(world.context("notices", focus=focus)) == text


def test_no_notice_is_good_news(world: World) -> None:
    world.put([Notice()], valid_until=NOW)
    assert said(world.context("notices")) == "Rien à signaler"


def test_an_over_long_notice_is_counted(world: World) -> None:
    world.put([Notice()], titles=["Coupure d’eau jeudi matin, quartier du Clos"])
    assert said(world.context("notices")) == "1 avis"


def test_procedures_are_counted(world: World) -> None:
    world.put([Step(where={"fr": "Mairie"})] * 15)
    assert said(world.context("steps")) == "15 démarches"


def test_who_is_on_duty_is_named(world: World) -> None:
    world.put([Place()], dataset="p", titles=["Pharmacie X"])
    world.put([Duty(starts_at=utc(22, 9), ends_at=utc(22, 19), place="0")], dataset="g")
    assert said(world.context("duty")) == "Garde\u00a0: Pharmacie X"


def test_without_a_turn_the_national_number_is_given(world: World) -> None:
    assert said(world.context("duty")) == "Garde\u00a0: appelez le 3237"


def test_the_card_says_where_to_lay_it(world: World) -> None:
    assert said(world.context("card")) == "Posez-la en bas"


def test_the_demos_glances_stay_true_for_a_week(demo: Installed) -> None:
    hours = range(0, 168, 6)
    silent = {service for h in hours for service, text in at(demo, h).items() if not text}
    assert silent == set()


def test_far_holidays_are_said_with_their_month(world: World) -> None:
    starts = utc(19) + timedelta(days=30)
    world.put([Event(starts_at=starts, all_day=True)], titles=["Vacances de Noël"])
    assert said(world.context()) == "Vacances de Noël, 19 décembre"


def test_bikes_are_counted_as_bikes(world: World) -> None:
    world.put([Gauge(what="vehicles", value=5, capacity=12)], policy=LIVE, titles=["Gare"])
    assert said(world.context("gauges")) == "Gare\u00a0: 5 à louer"


def test_an_information_page_with_notices_counts_them(world: World) -> None:
    world.put([Notice(), Notice()])
    context = world.context("info", intro={"fr": "Votre avis"})
    assert said(context) == "2 balades"
    assert glance(context, context.territory.services[0]).freshness.state is State.THEORY


def test_walks_and_things_to_sort_are_counted(world: World) -> None:
    world.put([Walk(), Walk()])
    assert said(world.context("walks")) == "2 balades"
    world.put([Sorting(bin="glass")], dataset="t")
    assert said(world.context("sorting")) == "1 objet à trier"
