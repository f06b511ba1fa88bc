"""The contract of ports.CodeTicketJournal; every journal of tickets that codes pay passes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.money import Money
from kiosk.ports import CodeTicketJournal
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_code_tickets import CodeTickets
from kiosk.store.ledger_read import verify_file
from tests.code_requests import NOW

PRICE = Money(450)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger(path, free=lambda _: 10**12)) as one:
        yield one


def journal_of(ledger: Ledger) -> CodeTicketJournal:
    return CodeTickets(ledger)


def test_a_ticket_is_booked_once_however_often_it_is_asked(ledger: Ledger, path: Path) -> None:
    tickets = journal_of(ledger)
    first = tickets.book_ticket("C-1", PRICE, "piscine", at=NOW)
    assert tickets.book_ticket("C-1", PRICE, "piscine", at=NOW + timedelta(hours=1)) == first == 1
    assert tickets.book_ticket("C-2", PRICE, "piscine", at=NOW) == 2
    ledger.close()
    verdict = verify_file(path)
    assert (verdict.sound, verdict.entries) == (True, 2)


def test_a_ticket_earns_its_service_what_the_bank_owes(ledger: Ledger) -> None:
    journal_of(ledger).book_ticket("C-1", PRICE, "piscine", at=NOW)
    legs = [tuple(row) for row in ledger.read("SELECT account, cents FROM leg ORDER BY place")]
    assert legs == [("bank.clearing", 450), ("income.piscine", -450)]


def test_the_hub_is_told_in_the_same_transaction(ledger: Ledger) -> None:
    journal_of(ledger).book_ticket("C-1", PRICE, "piscine", at=NOW)
    assert [(event.kind, event.subject) for event in ledger.events()] == [("ticket.paid", "C-1")]
