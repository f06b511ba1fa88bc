"""Bathing places: flags that hold, water with its date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args, get_type_hints

import pytest

from kiosk.domain.facts import Bathing
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.bathing import FLAGS, QUALITIES, SAMPLES, build_bathing, tell_bathing

A_DAY = Policy(stale_s=43_200, withdraw=True)


def beach(**facts: Any) -> Bathing:
    return Bathing(**facts)


def told(world: World, **service: Any) -> tuple[list[str], State]:
    context = world.context("bathing", **service)
    wordings, fresh = tell_bathing(context, context.territory.services[0])
    return wordings, fresh.state


@pytest.mark.parametrize(
    ("flag", "verdict", "tone"),
    [
        ("green", "Drapeau vert", "good"),
        ("yellow", "Drapeau jaune", "warn"),
        ("red", "Drapeau rouge", "bad"),
        ("purple", "Drapeau violet", "bad"),
    ],
)
def test_a_flag_is_said_large(world: World, flag: str, verdict: str, tone: str) -> None:
    world.put([beach(flag=flag)])
    frame = build_bathing(world.context("bathing"), "s")
    assert (frame.verdict, frame.tone) == (verdict, tone)
    assert frame.rest == FLAGS[flag][1]


def test_a_flag_has_its_colour_and_its_end(world: World) -> None:
    world.put([beach(flag="yellow", flag_until=utc(22, 18))], titles=["Jetée"])
    (row,) = build_bathing(world.context("bathing"), "s").rows
    assert (row.heading, row.badge_colour, row.section) == (
        "Drapeau jaune",
        FLAGS["yellow"][2],
        "Jetée",
    )
    assert row.detail.endswith("limité ou marqué, jusqu’à 18\u00a0h")


def test_a_flag_is_withdrawn_at_its_time_and_the_place_stays(world: World) -> None:
    facts = beach(flag="green", flag_until=utc(22, 18), supervised="10:00-18:00", water_c=18)
    world.put([facts], policy=A_DAY, titles=["Jetée, Granville"])
    world.clock.move((utc(22, 18) - NOW).total_seconds() - 1)
    assert told(world)[0][0] == "Jetée\u00a0: drapeau vert"
    world.clock.move(1)
    frame = build_bathing(world.context("bathing"), "s")
    assert frame.verdict == "Pas de drapeau connu"
    assert frame.rest == "Sans drapeau, la baignade n’est pas surveillée."
    assert [row.heading for row in frame.rows] == ["Pas de drapeau connu", "18\u00a0°C"]
    assert not any(row.badge_colour for row in frame.rows)
    assert told(world)[0][0] == "Jetée\u00a0: pas de drapeau connu"


def test_a_flag_older_than_may_be_believed_is_withdrawn(world: World) -> None:
    world.put([beach(flag="green")], policy=A_DAY, observed_at=NOW - timedelta(days=1))
    frame = build_bathing(world.context("bathing"), "s")
    assert frame.verdict == "Pas de drapeau connu"
    assert "vert" not in " ".join(frame.spoken)
    assert told(world) == (
        ["N0\u00a0: pas de drapeau connu", "Pas de drapeau connu"],
        State.LAST_GOOD,
    )


def test_a_record_that_is_over_vanishes(world: World) -> None:
    world.put([beach(flag="green")], policy=A_DAY, valid_until=NOW)
    frame = build_bathing(world.context("bathing"), "s")
    assert (frame.verdict, frame.rows) == ("", ())
    assert told(world) == ([], State.ABSENT)


def test_the_lifeguards_hours_are_said_where_no_flag_flies(world: World) -> None:
    world.put([beach(supervised="10:00-18:00")])
    (row,) = build_bathing(world.context("bathing"), "s").rows
    assert row.detail == "Surveillance\u00a0: Ouvert jusqu’à 18\u00a0h"


@pytest.mark.parametrize(
    ("quality", "verdict", "tone"),
    [
        ("excellent", "Eau excellente", "good"),
        ("good", "Eau de bonne qualité", "good"),
        ("sufficient", "Eau de qualité suffisante", "warn"),
        ("insufficient", "Eau de qualité insuffisante", "bad"),
        ("", "Qualité inconnue", "muted"),
    ],
)
def test_without_flags_the_waters_class_is_the_answer(
    world: World, quality: str, verdict: str, tone: str
) -> None:
    world.put([beach(quality=quality)], body={"fr": "L’été seulement."})
    frame = build_bathing(world.context("bathing"), "s")
    assert (frame.verdict, frame.rest, frame.tone) == (verdict, "L’été seulement.", tone)


def test_an_old_class_is_never_shown_as_good(world: World) -> None:
    world.put([beach(quality="excellent")], policy=A_DAY, observed_at=NOW - timedelta(days=1))
    frame = build_bathing(world.context("bathing"), "s")
    assert (frame.tone, frame.age.label) == ("warn", "ancien")
    assert frame.rows[0].state_text.startswith("ancien, il y a ")


@pytest.mark.parametrize("flag", ["", "green"])
def test_a_ban_comes_before_flag_and_quality(world: World, flag: str) -> None:
    world.put([beach(forbidden=True, quality="good", flag=flag)], body={"fr": "Algues."})
    frame = build_bathing(world.context("bathing"), "s")
    assert (frame.verdict, frame.rest, frame.tone) == ("Baignade interdite", "Algues.", "bad")
    assert (frame.rows[0].heading, frame.rows[0].detail) == ("Baignade interdite", "Algues.")


def test_a_ban_of_another_place_is_a_row_of_it(world: World) -> None:
    world.put([beach(quality="good"), beach(forbidden=True)], titles=["A", "B"])
    frame = build_bathing(world.context("bathing", focus="0"), "s")
    assert (frame.rows[1].section, frame.rows[1].heading) == ("B", "Baignade interdite")


@pytest.mark.parametrize(
    ("day", "detail"), [(date(2026, 11, 13), "Vendredi 13 novembre"), (None, "Date inconnue")]
)
def test_a_sample_has_its_day(world: World, day: date | None, detail: str) -> None:
    world.put([beach(sample="poor", sampled_on=day)])
    (row,) = build_bathing(world.context("bathing"), "s").rows
    assert (row.heading, row.detail) == ("Prélèvement mauvais", detail)


def test_the_focus_comes_first(world: World) -> None:
    world.put([beach(quality="good"), beach(quality="excellent")], titles=["A", "B"])
    frame = build_bathing(world.context("bathing", focus="1"), "s")
    assert (frame.subtitle, frame.verdict) == ("B", "Eau excellente")


@pytest.mark.parametrize(
    ("table", "field"), [(FLAGS, "flag"), (QUALITIES, "quality"), (SAMPLES, "sample")]
)
def test_every_fact_has_its_words(table: dict[str, object], field: str) -> None:
    assert {*table, ""} == set(get_args(get_type_hints(Bathing)[field]))


def test_without_places_the_desk_is_named(world: World) -> None:
    frame = build_bathing(world.context("bathing"), "s")
    assert frame.rows == ()
    assert frame.empty in frame.spoken
