"""The weather by half day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from kiosk.domain.facts import Forecast, Sky
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.weather import HALF_DAYS_MAX, SKIES, build_weather, tell_weather

A_DAY = Policy(stale_s=86_400)


def half(day: int, hour: int = 6, **facts: Any) -> Forecast:
    """Foretell seven hours from ``hour`` of a day of November."""
    start = utc(day, hour)
    known = {"sky": "rain", "high_c": 12, **facts}
    return Forecast(starts_at=start, ends_at=start + timedelta(hours=7), **known)


def told(world: World, language: str = "fr") -> tuple[list[str], State]:
    context = world.context("weather", language)
    wordings, fresh = tell_weather(context, context.territory.services[0])
    return wordings, fresh.state


def test_the_running_half_day_is_said_large(world: World) -> None:
    facts = half(22, low_c=8, wind_kmh=30, wind_from="SW", gust_kmh=60, rain_percent=70)
    world.put([facts], policy=A_DAY)
    frame = build_weather(world.context("weather"), "s")
    assert frame.verdict == "Pluie, 12\u00a0°C"
    assert frame.rest == (
        "Ce matin, vent de secteur sud-ouest 30\u00a0km/h, rafales 60\u00a0km/h,"
        " pluie\u00a0: 70\u00a0%"
    )


@pytest.mark.parametrize(
    ("hour", "now", "later"),
    [
        (6, "Ce matin", "Matin"),
        (13, "Cet après-midi", "Après-midi"),
        (20, "Ce soir et cette nuit", "Soirée et nuit"),
    ],
)
def test_a_half_day_has_its_name(world: World, hour: int, now: str, later: str) -> None:
    world.put([half(22, hour)])
    frame = build_weather(world.context("weather"), "s")
    assert frame.rest == now
    assert frame.rows[0].heading == f"{later}\u00a0: pluie"


def test_what_comes_tomorrow_is_said_to_be_tomorrow(world: World) -> None:
    world.put([half(23)])
    frame = build_weather(world.context("weather"), "s")
    assert frame.rest == "Demain, matin"
    assert frame.rows[0].section == "Demain, lundi 23 novembre"
    assert told(world)[0][0] == "Demain\u00a0: pluie, 12\u00a0°C"


def test_a_night_that_began_yesterday_counts_as_todays(world: World) -> None:
    world.put([Forecast(starts_at=utc(21, 20), ends_at=utc(22, 12), sky="fog", low_c=-2)])
    frame = build_weather(world.context("weather"), "s")
    assert frame.verdict == "Brouillard, -2\u00a0°C"
    assert frame.rows[0].section == "Aujourd’hui, dimanche 22 novembre"


def test_what_is_over_is_left_out_and_the_rest_is_in_order(world: World) -> None:
    world.put([half(24), half(22, 1), half(23)])
    frame = build_weather(world.context("weather"), "s")
    assert [row.key for row in frame.rows] == ["d/2", "d/0"]


def test_a_row_has_its_figures(world: World) -> None:
    world.put([half(23, low_c=4, wind_kmh=20, rain_mm=3.5, rain_percent=80)])
    (row,) = build_weather(world.context("weather"), "s").rows
    assert (row.trailing, row.unit, row.glyph) == ("12", "°C", "cloud-rain")
    assert row.detail == "mini 4\u00a0°C, vent 20\u00a0km/h"
    assert row.state_text == "pluie\u00a0: 80\u00a0%, 3,5\u00a0mm"
    assert row.tone == "plain"


def test_what_nobody_foretold_is_not_said(world: World) -> None:
    world.put([half(23, high_c=None)])
    (row,) = build_weather(world.context("weather"), "s").rows
    assert (row.trailing, row.unit, row.detail, row.state_text) == ("", "", "", "")
    assert row.state_glyph == ""


@pytest.mark.parametrize(("chance", "tone"), [(49, "muted"), (50, "plain"), (100, "plain")])
def test_likely_rain_stands_out(world: World, chance: int, tone: str) -> None:
    world.put([half(23, rain_percent=chance)])
    (row,) = build_weather(world.context("weather"), "s").rows
    assert row.tone == tone


def test_only_so_many_half_days_are_listed(world: World) -> None:
    world.put([half(22 + n // 3, 6 + n % 3) for n in range(24)])
    assert len(build_weather(world.context("weather"), "s").rows) == HALF_DAYS_MAX


def test_every_sky_has_its_word_and_icon() -> None:
    assert set(SKIES) == set(get_args(Sky))


def test_the_glance_says_sky_and_temperature(world: World) -> None:
    world.put([half(22, sky="clearings")])
    assert told(world) == (["Éclaircies, 12\u00a0°C", "Éclaircies"], State.THEORY)
    assert told(world, "en")[0][0] == "Sunny spells, 12\u00a0°C"


def test_an_old_forecast_is_marked_as_old(world: World) -> None:
    world.put([half(23)], policy=A_DAY, observed_at=NOW - timedelta(days=2))
    assert build_weather(world.context("weather"), "s").age.label == "ancien"
    assert told(world)[1] is State.LAST_GOOD


def test_without_a_forecast_the_desk_is_named(world: World) -> None:
    world.put([half(21, 1)])
    frame = build_weather(world.context("weather"), "s")
    assert (frame.verdict, frame.rest, frame.rows) == ("", "", ())
    assert "02 00 00 00 00" in frame.empty
    assert frame.age.state is State.ABSENT
    assert told(world) == ([], State.ABSENT)


def test_the_forecast_is_spoken(world: World) -> None:
    world.put([half(22), half(23, sky="sun")])
    spoken = build_weather(world.context("weather"), "s").spoken
    assert spoken[0] == "Service."
    assert spoken[1] == "Pluie, 12\u00a0°C. Ce matin."
    assert spoken[3].startswith("Matin\u00a0: soleil")
