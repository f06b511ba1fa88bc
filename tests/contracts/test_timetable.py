"""The contract of every Timetable: what the departures screen may count on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.freshness import State
from kiosk.domain.transit import TripUpdate
from kiosk.ports import Timetable
from tests.unit.kiosk.store.timetables import paris, publish_feed, publish_news, timetable

AT = paris("2026-11-23T07:59")
Make = Callable[..., Timetable]


@pytest.fixture(params=["content.db"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Make a timetable of the invented feed with live news; ``filled=False`` is an empty one."""

    def build(*news: TripUpdate, filled: bool = True) -> Timetable:
        path = tmp_path / request.param
        if filled:
            publish_feed(path)
            publish_news(path, *news)
        return timetable(path)

    return build


def test_a_name_leads_to_departures(make: Make) -> None:
    timetables = make()
    (stop, *_) = timetables.stops("gare du bourg")
    assert stop.name == "Gare du Bourg"
    assert timetables.departures(stop.key, AT)


def test_departures_come_soonest_first_with_their_offset(make: Make) -> None:
    timetables = make()
    found = timetables.departures(timetables.stops("Mairie")[0].key, AT)
    moments = [one.expected or one.scheduled for one in found]
    assert moments == sorted(moments)
    assert all(moment >= AT and moment.utcoffset() is not None for moment in moments)


def test_a_limit_is_kept(make: Make) -> None:
    timetables = make()
    key = timetables.stops("Mairie")[0].key
    assert len(timetables.departures(key, AT, limit=1)) == 1
    assert len(timetables.stops("a", limit=1)) <= 1


def test_theory_is_told_apart_from_live(make: Make) -> None:
    timetables = make(TripUpdate(trip="T1", delay_s=120, observed_at=AT))
    states = {
        one.trip: one.freshness.state
        for one in timetables.departures(timetables.stops("Gare")[0].key, AT)
    }
    assert states == {"T1": State.LIVE, "N": State.THEORY}


def test_a_cancelled_run_is_listed(make: Make) -> None:
    timetables = make(TripUpdate(trip="T1", cancelled=True, observed_at=AT))
    (first, *_) = timetables.departures(timetables.stops("Gare")[0].key, AT)
    assert first.cancelled


@pytest.mark.parametrize("filled", [True, False])
def test_the_unknown_is_empty_and_raises_nothing(make: Make, *, filled: bool) -> None:
    timetables = make(filled=filled)
    assert list(timetables.stops("Atlantide")) == []
    assert list(timetables.departures("bus/Atlantide", AT)) == []
