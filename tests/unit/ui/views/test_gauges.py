"""Car parks: free places, and since when that is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.facts import Gauge, Place
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import LIVE, NOW, World
from ui.views.gauges import build_gauges, counted, short_names


def count(value: int, *, capacity: int = 120, open_: bool = True) -> Gauge:
    return Gauge(what="free_places", value=value, capacity=capacity, open=open_)


def test_the_free_places_are_the_rows_figure(world: World) -> None:
    world.put([count(32)], policy=LIVE)
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert (row.trailing, row.unit, row.detail) == ("32", "places", "120 places en tout")
    assert (row.state_text, row.tone) == ("en direct, à l’instant", "good")


@pytest.mark.parametrize(
    ("gauge", "word", "tone"),
    [
        (count(0), "complet", "bad"),
        (count(-1), "complet", "bad"),
        (count(11), "presque complet", "warn"),
        (count(32, open_=False), "fermé", "bad"),
    ],
)
def test_little_room_is_said_in_words(world: World, gauge: Gauge, word: str, tone: str) -> None:
    world.put([gauge], policy=LIVE)
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert (row.state_text.split(",")[0], row.tone) == (word, tone)


def test_a_closed_car_park_shows_no_figure(world: World) -> None:
    world.put([count(32, open_=False)], policy=LIVE)
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert (row.trailing, row.unit) == ("", "")


def test_a_count_of_ten_minutes_ago_is_not_called_live(world: World) -> None:
    world.put([count(32)], policy=LIVE, observed_at=NOW - timedelta(minutes=10))
    frame = build_gauges(world.context("gauges"), "s")
    assert frame.rows[0].tone == "muted"
    assert "il y a 10\u202fmin" in frame.rows[0].state_text.replace("\u00a0", "\u202f")


def test_an_old_count_that_may_stay_is_marked_as_old(world: World) -> None:
    world.put([count(32)], policy=Policy(live_s=120, stale_s=600))
    world.clock.move(3600)
    frame = build_gauges(world.context("gauges"), "s")
    assert frame.age.state is State.LAST_GOOD
    assert frame.rows[0].state_text.startswith("ancien")
    assert frame.rows[0].tone == "warn"


def test_a_place_whose_count_is_withdrawn_stays_without_a_figure(world: World) -> None:
    world.put([count(32)], dataset="live", policy=LIVE, valid_until=NOW)
    world.put([Place(gauge="0", commune="Sées")], dataset="p", titles=["Gare"])
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert (row.heading, row.trailing) == ("Gare", "")
    assert row.state_text == "places libres\u00a0: pas d’information en ce moment"


def test_a_silent_place_nobody_has_confirmed_for_long_says_so(world: World) -> None:
    world.put([count(32)], dataset="live", policy=LIVE)
    world.put([Place(gauge="x")], dataset="p", observed_at=NOW - timedelta(days=90))
    row = build_gauges(world.context("gauges"), "s").rows[1]
    assert row.state_text.startswith("places libres\u00a0: pas d’information en ce moment, ancien")


def test_a_count_is_shown_under_its_places_name_and_opens_it(world: World) -> None:
    world.put([count(32)], dataset="live", policy=LIVE)
    world.put([Place(gauge="0", commune="Sées")], dataset="p", titles=["Parking de la Gare"])
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert row.heading == "Parking de la Gare"
    assert row.detail == "Sées, 120 places en tout"
    assert (row.route, row.argument) == ("place", "s/p/0")


def test_without_counts_and_places_the_desk_is_named(world: World) -> None:
    frame = build_gauges(world.context("gauges"), "s")
    assert frame.rows == ()
    assert frame.age.state is State.ABSENT
    assert frame.empty


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Parking de la Gare", "Parking des Halles"], ["Gare", "Halles"]),
        (["Station car park", "Les Halles car park"], ["Station", "Les Halles"]),
        (["Parking", "Parking"], ["Parking", "Parking"]),
        (["Gare"], ["Gare"]),
        (["", "Gare"], ["", "Gare"]),
        ([], []),
    ],
)
def test_names_are_cut_to_what_tells_them_apart(titles: list[str], names: list[str]) -> None:
    assert short_names(titles) == names


def bikes(value: int) -> Gauge:
    return Gauge(what="vehicles", value=value, capacity=12)


@pytest.mark.parametrize(
    ("value", "state", "tone"),
    [
        (6, "en direct", "good"),
        (1, "presque vide", "warn"),
        (0, "plus de vélo", "bad"),
    ],
)
def test_vehicles_to_rent_have_their_own_words(
    world: World, value: int, state: str, tone: str
) -> None:
    world.put([bikes(value)], policy=LIVE)
    (row,) = build_gauges(world.context("gauges"), "s").rows
    assert (row.trailing, row.unit) == (str(value), "à louer")
    assert (row.state_text.split(",")[0], row.tone) == (state, tone)


@pytest.mark.parametrize(
    ("gauge", "said"),
    [(bikes(5), "5 à louer"), (count(1), "1 place"), (count(2), "2 places")],
)
def test_a_count_is_said_with_what_it_counts(world: World, gauge: Gauge, said: str) -> None:
    world.put([gauge], policy=LIVE)
    assert counted(world.context("gauges"), gauge) == said
