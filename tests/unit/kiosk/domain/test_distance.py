"""Distances on the Earth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.distance import metres
from kiosk.domain.record import Geo

LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        (Geo(lat=48.4312, lon=0.0915), Geo(lat=48.4312, lon=0.0915), 0),
        (Geo(lat=0, lon=0), Geo(lat=1, lon=0), 111.2),
        (Geo(lat=48.8566, lon=2.3522), Geo(lat=45.764, lon=4.8357), 391.5),  # Paris to Lyon
        (Geo(lat=0, lon=179.5), Geo(lat=0, lon=-179.5), 111.2),  # across the date line
    ],
)
def test_a_known_distance_is_right(here: Geo, there: Geo, kilometres: float) -> None:
    assert metres(here, there.lat, there.lon) / 1000 == pytest.approx(kilometres, abs=0.2)


@given(LATS, LONS, LATS, LONS)
def test_a_distance_is_the_same_both_ways(a: float, b: float, c: float, d: float) -> None:
    there = metres(Geo(lat=a, lon=b), c, d)
    assert there == pytest.approx(metres(Geo(lat=c, lon=d), a, b), abs=1e-3)
    assert 0 <= there <= 20_016_000
