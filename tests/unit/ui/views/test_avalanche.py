"""Avalanche bulletins: shown while they hold, withdrawn after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from kiosk.domain.facts import Avalanche, AvalancheLevel, AvalancheRisk
from kiosk.domain.freshness import Policy, State
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.avalanche import SCALE, build_avalanche, tell_avalanche
from ui.views.compass import POINTS, points

WITHDRAWN = Policy(stale_s=172_800, withdraw=True)
TOMORROW = utc(23, 18)
NONE = "Aucun bulletin valable en ce moment. Renseignez-vous avant de sortir."


def bulletin(level: AvalancheLevel = 3, massif: str = "Les Marmottes", **facts: Any) -> Avalanche:
    return Avalanche(**{"massif": massif, "level": level, "valid_until": TOMORROW, **facts})


def told(world: World, **service: Any) -> tuple[list[str], State]:
    context = world.context("avalanche", **service)
    wordings, fresh = tell_avalanche(context, context.territory.services[0])
    return wordings, fresh.state


def test_the_risk_is_said_large_in_the_words_of_the_scale(world: World) -> None:
    world.put([bulletin()], policy=WITHDRAWN)
    frame = build_avalanche(world.context("avalanche"), "s")
    assert (frame.subtitle, frame.verdict) == ("Les Marmottes", "Risque 3 sur 5, marqué")
    assert frame.rest == "Évitez les pentes raides."
    assert frame.note == "Bulletin valable jusqu’à demain 18\u00a0h."
    assert frame.age.label == "annoncé"


@pytest.mark.parametrize(
    ("level", "name", "tone"),
    [
        (1, "faible", "muted"),
        (2, "limité", "warn"),
        (3, "marqué", "bad"),
        (4, "fort", "bad"),
        (5, "très fort", "bad"),
    ],
)
def test_each_level_has_its_name_and_tone(
    world: World, level: AvalancheLevel, name: str, tone: str
) -> None:
    world.put([bulletin(level)])
    frame = build_avalanche(world.context("avalanche"), "s")
    assert frame.verdict == f"Risque {level} sur 5, {name}"
    assert frame.tone == tone


def test_the_scale_is_whole() -> None:
    assert set(SCALE) == set(get_args(AvalancheLevel))


@pytest.mark.parametrize(
    ("risk", "heading"),
    [
        (AvalancheRisk(level=3), "Toutes altitudes"),
        (AvalancheRisk(level=3, above_m=2200), "Au-dessus de 2\u202f200\u00a0m"),
        (AvalancheRisk(level=3, below_m=900), "Au-dessous de 900\u00a0m"),
        (AvalancheRisk(level=3, above_m=900, below_m=2200), "De 900 à 2\u202f200\u00a0m"),
        (AvalancheRisk(level=3, above_m=0), "Au-dessus de 0\u00a0m"),
    ],
)
def test_a_belt_says_its_altitudes(world: World, risk: AvalancheRisk, heading: str) -> None:
    world.put([bulletin(risks=(risk,))])
    row = build_avalanche(world.context("avalanche"), "s").rows[0]
    assert row.heading == heading
    assert (row.badge, row.badge_colour, row.detail) == ("3", SCALE[3][1], "Marqué, 3 sur 5")


def test_a_change_within_the_day_is_said(world: World) -> None:
    world.put([bulletin(risks=(AvalancheRisk(level=3, later=4),))])
    row = build_avalanche(world.context("avalanche"), "s").rows[0]
    assert row.state_text == "Risque 4 sur 5, fort dans la journée"


def test_without_belts_the_level_holds_everywhere(world: World) -> None:
    world.put([bulletin(2)])
    row = build_avalanche(world.context("avalanche"), "s").rows[0]
    assert (row.heading, row.badge) == ("Toutes altitudes", "2")


def test_slopes_snow_and_the_number_to_call_follow(world: World) -> None:
    world.put([bulletin(aspects=("E", "N", "NE"))], body={"fr": "Plaques."})
    frame = build_avalanche(world.context("avalanche", phone="112"), "s")
    assert [(row.heading, row.detail) for row in frame.rows[1:]] == [
        ("Nord, nord-est, est", "Pentes les plus dangereuses"),
        ("Le manteau neigeux", "Plaques."),
        ("112", "Téléphone"),
    ]


def test_every_point_of_the_compass_is_said_in_its_order(world: World) -> None:
    context = world.context("avalanche")
    assert points(context, reversed(list(POINTS))) == ", ".join(POINTS.values())
    assert points(context, ["up", ""]) == ""


def test_massifs_are_a_choice_the_gravest_first(world: World) -> None:
    world.put([bulletin(1, "A"), bulletin(4, "B")])
    context = world.context("avalanche")
    frame = build_avalanche(context, "s")
    assert [(pill.label, pill.detail, pill.chosen) for pill in frame.options] == [
        ("B", "4 sur 5", True),
        ("A", "1 sur 5", False),
    ]
    assert build_avalanche(context, frame.options[1].argument).subtitle == "A"


def test_the_focus_comes_before_the_gravest(world: World) -> None:
    world.put([bulletin(1, "A"), bulletin(4, "B")])
    frame = build_avalanche(world.context("avalanche", focus="0"), "s")
    assert frame.subtitle == "A"
    assert told(world, focus="0")[0][0] == "A\u00a0: risque 1 sur 5, faible"


def gone(world: World) -> None:
    """Hold that nothing is said of the risk."""
    frame = build_avalanche(world.context("avalanche"), "s")
    assert (frame.verdict, frame.rest, frame.note, frame.lead) == ("", "", "", NONE)
    assert not any(row.badge for row in frame.rows)
    assert frame.age.state is State.ABSENT
    assert NONE in frame.spoken
    assert told(world) == (["Pas de bulletin valable"], State.ABSENT)


def test_a_bulletin_that_is_over_is_withdrawn(world: World) -> None:
    world.put([bulletin()], policy=WITHDRAWN)
    world.clock.move((TOMORROW - NOW).total_seconds() - 1)
    assert told(world)[1] is State.THEORY
    world.clock.move(1)
    gone(world)


def test_one_that_its_record_says_is_over_is_withdrawn(world: World) -> None:
    world.put([bulletin()], policy=WITHDRAWN, valid_until=NOW)
    gone(world)


def test_one_that_is_older_than_may_be_believed_is_withdrawn(world: World) -> None:
    world.put(
        [bulletin(valid_until=utc(30))], observed_at=NOW - timedelta(days=3), policy=WITHDRAWN
    )
    gone(world)


def test_no_bulletin_at_all_says_so(world: World) -> None:
    gone(world)
