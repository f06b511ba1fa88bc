"""How to get to a place: on foot, by a direct ride, or an honest no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.domain.facts import Place
from kiosk.domain.freshness import State
from kiosk.domain.record import Geo
from kiosk.domain.transit import TripUpdate
from tests.unit.kiosk.store.contents import dataset
from tests.unit.kiosk.store.timetables import paris, publish_feed, publish_news
from tests.unit.ui.views.world import World
from ui.context import Context
from ui.glances import glance
from ui.views.itinerary import build_itinerary

STATION, CHURCH = (48.4300, 0.0900), (48.4600, 0.1200)
MONDAY = "2026-11-23T07:00"


def going(
    world: World, *, here: tuple[float, float], there: tuple[float, float], at: str = MONDAY
) -> Context:
    """A kiosk at ``here``, a place ``p/0`` at ``there``, the invented timetable between."""
    publish_feed(world.path)
    world.put(
        [Place(address="1 rue Haute", commune="Bourg")],
        dataset="p",
        titles=["Le théâtre"],
        geo=Geo(lat=there[0], lon=there[1]),
    )
    world.clock.move((paris(at) - world.clock.now()).total_seconds())
    context = world.context("itinerary", datasets=("bus", "p"))
    feeds = {**context.territory.datasets, "bus": dataset("bus", kind="stop")}
    position = Geo(lat=here[0], lon=here[1])
    context.territory = replace(context.territory, datasets=feeds, position=position)
    return context


def test_places_to_go_to_stand_under_what_they_are(world: World) -> None:
    context = going(world, here=STATION, there=CHURCH)
    frame = build_itinerary(context, "s")
    (row,) = frame.rows
    assert (row.heading, row.detail) == ("Le théâtre", "1 rue Haute, Bourg")
    assert row.section == "Balades"  # the name of the test's dataset
    assert (row.route, row.argument) == ("itinerary", "s/p/0")
    assert frame.subtitle == "Départ\u00a0: Mairie"


def test_a_place_without_position_is_no_destination(world: World) -> None:
    world.put([Place()])
    frame = build_itinerary(world.context("itinerary"), "s")
    assert frame.rows == ()
    assert "02 00 00 00 00" in frame.empty
    assert build_itinerary(world.context("itinerary"), "s/d/0").age.state is State.ABSENT


def test_a_direct_ride_is_said_in_large_words(world: World) -> None:
    frame = build_itinerary(going(world, here=STATION, there=CHURCH), "s/p/0")
    assert (frame.title, frame.tone) == ("Le théâtre", "good")
    assert frame.verdict == "Ligne 1\u00a0: 08:00"
    assert frame.rest == "De l’arrêt Gare du Bourg à l’arrêt Église, sans changement."
    assert [row.heading for row in frame.rows[:2]] == [
        "Montez à l’arrêt Gare du Bourg",
        "Descendez à l’arrêt Église",
    ]


def test_a_planned_ride_never_claims_to_be_live(world: World) -> None:
    frame = build_itinerary(going(world, here=STATION, there=CHURCH), "s/p/0")
    ride = frame.rows[2]
    assert (ride.trailing, ride.state_text) == ("08:00", "horaire prévu")
    assert ride.section == "Prochains départs directs"
    assert "terminus" in ride.detail
    assert frame.age.state in {State.THEORY, State.LAST_GOOD}


def test_an_arrival_is_told_where_the_timetable_tells_it(world: World) -> None:
    frame = build_itinerary(going(world, here=STATION, there=(48.4400, 0.1000)), "s/p/0")
    assert frame.rows[2].detail == "arrivée à 08:11"


def test_rides_of_another_day_say_so(world: World) -> None:
    late = "2026-11-23T20:00"
    frame = build_itinerary(going(world, here=STATION, there=CHURCH, at=late), "s/p/0")
    assert frame.verdict == "Ligne 1\u00a0: demain 08:00"
    assert frame.rows[2].section == "Demain, mardi 24 novembre"


def test_a_late_ride_says_its_delay(world: World) -> None:
    context = going(world, here=STATION, there=CHURCH, at="2026-11-23T07:50")
    at = paris("2026-11-23T07:50")
    late = TripUpdate(trip="T1", start_day="20261123", delay_s=300, observed_at=at)
    publish_news(world.path, late)
    frame = build_itinerary(context, "s/p/0")
    assert frame.verdict == "Ligne 1\u00a0: 08:05"
    assert (frame.rows[2].state_text, frame.rows[2].tone) == ("retard 5 min", "bad")


def test_a_cancelled_ride_is_listed_but_never_advised(world: World) -> None:
    context = going(world, here=STATION, there=CHURCH, at="2026-11-23T07:50")
    at = paris("2026-11-23T07:50")
    publish_news(
        world.path, TripUpdate(trip="T1", start_day="20261123", cancelled=True, observed_at=at)
    )
    frame = build_itinerary(context, "s/p/0")
    assert (frame.verdict, frame.tone) == ("Supprimé", "bad")
    assert (frame.rows[2].state_text, frame.rows[2].trailing) == ("supprimé", "")


def test_a_near_place_is_walked_to(world: World) -> None:
    frame = build_itinerary(going(world, here=STATION, there=(48.4320, 0.0930)), "s/p/0")
    assert frame.verdict == "À pied, environ 5\u00a0min"
    assert frame.rest == "300\u00a0m en ligne droite."
    assert [row.route for row in frame.rows] == ["place"]


TOWN_HALL = (48.4400, 0.1000)  # 1.3 km away, 22 minutes on foot


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-11-23T07:30", "À pied, environ 22\u00a0min"),
        ("2026-11-23T07:45", "Ligne 1\u00a0: 08:00"),
        ("2026-11-28T07:45", "À pied, environ 22\u00a0min"),  # no bus on a Saturday
    ],
)
def test_one_walks_when_that_is_sooner_than_to_wait(world: World, at: str, verdict: str) -> None:
    frame = build_itinerary(going(world, here=STATION, there=TOWN_HALL, at=at), "s/p/0")
    assert frame.verdict == verdict
    buses = [row.badge for row in frame.rows if row.badge]
    assert bool(buses) == ("23T" in at)  # who can't walk still reads the rides


def test_stops_that_no_run_joins_are_said_honestly(world: World) -> None:
    frame = build_itinerary(going(world, here=CHURCH, there=(48.9000, 0.5000)), "s/p/0")
    assert (frame.verdict, frame.tone) == ("Pas de trajet direct", "warn")
    assert "Avec un changement, peut-être" in frame.rest
    assert frame.rows[0].heading == "02 00 00 00 00"


@pytest.mark.parametrize(
    ("here", "there", "why"),
    [
        ((47.0, 0.5), CHURCH, "Aucun arrêt à moins de 1\u00a0km d’ici."),
        (STATION, (47.0, 0.5), "Aucun arrêt à moins de 1\u00a0km de ce lieu."),
    ],
)
def test_a_place_far_from_any_stop_says_which_end(
    world: World, here: tuple[float, float], there: tuple[float, float], why: str
) -> None:
    frame = build_itinerary(going(world, here=here, there=there), "s/p/0")
    assert frame.rest == why


def test_a_place_that_is_gone_says_whom_to_ask(world: World) -> None:
    frame = build_itinerary(going(world, here=STATION, there=CHURCH), "s/p/9")
    assert frame.age.state is State.ABSENT


def test_the_cell_asks_where_to_go_and_is_never_live(orne: Callable[..., Context]) -> None:
    context = orne()
    told = glance(context, context.territory.service("itineraire"))
    assert told.value == "Où voulez-vous aller\u00a0?"
    assert told.freshness.state is State.THEORY


def test_every_destination_of_the_demo_has_an_answer(orne: Callable[..., Context]) -> None:
    context = orne(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    verdicts: set[str] = set()
    for row in build_itinerary(context, "itineraire").rows:
        frame = build_itinerary(context, row.argument)
        assert frame.verdict, row.argument
        assert frame.spoken[1].startswith(frame.verdict)
        verdicts.add(frame.verdict.split("\u00a0")[0].split(" ")[0])
    assert verdicts == {"À", "Ligne", "Pas"}
