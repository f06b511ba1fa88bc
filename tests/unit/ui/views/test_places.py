"""Places, doors, departures and the hive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.domain.facts import Gauge, Notice, Place, Price
from kiosk.domain.freshness import State
from kiosk.domain.hours import Door
from tests.unit.ui.views.world import LIVE, NOW, World, utc
from ui.context import Context
from ui.views.departures import build_departures
from ui.views.doors import door_words
from ui.views.hive import build_hive
from ui.views.place import build_place
from ui.views.places import build_places


@pytest.mark.parametrize(
    ("hours", "line", "short"),
    [
        ("24/7", "Ouvert 24\u00a0h sur 24", "Ouvert 24\u00a0h sur 24"),
        ("Mo-Su 00:00-24:00", "Ouvert 24\u00a0h sur 24", "Ouvert 24\u00a0h sur 24"),
        ("Su 09:00-19:00", "Ouvert jusqu’à 19\u00a0h", "Ouvert jusqu’à 19\u00a0h"),
        ("Su 09:00-24:00", "Ouvert jusqu’à minuit", "Ouvert jusqu’à minuit"),
        ("Su 14:00-18:00", "Fermé, ouvre à 14\u00a0h", "Ouvre à 14\u00a0h"),
        ("Tu 14:00-18:00", "Fermé, ouvre mardi à 14\u00a0h", "Ouvre mardi à 14\u00a0h"),
        ("Mo-Su off", "Fermé, pas d’ouverture prévue", "Fermé"),
        ("sunset+2h", "Horaires\u00a0: sunset+2h", "sunset+2h"),
        ("", "Horaires\u00a0: inconnus, demandez à l’accueil", "Horaires sur place"),
    ],
)
def test_a_door_is_said_in_words(world: World, hours: str, line: str, short: str) -> None:
    door = door_words(world.context(), hours)
    assert (door.line, door.short) == (line, short)


def test_a_door_far_ahead_is_said_with_its_date(world: World) -> None:
    context = world.context()
    door = door_words(context, "Su 08:00-09:00", context.here_now())
    assert door.line == "Fermé, ouvre le 29 novembre à 8\u00a0h"


def test_a_door_open_past_midnight_says_the_hour(world: World) -> None:
    assert door_words(world.context(), "Su 09:00-26:00").rest == "jusqu’à demain 2\u00a0h"


def test_hours_too_long_to_read_in_a_cell_are_read_on_site(world: World) -> None:
    door = door_words(world.context(), "see the notice on the door of the town hall")
    assert (door.door, door.short) == (Door.UNKNOWN, "Horaires sur place")


def test_open_places_come_first_then_the_most_asked_for(world: World) -> None:
    hours = ["Mo 09:00-10:00", "dusk", "24/7"]
    world.put([Place(hours=text) for text in hours], titles=["shut", "unknown", "open"])
    rows = build_places(world.context("places"), "s").rows
    assert [row.heading for row in rows] == ["open", "unknown", "shut"]


def test_counts_are_no_places(world: World) -> None:
    world.put([Place()], dataset="p")
    world.put([Gauge(what="people_inside", value=1, capacity=9)], dataset="g")
    assert [row.key for row in build_places(world.context("places"), "s").rows] == ["p/0"]


def test_the_services_intro_stands_above_its_places(world: World) -> None:
    context = world.context("places", intro={"fr": "Vacances scolaires\u00a0: zone B."})
    assert build_places(context, "s").lead == "Vacances scolaires\u00a0: zone B."


def test_a_place_shows_its_facts(world: World) -> None:
    prices = (Price(label={"fr": "Entrée"}, cents=520), Price(label={"fr": "Bébé"}, cents=0))
    world.put([Place(phone="01", stop="Halles", prices=prices, website="https://x.fr")])
    rows = build_place(world.context("places"), "s/d/0").rows
    assert [(row.heading, row.detail) for row in rows] == [
        ("Entrée\u00a0: 5,20\u00a0€", "Bébé\u00a0: gratuit"),
        ("Arrêt Halles", "le plus proche"),
        ("01", "Téléphone"),
        ("Sur internet", "x.fr"),
    ]


@pytest.mark.parametrize(
    ("value", "word"), [(10, "Peu de monde"), (50, "Du monde"), (90, "Presque plein")]
)
def test_a_place_says_how_crowded_it_is(world: World, value: int, word: str) -> None:
    world.put([Place(gauge="0")], dataset="p")
    gauge = Gauge(what="people_inside", value=value, capacity=100)
    world.put([gauge], dataset="g", policy=LIVE)
    row = build_place(world.context("places"), "s/p/0").rows[0]
    assert (row.heading, row.detail) == (word, f"{value} personnes sur 100")


def test_a_car_parks_page_says_its_free_places(world: World) -> None:
    world.put([Place(gauge="0")], dataset="p")
    world.put([Gauge(what="free_places", value=32, capacity=100)], dataset="g", policy=LIVE)
    row = build_place(world.context("gauges"), "s/p/0").rows[0]
    assert row.heading == "32 places libres sur 100"


def test_a_bike_stations_page_says_what_is_to_rent(world: World) -> None:
    world.put([Place(gauge="0")], dataset="p")
    world.put([Gauge(what="vehicles", value=5, capacity=0)], dataset="g", policy=LIVE)
    row = build_place(world.context("gauges"), "s/p/0").rows[0]
    assert row.heading == "5 véhicules à louer"


def test_a_place_that_is_gone_says_so(world: World) -> None:
    frame = build_place(world.context("places"), "s/d/0")
    assert frame.age.state is State.ABSENT
    assert frame.empty


def test_a_place_shows_its_week_and_now(world: World) -> None:
    world.put([Place(hours="Mo-Sa 08:30-12:00,14:00-18:00; Su 09:00-19:00")])
    frame = build_place(world.context("places"), "s/d/0")
    assert [day.hours for day in frame.days[5:]] == ["8:30–12\n14–18", "9–19"]
    assert [day.today for day in frame.days] == [False] * 6 + [True]
    assert frame.now_at == pytest.approx((10 + 42 / 60 - 7) / 15)


@pytest.mark.parametrize(
    ("hours", "label", "start", "length"),
    [
        ("24/7", "24\u00a0h sur 24", 0.0, 1.0),
        ("Su 06:00-14:30", "6\u00a0h – 14\u00a0h\u00a030", 0.0, 0.5),
        ("Su 10:00-13:00", "10\u00a0h – 13\u00a0h", 0.2, 0.2),
    ],
)
def test_the_timeline_says_the_real_hours(
    world: World, hours: str, label: str, start: float, length: float
) -> None:
    world.put([Place(hours=hours)])
    (segment,) = build_place(world.context("places"), "s/d/0").segments
    assert segment.label == label
    assert (segment.start, segment.length) == pytest.approx((start, length))


def test_what_lies_outside_of_the_timeline_is_not_drawn(world: World) -> None:
    world.put([Place(hours="Su 23:00-24:00")])
    assert build_place(world.context("places"), "s/d/0").segments == ()


@pytest.mark.parametrize(
    ("hours", "sunday"),
    [("24/7", "24\u00a0h"), ("Su 22:00-26:00", "22–24"), ("Mo 09:00-10:00", "fermé"), ("?", "?")],
)
def test_a_day_of_the_week_is_said_shortly(world: World, hours: str, sunday: str) -> None:
    world.put([Place(hours=hours)])
    assert build_place(world.context("places"), "s/d/0").days[6].hours == sunday


def test_the_board_of_the_demo_says_which_line_is_diverted(orne: Callable[..., Context]) -> None:
    frame = build_departures(orne(), "bus")
    assert frame.banner.text == "Ligne 2 déviée rue des Lilas"
    assert frame.banner.route == "notice"


def test_trains_have_no_diverted_bus(orne: Callable[..., Context]) -> None:
    assert build_departures(orne(), "trains").banner.text == ""


def test_departures_of_tomorrow_stand_under_tomorrow(orne: Callable[..., Context]) -> None:
    rows = build_departures(orne(NOW + timedelta(hours=9)), "bus").rows
    assert rows[0].section == "Demain, lundi 23 novembre"


def test_the_hives_banner_is_the_gravest_alert_with_its_end(world: World) -> None:
    notices = [Notice(level="yellow"), Notice(level="orange", topic="wind")]
    world.put(notices, titles=["Pluie", "Vent"], valid_until=utc(23, 21))
    banner = build_hive(world.context("notices")).banner
    assert banner.text == "Vent, jusqu’à demain 21\u00a0h"
    assert (banner.tone, banner.glyph, banner.argument) == ("bad", "wind", "d/1")


def test_an_information_is_no_banner(world: World) -> None:
    world.put([Notice()])
    assert build_hive(world.context("notices")).banner.text == ""


def test_the_hive_shows_each_cell_with_its_glance(orne: Callable[..., Context]) -> None:
    cells = {cell.key: cell for cell in build_hive(orne()).cells}
    assert cells["piscine"].glimpse == "Ouvert jusqu’à 19\u00a0h"
    assert (cells["piscine"].route, cells["piscine"].argument) == ("places", "piscine")
    assert cells["piscine"].demo
