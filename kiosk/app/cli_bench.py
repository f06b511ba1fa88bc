"""The command ``bench``: runs the benchmarks of bench/, one file each.

A benchmark is ``bench/<name>.py`` with ``def run(options: Options) -> Mapping[str, Figure]`` and,
where a figure has a limit, ``GATES: Mapping[str, float]`` (figure → the most it may be).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, TypeAlias

import typer

from kiosk.app.console import ROOT, complain, place_of, print_json
from kiosk.domain.errors import InputRefused

FOLDER = ROOT / "bench"
Figure: TypeAlias = float | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a benchmark is told: where data may lie, and whether to measure its peers too."""

    data: Path
    peers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The figures of one benchmark and the limits that some of them have."""

    name: str
    figures: Mapping[str, Figure]
    gates: Mapping[str, float]

    @property
    def broken(self) -> list[str]:
        """A line for each figure above its limit; a limit without its figure is broken too."""
        lines: list[str] = []
        for figure, most in self.gates.items():
            value = self.figures.get(figure)
            if not isinstance(value, int | float) or not value <= most:
                lines.append(f"{self.name}: {figure} is {value}, its limit {most}")
        return lines


def names(folder: Path = FOLDER) -> list[str]:
    """Give the names of the benchmarks that lie in ``folder``."""
    return sorted(file.stem for file in folder.glob("[a-z]*.py"))


def load(name: str, folder: Path = FOLDER) -> ModuleType:
    """Import a benchmark; raises InputRefused for a name that isn't there."""
    if name not in names(folder):
        there = ", ".join(names(folder)) or "none"
        raise InputRefused(f"no benchmark named {name!r}", where="bench", todo=f"there: {there}")
    sys.path.insert(0, str(folder.parent))
    try:
        return import_module(f"{folder.name}.{name}")
    finally:
        sys.path.remove(str(folder.parent))


def measure(name: str, options: Options, folder: Path = FOLDER) -> Result:
    """Run one benchmark."""
    module = load(name, folder)
    return Result(name=name, figures=module.run(options), gates=getattr(module, "GATES", {}))


def show(results: Sequence[Result]) -> None:
    """Print the figures as a table, the limits beside them."""
    from rich.console import Console
    from rich.table import Table

    table = Table("benchmark", "figure", "value", "limit")
    for result in results:
        for figure, value in result.figures.items():
            text = f"{value:.3f}" if isinstance(value, float) else str(value)
            table.add_row(result.name, figure, text, str(result.gates.get(figure, "")))
    Console().print(table)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alveole bench ui store --json")(bench)


def bench(
    context: typer.Context,
    name: Annotated[list[str] | None, typer.Argument(help="Which ones; all when none.")] = None,
    peers: Annotated[bool, typer.Option(help="Measure installed peers too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Run the benchmarks; exit 1 when a figure is above its limit."""
    options = Options(data=place_of(context).data, peers=peers)
    results = measure_all(name or names(), options)
    if json:
        print_json({result.name: dict(result.figures) for result in results})
    else:
        show(results)
    if complain_of(results):
        raise typer.Exit(1)


def measure_all(asked: Sequence[str], options: Options) -> list[Result]:
    """Run benchmarks in turn; an unknown one is refused before the first runs."""
    for one in asked:
        load(one)
    return [measure(one, options) for one in asked]


def complain_of(results: Sequence[Result]) -> int:
    """Print a line for each figure above its limit; gives how many."""
    broken = [line for result in results for line in result.broken]
    for line in broken:
        complain(line)
    return len(broken)
