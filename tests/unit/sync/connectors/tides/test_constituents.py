from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import degrees

import pytest

from sync.connectors.tides.constituents import CONSTITUENTS, nodal_factors, sky_at

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)

# Degrees an hour, as printed in the IHO's list; 3N2 and 3L2 as in Ray's.
SPEEDS = {
    "SA": 0.0410686, "SSA": 0.0821373, "MM": 0.5443747, "MSF": 1.0158958, "MF": 1.0980330,
    "MTM": 1.6424078, "MSQM": 2.1139287, "2Q1": 12.8542862, "SGM": 12.9271398, "Q1": 13.3986609,
    "RHO1": 13.4715145, "O1": 13.9430356, "M1": 14.4966939, "P1": 14.9589314, "S1": 15.0,
    "K1": 15.0410686, "J1": 15.5854433, "OO1": 16.1391017, "EP2": 27.4238338, "2N2": 27.8953548,
    "MU2": 27.9682085, "3N2": 28.4350877, "N2": 28.4397295, "NU2": 28.5125832, "MA2": 28.943036,
    "M2": 28.9841042, "MB2": 29.025173, "MKS2": 29.0662415, "LAMBDA2": 29.4556253,
    "L2": 29.5284789, "3L2": 29.5331208, "T2": 29.9589333, "S2": 30.0, "R2": 30.0410667,
    "K2": 30.0821373, "2SM2": 31.0158958, "M3": 43.4761564, "T3": 44.9589314, "S3": 45.0,
    "R3": 45.0410686, "N4": 56.8794591, "MN4": 57.4238338, "M4": 57.9682085, "MS4": 58.9841042,
    "S4": 60.0, "2MO5": 71.911244, "2MK5": 73.009277, "M6": 86.9523127, "2MS6": 87.9682085,
    "M8": 115.936417,
}  # fmt: skip

# V, f and u (degrees) at MIDNIGHT, printed by the predictor of npm @neaps/tide-predictor.
PEER = [
    ("M2", 61.415, 0.9702, 1.229),
    ("N2", 128.623, 0.9702, 1.229),
    ("K1", 331.002, 1.0970, 4.515),
    ("O1", 90.413, 1.1658, -5.124),
    ("S1", 180.0, 1.0, 0.0),
    ("L2", 174.207, 1.2972, 8.249),
    ("K2", 122.004, 1.2622, 9.585),
    ("M1", 38.210, 1.2568, 115.023),
    ("2N2", 195.831, 0.9702, 1.229),
    ("J1", 263.794, 1.2339, 6.353),
    ("OO1", 31.591, 1.4715, 14.709),
    ("R2", 137.602, 1.0, 0.0),
    ("MM", 292.792, 0.8275, 0.0),
    ("MF", 60.589, 1.4371, 11.455),
    ("SGM", 151.829, 1.1658, -5.124),
]


@pytest.mark.parametrize("name", SPEEDS)
def test_a_constituent_has_its_published_speed(name: str) -> None:
    assert CONSTITUENTS[name].speed == pytest.approx(SPEEDS[name], abs=3e-6)


def test_every_constituent_of_the_list_is_tested() -> None:
    assert set(CONSTITUENTS) == set(SPEEDS)


@pytest.mark.parametrize(("name", "argument", "f", "u"), PEER)
def test_arguments_and_nodal_factors_are_those_of_another_predictor(
    name: str, argument: float, f: float, u: float
) -> None:
    sky = sky_at(MIDNIGHT)
    constituent = CONSTITUENTS[name]
    found_f, found_u = constituent.factor(nodal_factors(sky))
    assert constituent.argument(sky) % 360 == pytest.approx(argument, abs=2e-3)
    assert found_f == pytest.approx(f, abs=1e-4)
    assert degrees(found_u) == pytest.approx(u, abs=2e-3)


def test_the_moon_stands_where_meeus_puts_it() -> None:
    sky = sky_at(datetime(1992, 4, 12, tzinfo=UTC))  # example 47.a
    assert sky.moon % 360 == pytest.approx(134.290182, abs=1e-4)


def test_the_sun_stands_where_meeus_puts_it() -> None:
    sky = sky_at(datetime(1992, 10, 13, tzinfo=UTC))  # example 25.a
    assert sky.sun % 360 == pytest.approx(201.80720, abs=1e-4)


def test_an_hour_moves_an_argument_by_the_speed() -> None:
    noon = MIDNIGHT + timedelta(hours=12)
    for constituent in CONSTITUENTS.values():
        moved = constituent.argument(sky_at(noon)) - constituent.argument(sky_at(MIDNIGHT))
        assert moved == pytest.approx(12 * constituent.speed, abs=1e-4), constituent.name


def test_the_local_clock_changes_nothing() -> None:
    paris = datetime.fromisoformat("2026-11-22T01:00:00+01:00")
    assert sky_at(paris) == sky_at(MIDNIGHT)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("M2", 0.963, 1.038), ("O1", 0.806, 1.183), ("K1", 0.882, 1.113), ("K2", 0.748, 1.317)],
)
# Bounds of Schureman, table 14; the list’s series reach them within a hundredth.
def test_a_nodal_factor_swings_between_its_published_bounds(
    name: str, least: float, most: float
) -> None:
    moments = [MIDNIGHT + timedelta(days=30 * number) for number in range(230)]
    factors = [CONSTITUENTS[name].factor(nodal_factors(sky_at(moment)))[0] for moment in moments]
    assert min(factors) == pytest.approx(least, abs=0.012)
    assert max(factors) == pytest.approx(most, abs=0.012)


def test_a_compound_has_the_product_of_its_parts_factors() -> None:
    factors = nodal_factors(sky_at(MIDNIGHT))
    f, u = CONSTITUENTS["M2"].factor(factors)
    four, minus = CONSTITUENTS["M4"].factor(factors), CONSTITUENTS["2SM2"].factor(factors)
    assert four == pytest.approx((f * f, 2 * u))
    assert minus == pytest.approx((f, -u))  # multiplied even where the phase is taken off
