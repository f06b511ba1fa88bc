"""The exports, with beancount's own loader as referee."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Open, Transaction

from kiosk.store.ledger import Ledger
from kiosk.store.ledger_export import beancount_names, export
from tests.journals import demo_journal

LINES = 400
OLD = Path(__file__).resolve().parents[3] / "vectors" / "ledger-1.sql"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_journal(tmp_path_factory.mktemp("export"), LINES)


def balances(path: Path) -> dict[str, int]:
    query = "SELECT account, sum(cents) FROM leg GROUP BY account"
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute(query).fetchall())


def booked(text: str) -> Counter[str]:
    """Give the cents by account of the journal's own name, as beancount adds them up."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    names = {one.account: one.meta["journal"] for one in entries if isinstance(one, Open)}
    found: Counter[str] = Counter()
    for one in entries:
        if isinstance(one, Transaction):
            for posting in one.postings:
                assert posting.units is not None
                number = posting.units.number
                assert isinstance(number, Decimal)
                found[names[posting.account]] += int(number * 100)
    return found


def test_beancount_loads_every_entry_and_finds_the_same_balances(journal: Path) -> None:
    text = "\n".join(export(journal, "beancount"))
    assert booked(text) == Counter(balances(journal))
    entries, _, _ = loader.load_string(text)
    assert sum(isinstance(one, Transaction) for one in entries) == LINES


def test_beancount_refuses_an_export_off_by_a_cent(journal: Path) -> None:
    text = "\n".join(export(journal, "beancount"))
    wrong = re.sub(r"(\d+)\.(\d\d) EUR", r"\1.99 EUR", text, count=1)
    _, errors, _ = loader.load_string(wrong)
    assert errors != []


def test_csv_has_a_line_a_leg_that_adds_up(journal: Path) -> None:
    rows = list(csv.DictReader(export(journal, "csv")))
    assert len(rows) == 2 * LINES
    assert sum(int(row["cents"]) for row in rows) == 0
    assert {row["account"] for row in rows} == set(balances(journal))


def test_an_old_journal_is_exported_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    assert booked("\n".join(export(path, "beancount"))) == Counter(balances(path))


def test_an_empty_journal_is_an_empty_export(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path, free=lambda _: 10**12).close()
    _, errors, _ = loader.load_string("\n".join(export(path, "beancount")))
    assert errors == []
    assert len(list(export(path, "csv"))) == 1


def test_no_two_accounts_share_a_name_in_beancount() -> None:
    odd = ["income.a-b", "income.a_b", "income.a.b", "income.A:b", "income.", "7", "-", "suspense"]
    names = beancount_names(odd)
    assert len(set(names.values())) == len(odd)
    words = "\n".join(f"2026-01-01 open {name} EUR" for name in names.values())
    _, errors, _ = loader.load_string(words)
    assert errors == []


def test_the_export_reads_one_state_and_writes_nothing(journal: Path) -> None:
    before = journal.read_bytes()
    list(export(journal, "csv"))
    assert journal.read_bytes() == before
