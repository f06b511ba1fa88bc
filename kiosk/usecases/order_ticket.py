"""Orders an entry without a card, and signs its ticket once it is paid.

The payment is the top-up's own (kiosk.usecases.reload_card, rule 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kiosk.domain.ledger import COUNTER_PROVIDERS
from kiosk.domain.money import Money
from kiosk.domain.payment import SIMULATOR, TopupRow
from kiosk.domain.product import FULL, Catalogue
from kiosk.domain.receipt import Mark, ticket_code
from kiosk.domain.sealed import Signer
from kiosk.domain.ticket import ticket_of
from kiosk.domain.ticket_order import TicketOrder, order_of, price_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor asks for: the product's code, for how many people, at which tariff."""

    product: int
    tariff: str = FULL
    persons: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketShop:
    """What entries are sold with: ``zone`` is of the territory's days, ``kiosk`` this one's name.

    ``marks`` are the kiosk's own: what is paid over its counter bears them. Of what a bank is paid
    the bank decides whether it is the demonstration's.

    ``open_signer`` gives the device's key and raises InputRefused for one it can't trust.
    """

    catalogue: Catalogue
    zone: tzinfo
    kiosk: str
    marks: Mark
    open_signer: Callable[[], Signer]

    def order(self, wish: Wish, now: datetime) -> tuple[TicketOrder, Money]:
        """Give the order and its sum; raises ProductUnknown, AmountRefused, InputRefused.

        The key is opened here: nothing is asked for that couldn't be signed.
        """
        product = self.catalogue.product(wish.product)
        order = order_of(product, wish.tariff, wish.persons, now.astimezone(self.zone).date())
        self.open_signer()
        return order, price_of(product, wish.tariff, wish.persons)

    def seal(self, row: TopupRow, order: TicketOrder) -> str:
        """Give the signed ticket of a paid order."""
        marks = self.marks
        if row.provider not in COUNTER_PROVIDERS:
            demo = Mark.DEMO if row.provider == SIMULATOR else Mark.NONE
            marks = demo | (self.marks & ~Mark.DEMO)
        ticket = ticket_of(row, order, kiosk=self.kiosk, marks=marks)
        return ticket_code(ticket, self.open_signer())
