"""The command ``card``: the daily-life card seen from the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import place_of, print_json, print_ndjson, write
from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from kiosk.app.card_chain import CardRead, Chain

SOURCE_LANGUAGE = "fr"
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
    group.command(epilog="Example: alveole card readers --json")(readers)
    group.command(epilog="Example: alveole card read --json")(read)
    group.command(epilog="Example: alveole card watch --count 2 --json")(watch)
    group.command(epilog="Example: alveole card virtual --port 35963 --latency-ms 15")(virtual)
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


def readers(context: typer.Context, *, json: Json = False) -> None:
    """List the card readers; none where PC/SC doesn't answer."""
    from kiosk.app.card_chain import reader_lines

    lines = reader_lines(_pattern(context))
    if json:
        print_json(lines)
    else:
        for line in lines:
            write(f"{line.reader}  {line.role}  {f'card {line.atr}' if line.card else 'empty'}")


def read(context: typer.Context, *, json: Json = False) -> None:
    """Read the card that lies on the reader; exit 1 when there is none, or none of ours."""
    from kiosk.app.card_chain import read_once

    found = read_once(_chain(context))
    if json:
        print_json(found)
    else:
        _show(found)


def watch(
    context: typer.Context,
    count: Annotated[int, typer.Option(help="End after so many events; 0: at SIGINT.")] = 0,
    *,
    json: Json = False,
) -> None:
    """Tell what is laid and lifted, one line each (with --json one document each)."""
    from kiosk.app.card_watch import watch as follow

    for event in follow(_chain(context), count):
        if json:
            print_ndjson(event)
        else:
            write(f"{event.event}  {event.problem or (event.card and event.card.card) or ''}")
        sys.stdout.flush()


def _pattern(context: typer.Context) -> str:
    """Give the configured pattern of the citizen's reader."""
    from kiosk.app.settings import load

    return load(place_of(context).data).reader_pattern


def _chain(context: typer.Context) -> Chain:
    """Give how cards are reached here, with the territory's own words in French."""
    from kiosk.app.card_chain import Chain
    from kiosk.app.card_words import names_of
    from kiosk.app.installed import installed

    here = installed(place_of(context))
    try:
        return Chain(
            pattern=here.settings.reader_pattern,
            names=names_of(here.pack.territory.products, SOURCE_LANGUAGE),
            environment=os.environ.get("ALVEOLE_ENV", ""),
            folder=place_of(context).data,
        )
    finally:
        here.content.close()


def _show(found: CardRead) -> None:
    """Print a card for people."""
    write(f"{found.reader}: {found.kind} {found.card}, {found.balance_cents} cents")
    for book in found.books:
        write(f"  {book.entries} entries: {book.product or book.service}")
    for one in found.entitlements:
        write(f"  {one.product or one.service} until {one.valid_until or 'further notice'}")
    for line in found.log:
        write(
            f"  {line.at.isoformat()} {line.kind} {line.label} {line.amount_cents or line.entries}"
        )


def virtual(
    port: Annotated[int, typer.Option(help="Port of vpcd's slot.")] = 35963,
    *,
    profile: Annotated[str, typer.Option(help="ev1 or ev2.")] = "ev2",
    balance: Annotated[int, typer.Option(help="Cents in the purse.")] = 1500,
    entries: Annotated[int, typer.Option(help="Entries in the book.")] = 10,
    latency_ms: Annotated[int, typer.Option(help="Added to every answer.")] = 0,
    print_test_profile: Annotated[
        bool, typer.Option("--print-test-profile", help="Print UID, AID, keys and files; end.")
    ] = False,
) -> None:
    """Present a virtual card to vpcd until SIGTERM; refused in production."""
    from kiosk.app.virtual_card import (
        CardWanted,
        present,
        published_profile,
        refuse_in_production,
    )

    refuse_in_production(os.environ.get("ALVEOLE_ENV", ""))
    wanted = CardWanted(
        profile=profile, balance_cents=balance, entries=entries, latency_ms=latency_ms
    )
    if print_test_profile:
        print_json(published_profile())
        return
    present(wanted.card(), port)


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
