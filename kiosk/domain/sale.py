"""What is asked of a card for a product: the one commit that takes its price and gives it.

Rules: an entry is taken from its book while that holds one and is still valid, else from the purse
at its price; a service is taken from the purse; a book or a pass is bought, price and content in
one commit (CARD.md, "Layout of the purse card").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.money import Money
from kiosk.domain.product import FULL, Product
from kiosk.domain.purse import CardFace, OperationKind, Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a citizen or the gate asks for: the product's code, for a tariff category.

    ``purse_only``: an entry is paid at its price although a book could pay it.
    """

    product: int
    tariff: str = FULL
    purse_only: bool = False


def spend_of(
    order: Order, product: Product, face: CardFace, *, transaction_id: str, at: datetime, day: date
) -> Spend:
    """Give the spend that ``order`` asks of the card as it stands; ``day`` is the territory's."""
    from_book = not order.purse_only and entries_for(product, face, day) > 0
    bought = product.kind in {"book", "pass"}
    kind: OperationKind = "entry" if from_book else "purchase" if bought else "debit"
    return Spend(
        transaction_id=transaction_id,
        kind=kind,
        product=product.code,
        amount=Money(0) if from_book else product.price(order.tariff),
        sequence=face.sequence,
        at=at,
        book=product.book if from_book or product.kind == "book" else 0,
        entries=-1 if from_book else product.entries,
        grant=product.grant(day),
    )


def entries_for(product: Product, face: CardFace, day: date) -> int:
    """Give the entries of the book that pays ``product`` on ``day``; 0 when none does."""
    if product.kind != "entry" or not product.book:
        return 0
    books = (one for one in face.books if one.number == product.book)
    return next((one.entries for one in books if not one.valid_until or day <= one.valid_until), 0)
