"""The command ``run``: the kiosk itself."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from kiosk.app.console import place_of
from kiosk.app.settings import SIDE_MAX, SIDE_MIN
from kiosk.domain.errors import InputRefused


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alveole run --windowed --size 540x960")(run)


def run(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Virtual reader, simulated money.")] = False,
    windowed: Annotated[bool, typer.Option("--windowed", help="Not the whole screen.")] = False,
    size: Annotated[str, typer.Option(help="The window's pixels, WIDTHxHEIGHT.")] = "",
    at: Annotated[str, typer.Option(help="Begin at this moment, ISO 8601 (now without).")] = "",
) -> None:
    """Start the kiosk; without a configuration that is the demonstration.

    SIGTERM, SIGINT and the closed window end it.
    """
    from kiosk.app.before_qt import load

    load()
    from kiosk.app.run import Wish
    from kiosk.app.run import run as run_kiosk

    run_kiosk(place_of(context), Wish(demo=demo, windowed=windowed, size=pixels(size), at=at))


def pixels(size: str) -> tuple[int, int]:
    """Read « 1080x1920 », (0, 0) for nothing; raises InputRefused."""
    if not size:
        return 0, 0
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", size)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(SIDE_MIN <= side <= SIDE_MAX for side in sides):
        raise InputRefused(
            f"not a size of {SIDE_MIN} to {SIDE_MAX} pixels a side: {size!r}",
            where="--size",
            todo="for example 1080x1920",
        )
    return sides
