"""The command ``pack``: checks territory packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.console import ROOT, place_of, print_json, write
from kiosk.domain.errors import InputRefused

TERRITORIES = ROOT / "assets" / "territories"
DEFAULT = "orne"


def folder_of(name: str, territories: Path = TERRITORIES) -> Path:
    """Give the folder of a pack named by its path or slug; raises InputRefused."""
    for folder in (Path(name), territories / name):
        if name and (folder / "pack.toml").is_file():
            return folder
    there = ", ".join(sorted(path.parent.name for path in territories.glob("*/pack.toml")))
    todo = f"give a folder that holds pack.toml, or one of: {there or 'none'}"
    raise InputRefused("no such pack", where=name, todo=todo)


def register(app: typer.Typer) -> None:
    """Add the command and its verbs."""
    pack = typer.Typer(help="Territory packs.", no_args_is_help=True)
    app.add_typer(pack, name="pack")

    @pack.callback()
    def group() -> None:  # pyright: ignore[reportUnusedFunction]  # typer keeps it
        """Territory packs: what a territory shows, as a folder of data."""

    @pack.command(epilog="Example: alveole pack check orne --json")
    def check(  # pyright: ignore[reportUnusedFunction]  # typer keeps it
        context: typer.Context,
        folder: Annotated[str, typer.Argument(help="Folder, or slug of an installed one.")] = "",
        json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """Say file and line of each fault; exit 1 when there is one."""
        from kiosk.store.pack_check import check as faults_of

        path = folder_of(folder or place_of(context).territory or DEFAULT)
        faults = faults_of(path)
        if json:
            print_json({"pack": path.name, "faults": faults})
        else:
            for fault in faults:
                write(str(fault))
            write(f"{path.name}: {len(faults)} faults" if faults else f"{path.name}: no fault")
        if faults:
            raise typer.Exit(1)
