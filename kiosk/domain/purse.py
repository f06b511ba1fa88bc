"""The daily-life card as the kiosk shows it: purse, entry books, entitlements, last operations."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kiosk.domain.money import Money

OperationKind = Literal["load", "debit", "entry", "refund", "transfer"]
PURSE_MAX = Money(15_000)  # CARD.md, file 02: 0…15 000 cents
LOG_MAX = 10  # operations that the card's cyclic log keeps (CARD.md, file 05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An entry book: how many entries are left, for which service, until when."""

    product: str
    service: str
    entries: int
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A membership or season pass."""

    product: str
    service: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the card's cyclic log; ``amount`` is signed, in cents (or in entries)."""

    seq: int
    kind: OperationKind
    label: str
    at: datetime
    amount: Money | None
    entries: int = 0
    balance_after: Money | None = None
    transaction_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """Everything the card alone tells. ``number`` is pseudonymous; only its last four show.

    ``log`` has the newest operation first; ``valid_until`` is the last good day.
    """

    number: str
    kind: Literal["purse", "badge"]
    balance: Money
    last_load: int
    sequence: int
    books: tuple[Book, ...]
    entitlements: tuple[Entitlement, ...]
    log: tuple[Operation, ...]
    valid_until: date | None = None
    blocked: bool = False

    @property
    def last_four(self) -> str:
        """The last four characters of the number."""
        return self.number[-4:]

    def expired(self, today: date) -> bool:
        """Say whether the card's validity is over on ``today``."""
        return self.valid_until is not None and today > self.valid_until

    def carries(self, transaction_id: str) -> bool:
        """Say whether the log, the proof of a commit (CARD.md), names ``transaction_id``."""
        return any(line.transaction_id == transaction_id for line in self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A numbered credit for one card (CARD.md: only ``last_load + 1`` is ever written)."""

    number: int
    amount: Money
    transaction_id: str
    label: str
    at: datetime


def card_tag(number: str, key: bytes) -> str:
    """Give what stands for a card in files: an HMAC under the territory's key, 32 hex digits.

    TRUST.md, "Privacy": a card number is never written down.
    """
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()[:32]
