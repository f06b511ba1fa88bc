"""Every command explains itself, with an example that its own parser accepts."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from kiosk.app.cli import COMMANDS, build, hoist


def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give every command below a group with its words."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, child in sorted(below.items()):
        yield from walk(child, (*path, name))


GROUP: Any = typer.main.get_command(build())
ALL = list(walk(GROUP, ()))
IDS = [" ".join(path) for path, _ in ALL]


def test_the_table_names_exactly_the_registered_commands() -> None:
    assert set(GROUP.commands) == set(COMMANDS)


@pytest.mark.parametrize("module", sorted(set(COMMANDS.values())))
def test_a_module_registers_the_commands_that_the_table_gives_it(module: str) -> None:
    named = {name for name, owner in COMMANDS.items() if owner == module}
    alone: Any = typer.main.get_command(build(next(iter(named))))
    assert set(alone.commands) == named


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_a_command_has_one_line_of_help(path: tuple[str, ...], command: Any) -> None:
    assert len((command.help or "").strip()) > 10


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_a_command_has_an_example_that_its_parser_accepts(
    path: tuple[str, ...], command: Any
) -> None:
    found = re.search(r"Example: alveole (.+)", command.epilog or "", re.DOTALL)
    assert found is not None
    words = hoist(shlex.split(" ".join(found[1].split())))
    while words[0].startswith("--"):
        words = words[2:]
    assert tuple(words[: len(path)]) == path
    command.make_context(path[-1], words[len(path) :], resilient_parsing=False)


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_every_option_is_explained(path: tuple[str, ...], command: Any) -> None:
    silent = [one.name for one in command.params if not getattr(one, "help", None)]
    assert [name for name in silent if name != "help"] == []
