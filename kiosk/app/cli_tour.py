"""The command ``tour``: renders every screen to pictures, with their measures in tour.json."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from kiosk.app.console import Place, place_of, print_json, write
from kiosk.app.tour import MODES, Wish, render, stops_of
from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from kiosk.app.installed import Installed
    from kiosk.domain.role import Role

SIDE_MIN_PX, SIDE_MAX_PX = 480, 8192


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alveole tour --out tour --lang fr,en --mode normal,large")(tour)


def tour(  # noqa: PLR0917  # typer reads options by name
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Folder of the pictures and of tour.json.")],
    size: Annotated[str, typer.Option(help="Panel in pixels, WIDTHxHEIGHT.")] = "1080x1920",
    lang: Annotated[str, typer.Option(help="Languages, by commas.")] = "fr,en",
    mode: Annotated[str, typer.Option(help="normal,contrast,large,low")] = ",".join(MODES),
    only: Annotated[str, typer.Option(help="Names of screens, by commas (all without).")] = "",
    at: Annotated[str, typer.Option(help="Moment shown, ISO 8601 (now without).")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Render the screens and the main journeys, offscreen, on the territory's own content."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    place = place_of(context)
    with TemporaryDirectory(prefix="alveole-tour-") as folder:
        here, moment = _prepared(place, Path(folder) / "prepared", at)
        spoken = here.pack.territory.languages
        wish = Wish(
            out=out,
            size=pixels(size),
            languages=_chosen(lang, spoken, "language"),
            modes=_chosen(mode, MODES, "mode"),
            only=tuple(filter(None, only.split(","))),
        )
        from kiosk.app.tour_counter_codes import at_the_kiosk, at_the_till
        from kiosk.app.tour_journeys import journeys
        from kiosk.app.tour_stage import Scene, Stage, in_role

        def make(language: str, mode: str, role: Role) -> Stage:
            own = _apart(here, Path(folder) / f"{language}-{mode}-{role}")
            scene = Scene(
                here=in_role(own, role),
                moment=moment,
                size=wish.size,
                language=language,
                mode=mode,
            )
            return Stage(scene)

        try:
            played = [*at_the_kiosk(), *journeys(), *at_the_till()]
            files = list(render(wish, stops_of(here.pack.territory.services, played), make))
        except OSError as wrong:
            raise InputRefused(str(wrong), where=str(out), todo="name a writable folder") from wrong
    if json:
        print_json({"out": str(out), "pictures": files})
    else:
        write(f"{len(files)} pictures and tour.json in {out}")


def pixels(size: str) -> tuple[int, int]:
    """Read « 1080x1920 »; raises InputRefused."""
    wide, _, high = size.lower().partition("x")
    if not (wide.isdecimal() and high.isdecimal()):
        raise InputRefused("not a size in pixels", where=size, todo="for example 1080x1920")
    found = int(wide), int(high)
    if not all(SIDE_MIN_PX <= side <= SIDE_MAX_PX for side in found):
        bounds = f"each side from {SIDE_MIN_PX} to {SIDE_MAX_PX}"
        raise InputRefused("not a size of a panel", where=size, todo=bounds)
    return found


def _chosen(words: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    asked = tuple(filter(None, words.split(",")))
    for word in asked:
        if word not in known:
            raise InputRefused(f"no such {what}", where=word, todo=f"known: {', '.join(known)}")
    return asked


def _prepared(place: Place, folder: Path, at: str) -> tuple[Installed, datetime]:
    """Give the installed territory over a content of its own, seeded for the moment shown."""
    from dataclasses import replace

    from kiosk.app.content import prepare
    from kiosk.app.installed import SystemClock, installed
    from kiosk.store.database import ContentReader

    here = replace(installed(place), content=ContentReader(folder / "content.db"))
    zone = ZoneInfo(here.pack.territory.timezone)
    try:
        moment = datetime.fromisoformat(at) if at else SystemClock().now()
    except ValueError as wrong:
        raise InputRefused("not a moment", where=at, todo="for example 2026-11-22T10:42") from wrong
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    from kiosk.store.records import RecordStore

    here = replace(here, cache=RecordStore(here.content, SystemClock()))
    prepare(here, moment)
    return here, moment


def _apart(here: Installed, folder: Path) -> Installed:
    """Give the installation in a folder of its own: a stage's chips are new, so is its journal."""
    from dataclasses import replace

    from kiosk.app.installed import SystemClock
    from kiosk.store.database import ContentReader
    from kiosk.store.records import RecordStore

    shutil.copytree(here.content.path.parent, folder)
    content = ContentReader(folder / here.content.path.name)
    return replace(here, content=content, cache=RecordStore(content, SystemClock()))
