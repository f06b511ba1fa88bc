"""The command ``pack``: checks territory packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.console import Place, place_of, print_json, write
from kiosk.domain.errors import InputRefused


def folder_of(name: str, place: Place) -> Path:
    """Give the folder of a pack named by its path or slug, the demo's for "".

    Raises InputRefused when there is none.
    """
    from kiosk.app.installed import DEMO, pack_folder

    try:
        if name and (Path(name) / "pack.toml").is_file():
            return Path(name)
    except OSError as wrong:
        raise InputRefused(f"no such pack: {wrong.strerror}", where=name[:80]) from wrong
    return pack_folder(place.data, name or place.territory or DEMO)


def register(app: typer.Typer) -> None:
    """Add the command and its verbs."""
    pack = typer.Typer(
        help="Territory packs: what a territory shows, as a folder of data.",
        epilog="Example: alveole pack check orne",
        no_args_is_help=True,
    )
    app.add_typer(pack, name="pack")

    @pack.callback()
    def group() -> None:
        """Territory packs: what a territory shows, as a folder of data."""

    @pack.command(epilog="Example: alveole pack check orne --json")
    def check(
        context: typer.Context,
        folder: Annotated[str, typer.Argument(help="Folder, or slug of an installed one.")] = "",
        json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """Say file and line of each fault; exit 1 when there is one."""
        from kiosk.store.pack_check import check as faults_of

        path = folder_of(folder, place_of(context))
        faults = faults_of(path)
        if json:
            print_json({"pack": path.resolve().name, "faults": faults})
        else:
            for fault in faults:
                write(str(fault))
            write(f"{path.resolve().name}: {len(faults) or 'no'} fault{'s'[: len(faults) != 1]}")
        if faults:
            raise typer.Exit(1)
