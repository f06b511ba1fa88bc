from __future__ import annotations

import pytest

from sync.connectors.gtfs.boards import Boards
from tests.unit.sync.connectors.gtfs.feeds import FILES, plus, read, rejects


def boards(stops: str = FILES["stops.txt"]) -> Boards:
    return read(stops=stops).boards


def board_of(found: Boards, stop: str) -> str:
    number = next(place.no for place in found.stops if place.id == stop)
    return found.heads[found.of_stop[number]].id


def test_a_station_stands_for_its_platforms() -> None:
    found = boards()
    assert {board_of(found, stop) for stop in ("S", "P1", "P2")} == {"S"}


def test_two_sides_of_a_street_are_one_board() -> None:
    assert board_of(boards(), "M2") == "M1"


def test_the_same_name_in_another_village_is_another_board() -> None:
    assert board_of(boards(), "V") == "V"


def test_a_boarding_area_belongs_to_its_platforms_station() -> None:
    assert board_of(boards(plus("stops", "A1,,,,4,P1,,")), "A1") == "S"


def test_a_platform_inherits_name_position_and_access() -> None:
    stops = {place.id: place for place in boards().stops}
    assert (stops["P2"].name, stops["P2"].wheelchair) == ("Gare du Bourg", 2)
    assert stops["P2"].geo == stops["S"].geo
    assert stops["P1"].wheelchair == 1


def test_a_station_leads_the_board_even_after_its_namesakes() -> None:
    stops = plus("stops", "Q1,Quai,48.1,0.1,,,,", "QS,Quai,48.1001,0.1,1,,,")
    assert board_of(boards(stops), "Q1") == "QS"


def test_stops_without_positions_are_grouped_by_name_alone() -> None:
    found = boards(plus("stops", "A1,Halte,,,,,,", "A2,halte,,,,,,", "A3,Halte,48,0,,,,"))
    assert board_of(found, "A2") == "A1"
    assert board_of(found, "A3") == "A3"


def test_names_in_other_scripts_are_not_confused() -> None:
    found = boards(plus("stops", "A1,Вокзал,48,0,,,,", "A2,Площадь,48,0,,,,"))
    assert board_of(found, "A2") == "A2"


def test_an_unknown_parent_is_said_and_the_stop_stands_alone() -> None:
    stops = plus("stops", "Z,Zed,48,0,,NOPE,,")
    assert rejects(stops=stops) == [
        ("stops.txt", "stop 'Z' names an unknown parent_station 'NOPE'")
    ]
    assert board_of(boards(stops), "Z") == "Z"


@pytest.mark.parametrize("lines", [("A,A,48,0,,B,,", "B,B,48,0,,A,,"), ("A,A,48,0,,A,,",)])
def test_parents_in_a_circle_end(lines: tuple[str, ...]) -> None:
    stops = plus("stops", *lines)
    assert any("in a circle" in why for _, why in rejects(stops=stops))
    assert board_of(boards(stops), "A") == "A"


def test_a_nameless_child_of_nobody_is_called_by_its_id() -> None:
    names = {place.id: place.name for place in boards(plus("stops", "Z,,48,0,,NOPE,,")).stops}
    assert names["Z"] == "Z"
