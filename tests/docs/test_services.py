"""docs/services.md is the catalogue that the pack and the code give today."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from kiosk.app import cli
from kiosk.app.catalogue import catalogue, said
from kiosk.domain.facts import KINDS
from kiosk.domain.territory import ServiceKind, Territory
from kiosk.store.pack import load_territory
from ui.glances import RULES
from ui.routes import ROUTES


@pytest.fixture(scope="module")
def orne() -> Territory:
    root = Path(__file__).resolve().parents[2]
    return load_territory(root / "assets" / "territories" / "orne")


@pytest.fixture(scope="module")
def sections(orne: Territory) -> dict[str, str]:
    """The document's parts by their headings."""
    parts = re.split(r"(?m)^## ", catalogue(orne))
    return {part.partition("\n")[0]: part for part in parts[1:]}


def test_the_document_is_up_to_date(orne: Territory, root: Path) -> None:
    held = (root / "docs" / "services.md").read_text(encoding="utf-8")
    assert held == catalogue(orne), "run `make docs`"


def test_the_command_prints_the_document(
    orne: Territory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["services", "--doc", "--territory", "orne", "--data", str(tmp_path)])
    assert ended.value.code == 0
    assert capsys.readouterr().out == catalogue(orne)
    assert not (tmp_path / "content.db").exists()  # nothing is imported for a document


def test_every_service_has_its_part(orne: Territory, sections: dict[str, str]) -> None:
    assert set(sections) == {*(one.id for one in orne.services), "Fields"}
    assert len(orne.services) >= 34


def test_a_part_names_all_that_the_catalogue_asks_for(
    orne: Territory, sections: dict[str, str]
) -> None:
    for one in orne.services:
        part = sections[one.id]
        assert one.title["fr"] in part, one.id
        assert one.title["en"] in part, one.id
        assert f"`{one.kind}`" in part, one.id
        assert (one.phone or orne.phone) in part, one.id
        assert re.search(r"- Glance: \S", part), one.id
        assert re.search(r"- Degrades: .*demandez à l’accueil", part), one.id
        for name in one.datasets:
            dataset = orne.datasets[name]
            row = next(line for line in part.splitlines() if line.startswith(f"| `{name}`"))
            told = (dataset.source, dataset.licence, said(dataset.policy.stale_s))
            assert [text for text in told if text not in row] == [], name
            assert KINDS[dataset.kind].__name__ in row, name


def test_what_must_not_outlive_its_validity_says_so(
    orne: Territory, sections: dict[str, str]
) -> None:
    for one in orne.services:
        first = [orne.datasets[name].policy for name in one.datasets[:1]]
        withdrawn = "withdrawn when its validity ends" in sections[one.id]
        assert withdrawn == any(policy.withdraw for policy in first), one.id


def test_every_kind_of_service_has_a_screen_and_an_explained_glance() -> None:
    kinds = set(get_args(ServiceKind))
    assert kinds == set(RULES)
    assert kinds <= set(ROUTES)
    assert [kind for kind in kinds if not (RULES[kind].__doc__ or "").strip()] == []


def test_every_field_of_a_shown_kind_is_listed(orne: Territory, sections: dict[str, str]) -> None:
    shown = {orne.datasets[name].kind for one in orne.services for name in one.datasets}
    for kind in shown:
        row = next(line for line in sections["Fields"].splitlines() if f"| `{kind}`" in line)
        assert [name for name in KINDS[kind].__struct_fields__ if f"`{name}`" not in row] == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 s"), (90, "90 s"), (120, "2 min"), (5400, "90 min"), (7200, "2 h"), (86_400, "1 d")],
)
def test_a_duration_is_said_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert said(seconds) == words
