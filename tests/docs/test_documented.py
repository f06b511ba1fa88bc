"""Whatever can be called, set, shown or plugged in is documented; what is documented exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.cli import COMMANDS
from kiosk.app.settings import OTHER_VARIABLES, Settings
from kiosk.domain import errors
from tests.arch.i18n import sentences

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
SCREENS = (DOCS / "add-a-screen.md").read_text(encoding="utf-8")


def rows(text: str, head: str) -> set[str]:
    """Give the first cells of the table whose first column is called ``head``."""
    table = re.search(rf"^\| {head} \|.*\n\|[- |]+\n((?:\|.*\n?)+)", text, re.MULTILINE)
    assert table is not None, f"there is no table of {head}s"
    return {re.sub(r"[`]|alveole ", "", row.split("|")[1]).strip() for row in table[1].splitlines()}


def folders(path: Path, holding: str) -> set[str]:
    return {file.parent.name for file in path.glob(f"*/{holding}")}


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    assert rows(OPERATIONS, "command") == set(COMMANDS)


def test_every_setting_is_documented_with_its_default() -> None:
    assert rows(OPERATIONS, "setting") == set(Settings.__struct_fields__)


@pytest.mark.parametrize("name", ["idle_s", "idle_warning_s", "reader", "log_level", "windowed"])
def test_a_documented_default_is_the_real_one(name: str) -> None:
    default = getattr(Settings(), name)
    shown = (
        {True: "true", False: "false"}.get(default, default)
        if default in (True, False)
        else default
    )
    shown = f'"{shown}"' if isinstance(default, str) else shown
    assert f"| `{name}` | `{shown}` |" in OPERATIONS


def test_every_variable_that_is_no_setting_is_documented() -> None:
    assert [
        name for name in OTHER_VARIABLES if f"`{name}`" not in OPERATIONS.replace("$", "")
    ] == []


def test_every_connector_is_documented() -> None:
    slugs = folders(ROOT / "sync" / "connectors", "manifest.toml")
    assert slugs
    assert [slug for slug in sorted(slugs) if f"`{slug}`" not in OPERATIONS] == []


def test_every_payment_provider_is_documented() -> None:
    slugs = folders(ROOT / "payments" / "providers", "__init__.py")
    assert slugs
    assert [slug for slug in sorted(slugs) if f"`{slug}`" not in OPERATIONS] == []


def routes() -> set[str]:
    """Read the names of the routes without importing Qt."""
    tree = ast.parse((ROOT / "ui" / "routes.py").read_text(encoding="utf-8"))
    tables = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "ROUTES"
    ]
    assert isinstance(tables[0], ast.Dict)
    return {key.value for key in tables[0].keys if isinstance(key, ast.Constant)}  # type: ignore[misc]  # names are strings


def test_every_screen_is_documented_and_every_documented_one_exists() -> None:
    assert rows(SCREENS, "route") == routes()


def test_every_command_module_is_in_the_table() -> None:
    there = {file.stem for file in (ROOT / "kiosk" / "app").glob("cli_*.py")}
    assert there == set(COMMANDS.values())


def leaves(kind: type[errors.AlveoleError]) -> Iterator[type[errors.AlveoleError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from leaves(child)


def test_every_error_that_is_raised_has_a_key_of_its_own() -> None:
    bases = {errors.Refused, errors.Unavailable, errors.Tampered}
    keys = [kind.message_key for kind in leaves(errors.AlveoleError) if kind not in bases]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_every_error_stands_in_the_drawn_tree() -> None:
    drawn = errors.__doc__ or ""
    names = [kind.__name__ for kind in leaves(errors.AlveoleError)]
    assert [name for name in names if not re.search(rf"\b{name}\b", drawn)] == []


def links(file: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)#]+)", file.read_text(encoding="utf-8")):
        if "://" not in target:
            yield target


@pytest.mark.parametrize(
    "file", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda file: file.name
)
def test_a_link_of_the_documentation_leads_somewhere(file: Path) -> None:
    assert [target for target in links(file) if not (file.parent / target).exists()] == []


def test_the_readme_begins_with_a_picture_and_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.startswith("![")
    first_screen = "\n".join(text.splitlines()[:15])
    assert "make run" in first_screen
    assert "make test" in first_screen


def test_every_decision_names_its_parts() -> None:
    parts = ("Status:", "## Context", "## Options", "## Decision", "## Consequences")
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    for file in decisions:
        text = file.read_text(encoding="utf-8")
        assert [part for part in parts if part not in text] == [], file.name


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "15.Applicable Law" in licence


def test_the_changelog_has_a_place_for_what_is_next() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_citizens_sentences_were_found_at_all() -> None:
    assert len(sentences()) > 30
