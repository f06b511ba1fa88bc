"""The journal's entries: double entry in whole cents, canonical bytes, hash chain.

Rules (MONEY.md, "The ledger"):

1. An entry has at least two legs whose cents add up to zero; a debit is positive.
2. Its canonical bytes are UTF-8 text, one field a line, each line ended by LF::

       ALV-LEDGER-2
       <sequence, decimal, from 1 without gaps>
       <kind>
       <top-up's or movement's id, may be empty>
       <UTC moment, YYYY-MM-DDTHH:MM:SS.ffffffZ>
       <card's tag, empty without a card>
       <sequence of the card's log record, decimal>
       <the card's transaction counter (TMC), decimal>
       <the card's transaction MAC (TMV), lower-case hex, may be empty>
       <product's code, decimal>
       <entries of a book, signed>
       <account> <cents, decimal with a minus sign when negative>     (one line a leg)

   Legs keep the order in which they were booked. No field holds a line end or a blank. Entries
   of version 1 (ALV-LEDGER-1) have no line between the moment and the legs, and no card.
3. ``hash = SHA-256(previous hash, 32 bytes ‖ canonical bytes)``; before the first entry the
   previous hash is 32 zero bytes. SHA-256 because an auditor has it everywhere (FIPS 180-4).
4. An entry is never changed; a correction is another entry.
5. Income is booked when the purse pays (a book of entries: at its sale). An entry that is used
   moves no money: its legs are of zero cents, its card fields say what it took (ADR 0009). What
   is bought without a card is income as soon as it is paid; its card fields name the product alone.
6. A bill is income of its service when it is paid. In place of a card's tag its entry bears
   ``bill:<issuer>:<reference>``, so that the chain says which debt was paid.

Who verifies (kiosk.store.verify_ledger) spells the bytes by himself, importing nothing of this.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from kiosk.domain.bill import BillOrder
from kiosk.domain.card_move import MoveRow
from kiosk.domain.payment import TopupRow
from kiosk.domain.transfer import TransferRow

Marks: TypeAlias = tuple[str, int, int, str, int, int]  # the six lines of rule 2 on the card
MAGIC = "ALV-LEDGER-2"
GENESIS = bytes(32)
COUNTER_PROVIDERS = frozenset({"cash", "cheque"})  # their money is the till's, not the bank's
INCOME = "income."  # begins the accounts of what services earn
_FIELD = re.compile(r"[A-Za-z0-9._:-]*")
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Account(StrEnum):
    """The accounts of the journal; a service's income is ``income.<service>``."""

    BANK_CLEARING = "bank.clearing"  # asset: what the bank owes us
    PURSE_FLOAT = "purse.float"  # liability: what stands on the cards
    CASH_DRAWER = "cash.drawer"  # asset: what lies in the till
    CHEQUE_DRAWER = "cheque.drawer"  # asset: cheques that no slip has taken out yet
    TILL_FLOAT = "till.float"  # liability: the float that the public accountant has advanced
    TILL_DIFFERENCE = "till.difference"  # what counts have shown missing, or too much (negative)
    SUSPENSE = "suspense"  # must be zero at closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One side of an entry: signed cents, a debit is positive."""

    account: str
    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int or not self.account or not _FIELD.fullmatch(self.account):
            msg = f"not a leg: {self.account!r} {self.cents!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMark:
    """What ties an entry to a card: ``commits`` and ``proof`` are its TMC and TMV.

    ``tag`` stands for the card's number (kiosk.domain.purse.card_tag); ``entries`` is the signed
    change of a book.
    """

    tag: str = ""
    sequence: int = 0
    commits: int = 0
    proof: bytes = b""
    product: int = 0
    entries: int = 0

    def __post_init__(self) -> None:
        if not _FIELD.fullmatch(self.tag) or min(self.sequence, self.commits, self.product) < 0:
            msg = f"not a card's mark: {self}"
            raise ValueError(msg)

    @property
    def marks(self) -> Marks:
        """The six fields as the canonical bytes and the file hold them."""
        proof = self.proof.hex()
        return self.tag, self.sequence, self.commits, proof, self.product, self.entries


NO_CARD = CardMark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One balanced fact of the journal; ``subject`` is the top-up's or movement's id."""

    seq: int
    kind: str
    subject: str
    at: datetime  # aware
    legs: tuple[Leg, ...]
    card: CardMark = NO_CARD

    def __post_init__(self) -> None:
        named = (self.kind, _FIELD.fullmatch(self.kind), _FIELD.fullmatch(self.subject))
        if not all((self.seq > 0, *named, self.at.tzinfo)):
            msg = f"not an entry: {self.seq} {self.kind!r} {self.subject!r} {self.at!r}"
            raise ValueError(msg)
        if len(self.legs) < 2 or sum(leg.cents for leg in self.legs) != 0:
            msg = f"entry {self.seq} is not balanced"
            raise ValueError(msg)


def moment(at: datetime) -> str:
    """Give an aware moment as the canonical bytes spell it."""
    return at.astimezone(UTC).strftime(_MOMENT)


def canonical(entry: Entry) -> bytes:
    """Give the bytes that the chain covers (rule 2)."""
    head = f"{MAGIC}\n{entry.seq}\n{entry.kind}\n{entry.subject}\n{moment(entry.at)}\n"
    card = "".join([f"{mark}\n" for mark in entry.card.marks])
    legs = "".join([f"{leg.account} {leg.cents}\n" for leg in entry.legs])
    return f"{head}{card}{legs}".encode()


def link(previous: bytes, content: bytes) -> bytes:
    """Give the hash of an entry's canonical bytes after ``previous`` (rule 3)."""
    return hashlib.sha256(previous + content).digest()


def income(service: str) -> str:
    """Give the account of a service's income."""
    return f"{INCOME}{service}"


def paid_entry(paid: TopupRow, *, seq: int, at: datetime) -> Entry:
    """Give the entry of what was paid for: a load of a card, or an order without one."""
    order = paid.order
    if order is None:
        return topup_entry(paid, seq=seq, at=at)
    if isinstance(order, BillOrder):
        mark = CardMark(tag=f"bill:{order.key}")
    else:
        mark = CardMark(product=order.product)
    return Entry(
        seq=seq,
        kind=kind_of(paid),
        subject=paid.id,
        at=at,
        legs=_legs(_paid_by(paid), income(order.service), paid.amount.cents),
        card=mark,
    )


def kind_of(paid: TopupRow) -> str:
    """Give the kind of the entry that books a payment."""
    if paid.order is None:
        return "topup"
    return "bill" if isinstance(paid.order, BillOrder) else "purchase"


def topup_entry(topup: TopupRow, *, seq: int, at: datetime) -> Entry:
    """Give the entry of a top-up: the bank owes us, we owe the card's holder.

    What the till has received waits on ``suspense`` (kiosk.domain.till_entry, rule 2).
    """
    return Entry(
        seq=seq,
        kind="topup",
        subject=topup.id,
        at=at,
        legs=_legs(_paid_by(topup), Account.PURSE_FLOAT, topup.amount.cents),
        card=CardMark(tag=topup.card, sequence=topup.sequence, commits=topup.commits),
    )


def _paid_by(topup: TopupRow) -> Account:
    return Account.SUSPENSE if topup.provider in COUNTER_PROVIDERS else Account.BANK_CLEARING


def move_entry(move: MoveRow, *, seq: int, at: datetime) -> Entry:
    """Give the entry of a confirmed movement: we owe the holder less, the service has earned it.

    An entry taken from a book has the same legs with zero cents (rule 5). What is taken off to be
    handed out in cash waits on ``suspense`` for the till.
    """
    earns = Account.SUSPENSE if move.kind == "refund" else income(move.service)
    return Entry(
        seq=seq,
        kind=move.kind,
        subject=move.id,
        at=at,
        legs=_legs(Account.PURSE_FLOAT, earns, move.amount.cents),
        card=CardMark(
            tag=move.card,
            sequence=move.sequence + 1,
            commits=move.commits + 1,
            proof=move.proof,
            product=move.product,
            entries=move.entries,
        ),
    )


def transfer_entry(transfer: TransferRow, *, seq: int, at: datetime) -> Entry:
    """Give the entry of a balance that moved: owed on the lost card, now on the new one."""
    return Entry(
        seq=seq,
        kind="transfer",
        subject=transfer.id,
        at=at,
        legs=_legs(Account.PURSE_FLOAT, Account.PURSE_FLOAT, transfer.amount.cents),
        card=CardMark(tag=transfer.card, sequence=transfer.sequence, commits=transfer.commits),
    )


def reversal_entry(wrong: Entry, *, seq: int, at: datetime, subject: str) -> Entry:
    """Give the entry that undoes another one, leg by leg (rule 4)."""
    legs = tuple(Leg(account=leg.account, cents=-leg.cents) for leg in wrong.legs)
    return Entry(seq=seq, kind="reversal", subject=subject, at=at, legs=legs, card=wrong.card)


def _legs(debited: str, credited: str, cents: int) -> tuple[Leg, Leg]:
    return Leg(account=debited, cents=cents), Leg(account=credited, cents=-cents)
