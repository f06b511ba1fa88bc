"""A territory finds its services, and knows its ground."""

from __future__ import annotations

import pytest

from kiosk.domain.record import Geo
from kiosk.domain.territory import Bounds, Service, Territory


def territory(*ids: str) -> Territory:
    return Territory(
        slug="orne",
        name={"fr": "L’Orne"},
        host={"fr": "Mairie"},
        insee=("61001",),
        holidays_zone="B",
        languages=("fr",),
        timezone="Europe/Paris",
        position=Geo(lat=48.4, lon=0.1),
        phone="02 61 91 00 00",
        demo=True,
        services=tuple(
            Service(id=one, kind="info", family="live", icon="bus", title={"fr": one}, cell=(0, i))
            for i, one in enumerate(ids)
        ),
        datasets={},
    )


def test_a_service_is_found_by_its_id() -> None:
    assert territory("bus", "piscine").service("piscine").title == {"fr": "piscine"}


def test_an_unknown_service_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="cinema"):
        territory("bus").service("cinema")


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [(48.5, 0.1, True), (48.0, 0.1, True), (47.9, 0.1, False), (48.5, 2.0, False)],
)
def test_the_bounds_hold_what_lies_inside_or_on_them(lat: float, lon: float, inside: bool) -> None:
    bounds = Bounds(south=48.0, west=-1.0, north=49.0, east=1.0)
    assert bounds.holds(Geo(lat=lat, lon=lon)) is inside
