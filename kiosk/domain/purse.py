"""The daily-life card as the kiosk shows it: purse, entry books, entitlements, last operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kiosk.domain.card_limits import NUMBER_MAX
from kiosk.domain.money import Money

OperationKind = Literal["load", "debit", "entry", "purchase", "refund", "transfer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An entry book: how many entries are left, for which service, until when.

    ``number`` is its Value file's on the card, ``code`` the territory's product code.
    """

    product: str
    service: str
    entries: int
    valid_until: date | None = None
    number: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A membership or season pass; ``code`` is the territory's product code."""

    product: str
    service: str
    valid_until: date | None = None
    valid_from: date | None = None
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the card's cyclic log; ``amount`` is signed, in cents (or in entries).

    ``product`` is the territory's product code, 0 for none.
    """

    seq: int
    kind: OperationKind
    label: str
    at: datetime
    amount: Money | None
    entries: int = 0
    balance_after: Money | None = None
    transaction_id: str = ""
    product: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """Everything the card alone tells. ``number`` is pseudonymous; only its last four show.

    ``log`` has the newest operation first; ``valid_until`` is the last good day; ``commits`` is
    the card's counter of transaction MACs (TMC), 0 where there is none.
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
    commits: int = 0

    @property
    def last_four(self) -> str:
        """The last four characters of the number."""
        return self.number[-4:]

    def expired(self, today: date) -> bool:
        """Say whether the card's validity is over on ``today``."""
        return self.valid_until is not None and today > self.valid_until

    def carries(self, transaction_id: str) -> bool:
        """Say whether the log, the proof of a commit (CARD.md), names ``transaction_id``."""
        return self.record_of(transaction_id) is not None

    def record_of(self, transaction_id: str) -> Operation | None:
        """Give the log's record of ``transaction_id``, None when it isn't (or no more) there."""
        return next((line for line in self.log if line.transaction_id == transaction_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A numbered credit for one card (CARD.md: only ``last_load + 1`` is ever written).

    ``kind`` is load, transfer (from a lost card) or refund.
    """

    number: int
    amount: Money
    transaction_id: str
    label: str
    at: datetime
    kind: OperationKind = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What one commit takes from a card, and what it may give for it.

    ``amount`` is taken from the purse (never negative); ``entries`` is the signed change of the
    book ``book`` (the number of its Value file, 0 for none); ``grant`` is an entitlement that is
    written; ``product`` the territory's product code, which the card's log keeps. ``sequence`` is
    that of the face on which it was decided: a card that has moved on since is refused.
    """

    transaction_id: str
    kind: OperationKind
    product: int
    amount: Money
    sequence: int
    at: datetime
    book: int = 0
    entries: int = 0
    grant: Grant | None = None

    def __post_init__(self) -> None:
        if self.amount < Money(0) or (self.entries != 0) != (self.book != 0):
            msg = f"not a spend: {self.amount.cents} cents, {self.entries} entries of {self.book}"
            raise ValueError(msg)
        if self.amount == Money(0) and not self.entries and self.grant is None:
            raise ValueError("a spend that changes nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A membership or season pass to be written: the product's code and its days, inclusive."""

    product: int
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What must be durable before the card commits (CARD.md, "The card pulled away")."""

    number: str
    transaction_id: str
    sequence: int
    commits: int
    balance_before: Money
    balance_after: Money
    entries_before: int = 0
    entries_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A confirmed commit: the face after it, and the card's proof (its TMC and TMV)."""

    face: CardFace
    commits: int
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """What a blank card becomes: a pseudonymous number (16 ASCII signs at most), its last day."""

    number: str
    issued_at: datetime
    valid_until: date

    def __post_init__(self) -> None:
        if not (0 < len(self.number) <= NUMBER_MAX and self.number.isascii()):
            msg = f"not a card's number: {len(self.number)} signs"
            raise ValueError(msg)


def card_tag(number: str, key: bytes) -> str:
    """Give what stands for a card in files: an HMAC under the territory's key, 32 hex digits.

    TRUST.md, "Privacy": a card number is never written down.
    """
    import hashlib  # put off with OpenSSL: no first frame needs it
    import hmac

    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()[:32]
