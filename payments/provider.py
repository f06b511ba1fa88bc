"""What the hub needs from a way to pay: one Protocol, implemented by each provider's folder.

The kiosk never sees it: between them stand payments.service (in the hub's process) and
ports.PaymentGateway (in the kiosk's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import InputRefused
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import NOTHING
from kiosk.ports import Clock

CURRENCY = "eur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be paid.

    ``label`` is what the citizen reads on the pay page, in French; ``email`` the address that
    some providers want, "" when none was given; ``bill`` what is paid, None for a load or an entry.
    """

    topup: str
    amount: Money
    at: datetime
    label: str = "Recharge de la carte de vie quotidienne"
    email: str = ""
    bill: BillOrder | None = None


def order_for(topup: str, amount: Money, at: datetime, bill: BillOrder | None) -> Order:
    """Give the order of a load, or of a bill under its own name."""
    order = Order(topup=topup, amount=amount, at=at)
    if bill is None:
        return order
    return replace(order, label=f"Facture {bill.reference}", bill=bill)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A payment as its provider tells it.

    ``url`` is the page where the citizen pays ("" when there is none or it is over);
    ``authorized_at`` is when the bank set the money aside, None before.
    """

    id: str
    status: PaymentStatus
    amount: Money
    url: str = ""
    expires_at: datetime | None = None
    authorized_at: datetime | None = None
    refunded: Money = NOTHING


class Provider(Protocol):
    """A way to pay, as the hub uses it.

    Every call raises PaymentUnavailable when no answer came (it may have been done all the same)
    or when the far side broke (``failed``), and ProviderRefused when it refuses the hub itself;
    calls with an id raise PaymentUnknown when there is no such payment.
    """

    def create(self, order: Order, *, key: str) -> Charge:
        """Ask for a payment; raises PaymentDeclined, AmountRefused."""
        ...

    def find(self, topup: str, since: datetime) -> Charge | None:
        """Look for an order's payment in the provider's own list, made at ``since`` or later."""
        ...

    def retrieve(self, payment_id: str) -> Charge:
        """Read its state."""
        ...

    def capture(self, payment_id: str, *, key: str) -> Charge:
        """Take the authorized money; what can't be captured answers as it stands."""
        ...

    def cancel(self, payment_id: str, *, key: str) -> Charge:
        """Give it up; what went through first answers so."""
        ...

    def refund(self, payment_id: str, amount: Money, *, key: str) -> Charge:
        """Give taken money back; raises AmountRefused above what is left."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a provider's ``make`` is given: ``options`` are its own, ``secret`` is the hub's."""

    clock: Clock
    environment: str
    secret: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict[str, str])

    def option(self, name: str) -> str:
        """Give an option that must be there; raises InputRefused."""
        if not self.options.get(name):
            raise InputRefused(f"the option {name!r} is missing", where="payments.toml")
        return self.options[name]
