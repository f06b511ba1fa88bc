"""Products: their shape, tariffs, durations, and the names that a card's codes stand for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kiosk.domain.errors import ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue, Product
from kiosk.domain.purse import Book, CardFace, Entitlement, Grant, Operation

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TODAY = NOW.date()


def product(**changed: Any) -> Product:
    fields: dict[str, Any] = {
        "code": 103,
        "kind": "service",
        "service": "piscine",
        "title": {"fr": "Leçon", "en": "Lesson"},
        "prices": {"full": Money(1100), "child": Money(850)},
    }
    return Product(**{**fields, **changed})


BOOK = product(code=102, kind="book", book=3, entries=10, title={"fr": "Carnet"})
SEASON = product(code=104, kind="pass", season_end=(6, 30), title={"fr": "Saison", "en": "Season"})


def test_a_tariff_of_its_own_is_paid_by_its_category() -> None:
    assert product().price("child") == Money(850)


@pytest.mark.parametrize("tariff", ["full", "senior", ""])
def test_a_category_without_a_price_pays_the_full_one(tariff: str) -> None:
    assert product().price(tariff) == Money(1100)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"code": 0}, "not a product"),
        ({"code": 65_536}, "not a product"),
        ({"prices": {}}, "not a product"),
        ({"prices": {"full": Money(-1)}}, "not a product"),
        ({"prices": {"full": Money(5), "child": Money(0)}}, "a free service"),
        ({"book": 3}, "only a book fills one"),
        ({"kind": "entry", "book": 2}, "no Value file of entries"),
        ({"kind": "book", "book": 3}, "a book has 1 to 100"),
        ({"kind": "book", "book": 3, "entries": 101}, "a book has 1 to 100"),
        ({"kind": "book", "entries": 10}, "the Value file"),
        ({"entries": 10}, "a book has 1 to 100"),
        ({"kind": "pass"}, "a pass has days"),
        ({"kind": "pass", "days": 30, "season_end": (6, 30)}, "a pass has days"),
        ({"kind": "pass", "days": 1831}, "a pass has days"),
        ({"days": 30}, "a pass has days"),
        ({"kind": "pass", "season_end": (2, 29)}, "no day of every year"),
        ({"kind": "pass", "season_end": (13, 1)}, "no day of every year"),
    ],
)
def test_a_product_that_contradicts_itself_cannot_exist(
    changed: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        product(**changed)


def test_a_pass_of_days_counts_the_day_of_its_sale() -> None:
    month = product(kind="pass", days=30)
    assert month.grant(TODAY) == Grant(
        product=103, valid_from=TODAY, valid_until=date(2026, 12, 21)
    )


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_a_season_pass_ends_on_the_next_end_of_season(day: date, end: date) -> None:
    granted = SEASON.grant(day)
    assert granted is not None
    assert (granted.valid_from, granted.valid_until) == (day, end)


def test_only_a_pass_grants_anything() -> None:
    assert product().grant(TODAY) is None
    assert BOOK.grant(TODAY) is None


def test_a_catalogue_finds_its_products() -> None:
    catalogue = Catalogue.of([SEASON, BOOK, product(code=301, service="cinema")])
    assert catalogue.product(102) == BOOK
    assert catalogue.book(3) == BOOK
    assert catalogue.book(4) is None


def test_a_product_that_is_not_sold_is_refused() -> None:
    with pytest.raises(ProductUnknown):
        Catalogue().product(102)


def test_a_cards_codes_get_the_names_of_the_language() -> None:
    face = CardFace(
        number="ALV61-0000-4821",
        kind="purse",
        balance=Money(0),
        last_load=0,
        sequence=1,
        books=(Book(product="", service="", entries=4, number=3),),
        entitlements=(Entitlement(product="", service="", code=104),),
        log=(Operation(seq=1, kind="debit", label="", at=NOW, amount=Money(-1), product=104),),
    )
    named = Catalogue.of([BOOK, SEASON]).named(face, "en")
    assert (named.books[0].product, named.books[0].service, named.books[0].code) == (
        "Carnet",  # in the language there is
        "piscine",
        102,
    )
    assert (named.entitlements[0].product, named.entitlements[0].service) == ("Season", "piscine")
    assert named.log[0].label == "Season"


def test_names_that_stand_already_and_codes_of_nobody_stay_as_they_are() -> None:
    face = CardFace(
        number="ALV61-0000-4821",
        kind="purse",
        balance=Money(0),
        last_load=0,
        sequence=1,
        books=(Book(product="Carnet", service="", entries=4, number=3),),
        entitlements=(Entitlement(product="", service="", code=999),),
        log=(Operation(seq=1, kind="debit", label="Recharge", at=NOW, amount=None, product=104),),
    )
    assert Catalogue.of([BOOK, SEASON]).named(face, "fr") == face
