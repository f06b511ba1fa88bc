"""Direct rides between two places, by a real timetable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.record import Geo
from kiosk.domain.transit import TripUpdate
from kiosk.store.database import ContentReader
from kiosk.store.records import RecordStore
from kiosk.usecases.direct_rides import (
    HALTS_MAX,
    RIDES_MAX,
    WALK_MAX_M,
    Halt,
    best_way,
    direct_rides,
    halts_near,
)
from tests.conftest import MovedClock
from tests.unit.kiosk.store.contents import NOW, dataset
from tests.unit.kiosk.store.timetables import paris, publish_feed, publish_news, timetable
from tests.unit.sync.connectors.gtfs.feeds import feed, plus

MONDAY = "2026-11-23T07:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "content.db"
    publish_feed(path)
    return path


def halt(stop: str, name: str, away_m: float = 0) -> Halt:
    return Halt(key=f"bus/{stop}", name={"fr": name}, away_m=away_m)


STATION, TOWN_HALL, CHURCH = (
    halt("S", "Gare du Bourg"),
    halt("M1", "Mairie"),
    halt("E", "Église"),
)


def rides(path: Path, board: Halt, alight: Halt, at: str = MONDAY) -> list[tuple[str, str, str]]:
    """Each ride as (trip, leaves, arrives)."""
    return [
        (
            one.departure.trip,
            f"{one.departure.scheduled:%H:%M}",
            f"{one.arrives:%H:%M}" if one.arrives else "",
        )
        for one in direct_rides(timetable(path), board, alight, paris(at))
    ]


def test_a_run_that_calls_at_both_is_a_ride(path: Path) -> None:
    assert rides(path, STATION, TOWN_HALL) == [("T1", "08:00", "08:11"), ("N", "23:50", "00:10")]


def test_a_run_is_no_ride_back(path: Path) -> None:
    assert rides(path, TOWN_HALL, STATION) == [("T2", "09:15", "")]


def test_the_arrival_at_a_last_stop_is_not_made_up(path: Path) -> None:
    assert rides(path, STATION, CHURCH) == [("T1", "08:00", "")]


def test_a_last_stop_whose_name_another_bears_is_not_trusted(path: Path) -> None:
    other = halt("V", "Mairie")  # N ends there, and another town hall lies on its way
    assert rides(path, STATION, other) == []


def test_no_ride_on_a_day_without_service(path: Path) -> None:
    assert rides(path, STATION, TOWN_HALL, "2026-11-28T07:00") == []


def test_a_departure_that_one_cannot_reach_is_no_ride(path: Path) -> None:
    far = halt("S", "Gare du Bourg", away_m=600)  # ten minutes
    assert rides(path, far, TOWN_HALL, "2026-11-23T07:50")[0][0] == "T1"
    assert rides(path, far, TOWN_HALL, "2026-11-23T07:51")[0][0] == "N"


def test_a_late_run_can_still_be_reached(path: Path) -> None:
    at = paris("2026-11-23T07:55")
    late = TripUpdate(trip="T1", start_day="20261123", delay_s=600, observed_at=at)
    publish_news(path, late)
    far = halt("S", "Gare du Bourg", away_m=600)
    (first, *_) = direct_rides(timetable(path), far, TOWN_HALL, at)
    assert (first.departure.trip, f"{first.departure.expected:%H:%M}") == ("T1", "08:10")
    assert f"{first.arrives:%H:%M}" == "08:21"


def test_a_cancelled_run_stays_listed(path: Path) -> None:
    at = paris("2026-11-23T07:55")
    publish_news(path, TripUpdate(trip="T1", start_day="20261123", cancelled=True, observed_at=at))
    (first, *_) = direct_rides(timetable(path), STATION, TOWN_HALL, at)
    assert (first.departure.trip, first.departure.cancelled) == ("T1", True)
    way = best_way(timetable(path), [STATION], [TOWN_HALL], at)
    assert way is not None
    assert way.next is not None
    assert way.next.departure.trip == "N"


def test_the_list_of_rides_is_short(tmp_path: Path) -> None:
    trips = [f"R1,WD,Z{i},Église,1" for i in range(9)]
    calls = [
        line
        for i in range(9)
        for line in (
            f"Z{i},12:0{i}:00,12:0{i}:00,P1,1,0,",
            f"Z{i},12:1{i}:00,12:1{i}:00,M1,2,0,",
            f"Z{i},12:2{i}:00,12:2{i}:00,E,3,0,",
        )
    ]
    path = tmp_path / "content.db"
    publish_feed(path, feed(trips=plus("trips", *trips), stop_times=plus("stop_times", *calls)))
    assert len(rides(path, STATION, TOWN_HALL)) == RIDES_MAX


def near(path: Path, lat: float, lon: float) -> list[Halt]:
    cache = RecordStore(ContentReader(path), MovedClock(NOW))
    return halts_near(cache, dataset("bus"), Geo(lat=lat, lon=lon))


def test_the_stops_near_a_place_come_nearest_first(path: Path) -> None:
    found = near(path, 48.4310, 0.0910)
    assert found[0].name["fr"] == "Gare du Bourg"
    assert [one.away_m for one in found] == sorted(one.away_m for one in found)
    assert len(found) <= HALTS_MAX
    assert all(one.away_m <= WALK_MAX_M for one in found)


def test_a_place_in_the_fields_has_no_stop(path: Path) -> None:
    assert near(path, 48.70, 0.30) == []


def test_the_pair_that_gets_there_soonest_wins(path: Path) -> None:
    near_one = halt("P2", "Gare du Bourg", away_m=10)  # only the night run calls there
    way = best_way(timetable(path), [near_one, STATION], [TOWN_HALL], paris(MONDAY))
    assert way is not None
    assert (way.board.key, way.rides[0].departure.trip) == ("bus/S", "T1")


def test_a_long_walk_at_the_end_counts(path: Path) -> None:
    ends = [halt("E", "Église", away_m=60), halt("M1", "Mairie", away_m=900)]
    way = best_way(timetable(path), [STATION], ends, paris(MONDAY))
    assert way is not None
    assert way.alight.key == "bus/E"
    assert way.alight.walk == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("boards", "alights"),
    [([], [TOWN_HALL]), ([STATION], []), ([STATION], [STATION]), ([CHURCH], [halt("V", "Mairie")])],
)
def test_without_a_direct_ride_there_is_no_way(
    path: Path, boards: list[Halt], alights: list[Halt]
) -> None:
    assert best_way(timetable(path), boards, alights, paris(MONDAY)) is None
