"""An entry that is ordered without a card, and what it costs.

Rules:
1. Only entries of the territory's list, at a published tariff, for 1 to PERSONS_MAX people.
2. The ticket's days are fixed when it is ordered: that day, or as many as the product lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.domain.errors import AmountRefused, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.product import Product

PERSONS_MAX = 9  # a family; a group asks at the counter


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOrder:
    """What is bought; the days are the territory's, both included.

    ``ticket`` is the signed code, "" until it is made; ``copies``: how many were given on paper
    or shown.
    """

    product: int
    service: str
    tariff: str
    persons: int
    first_day: date
    last_day: date
    ticket: str = ""
    copies: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.persons <= PERSONS_MAX or self.last_day < self.first_day:
            msg = f"not an order: {self.persons} people, {self.first_day} to {self.last_day}"
            raise ValueError(msg)


def order_of(product: Product, tariff: str, persons: int, day: date) -> TicketOrder:
    """Give the order of an entry; raises ProductUnknown, AmountRefused."""
    if product.kind != "entry" or tariff not in product.prices:
        raise ProductUnknown(f"no entry {product.code} at the tariff {tariff!r} is sold")
    if not 1 <= persons <= PERSONS_MAX:
        raise AmountRefused(f"{persons} people: 1 to {PERSONS_MAX} on one ticket")
    return TicketOrder(
        product=product.code,
        service=product.service,
        tariff=tariff,
        persons=persons,
        first_day=day,
        last_day=day + timedelta(days=max(product.days, 1) - 1),
    )


def price_of(product: Product, tariff: str, persons: int) -> Money:
    """Give what ``persons`` entries cost."""
    return Money(product.price(tariff).cents * persons)
