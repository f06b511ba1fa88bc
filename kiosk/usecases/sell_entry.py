"""Sells an entry to who has no card for cash that the agent has in hand, by the order's machine."""

from __future__ import annotations

from kiosk.domain.money import Money
from kiosk.domain.till import Hands, TillKind
from kiosk.usecases.at_till import AtTill
from kiosk.usecases.order_ticket import TicketShop, Wish
from kiosk.usecases.reload_by_cash import Received, check_received
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Progress


def check_sale(wish: Wish, given: Money, hands: Hands, desk: AtTill, shop: TicketShop) -> Received:
    """Give what is received for an entry, or refuse it: nothing is begun.

    Raises ProductUnknown, AmountRefused, InputRefused for a key that can't sign, and what
    ``check_received`` raises.
    """
    _, amount = shop.order(wish, desk.clock.now())
    received = Received(kind=TillKind.CASH, amount=amount, given=given)
    check_received(received, hands, desk)
    return received


def sell_entry(wish: Wish, reload: ReloadCard) -> Progress:
    """Begin the order that ``check_sale`` has let through: the money is entered, then the ticket.

    Raises what ReloadCard.buy raises.
    """
    return reload.buy(wish, provider=TillKind.CASH.value)
