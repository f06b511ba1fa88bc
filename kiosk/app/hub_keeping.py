"""The commands that keep a hub: backup, restore, drill (sync.hub.keeping)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import Place, place_of, print_json, write
from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from sync.hub.here import Here
    from sync.hub.keeping.archive import Backup
    from sync.hub.keys import FileKey

NAME = "hub-%Y%m%d-%H%M%S.alvbackup"

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(hub: typer.Typer) -> None:
    """Add the commands to those of the hub."""
    hub.command(epilog="Example: alveole hub backup --out hub.alvbackup --json")(backup)
    hub.command(epilog="Example: alveole hub restore hub.alvbackup --root-key hub-root.key")(
        restore
    )
    hub.command(epilog="Example: alveole hub drill --json")(drill)


def backup(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="The file, or a folder that gets one by the time.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Back the running hub up into one file, and read that file back.

    It holds personal data and no private key: docs/operations.md says what else to keep. Exits 1
    when a blob or a photo on the disk is damaged; the backup is made all the same.
    """
    place = place_of(context)
    done = backed_up(place, out or Path())
    if json:
        print_json(done)
    else:
        _tell(done)
    if done.damaged:
        raise typer.Exit(1)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    root_key: Annotated[
        Path | None, typer.Option(help="The territories' root key; it is read and not kept.")
    ] = None,
    *,
    new_root: Annotated[
        bool,
        typer.Option("--new-root", help="The root key is lost: every kiosk is enrolled again."),
    ] = False,
    epoch: Annotated[
        int, typer.Option(min=0, help="The epoch to begin, when this backup was restored before.")
    ] = 0,
    json: Json = False,
) -> None:
    """Bring a backup back into an empty --data DIR and an empty database, and begin a new epoch."""
    from sync.hub import opened
    from sync.hub.keeping import place as empty
    from sync.hub.keys import FileKey

    place = place_of(context)
    if (root_key is None) != new_root:
        raise InputRefused("the root key, or a new one", where="--root-key or --new-root")
    root = FileKey(root_key) if root_key is not None else None
    empty.checked(file, place.data, root.public_key if root is not None else None)
    place.data.mkdir(parents=True, exist_ok=True)
    empty.settings(file, place.data)
    opened.make(place.data, root=new_root)
    hub = _opened(place)
    from sync.hub.keeping import restore as keeping

    done = keeping.restore(hub, file, root or _new_root(place), epoch=epoch)
    if json:
        print_json(done)
        return
    epochs = ", ".join(f"{name} at epoch {now}" for name, now in sorted(done.territories.items()))
    write(f"the hub of {done.made_at}: {done.rows} rows, {done.files} files; {epochs}")
    for name in done.missing:
        write(f"bring by hand: {name}")
    if new_root:
        write("hub-root.key is new: carry it away, and enrol every kiosk again")


def drill(
    context: typer.Context,
    *,
    database: Annotated[
        str, typer.Option(help="An empty PostgreSQL database to restore into (else SQLite).")
    ] = "",
    json: Json = False,
) -> None:
    """Back up, restore into a scratch place, and let a kiosk sync with what came back.

    The running hub is only read. Exits 1 when a step fails.
    """
    from kiosk.app import hub_drill

    place = place_of(context)
    done = hub_drill.drill(
        lambda out: backed_up(place, out), place.data / "territories", database=database
    )
    if json:
        print_json(done)
    else:
        for step in done.steps:
            write(f"{'ok ' if step.ok else 'NOT'} {step.name}: {step.told}")
    if not done.ok:
        raise typer.Exit(1)


def backed_up(place: Place, out: Path) -> Backup:
    """Back the hub of a data folder up; raises InputRefused, StorageFull."""
    hub = _hub(place)
    from sync.hub.keeping.backup import backup as run

    file = out / hub.clock.now().strftime(NAME) if out.is_dir() else out
    return run(hub, file)


def _tell(done: Backup) -> None:
    rows = sum(done.rows.values())
    write(f"{done.file}: {rows} rows, {done.blobs} blobs, {done.photos} photos, {done.bytes} bytes")
    write(f"sha256 {done.sha256}")
    for name in done.left_out:
        write(f"not in it: {name}")
    for name in done.damaged:
        write(f"DAMAGED on the disk, not in it: {name}")


def _hub(place: Place) -> Here:
    from sync.hub.opened import is_hub

    if not is_hub(place.data):
        raise InputRefused("no hub was made here", where="--data", todo="alveole hub init")
    return _opened(place)


def _opened(place: Place) -> Here:
    from kiosk.app.installed import SystemClock
    from sync.hub.opened import opened

    return opened(place.data, SystemClock(), environment=os.environ.get("ALVEOLE_ENV", ""))


def _new_root(place: Place) -> FileKey:
    from sync.hub.config import ROOT_KEY
    from sync.hub.keys import FileKey

    return FileKey(place.data / ROOT_KEY)
