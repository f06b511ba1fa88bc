"""Vehicles near the kiosk: the next call of each, live or planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.freshness import State
from kiosk.domain.territory import Service
from kiosk.domain.transit import TripUpdate
from tests.unit.kiosk.store.contents import dataset
from tests.unit.kiosk.store.timetables import paris, publish_feed, publish_news
from tests.unit.ui.views.world import World
from ui.context import Context
from ui.glances import glance
from ui.views.vehicles import NEXT_MAX, build_vehicles, vehicles_of

T1 = "T1"  # Gare 8:00, Mairie 8:11, Église 8:20 on working days


class Buses:
    """The invented timetable as a service ``s`` of vehicles."""

    def __init__(self, folder: Path) -> None:
        publish_feed(folder / "content.db")
        self._world = World(folder)
        self.path = self._world.path

    def at(self, text: str, language: str = "fr") -> Context:
        """Give the screens' ports at that moment, Paris time."""
        self._world.clock.move((paris(text) - self._world.clock.now()).total_seconds())
        context = self._world.context("vehicles", language, datasets=("bus",))
        context.territory.datasets["bus"] = dataset("bus")  # type: ignore[index]  # a dict here
        return context

    def late(self, seconds: int, at: str) -> None:
        news = TripUpdate(
            trip=T1, start_day="20261123", delay_s=seconds, observed_at=paris(at), demo=True
        )
        publish_news(self.path, news)


@pytest.fixture
def buses(tmp_path: Path) -> Buses:
    return Buses(tmp_path)


def service(context: Context) -> Service:
    return context.territory.service("s")


@pytest.mark.parametrize(
    ("at", "stop", "minutes"),
    [
        ("2026-11-23T07:50", "Gare du Bourg", "10"),
        ("2026-11-23T08:00", "Gare du Bourg", "0"),
        ("2026-11-23T08:01", "Mairie", "10"),
    ],
)
def test_a_vehicle_is_listed_once_at_its_next_stop(
    buses: Buses, at: str, stop: str, minutes: str
) -> None:
    (row,) = build_vehicles(buses.at(at), "s").rows
    assert row.badge == "1"
    assert row.heading.startswith("Vers Église")
    assert row.detail == f"Prochain arrêt\u00a0: {stop}"
    assert (row.trailing, row.unit) == (minutes, "min")


def test_without_live_news_a_vehicle_is_planned(buses: Buses) -> None:
    frame = build_vehicles(buses.at("2026-11-23T07:50"), "s")
    assert (frame.rows[0].state_text, frame.rows[0].tone) == ("horaire prévu", "muted")
    assert frame.age.state is not State.LIVE
    assert not any(one.live for one in vehicles_of(buses.at("2026-11-23T07:50"), _only(buses)))


def _only(buses: Buses) -> Service:
    return service(buses.at("2026-11-23T07:50"))


@pytest.mark.parametrize(("delay", "said"), [(0, "en direct"), (300, "retard 5\u00a0min")])
def test_a_followed_vehicle_says_its_delay(buses: Buses, delay: int, said: str) -> None:
    buses.late(delay, "2026-11-23T07:50")
    context = buses.at("2026-11-23T07:50")
    frame = build_vehicles(context, "s")
    assert frame.rows[0].state_text.replace(" min", "\u00a0min") == said
    assert frame.age.state is State.LIVE
    assert frame.rows[0].demo
    assert all(one.live for one in vehicles_of(context, service(context)))


def test_news_that_are_too_old_are_not_called_live(buses: Buses) -> None:
    buses.late(300, "2026-11-23T07:40")
    (row,) = build_vehicles(buses.at("2026-11-23T07:50"), "s").rows
    assert row.state_text == "horaire prévu"


def test_a_vehicle_that_comes_later_is_not_listed_yet(buses: Buses) -> None:
    assert NEXT_MAX.total_seconds() == 900
    assert len(build_vehicles(buses.at("2026-11-23T07:45"), "s").rows) == 1
    assert build_vehicles(buses.at("2026-11-23T07:44"), "s").rows == ()


def test_no_vehicle_is_said_plainly(buses: Buses) -> None:
    frame = build_vehicles(buses.at("2026-11-28T07:50"), "s")
    assert "quart d’heure" in frame.empty
    assert frame.empty in frame.spoken


def test_without_a_timetable_the_desk_is_named(world: World) -> None:
    world.declare("d", "stop")
    frame = build_vehicles(world.context("vehicles"), "s")
    assert "02 00 00 00 00" in frame.empty
    assert frame.age.state is State.ABSENT


def test_the_cell_counts_vehicles(buses: Buses) -> None:
    on, off = buses.at("2026-11-23T07:50"), "2026-11-28T07:50"
    assert glance(on, service(on)).value == "1 en route près d’ici"
    later = buses.at(off)
    assert glance(later, service(later)).value == "Aucun en route près d’ici"


def test_the_cell_of_an_empty_timetable_says_nothing(world: World) -> None:
    world.declare("d", "stop")
    context = world.context("vehicles")
    assert glance(context, service(context)).value == ""


def test_english_says_the_next_stop(buses: Buses) -> None:
    (row,) = build_vehicles(buses.at("2026-11-23T07:50", "en"), "s").rows
    assert (row.heading, row.detail) == ("To Église", "Next stop: Gare du Bourg")
