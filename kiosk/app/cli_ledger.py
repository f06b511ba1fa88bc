"""The commands ``ledger verify``, ``export``, ``close``, ``documents``, ``reconcile``, ``demo``."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args
from zoneinfo import ZoneInfo

import typer

from kiosk.app.console import complain, place_of, print_json, write
from kiosk.app.ledger_reconcile import reconcile
from kiosk.domain.errors import InputRefused, StorageFull

if TYPE_CHECKING:
    from kiosk.domain.closing import Closing

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
File = Annotated[Path, typer.Argument(help="A ledger.db.", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="A new file; standard output when none.")]
HASH_BYTES = 32


def register(app: typer.Typer) -> None:
    """Add the commands."""
    ledger = typer.Typer(help="The journal of money, ledger.db.")
    example = "Example: alveole ledger"
    ledger.command(epilog=f"{example} verify ledger.db --json")(verify)
    ledger.command(epilog=f"{example} export ledger.db --format beancount")(export)
    ledger.command(epilog=f"{example} close --period day")(close)
    ledger.command(epilog=f"{example} documents ledger.db --out regie")(documents)
    month = "reconcile ledger.db --report november.csv --format stripe"
    ledger.command(epilog=f"{example} {month}")(reconcile)
    ledger.command(epilog=f"{example} demo --lines 1000 --out demo.db")(demo)
    app.add_typer(ledger, name="ledger")


def verify(
    file: File,
    anchor: Annotated[str, typer.Option(help="A hash kept elsewhere, hex.")] = "",
    key: Annotated[list[str] | None, typer.Option(help="A public key to be held to, hex.")] = None,
    json: Json = False,
) -> None:
    """Check chain, gaps, legs, closings and signatures; exit 1 names the first bad line."""
    from kiosk.store.ledger_read import verify_file
    from kiosk.store.verify_ledger import document, summary

    keys = [_hex(one, "--key") for one in key or ()]
    report = verify_file(file, anchor=_hex(anchor, "--anchor") if anchor else b"", keys=keys)
    if json:
        print_json(document(report))
    elif report.sound:
        write(f"{file}: {summary(report)}")
    if not report.sound:
        complain(f"{file}: {summary(report)}")
        raise typer.Exit(1)


def export(
    file: File,
    form: Annotated[str, typer.Option("--format", help="csv or beancount.")] = "csv",
    out: Out = None,
) -> None:
    """Export a sound journal, a leg a line or for beancount."""
    from kiosk.store.ledger_export import Format, export
    from kiosk.store.ledger_read import require_sound

    if form not in get_args(Format):
        raise InputRefused(f"{form!r} is neither csv nor beancount", where="--format")
    require_sound(file)
    _put(export(file, cast("Format", form)), out)


def close(
    context: typer.Context,
    period: Annotated[str, typer.Option(help="day, month or year.")] = "day",
    json: Json = False,
) -> None:
    """Close a period of this kiosk's journal and sign it; the smaller periods first."""
    from kiosk.app.installed import SystemClock, installed
    from kiosk.domain.closing import PERIODS
    from kiosk.store.device_key import DeviceKey
    from kiosk.store.ledger import Ledger
    from kiosk.store.ledger_closings import Closings
    from kiosk.usecases.close_period import ClosePeriod

    place = place_of(context)
    file = place.data / "ledger.db"
    if period not in PERIODS:
        raise InputRefused(f"{period!r} is neither day, month nor year", where="--period")
    if not file.exists():
        raise InputRefused("no journal is there", where=str(file), todo="name it with --data")
    zone = ZoneInfo(installed(place).pack.territory.timezone)
    with Ledger(file) as ledger:
        closings = Closings(ledger, DeviceKey(place.data))
        made = ClosePeriod(closings, SystemClock(), zone).run(period)
    if json:
        print_json([_told(one) for one in made])
        return
    for one in made:
        write(_line(one))


def documents(
    file: File,
    out: Annotated[Path, typer.Option(help="Folder to write them to.", show_default=False)],
) -> None:
    """Write the régie's documents of a sound journal: closings, bordereaux, justifications."""
    from kiosk.store.ledger_closings import closings
    from kiosk.store.ledger_read import open_to_read, require_sound
    from kiosk.usecases.regie_documents import documents_of

    report = require_sound(file)
    if not report.closings:
        raise InputRefused("nothing was closed yet", where=str(file), todo="see: ledger close")
    with open_to_read(file) as connection:
        papers = documents_of(closings(connection), report.keys)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in papers.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as full:
        raise StorageFull(f"the documents can't be written: {full}") from full
    write(f"{out}: {len(papers)} documents")


def demo(
    context: typer.Context,
    lines: Annotated[int, typer.Option(help="How many entries.")],
    out: Annotated[Path, typer.Option(help="A new file.", show_default=False)],
    json: Json = False,
) -> None:
    """Write a sound journal of invented entries, closed and signed, for tests and training."""
    from kiosk.store.device_key import DeviceKey
    from kiosk.store.ledger_demo import write_demo
    from kiosk.store.ledger_read import require_sound

    key = DeviceKey(place_of(context).data)
    with _progress(lines) as tick:
        write_demo(out, lines, key, tick=tick)
    report = require_sound(out)
    if json:
        told = {"file": str(out), "entries": report.entries, "closings": report.closings}
        print_json({**told, "head": report.head.hex(), "key": key.public_key.hex()})
    else:
        write(f"{out}: {report.entries} entries, head {report.head.hex()}")


def _hex(word: str, option: str) -> bytes:
    """Read a hash or a key; raises InputRefused."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", word):
        raise InputRefused(f"{HASH_BYTES} bytes in hex are needed", where=option)
    return bytes.fromhex(word)


def _put(lines: Iterable[str], out: Path | None) -> None:
    """Print lines, or write them to a new file."""
    if out is None:
        for line in lines:
            write(line)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except FileExistsError as there:
        raise InputRefused("is there already", where=str(out), todo="name a new file") from there
    except OSError as full:
        raise StorageFull(f"{out} can't be written: {full}") from full


def _told(one: Closing) -> dict[str, object]:
    return {
        "number": one.number,
        "period": one.period,
        "name": one.name,
        "at": one.at,
        "first": one.first,
        "last": one.now.last,
        "total_cents": one.cents,
        "perpetual_cents": one.now.cents,
        "suspense_cents": one.suspense,
    }


def _line(one: Closing) -> str:
    text = (
        f"Z {one.number}: {one.period} {one.name}, {one.entries} entries, {one.cents} cents,"
        f" perpetual {one.now.cents} cents"
    )
    return f"{text}; SUSPENSE IS NOT ZERO: {one.suspense} cents" if one.suspense else text


@contextmanager
def _progress(total: int) -> Generator[Callable[[int], None]]:
    """Show on stderr how far a long work has come."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("entries", total=total)
        yield lambda done: bar.update(task, completed=done)
