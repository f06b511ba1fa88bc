"""The command ``demo pay``."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import place_of, print_json, write
from kiosk.domain.errors import AmountRefused, InputRefused, PurseFull
from kiosk.domain.money import Money

if TYPE_CHECKING:
    from kiosk.app.demo_pay import DemoPaid

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    demo = typer.Typer(help="Tries the kiosk without a screen; everything is simulated.")
    demo.callback()(_group)
    demo.command(epilog="Example: alveole demo pay --amount 2000 --json")(pay)
    app.add_typer(demo, name="demo")


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
