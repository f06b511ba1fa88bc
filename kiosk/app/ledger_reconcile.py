"""The command ``ledger reconcile``: the bank's report against kiosks' journals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import complain, print_json, write
from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from kiosk.store.ledger_credits import BankCredit
    from payments.reconcile import Action, BankLine, Credit

PROVIDERS = {"stripe": frozenset({"stripe_checkout", "stripe_terminal"}), "payfip": {"payfip"}}


def reconcile(
    files: Annotated[list[Path], typer.Argument(help="ledger.db of each kiosk.")],
    *,
    report: Annotated[Path, typer.Option(help="The bank's report, CSV.")],
    form: Annotated[str, typer.Option("--format", help="stripe or payfip.")] = "stripe",
    since: Annotated[str, typer.Option(help="First day (UTC); the report's when none.")] = "",
    until: Annotated[str, typer.Option(help="Last day (UTC); the report's when none.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Compare the bank's report with sound journals, top-up by top-up; exit 1 when they differ."""
    from payments.reconcile import reconcile as compared
    from payments.reports import LAYOUTS

    if form not in LAYOUTS:
        raise InputRefused(f"{form!r} is neither stripe nor payfip", where="--format")
    credits_ = [one for file in files for one in _credits(file, form)]
    lines = _named(_lines(report, form), credits_)
    period = _period(lines, _day(since, "--since"), _day(until, "--until"))
    within = _within(credits_, lines, period)
    found = compared(lines, within, now=datetime.now(UTC))
    if json:
        print_json({"payments": len(lines), "credits": len(within), "differences": found})
    else:
        write(f"{report}: {len(lines)} payments, {len(within)} credits, {len(found)} differences")
    for action in () if json else found:
        complain(_line(action))
    if found:
        raise typer.Exit(1)


def _lines(report: Path, form: str) -> tuple[BankLine, ...]:
    """Read a report; raises InputRefused with the file and the line."""
    from payments.reports import BYTES_MAX, read_report

    try:
        with report.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as unread:
        raise InputRefused(f"can't be read: {unread.strerror}", where=str(report)) from unread
    try:
        return read_report(content, form)
    except InputRefused as wrong:
        place = f"{report}, {wrong.where}" if wrong.where else str(report)
        raise InputRefused(wrong.what, where=place) from wrong


def _credits(file: Path, form: str) -> list[BankCredit]:
    """Read a sound journal's credits by these providers."""
    from kiosk.store.ledger_credits import bank_credits
    from kiosk.store.ledger_read import require_sound

    require_sound(file)
    return [one for one in bank_credits(file) if one.provider in PROVIDERS[form]]


def _named(lines: Sequence[BankLine], credits_: Sequence[BankCredit]) -> list[BankLine]:
    """Give PayFiP's references the top-ups that they stand for; an unknown one stays."""
    from dataclasses import replace

    from payments.reports import reference

    topups = {one.bill or reference(one.topup): one.topup for one in credits_}
    return [replace(line, topup=topups.get(line.topup, line.topup)) for line in lines]


def _day(word: str, option: str) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError as wrong:
        raise InputRefused(f"not a day: {word!r}", where=option, todo="2026-11-30") from wrong


def _period(
    lines: Sequence[BankLine], since: date | None, until: date | None
) -> tuple[datetime, datetime] | None:
    """Give the period that the report covers, None for an empty one without days."""
    days = [line.at.date() for line in lines]
    first, last = since or min(days, default=None), until or max(days, default=None)
    if first is None or last is None:
        return None
    midnight = time(tzinfo=UTC)
    return datetime.combine(first, midnight), datetime.combine(last + timedelta(1), midnight)


def _within(
    credits_: Sequence[BankCredit],
    lines: Sequence[BankLine],
    period: tuple[datetime, datetime] | None,
) -> list[Credit]:
    """Give the credits of the period, and of the top-ups that the report names."""
    from payments.reconcile import Credit

    named = {line.topup for line in lines}
    return [
        Credit(topup=one.topup, cents=one.cents, at=one.at)
        for one in credits_
        if one.topup in named or (period is not None and period[0] <= one.at < period[1])
    ]


def _line(action: Action) -> str:
    who = action.topup or "no top-up"
    payments = ", ".join(action.payments) or "no payment"
    sums = f"bank {action.bank_cents} cents, journal {action.journal_cents} cents"
    return f"{action.trouble}: {who} ({payments}): {sums}"
