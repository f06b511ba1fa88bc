from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors.tides.constituents import CONSTITUENTS, nodal_factors, sky_at
from sync.connectors.tides.prediction import STAND_M, Extreme, Wave, extremes, height_at, lowest

START = datetime(2026, 11, 22, tzinfo=UTC)
MOON_H = 360 / 28.9841042

moments = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis puts the zone on it
    max_value=datetime(2050, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


def wave(name: str, amplitude_m: float, lag: float = 0.0) -> Wave:
    return Wave(constituent=CONSTITUENTS[name], amplitude_m=amplitude_m, lag=lag)


MOON = [wave("M2", 2.0, 100)]
PORT = [wave("M2", 3.67, 177), wave("S2", 1.43, 228), wave("N2", 0.72, 161), wave("M4", 0.26, 280)]


def within(days: float, waves: list[Wave] = PORT, start: datetime = START) -> list[Extreme]:
    return list(extremes(waves, start, start + timedelta(days=days)))


def hours(found: Iterable[Extreme]) -> list[float]:
    return [(after.time - before.time).total_seconds() / 3600 for before, after in pairwise(found)]


def test_the_moon_alone_makes_a_tide_each_12_hours_25() -> None:
    highs = [extreme for extreme in within(30, MOON) if extreme.kind == "high"]
    assert hours(highs) == pytest.approx([MOON_H] * (len(highs) - 1), abs=0.01)
    assert hours(highs)[0] == pytest.approx(12.4206, abs=0.01)


def test_the_moon_alone_rises_to_its_amplitude_times_the_nodal_factor() -> None:
    f, _ = CONSTITUENTS["M2"].factor(nodal_factors(sky_at(START)))
    assert [abs(one.height_m) for one in within(1, MOON)] == pytest.approx([2 * f] * 4, abs=1e-3)


def test_the_sun_alone_keeps_the_hours_of_the_clock() -> None:
    highs = [one for one in within(3, [wave("S2", 1.0, 90)]) if one.kind == "high"]
    assert {one.time.hour % 12 for one in highs} <= {2, 3}  # 90° after noon and midnight
    assert hours(highs) == pytest.approx([12.0] * (len(highs) - 1), abs=1e-3)


def test_spring_tides_come_each_fortnight() -> None:
    sizes = {one.time: one.height_m for one in within(60, PORT[:2]) if one.kind == "high"}
    peaks = [
        time
        for (_, left), (time, middle), (_, right) in zip(
            list(sizes.items()), list(sizes.items())[1:], list(sizes.items())[2:], strict=False
        )
        if left < middle > right
    ]
    apart = [(after - before).total_seconds() / 86_400 for before, after in pairwise(peaks)]
    assert fmean(apart) == pytest.approx(14.77, abs=0.3)
    assert max(sizes.values()) == pytest.approx(3.67 * 0.97 + 1.43, abs=0.05)
    assert min(sizes.values()) == pytest.approx(3.67 * 0.97 - 1.43, abs=0.05)


def test_the_heights_hold_the_energy_of_their_waves() -> None:
    step = timedelta(minutes=37)
    squares = [height_at(PORT, START + number * step) ** 2 for number in range(2_400)]  # 62 days
    factors = nodal_factors(sky_at(START))
    expected = sum((w.amplitude_m * w.constituent.factor(factors)[0]) ** 2 / 2 for w in PORT)
    assert fmean(squares) == pytest.approx(expected, rel=0.03)


def test_the_mean_of_the_heights_is_mean_level() -> None:
    step = timedelta(minutes=37)
    mean = fmean(height_at(PORT, START + number * step) for number in range(2_400))
    assert mean == pytest.approx(0, abs=0.03)


@given(moments)
def test_high_and_low_waters_take_turns(start: datetime) -> None:
    found = within(4, start=start)
    assert all(before.kind != after.kind for before, after in pairwise(found))
    assert all(before.time < after.time for before, after in pairwise(found))
    assert len(found) in range(14, 18)


@given(moments)
def test_no_minute_around_is_beyond_an_extreme(start: datetime) -> None:
    for extreme in within(1, start=start):
        sign = 1 if extreme.kind == "high" else -1
        for minutes in (-10, 10):
            beside = height_at(PORT, extreme.time + timedelta(minutes=minutes))
            assert sign * (extreme.height_m - beside) > 0


@given(moments, st.floats(0.1, 2.9))
def test_a_stretch_cut_in_two_has_the_same_waters(start: datetime, cut: float) -> None:
    whole = within(3, start=start)
    parts = within(cut, start=start) + within(3 - cut, start=start + timedelta(days=cut))
    assert [(one.time, one.kind) for one in parts] == [(one.time, one.kind) for one in whole]


def test_the_waters_of_a_stretch_lie_inside_of_it() -> None:
    first = within(1)[0]
    assert list(extremes(PORT, first.time, first.time + timedelta(seconds=1))) == [first]
    assert list(extremes(PORT, START, first.time)) == []


def test_a_stand_is_no_low_water() -> None:
    double = [wave("M2", 1.0, 0), wave("M4", 0.262, 180)]  # a dip of millimetres on each top
    found = within(5, double)
    assert all(before.kind != after.kind for before, after in pairwise(found))
    assert all(abs(a.height_m - b.height_m) > STAND_M for a, b in pairwise(found))
    assert len(found) in range(18, 21)


def test_a_double_high_water_stays() -> None:
    double = [wave("M2", 1.0, 0), wave("M4", 0.6, 180)]
    assert len(within(5, double)) > 36


def test_still_water_has_no_tide() -> None:
    assert within(5, [wave("M2", 0.0)]) == []


def test_the_lowest_tide_of_the_moon_is_at_its_largest_nodal_factor() -> None:
    assert lowest(MOON, START) == pytest.approx(-2 * 1.038, abs=0.01)


def test_the_lowest_tide_is_under_every_low_water() -> None:
    floor = lowest(PORT, START)
    lows = [one.height_m for one in within(120) if one.kind == "low"]
    assert floor < min(lows)
    assert floor > -sum(one.amplitude_m for one in PORT) * 1.15


def test_the_heights_are_the_same_by_any_clock() -> None:
    paris = datetime.fromisoformat("2026-11-22T13:00:00+01:00")
    assert height_at(PORT, paris) == height_at(PORT, datetime(2026, 11, 22, 12, tzinfo=UTC))
