"""Administrative procedures."""

from __future__ import annotations

import pytest

from kiosk.domain.facts import Step
from tests.unit.ui.views.world import World
from ui.views.steps import build_step, build_steps, papers_in

CARD = Step(
    where={"fr": "En mairie", "en": "Town hall"},
    papers={"fr": ["Photo", "Justificatif"], "en": ["Photo", "Proof"]},
    fee={"fr": "Gratuit"},
    website="https://www.service-public.fr",
)


def test_procedures_are_listed_with_where_to_go(world: World) -> None:
    world.put([CARD], titles=["Carte"])
    (row,) = build_steps(world.context("steps"), "s").rows
    assert (row.heading, row.detail) == ("Carte", "En mairie")
    assert (row.route, row.argument) == ("step", "d/0")


def test_a_procedures_page_says_what_to_bring_first(world: World) -> None:
    world.put([CARD], titles=["Carte"], body={"fr": "En personne."})
    frame = build_step(world.context("steps"), "d/0")
    assert frame.lead == "En personne."
    assert [row.heading for row in frame.rows] == [
        "À apporter",
        "Où aller",
        "Prix",
        "Sur internet",
        "02 00 00 00 00",
    ]
    assert frame.rows[0].detail == "•\u00a0Photo\n•\u00a0Justificatif"


def test_a_website_is_text_without_its_scheme(world: World) -> None:
    world.put([CARD])
    row = build_step(world.context("steps"), "d/0").rows[3]
    assert (row.detail, row.route) == ("www.service-public.fr", "")


def test_a_fact_that_nobody_gave_is_left_out(world: World) -> None:
    world.put([Step(where={"fr": "Ici"})])
    frame = build_step(world.context("steps"), "d/0")
    assert [row.heading for row in frame.rows] == ["Où aller", "02 00 00 00 00"]


@pytest.mark.parametrize(
    ("papers", "language", "given"),
    [
        ({"fr": ["a"], "en": ["b"]}, "en", ["b"]),
        ({"fr": ["a"], "en": []}, "en", ["a"]),
        ({"de": ["c"]}, "en", ["c"]),
        ({}, "en", []),
    ],
)
def test_papers_fall_back_to_french_then_to_what_there_is(
    papers: dict[str, list[str]], language: str, given: list[str]
) -> None:
    assert papers_in(papers, language) == given


def test_a_procedure_in_english(world: World) -> None:
    world.put([CARD], titles=[{"fr": "Carte", "en": "Identity card"}])
    frame = build_step(world.context("steps", "en"), "d/0")
    assert frame.title == "Identity card"
    assert frame.rows[0].detail == "•\u00a0Photo\n•\u00a0Proof"


def test_a_procedure_that_is_gone_says_so(world: World) -> None:
    assert build_step(world.context("steps"), "d/0").empty


def test_without_procedures_the_desk_is_named(world: World) -> None:
    assert "02 00 00 00 00" in build_steps(world.context("steps"), "s").empty


def test_the_procedures_names_are_spoken(world: World) -> None:
    world.put([CARD, CARD], titles=["Carte", "Passeport"])
    assert build_steps(world.context("steps"), "s").spoken == ("Service.", "Carte.", "Passeport.")
