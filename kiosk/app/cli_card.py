"""The command ``card``: the daily-life card seen from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.console import print_json, write
from kiosk.domain.errors import InputRefused

VECTORS_BYTES_MAX = 16_000_000
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the command's group."""
    group = typer.Typer(
        help="The daily-life card: readers, virtual cards, published vectors.",
        epilog="Example: alveole card vectors desfire.json --json",
    )
    group.callback()(_group)
    group.command(epilog="Example: alveole card vectors desfire.json --json")(vectors)
    app.add_typer(group, name="card")


def vectors(
    file: Annotated[Path, typer.Argument(help="JSON file of vectors.")], *, json: Json = False
) -> None:
    """Check secure-messaging vectors; exit 1 when one isn't reproduced."""
    from cardreader.desfire.vectors import check

    report = check(_content(file))
    if json:
        print_json(report)
    else:
        write(f"{report.passed} of {report.total} vectors hold")
        for one in report.failed:
            write(f"{one.group}[{one.index}] {one.name}: {one.why}")
    if report.failed:
        raise typer.Exit(1)


def _content(file: Path) -> bytes:
    """Read the file; raises InputRefused when it can't be read or is too large."""
    try:
        with file.open("rb") as opened:
            content = opened.read(VECTORS_BYTES_MAX + 1)
    except OSError as wrong:
        reason = wrong.strerror or "can't be read"
        raise InputRefused(reason, where=str(file), todo="give a JSON file of vectors") from wrong
    if len(content) > VECTORS_BYTES_MAX:
        raise InputRefused(f"more than {VECTORS_BYTES_MAX} bytes", where=str(file))
    return content


def _group() -> None:
    """Look at readers, cards and vectors."""
