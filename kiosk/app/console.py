"""What every command shares: where its data lies, and how it prints.

A command module is ``kiosk/app/cli_<name>.py`` with ``def register(app: typer.Typer) -> None``
and a line for each of its commands in ``kiosk.app.cli.COMMANDS``. A command gives an example in
``epilog="Example: alveole …"``, raises errors of ``kiosk.domain.errors`` (``cli`` turns them into
one line and an exit code) and ends with ``raise typer.Exit(1)`` when its answer is "no".
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

ROOT = Path(__file__).resolve().parents[2]  # the checkout: assets/, bench/, docs/ lie there


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The global options: the data folder, and the territory's slug ("": the configured one)."""

    data: Path
    territory: str = ""


def default_data() -> Path:
    """Give the data folder of a call without ``--data``: $ALVEOLE_DATA, else XDG's state folder."""
    import platformdirs

    named = os.environ.get("ALVEOLE_DATA")
    return Path(named) if named else platformdirs.user_state_path("alveole")


def place_of(context: typer.Context) -> Place:
    """Give the global options of the running command."""
    place = context.find_root().obj
    assert isinstance(place, Place), "the root callback sets the place"
    return place


def print_json(value: object) -> None:
    """Print ``value`` as one indented JSON document (dates ISO 8601, dataclasses as objects)."""
    import msgspec

    write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_ndjson(value: object) -> None:
    """Print ``value`` as one line of JSON."""
    import msgspec

    write(msgspec.json.encode(value).decode())


def write(line: str) -> None:
    """Print one line on stdout."""
    sys.stdout.write(f"{line}\n")


def complain(line: str) -> None:
    """Print one line on stderr, whatever line ends ``line`` has."""
    sys.stderr.write(f"alveole: {' '.join(line.split())}\n")
