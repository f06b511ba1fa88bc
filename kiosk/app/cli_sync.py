"""The commands of ``sync``: the kiosk's sync, and how it is let in (kiosk.app.enrol_command)."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kiosk.app import enrol_command
from kiosk.app.console import Place, place_of, print_json, write
from kiosk.domain.errors import DeviceRevoked, InputRefused

if TYPE_CHECKING:
    from kiosk.app.installed import Installed
    from sync.engine.copying import Outcome
    from sync.engine.following import Follower, Round

Result = TypeVar("Result")
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Stick = Annotated[Path, typer.Argument(help="The stick's folder.")]
Hub = Annotated[str, typer.Option(help="The hub's address (default: the setting).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    sync = typer.Typer(help="What this kiosk takes from its hub, and tells it.")
    sync.command(epilog="Example: alveole sync once --hub http://127.0.0.1:8642 --json")(once)
    sync.command(epilog="Example: alveole sync status --json")(status)
    sync.command("export-usb", epilog="Example: alveole sync export-usb /media/stick")(export_usb)
    sync.command("import-usb", epilog="Example: alveole sync import-usb /media/stick")(import_usb)
    enrol_command.register(sync)
    app.add_typer(sync, name="sync")


def once(context: typer.Context, hub: Hub = "", json: Json = False) -> None:
    """Take what the hub publishes and tell it what it doesn't know; exit 1 when data were kept.

    On loopback the first sync learns the hub's keys.
    """
    place, here = _opened(context)
    url = hub or here.settings.hub
    if not url:
        raise InputRefused(
            "no hub is configured", where="--hub", todo="or set hub in settings.toml"
        )
    _answer_round(_run(_once(place, here, url)), json=json)


async def _once(place: Place, here: Installed, url: str) -> Round:
    from kiosk.app.installed import SystemClock
    from sync.client import HubClient, is_loopback

    with _follower(place, here) as follower:
        async with HubClient(url, here.pack.territory.slug, now=SystemClock().now) as client:
            return await follower.round(client, first=is_loopback(url))


def import_usb(context: typer.Context, folder: Stick, json: Json = False) -> None:
    """Take what a stick carries, verified like what comes by the network."""
    from sync.engine.folder import FolderSource

    place, here = _opened(context)
    if not folder.is_dir():
        raise InputRefused("no such folder", where=str(folder))
    with _follower(place, here) as follower:
        outcome = _run(follower.take(FolderSource(folder)))
    _answer(asdict(outcome), outcome, json=json)


def export_usb(context: typer.Context, folder: Stick, hub: Hub = "", json: Json = False) -> None:
    """Write onto a stick all that another kiosk of the territory needs."""
    place, here = _opened(context)
    count = _run(_export(place, here, folder, hub or here.settings.hub))
    if json:
        print_json({"folder": str(folder), "blobs": count})
    else:
        write(f"{count} blobs in {folder}")


async def _export(place: Place, here: Installed, folder: Path, url: str) -> int:
    from sync.client import HubClient
    from sync.engine.folder import FolderSource

    with _follower(place, here) as follower:
        if not url:
            return await follower.copier.mirror(FolderSource(place.data), folder)
        async with HubClient(url, here.pack.territory.slug) as client:
            return await follower.copier.mirror(client, folder)


def status(context: typer.Context, json: Json = False) -> None:
    """Tell what was taken and told, what is in quarantine, and the alarms."""
    place, here = _opened(context)
    found = _status(place, here)
    if json:
        print_json(found)
        return
    for name, value in found.items():
        write(f"{name}: {value}")


def _status(place: Place, here: Installed) -> dict[str, object]:
    from kiosk.store.copies import held_copies
    from kiosk.store.outbox import OutboxReader
    from kiosk.store.sync_store import FILE, SyncStore
    from sync.merge import stream_for

    outbox = OutboxReader(place.data / "ledger.db")
    with SyncStore(place.data / FILE) as store:
        pin, seen, first = store.pin(), store.seen(), outbox.first()
        stream = stream_for(store.stream("ledger"), first.identity) if first else None
        return {
            "territory": here.pack.territory.slug,
            "hub": here.settings.hub,
            "device": store.device(),
            "pinned": None if pin is None else {"epoch": pin.epoch, "key": pin.key.hex()},
            "manifest": None
            if seen is None
            else {
                "epoch": seen.epoch,
                "version": seen.version,
                "taken_at": _moment(seen.at),
                "expires_at": _moment(seen.expires_at),
            },
            "datasets": held_copies(here.content),
            "events": {"acked": stream.acked if stream else 0, "last": outbox.last()},
            "quarantine": store.refused(),
            "alarms": [
                {"code": one.code, "about": one.about, "at": _moment(one.at)}
                for one in store.alarms()
            ],
        }


def _moment(epoch_s: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(epoch_s, UTC).isoformat()


def _run(work: Coroutine[None, None, Result]) -> Result:
    """Run to the end; asyncio is heavy for a command line that may only ask for help."""
    import asyncio

    return asyncio.run(work)


def _opened(context: typer.Context) -> tuple[Place, Installed]:
    from kiosk.app.installed import installed

    place = place_of(context)
    return place, installed(place)


def _follower(place: Place, here: Installed) -> Follower:
    """Open what a sync writes, prepared as the sync process does."""
    from kiosk.app.content import prepare
    from kiosk.app.installed import SystemClock
    from sync.engine.following import Follower

    clock = SystemClock()
    prepare(here, clock.now())
    here.content.close()
    return Follower(place.data, here.pack.territory.slug, clock)


def _answer_round(done: Round, *, json: bool) -> None:
    told = None if done.told is None else asdict(done.told)
    found = {**asdict(done.outcome), "events": told, "revoked": done.revoked}
    _answer(found, done.outcome, json=json)
    if done.revoked:
        raise DeviceRevoked("the hub has shut this kiosk out: it sells nothing")


def _answer(found: Mapping[str, object], outcome: Outcome, *, json: bool) -> None:
    """Print what was done; exit 1 when old data had to be kept."""
    if json:
        print_json(found)
    else:
        write(
            f"{outcome.result}: version {outcome.version}, {len(outcome.taken)} taken,"
            f" {len(outcome.kept)} kept"
        )
    if outcome.kept or outcome.result == "frozen":
        raise typer.Exit(1)
