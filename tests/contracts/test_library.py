"""The contract of ports.Library, over a real connection to the stand-in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.devices.library import Account, Sip2Library, connection_to
from kiosk.devices.library_simulator import BARCODE, PIN, Book, LibraryStandIn, Shelf
from kiosk.domain.errors import LibraryUnavailable, LoanRefused
from kiosk.domain.loans import LibraryReader
from kiosk.ports import Library
from kiosk.usecases.my_loans import my_loans, renew_loan
from sync.connectors.sip2.requests import Desk
from tests.unit.kiosk.usecases.money_world import Moved

PARIS = ZoneInfo("Europe/Paris")
READER = LibraryReader(barcode=BARCODE, pin=PIN)
NOW = Moved().now().astimezone(PARIS).replace(microsecond=0)


@dataclass
class Stand:
    shelf: Shelf
    library: Library


@pytest.fixture
def stand() -> Iterator[Stand]:
    shelf = Shelf(
        today=NOW,
        books=[
            Book("P-1", "Le Livre inventé", NOW + timedelta(days=9)),
            Book("P-2", "Le Livre en retard", NOW - timedelta(days=2)),
            Book("P-3", "Le Livre réservé", NOW + timedelta(days=4), reserved=True),
        ],
    )
    account = Account(desk=Desk(institution="BOURG"), zone=PARIS, user="borne", password="mot")
    with LibraryStandIn(shelf) as server:
        connect = connection_to("127.0.0.1", server.port)
        yield Stand(shelf, Sip2Library(connect=connect, account=account, clock=Moved()))


def test_loans_come_soonest_due_first_with_titles_and_dates(stand: Stand) -> None:
    loans = my_loans(READER, library=stand.library)
    assert [(loan.item, loan.title, loan.overdue) for loan in loans] == [
        ("P-2", "Le Livre en retard", True),
        ("P-3", "Le Livre réservé", False),
        ("P-1", "Le Livre inventé", False),
    ]
    assert loans[2].due == NOW + timedelta(days=9)


def test_a_reader_without_loans_has_none(stand: Stand) -> None:
    stand.shelf.books.clear()
    assert list(my_loans(READER, library=stand.library)) == []


@pytest.mark.parametrize(
    "reader", [LibraryReader(barcode=BARCODE, pin="0000"), LibraryReader(barcode="1", pin=PIN)]
)
def test_an_unknown_reader_or_a_wrong_pin_is_refused(stand: Stand, reader: LibraryReader) -> None:
    with pytest.raises(LoanRefused):
        my_loans(reader, library=stand.library)


def test_a_loan_is_renewed_with_its_new_date(stand: Stand) -> None:
    renewed = renew_loan(READER, "P-1", library=stand.library)
    assert (renewed.title, renewed.due) == ("Le Livre inventé", NOW + timedelta(days=21))


def test_a_reserved_loan_is_not_renewed(stand: Stand) -> None:
    with pytest.raises(LoanRefused):
        renew_loan(READER, "P-3", library=stand.library)


def test_what_the_reader_has_not_borrowed_is_not_even_asked_for(stand: Stand) -> None:
    with pytest.raises(LoanRefused):
        renew_loan(READER, "P-9", library=stand.library)
    assert "29" not in stand.shelf.heard


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_answer_is_asked_for_again(stand: Stand, damaged: int) -> None:
    stand.shelf.damage = damaged
    assert len(my_loans(READER, library=stand.library)) == 3


def test_a_library_whose_answers_stay_damaged_is_unavailable(stand: Stand) -> None:
    stand.shelf.damage = 99
    with pytest.raises(LibraryUnavailable):
        my_loans(READER, library=stand.library)


def test_a_connection_that_breaks_is_unavailable(stand: Stand) -> None:
    stand.shelf.hang_up = True
    with pytest.raises(LibraryUnavailable):
        my_loans(READER, library=stand.library)


def test_a_library_that_is_not_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    account = Account(desk=Desk(institution="BOURG"), zone=PARIS)
    library = Sip2Library(connect=connection_to("127.0.0.1", port), account=account, clock=Moved())
    with pytest.raises(LibraryUnavailable):
        my_loans(READER, library=library)


def test_neither_barcode_nor_pin_shows_in_a_trace() -> None:
    assert BARCODE not in repr(READER)
    assert PIN not in repr(READER)


def test_elsewhere_than_on_this_machine_a_library_without_tls_is_unavailable(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.devices.library.LOOPBACK", ())
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("kiosk.devices.library.TIMEOUT_S", 0.2)
        account = Account(desk=Desk(institution="BOURG"), zone=PARIS)
        connect = connection_to("127.0.0.1", server.getsockname()[1])
        library = Sip2Library(connect=connect, account=account, clock=Moved())
        with pytest.raises(LibraryUnavailable):
            my_loans(READER, library=library)
    assert stand.shelf.heard == []
