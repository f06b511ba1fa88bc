"""What one commit is asked to take and to give for a product."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.domain.money import Money
from kiosk.domain.product import Product
from kiosk.domain.purse import CardFace, Spend
from kiosk.domain.sale import Order, spend_of
from tests.plain.faces import used_card

AT = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TODAY = AT.date()
FACE = used_card(AT).face
ENTRY = Product(
    code=101,
    kind="entry",
    service="piscine",
    title={"fr": "Entrée"},
    prices={"full": Money(320), "child": Money(160)},
    book=3,
)
BOOK = replace(ENTRY, code=102, kind="book", entries=10, prices={"full": Money(2700)})
SEASON = replace(ENTRY, code=104, kind="pass", book=0, days=30)
CINEMA = replace(ENTRY, code=301, kind="service", book=0)


def asked(product: Product, face: CardFace = FACE, *, order: Order | None = None) -> Spend:
    wanted = order or Order(product=product.code)
    return spend_of(wanted, product, face, transaction_id="M-1", at=AT, day=TODAY)


def with_book(entries: int, until: date | None = None) -> CardFace:
    (book,) = FACE.books
    return replace(FACE, books=(replace(book, entries=entries, valid_until=until),))


@pytest.mark.parametrize("until", [None, TODAY])
def test_an_entry_is_taken_from_its_book_first(until: date | None) -> None:
    spend = asked(ENTRY, with_book(1, until))
    assert (spend.kind, spend.book, spend.entries, spend.amount) == ("entry", 3, -1, Money(0))


@pytest.mark.parametrize(
    "face",
    [
        with_book(0),
        with_book(5, TODAY - timedelta(days=1)),
        replace(FACE, books=()),
        replace(FACE, books=(replace(FACE.books[0], number=4),)),
    ],
    ids=["used up", "too old", "none", "another"],
)
def test_without_a_book_that_can_pay_an_entry_is_taken_from_the_purse(face: CardFace) -> None:
    spend = asked(ENTRY, face)
    assert (spend.kind, spend.book, spend.entries, spend.amount) == ("debit", 0, 0, Money(320))


def test_a_citizen_may_keep_the_book_and_pay_the_entry() -> None:
    spend = asked(ENTRY, order=Order(product=101, tariff="child", purse_only=True))
    assert (spend.kind, spend.amount) == ("debit", Money(160))


def test_a_bought_book_takes_its_price_and_gives_its_entries() -> None:
    spend = asked(BOOK)
    assert (spend.kind, spend.book, spend.entries, spend.amount) == (
        "purchase",
        3,
        10,
        Money(2700),
    )


def test_a_bought_pass_takes_its_price_and_gives_its_days() -> None:
    spend = asked(SEASON)
    assert (spend.kind, spend.book, spend.amount) == ("purchase", 0, Money(320))
    assert spend.grant is not None
    assert (spend.grant.product, spend.grant.valid_from) == (104, TODAY)


def test_a_service_is_taken_from_the_purse_at_the_citizens_tariff() -> None:
    spend = asked(CINEMA, order=Order(product=301, tariff="child"))
    assert (spend.kind, spend.amount, spend.grant) == ("debit", Money(160), None)
    assert (spend.transaction_id, spend.product, spend.sequence) == ("M-1", 301, FACE.sequence)
