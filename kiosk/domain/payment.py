"""The values of a top-up and of its payment; the machine that moves them is payments.topup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from kiosk.domain.bill import BillOrder
from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.errors import AmountRefused, PurseFull
from kiosk.domain.money import Money
from kiosk.domain.ticket_order import TicketOrder


class PaymentStatus(StrEnum):
    """A payment as its provider tells it (Stripe's PaymentIntent words)."""

    PENDING = "requires_payment_method"
    AUTHORIZED = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class TopupState(StrEnum):
    """MONEY.md, "The top-up"."""

    CREATED = "created"
    INTENT_CREATED = "intent_created"
    AUTHORIZED = "authorized"
    PAID = "paid"  # taken at once: it waits for its card as a pending load
    CARD_WRITING = "card_writing"
    CAPTURING = "capturing"
    DONE = "done"
    CANCELING = "canceling"
    CANCELED = "canceled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    MANUAL = "manual"


Order: TypeAlias = TicketOrder | BillOrder  # what is paid without a card
SIMULATOR = "simulator"  # the provider that moves no money: marked as such wherever it shows

# A territory's usual limits: 5, 10, 20 and 50 euros are proposed, one euro is the least.
PROPOSED = (Money(500), Money(1000), Money(2000), Money(5000))
TOPUP_LEAST = Money(100)
PAY_MAX = timedelta(minutes=5)  # the visible clock of the pay screen
CARD_MAX = timedelta(seconds=90)  # from the authorization to the card

# States that nothing moves any more on the kiosk (MANUAL is the staff's).
ENDED = frozenset({TopupState.DONE, TopupState.CANCELED, TopupState.REFUNDED, TopupState.MANUAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as seen from the kiosk; ``url`` is what the QR shows, ``code`` the short code.

    ``held``: the far side has promised never to void it by itself (MONEY.md, "The top-up");
    ``refunded``: what was taken has been given back; ``provider``: who takes the money, "" where
    the kiosk's own row says so.
    """

    id: str
    status: PaymentStatus
    amount: Money
    url: str = ""
    code: str = ""
    expires_at: datetime | None = None
    held: bool = False
    refunded: bool = False
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopupRow:
    """A top-up as it is persisted.

    ``card`` is the card's tag (kiosk.domain.purse.card_tag), never its number; ``changed_at``
    is when it came into its state; ``note`` the message key of why it was given up or needs
    staff; ``entry`` the journal's sequence once it is booked; ``sequence`` and ``commits`` are the
    load's record and the counter (TMC) on the card, 0 until it is written. ``order`` is what is
    paid without a card (``card`` is "" then), None for a load.
    """

    id: str
    state: TopupState
    card: str
    amount: Money
    provider: str
    payment_id: str = ""
    load_number: int = 0
    balance_before: Money | None = None
    created_at: datetime
    changed_at: datetime
    note: str = ""
    entry: int = 0
    sequence: int = 0
    commits: int = 0
    order: Order | None = None

    @property
    def ticket_order(self) -> TicketOrder | None:
        """The entry that is bought, None for anything else."""
        return self.order if isinstance(self.order, TicketOrder) else None

    @property
    def bill(self) -> BillOrder | None:
        """The bill that is paid, None for anything else."""
        return self.order if isinstance(self.order, BillOrder) else None

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do for the kiosk."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class TopupLimits:
    """What a territory lets a citizen load: proposed sums, the least, the most, the ceiling."""

    proposed: tuple[Money, ...] = PROPOSED
    least: Money = TOPUP_LEAST
    most: Money = PURSE_MAX
    ceiling: Money = PURSE_MAX

    def __post_init__(self) -> None:
        sums = (Money(1), self.least, *self.proposed, self.most, PURSE_MAX)
        if list(sums) != sorted(sums) or not self.least <= self.ceiling <= PURSE_MAX:
            msg = f"limits out of order: {sums}, ceiling {self.ceiling}"
            raise ValueError(msg)

    def room(self, balance: Money) -> Money:
        """Give the largest sum that may be loaded on ``balance``; zero when there is none."""
        room = min(self.most, self.ceiling - balance)
        return room if room >= self.least else Money(0)

    def offered(self, balance: Money) -> tuple[Money, ...]:
        """Give the proposed sums that fit on ``balance``."""
        return tuple(amount for amount in self.proposed if amount <= self.room(balance))

    def check(self, amount: Money, balance: Money) -> None:
        """Refuse a sum that may not be loaded; raises AmountRefused, PurseFull."""
        if not self.least <= amount <= self.most:
            raise AmountRefused(
                f"{amount.cents} cents: a top-up is {self.least.cents} to {self.most.cents} cents"
            )
        if balance + amount > self.ceiling:
            raise PurseFull(
                f"{amount.cents} cents on {balance.cents} would pass {self.ceiling.cents}"
            )
