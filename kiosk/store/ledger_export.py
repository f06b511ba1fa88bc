"""Exports a journal as CSV (a line a leg) or in beancount's plain-text accounting."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from kiosk.domain.ledger import INCOME, Account
from kiosk.domain.money import decimal
from kiosk.store.ledger_read import open_to_read
from kiosk.store.verify_ledger import version_of

Format: TypeAlias = Literal["csv", "beancount"]
_V2 = "subject, card, product, entries"
_COLUMNS = {1: "topup, '', 0, 0", 2: _V2, 3: _V2, 4: _V2, 5: _V2, 6: _V2}
_CSV_HEADER = ("seq", "at", "kind", "subject", "card", "product", "entries", "account", "cents")
_BEANCOUNT: dict[str, str] = {
    Account.BANK_CLEARING: "Assets:Bank:Clearing",
    Account.CASH_DRAWER: "Assets:Cash:Drawer",
    Account.CHEQUE_DRAWER: "Assets:Cheques:Drawer",
    Account.TILL_FLOAT: "Liabilities:Till:Float",
    Account.TILL_DIFFERENCE: "Expenses:Till:Differences",
    Account.PURSE_FLOAT: "Liabilities:Purse:Float",
    Account.SUSPENSE: "Equity:Suspense",
}


class LegRow(NamedTuple):
    """A leg with the fields of its entry."""

    seq: int
    at: str
    kind: str
    subject: str
    card: str
    product: int
    entries: int
    account: str
    cents: int


def export(path: Path, form: Format) -> Iterator[str]:
    """Give the lines of a sound journal's export; raises sqlite3.Error when it can't be read."""
    with open_to_read(path) as connection:
        connection.execute("BEGIN")  # one state of the file, whoever writes meanwhile
        yield from (_csv if form == "csv" else _beancount)(connection)


def _legs(connection: sqlite3.Connection) -> Iterator[LegRow]:
    columns = _COLUMNS[version_of(connection)]
    query = (
        f"SELECT e.seq, e.at, e.kind, {columns}, l.account, l.cents FROM entry AS e"  # noqa: S608
        " JOIN leg AS l ON l.entry = e.seq ORDER BY e.seq, l.place"
    )
    return map(LegRow._make, connection.execute(query))


def _csv(connection: sqlite3.Connection) -> Iterator[str]:
    yield ",".join(_CSV_HEADER)
    for leg in _legs(connection):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(leg)
        yield line.getvalue()


def _beancount(connection: sqlite3.Connection) -> Iterator[str]:
    """Give an entry a transaction, dated in UTC, and each account's balance the day after."""
    days = "SELECT substr(min(at), 1, 10), substr(max(at), 1, 10) FROM entry"
    first, last = connection.execute(days).fetchone()
    yield 'option "title" "Alvéole"'
    yield 'option "operating_currency" "EUR"'
    if first is None:
        return
    sums = "SELECT account, sum(cents) FROM leg GROUP BY account ORDER BY account"
    balances: dict[str, int] = dict(connection.execute(sums).fetchall())
    names = beancount_names(list(balances))
    for account, name in names.items():
        yield f"{first} open {name} EUR"
        yield f'  journal: "{account}"'
    for _, group in groupby(_legs(connection), key=lambda leg: leg.seq):
        yield from _transaction(list(group), names)
    after = date.fromisoformat(last) + timedelta(days=1)
    for account, cents in balances.items():
        yield f"{after} balance {names[account]} {decimal(cents)} EUR"


def _transaction(legs: list[LegRow], names: dict[str, str]) -> Iterator[str]:
    one = legs[0]
    yield f'{one.at[:10]} * "{one.kind}" "{one.subject}"'
    yield f"  seq: {one.seq}"
    yield f'  at: "{one.at}"'
    if one.card:
        yield f'  card: "{one.card}"'
    if one.product:
        yield f"  product: {one.product}"
    if one.entries:
        yield f"  entries: {one.entries}"
    for leg in legs:
        yield f"  {names[leg.account]}  {decimal(leg.cents)} EUR"


def beancount_names(accounts: list[str]) -> dict[str, str]:
    """Give each account a name that beancount takes, never the same one for two."""
    names: dict[str, str] = {}
    for account in accounts:
        name = _BEANCOUNT.get(account) or _other(account)
        while name in names.values():
            name += "-X"
        names[account] = name
    return names


def _other(account: str) -> str:
    root = "Income" if account.startswith(INCOME) else "Equity"
    words = re.split(r"[^A-Za-z0-9-]+", account.removeprefix(INCOME))
    parts = [word.lstrip("-")[:1].upper() + word.lstrip("-")[1:] for word in words]
    return ":".join((root, *(part for part in parts if part))) if any(parts) else f"{root}:X"
