"""The command that keeps a territory's card keys at the hub (sync.hub.cardkeys)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.console import place_of, print_json, write
from kiosk.domain.errors import InputRefused

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(hub: typer.Typer) -> None:
    """Add the command to those of the hub."""
    hub.command("card-keys", epilog="Example: alveole hub card-keys --new")(card_keys)


def card_keys(
    context: typer.Context,
    *,
    new: Annotated[
        bool, typer.Option("--new", help="Make the first version, or the next.")
    ] = False,
    import_: Annotated[
        Path | None, typer.Option("--import", help="Take one version's masters from a file.")
    ] = None,
    retire: Annotated[
        int, typer.Option(min=0, help="Forget a version that no card has any more.")
    ] = 0,
    json: Json = False,
) -> None:
    """Tell which versions of the territory's card keys the hub holds, or change them.

    No key is ever printed. Kiosks that are let in get what reads and debits, within a minute.
    """
    if sum((new, import_ is not None, retire > 0)) > 1:
        raise InputRefused("one change at a time", where="--new, --import, --retire")
    place = place_of(context)
    from kiosk.app.installed import DEMO, SystemClock
    from sync.hub.opened import is_hub, opened

    if not is_hub(place.data):
        raise InputRefused("no hub was made here", where="--data", todo="alveole hub init")
    hub = opened(place.data, SystemClock(), environment=os.environ.get("ALVEOLE_ENV", ""))
    from sync.hub.cardkeys import keeping

    territory = place.territory or hub.config.territory or DEMO
    if new:
        told = keeping.add_version(hub, territory)
    elif import_ is not None:
        told = keeping.import_version(hub, territory, import_)
    elif retire:
        told = keeping.retire_version(hub, territory, retire)
    else:
        told = keeping.standing(hub, territory)
    if json:
        print_json(told)
        return
    versions = ", ".join(str(one) for one in told.versions) or "none"
    write(f"{told.territory}: card keys of version {versions}; edition {told.edition}")
