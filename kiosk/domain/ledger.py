"""The journal's entries: double entry in whole cents, canonical bytes, hash chain, verification.

Rules (MONEY.md, "The ledger"):

1. An entry has at least two legs whose cents add up to zero; a debit is positive.
2. Its canonical bytes are UTF-8 text, one field a line, each line ended by LF::

       ALV-LEDGER-1
       <sequence, decimal, from 1 without gaps>
       <kind>
       <top-up's id, may be empty>
       <UTC moment, YYYY-MM-DDTHH:MM:SS.ffffffZ>
       <account> <cents, decimal with a minus sign when negative>     (one line a leg)

   Legs keep the order in which they were booked. No field holds a line end or a blank.
3. ``hash = SHA-256(previous hash, 32 bytes ‖ canonical bytes)``; before the first entry the
   previous hash is 32 zero bytes. SHA-256 because an auditor has it everywhere (FIPS 180-4).
4. An entry is never changed; a correction is another entry.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from kiosk.domain.payment import TopupRow

EntryKind = Literal["topup"]
MAGIC = "ALV-LEDGER-1"
HEADER_LINES = 5  # lines of the canonical bytes before the legs
GENESIS = bytes(32)
_FIELD = re.compile(r"[A-Za-z0-9._:-]*")
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Account(StrEnum):
    """The accounts of the journal; a product's income is added with the product."""

    BANK_CLEARING = "bank.clearing"  # asset: what the bank owes us
    PURSE_FLOAT = "purse.float"  # liability: what stands on the cards
    CASH_DRAWER = "cash.drawer"  # asset: what lies in the till
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
class Entry:
    """One balanced fact of the journal."""

    seq: int
    kind: str
    topup: str
    at: datetime  # aware
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        named = (self.kind, _FIELD.fullmatch(self.kind), _FIELD.fullmatch(self.topup))
        if not all((self.seq > 0, *named, self.at.tzinfo)):
            msg = f"not an entry: {self.seq} {self.kind!r} {self.topup!r} {self.at!r}"
            raise ValueError(msg)
        if len(self.legs) < 2 or sum(leg.cents for leg in self.legs) != 0:
            msg = f"entry {self.seq} is not balanced"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """An entry as it was read back from a file: nothing of it is believed yet."""

    seq: int
    kind: str
    topup: str
    at: str
    legs: tuple[tuple[str, int], ...]
    canonical: bytes
    previous: bytes
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found; ``bad_line`` is the first bad sequence, 0 when all is sound.

    ``turned_back`` are the sequences whose clock stands before the entry ahead of them: no
    breach (clocks are set right), but an auditor asks why.
    """

    entries: int
    head: bytes
    bad_line: int = 0
    reason: str = ""
    turned_back: tuple[int, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether no breach was found."""
        return self.bad_line == 0


def moment(at: datetime) -> str:
    """Give an aware moment as the canonical bytes spell it."""
    return at.astimezone(UTC).strftime(_MOMENT)


def canonical(entry: Entry) -> bytes:
    """Give the bytes that the chain covers (rule 2)."""
    legs = tuple((leg.account, leg.cents) for leg in entry.legs)
    return _spell(entry.seq, entry.kind, entry.topup, moment(entry.at), legs)


def link(previous: bytes, content: bytes) -> bytes:
    """Give the hash of an entry's canonical bytes after ``previous`` (rule 3)."""
    return hashlib.sha256(previous + content).digest()


def topup_entry(topup: TopupRow, *, seq: int, at: datetime) -> Entry:
    """Give the entry of a top-up: the bank owes us, we owe the card's holder."""
    cents = topup.amount.cents
    legs = (
        Leg(account=Account.BANK_CLEARING, cents=cents),
        Leg(account=Account.PURSE_FLOAT, cents=-cents),
    )
    return Entry(seq=seq, kind="topup", topup=topup.id, at=at, legs=legs)


def verify(rows: Iterable[ChainRow], *, after: int = 0, head: bytes = GENESIS) -> Verdict:
    """Check a chain from its beginning, or on from entry ``after`` whose hash is ``head``."""
    seq, turned_back, before = after, list[int](), ""
    for row in rows:
        reason = _breach(row, seq + 1, head)
        if reason:
            return _verdict(seq, head, turned_back, bad_line=seq + 1, reason=reason)
        if row.at < before:
            turned_back.append(row.seq)
        seq, head, before = row.seq, row.digest, row.at
    return _verdict(seq, head, turned_back)


def _verdict(
    seq: int, head: bytes, turned_back: list[int], *, bad_line: int = 0, reason: str = ""
) -> Verdict:
    return Verdict(
        entries=seq, head=head, bad_line=bad_line, reason=reason, turned_back=tuple(turned_back)
    )


def _breach(row: ChainRow, seq: int, head: bytes) -> str:
    """Say what is wrong with a row that should be entry ``seq`` after ``head``; "" for nothing."""
    if row.seq != seq:
        return f"gap: entry {seq} is missing, {row.seq} stands in its place"
    if len(row.legs) < 2 or sum([cents for _, cents in row.legs]) != 0:
        return "legs: fewer than two, or not adding up to zero"
    spelled = _spell(row.seq, row.kind, row.topup, row.at, row.legs)
    # a line end inside a field would let two rows share their bytes (rule 2)
    if row.canonical != spelled or spelled.count(b"\n") != HEADER_LINES + len(row.legs):
        return "content: columns and canonical bytes differ"
    if row.previous != head:
        return "chain: the previous hash is not that of the entry before"
    if row.digest != link(head, row.canonical):
        return "chain: the hash doesn't fit the content"
    return ""


def _spell(seq: int, kind: str, topup: str, at: str, legs: tuple[tuple[str, int], ...]) -> bytes:
    # a list, not a generator: half the time on two legs, and 100 000 entries are verified so
    lines = "".join([f"{account} {cents}\n" for account, cents in legs])
    return f"{MAGIC}\n{seq}\n{kind}\n{topup}\n{at}\n{lines}".encode()
