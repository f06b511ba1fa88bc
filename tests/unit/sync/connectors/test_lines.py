from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.lines import (
    CLIMB_MIN_M,
    PARTS_MAX,
    POINTS_IN_MAX,
    TOLERANCE_M,
    Point,
    apart_m,
    climb,
    length_m,
    simplified,
    walk_of,
    walkable,
)

ALENCON, LE_MANS = Point(48.4322, 0.0922), Point(48.0061, 0.1996)
POINTS = st.builds(
    Point, st.floats(48.0, 48.1), st.floats(0.0, 0.1), st.none() | st.floats(-50, 4000)
)


def heights(*metres: float | None) -> list[Point]:
    return [Point(48 + at / 1000, 0.1, height) for at, height in enumerate(metres)]


def test_two_towns_are_as_far_apart_as_the_map_says() -> None:
    assert apart_m(ALENCON, LE_MANS) == pytest.approx(48_060, rel=0.005)
    assert apart_m(ALENCON, ALENCON) == 0


def test_a_minute_of_latitude_is_a_nautical_mile() -> None:
    assert apart_m(Point(48, 0), Point(48 + 1 / 60, 0)) == pytest.approx(1852, rel=0.002)


def test_the_other_side_of_the_earth_is_half_way_round() -> None:
    assert apart_m(Point(0, 0), Point(0, 180)) == pytest.approx(math.pi * 6_371_008.8)


def test_a_gap_between_two_parts_is_not_walked() -> None:
    one, two = heights(0, 0), [Point(49, 0.1), Point(49.001, 0.1)]
    walk = walk_of([one, two])
    assert walk.distance_m == round(length_m(one) + length_m(two)) == 222
    assert len(walk.lines) == 2


def test_a_climb_adds_up() -> None:
    assert climb([heights(100, 120, 110, 200)]) == (110, 10)


def test_the_noise_of_a_gps_is_no_climb() -> None:
    noise = [100 + (CLIMB_MIN_M - 1) * (at % 2) for at in range(500)]
    assert climb([heights(*noise)]) == (0, 0)


def test_a_slow_climb_counts_too() -> None:
    assert climb([heights(*range(100, 201))]) == (100, 0)


@pytest.mark.parametrize("told", [[100, None, 120], [None, None], [0, 0, 0]])
def test_a_climb_with_unknown_heights_is_unknown(told: list[float | None]) -> None:
    assert climb([heights(*told)]) == (None, None)


def test_sea_level_is_a_height() -> None:
    assert climb([heights(0, 30, 0)]) == (30, 30)


def test_a_walk_that_comes_back_is_a_loop() -> None:
    there = heights(*[None] * 9)
    assert walk_of([[*there, *reversed(there)]]).loop is True
    assert walk_of([there]).loop is False


def test_two_steps_are_no_loop_though_their_ends_are_near() -> None:
    assert walk_of([[Point(48, 0), Point(48.0001, 0)]]).loop is False


@pytest.mark.parametrize(
    "parts", [[], [[]], [heights(1)], [[ALENCON, ALENCON]], [[ALENCON], [LE_MANS]]]
)
def test_a_line_that_leads_nowhere_is_refused(parts: list[list[Point]]) -> None:
    with pytest.raises(InputRefused, match="fewer than two"):
        walk_of(parts)


def test_parts_that_lead_nowhere_are_left_out() -> None:
    assert walkable([[ALENCON], [ALENCON, LE_MANS], []]) == [[ALENCON, LE_MANS]]


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(InputRefused, match="parts"):
        walk_of([[ALENCON, LE_MANS]] * (PARTS_MAX + 1))


def test_a_straight_line_is_its_two_ends() -> None:
    assert simplified([heights(*[None] * 50)]) == (((48.0, 0.1), (48.049, 0.1)),)


def test_a_corner_stays() -> None:
    corner = [Point(48, 0), Point(48.01, 0.0), Point(48.01, 0.01)]
    assert simplified([corner]) == (((48.0, 0.0), (48.01, 0.0), (48.01, 0.01)),)


def test_a_loop_is_not_folded_to_a_point() -> None:
    square = [Point(48, 0), Point(48.01, 0), Point(48.01, 0.01), Point(48, 0.01), Point(48, 0)]
    assert len(simplified([square])[0]) == 5


def test_a_long_zigzag_is_thinned() -> None:
    zigzag = [Point(48 + at / 1e4, (at % 2) / 10) for at in range(POINTS_IN_MAX * 3)]
    (line,) = simplified([zigzag])
    assert len(line) <= POINTS_IN_MAX + 1
    assert line[-1] == (round(zigzag[-1].lat, 5), round(zigzag[-1].lon, 5))


@settings(deadline=None)
@given(st.lists(POINTS, min_size=2, max_size=20))
def test_what_is_left_out_lies_near_what_is_drawn(points: list[Point]) -> None:
    (line,) = simplified([points])
    drawn = [Point(*point) for point in line]
    for point in points:
        near = min(distance_to(point, drawn[at], drawn[at + 1]) for at in range(len(drawn) - 1))
        assert near <= TOLERANCE_M + 3  # rounding, and another plane


def distance_to(point: Point, start: Point, end: Point) -> float:
    """Walk along the stretch in small steps and give the least distance, in metres."""
    steps = (at / 200 for at in range(201))
    stretch = (
        Point(start.lat + (end.lat - start.lat) * t, start.lon + (end.lon - start.lon) * t)
        for t in steps
    )
    return min(apart_m(point, at) for at in stretch) - apart_m(start, end) / 400


@given(st.lists(POINTS, min_size=2, max_size=40))
def test_a_walk_climbs_as_much_as_it_may(points: list[Point]) -> None:
    up, down = climb([points])
    if any(point.elevation is None for point in points):
        assert (up, down) == (None, None)
    elif up is not None and down is not None:
        first, last = points[0].elevation or 0, points[-1].elevation or 0
        assert abs((last - first) - (up - down)) <= CLIMB_MIN_M + 1
