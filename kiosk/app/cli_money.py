"""The commands ``demo pay`` and ``ledger verify``."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import complain, place_of, print_json, write
from kiosk.domain.errors import AmountRefused, InputRefused, PurseFull
from kiosk.domain.money import Money

if TYPE_CHECKING:
    from kiosk.app.demo_pay import DemoPaid
    from kiosk.domain.ledger import Verdict

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    demo = typer.Typer(help="Tries the kiosk without a screen; everything is simulated.")
    ledger = typer.Typer(help="The journal of money, ledger.db.")
    demo.callback()(_group)
    ledger.callback()(_group)
    demo.command(epilog="Example: alveole demo pay --amount 2000 --json")(pay)
    ledger.command(epilog="Example: alveole ledger verify ledger.db --json")(verify)
    app.add_typer(demo, name="demo")
    app.add_typer(ledger, name="ledger")


def pay(
    context: typer.Context,
    amount: Annotated[int, typer.Option(help="Cents to load.")] = 2000,
    json: Json = False,
) -> None:
    """Run one simulated top-up: virtual card, bank's stand-in, a real journal.

    The journal is DIR/ledger.db with --data DIR, else a temporary one.
    """
    given = context.find_root().params.get("data") is not None
    if given:
        paid = _paid(place_of(context).data, amount)
    else:
        with TemporaryDirectory(prefix="alveole-") as folder:
            paid = _paid(Path(folder), amount)
    if json:
        print_json(paid)
    else:
        write(
            f"SIMULATED: {paid.state}, {paid.amount_cents} cents loaded, "
            f"balance {paid.balance_cents}, entry {paid.entry}"
        )
    if paid.state != "done":
        raise typer.Exit(1)


def verify(
    file: Annotated[Path, typer.Argument(help="A ledger.db.")],
    json: Json = False,
) -> None:
    """Check chain, gaps and legs of a journal; exit 1 names the first bad line."""
    from kiosk.store.ledger_read import verify_file

    verdict = verify_file(file)
    if json:
        print_json(_document(verdict))
    elif verdict.sound:
        write(f"{file}: {verdict.entries} entries, sound; head {verdict.head.hex()}")
    if not verdict.sound:
        complain(f"{file}: line {verdict.bad_line}: {verdict.reason}")
        raise typer.Exit(1)


def _group() -> None:
    """Keep the group a group while it has one command."""


def _paid(folder: Path, cents: int) -> DemoPaid:
    from kiosk.app.demo_pay import pay as pay_simulated

    try:
        return pay_simulated(folder, _money(cents), environment=os.environ.get("ALVEOLE_ENV", ""))
    except (AmountRefused, PurseFull) as refused:
        raise InputRefused(str(refused), where="--amount") from refused


def _money(cents: int) -> Money:
    try:
        return Money(cents)
    except ValueError as absurd:
        raise InputRefused(str(absurd), where="--amount") from absurd


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "sound": verdict.sound,
        "entries": verdict.entries,
        "head": verdict.head.hex(),
        "bad_line": verdict.bad_line or None,
        "reason": verdict.reason,
        "turned_back": list(verdict.turned_back),
    }
