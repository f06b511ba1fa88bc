"""What a territory sells for its card: entries, books of entries, passes and services.

Rules (MONEY.md, "The régie"): only products of the territory's list are sold, at its published
tariffs. A card keeps codes and Value file numbers, never names: ``Catalogue`` gives them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from kiosk.domain.card_limits import BOOK_MAX
from kiosk.domain.errors import ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.record import Localised

if TYPE_CHECKING:
    from kiosk.domain.purse import Book, CardFace, Entitlement, Grant, Operation

ProductKind = Literal["entry", "book", "pass", "service"]
CODE_MAX = 65_535  # the card's log keeps it on two bytes (CARD.md, file 05)
BOOK_FILES = (3,)  # the Value files that hold entries (CARD.md, "Layout of the purse card")
PASS_DAYS_MAX = 1830  # five years
NO_LEAP_YEAR = 2025  # a season's end must be a day of every year
FULL = "full"  # the tariff of who has no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing that is sold.

    ``prices`` maps a tariff category to its price. ``book`` is the number of the Value file that
    pays an entry, or that a bought book fills with ``entries``; 0 for none. A pass lasts ``days``,
    or until the next ``season_end`` (month, day); an entry's ticket ``days``, 0 is the day it is
    bought.
    """

    code: int
    kind: ProductKind
    service: str
    title: Localised
    prices: Mapping[str, Money]
    book: int = 0
    entries: int = 0
    days: int = 0
    season_end: tuple[int, int] | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.code <= CODE_MAX or self.prices.get(FULL, Money(-1)) < Money(0):
            msg = f"not a product: code {self.code}, prices {dict(self.prices)}"
            raise ValueError(msg)
        if reason := _shape_fault(self):
            raise ValueError(f"product {self.code}: {reason}")

    def price(self, tariff: str = FULL) -> Money:
        """Give the price for a tariff category; the full one where it has none of its own."""
        return self.prices.get(tariff, self.prices[FULL])

    def grant(self, today: date) -> Grant | None:
        """Give what a pass bought ``today`` writes on the card; None for anything else."""
        if self.kind != "pass":
            return None
        from kiosk.domain.purse import Grant

        return Grant(product=self.code, valid_from=today, valid_until=self._last_day(today))

    def _last_day(self, today: date) -> date:
        if self.season_end is None:
            return today + timedelta(days=self.days - 1)
        end = date(today.year, *self.season_end)
        return end if today <= end else date(today.year + 1, *self.season_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The territory's products, by code."""

    products: Mapping[int, Product] = field(default_factory=dict[int, Product])

    @classmethod
    def of(cls, products: Iterable[Product]) -> Catalogue:
        """Make a catalogue; a code stands once."""
        return cls(products={product.code: product for product in products})

    def product(self, code: int) -> Product:
        """Give a product; raises ProductUnknown."""
        found = self.products.get(code)
        if found is None:
            raise ProductUnknown(f"no product of code {code} in this territory")
        return found

    def book(self, number: int) -> Product | None:
        """Give the product that fills the Value file ``number``; None when nobody sells it."""
        books = (p for _, p in sorted(self.products.items()) if p.kind == "book")
        return next((product for product in books if product.book == number), None)

    def named(self, face: CardFace, language: str) -> CardFace:
        """Give the face with the names that its codes stand for, where the card has none."""
        return replace(
            face,
            books=tuple(self._book(book, language) for book in face.books),
            entitlements=tuple(self._entitlement(one, language) for one in face.entitlements),
            log=tuple(self._line(line, language) for line in face.log),
        )

    def _book(self, book: Book, language: str) -> Book:
        found = self.book(book.number)
        if found is None or book.product:
            return book
        return replace(
            book, product=_title(found, language), service=found.service, code=found.code
        )

    def _entitlement(self, one: Entitlement, language: str) -> Entitlement:
        found = self.products.get(one.code)
        if found is None or one.product:
            return one
        return replace(one, product=_title(found, language), service=found.service)

    def _line(self, line: Operation, language: str) -> Operation:
        found = self.products.get(line.product)
        if found is None or line.label:
            return line
        return replace(line, label=_title(found, language))


def _title(product: Product, language: str) -> str:
    return product.title.get(language) or next(iter(product.title.values()), "")


def _shape_fault(product: Product) -> str:
    """Say which field doesn't fit the product's kind; "" for none."""
    if product.book and product.book not in BOOK_FILES:
        return f"book {product.book} is no Value file of entries"
    if (product.kind == "book") != (product.entries > 0) or product.entries > BOOK_MAX:
        return f"entries: a book has 1 to {BOOK_MAX}, nothing else has any"
    if product.book and product.kind not in {"book", "entry"}:
        return "book: only a book fills one and only an entry is paid from one"
    if product.kind == "book" and not product.book:
        return "book: the Value file that it fills is missing"
    if product.kind in {"entry", "service"} and Money(0) in product.prices.values():
        return f"a free {product.kind} takes nothing from a card"
    return _duration_fault(product)


def _duration_fault(product: Product) -> str:
    lasts = (product.days > 0 and product.kind != "entry") + (product.season_end is not None)
    if lasts != (product.kind == "pass") or not 0 <= product.days <= PASS_DAYS_MAX:
        return (
            f"a pass has days (1 to {PASS_DAYS_MAX}) or season_end, an entry may have days for its"
            " ticket, nothing else has either"
        )
    try:
        date(NO_LEAP_YEAR, *(product.season_end or (1, 1)))
    except ValueError:
        return "season_end: no day of every year"
    return ""
