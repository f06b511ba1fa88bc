"""What import-linter can't say: rooms that stay empty of code, folders that ignore each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("kiosk", "ui", "sync", "payments", "cardreader")
CONNECTORS = sorted(file.parent for file in (ROOT / "sync" / "connectors").glob("*/manifest.toml"))
SOURCES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
COMMANDS_OF_A_DATABASE = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "PRAGMA ")


def imports(file: Path) -> Iterator[str]:
    """Give the full names of what a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda folder: folder.name)
def test_a_connector_imports_no_other_connector(connector: Path) -> None:
    others = {f"sync.connectors.{other.name}" for other in CONNECTORS if other != connector}
    found = {name for file in connector.rglob("*.py") for name in imports(file)}
    assert {name for name in found if any(f"{name}.".startswith(f"{o}.") for o in others)} == set()


def test_the_roots_of_the_packages_hold_no_code() -> None:
    assert (ROOT / "kiosk" / "__init__.py").read_text(encoding="utf-8") == ""
    for room in ROOMS:
        tree = ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8"))
        assert [node for node in tree.body if not isinstance(node, ast.Expr)] == [], room


def test_assets_are_data_only() -> None:
    assert [str(file) for file in (ROOT / "assets").rglob("*.py")] == []


def test_the_entry_point_stays_a_few_lines() -> None:
    assert len((ROOT / "main.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("room", ["kiosk/domain", "kiosk/usecases", "kiosk/app", "ui", "payments"])
def test_sql_stays_in_the_store(room: str) -> None:
    for file in (ROOT / room).rglob("*.py"):
        strings = [
            node.value
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert [one for one in strings if one.startswith(COMMANDS_OF_A_DATABASE)] == [], file


def test_no_file_names_a_machine_of_ours() -> None:
    own = Path(__file__)
    words = tuple(f"/{room}/" for room in ("work", "tmp", "root", "home"))
    allowed = "/tmp/.X11-unix"  # where every X server listens
    wrong = [
        str(file.relative_to(ROOT))
        for file in [*SOURCES, *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").iterdir()]
        if file != own and file.is_file()
        if any(word in file.read_text(encoding="utf-8").replace(allowed, "") for word in words)
    ]
    assert wrong == []


def test_every_module_says_its_duty_on_one_line() -> None:
    silent = []
    for file in SOURCES:
        text = file.read_text(encoding="utf-8")
        first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        if text and not (10 <= len(first) <= 110 and first[-1] in ".:"):
            silent.append(str(file.relative_to(ROOT)))
    assert silent == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        str(file.relative_to(ROOT))
        for file in SOURCES
        if marks.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
