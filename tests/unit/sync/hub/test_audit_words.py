"""Every act that the hub notes is told in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.hub.audit.words import WORDS, words_of
from sync.hub.office.models import Kind

HUB = Path(__file__).resolve().parents[4] / "sync" / "hub"
NOTING = {"note", "_kept"}
CODE = re.compile(r"[a-z]+\.[a-z_]+")


def noted(tree: ast.AST) -> Iterator[str]:
    """Give the acts' names in the calls that note, and in what an act is chosen by."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in NOTING:
                yield from strings(node)
            case ast.Assign(targets=[ast.Name(id="act")]):
                yield from strings(node)


def strings(node: ast.AST) -> Iterator[str]:
    for leaf in ast.walk(node):
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
            yield leaf.value


def acts() -> set[str]:
    sources = [ast.parse(file.read_text(encoding="utf-8")) for file in HUB.rglob("*.py")]
    return {one for tree in sources for one in noted(tree) if CODE.fullmatch(one)}


def test_every_act_of_the_sources_has_words_and_no_words_are_left_over() -> None:
    assert acts() == set(WORDS)


@pytest.mark.parametrize("kind", Kind.values)
def test_what_happens_to_a_content_has_words(kind: str) -> None:
    for step in ("written", "changed", "approved", "published", "withdrawn"):
        assert words_of(f"{kind}.{step}") != f"{kind}.{step}"


def test_an_act_of_another_programme_is_told_by_its_name() -> None:
    assert words_of("hub.painted") == "hub.painted"


def test_words_are_french() -> None:
    assert words_of("menu.published") == "Menus\u00a0: publication"
