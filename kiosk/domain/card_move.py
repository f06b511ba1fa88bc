"""A movement of a card as a pure machine: what is known of its commit, and how doubt ends.

Rules (CARD.md, "The card pulled away"):

1. What is prepared is a value only (``Prepared``): nothing was sent. What the journal holds,
   durably and before the commit leaves, is ``commit_sent``; one fsync before the card, none wasted
   on a card that refuses.
2. The card's answer makes it ``confirmed``; a refusal after the row was written ``not_done``; no
   answer ``unknown``. A row that a crash left at ``commit_sent`` is as unknown.
3. The next tap of the same card ends the doubt (``resolve``): the last log record is ours →
   ``confirmed``; the card's sequence is what it was before → ``not_done``; further on → the cyclic
   log says: our record → ``confirmed``, another one under our sequence → ``not_done`` (a spend is
   written only on the sequence on which it was decided), neither any more → ``dispute``.
4. A card whose sequence went back, or whose balance isn't what the record says, contradicts itself:
   ``dispute``, for staff; never a guess.
5. ``confirmed`` and ``not_done`` are fixed points; a ``dispute`` is ended by staff.
6. Goods and entry are given on ``confirmed`` only, once the ledger's entry is durable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.domain.errors import CardTampered, MoveDisputed
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Operation, OperationKind, Prepared, Spend, Written


class MoveState(StrEnum):
    """What is known of a movement (rule 1 to 5)."""

    COMMIT_SENT = "commit_sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    NOT_DONE = "not_done"
    DISPUTE = "dispute"


OPEN = frozenset({MoveState.COMMIT_SENT, MoveState.UNKNOWN})  # the next tap decides


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A movement as it is persisted.

    ``card`` is the card's tag, never its number; ``sequence``, ``commits`` (TMC), balances and
    entries are the card's before the commit and as they must be after it; ``proof`` is its TMV;
    ``entry`` the ledger's sequence once it is booked; ``service`` earns the ``amount``.
    """

    id: str
    state: MoveState
    kind: OperationKind
    card: str
    product: int
    service: str
    amount: Money
    sequence: int
    commits: int
    balance_before: Money
    balance_after: Money
    created_at: datetime
    changed_at: datetime
    book: int = 0
    entries: int = 0
    entries_before: int = 0
    entries_after: int = 0
    proof: bytes = b""
    note: str = ""
    entry: int = 0

    @property
    def open(self) -> bool:
        """Whether nobody knows yet if the card took it."""
        return self.state in OPEN


def sent(spend: Spend, prepared: Prepared, *, card: str, service: str, at: datetime) -> MoveRow:
    """Give the row that must be durable before the card commits (rule 1)."""
    return MoveRow(
        id=spend.transaction_id,
        state=MoveState.COMMIT_SENT,
        kind=spend.kind,
        card=card,
        product=spend.product,
        service=service,
        amount=spend.amount,
        sequence=prepared.sequence,
        commits=prepared.commits,
        balance_before=prepared.balance_before,
        balance_after=prepared.balance_after,
        created_at=at,
        changed_at=at,
        book=spend.book,
        entries=spend.entries,
        entries_before=prepared.entries_before,
        entries_after=prepared.entries_after,
    )


def confirmed(row: MoveRow, written: Written, at: datetime) -> MoveRow:
    """Give the row after the card's answer (rule 2); one that contradicts it is a dispute."""
    after = _to(row, MoveState.CONFIRMED, at)
    if written.face.sequence != row.sequence + 1 or written.face.balance != row.balance_after:
        return _to(row, MoveState.DISPUTE, at, CardTampered.message_key)
    return replace(after, proof=written.proof)


def unknown(row: MoveRow, at: datetime, note: str) -> MoveRow:
    """Give the row of a commit without an answer."""
    return _to(row, MoveState.UNKNOWN, at, note)


def not_done(row: MoveRow, at: datetime, note: str) -> MoveRow:
    """Give the row of a commit that the card refused."""
    return _to(row, MoveState.NOT_DONE, at, note)


def resolve(row: MoveRow, face: CardFace, at: datetime) -> MoveRow:
    """End the doubt about ``row`` by its card's ``face`` (rules 3 and 4)."""
    if not row.open:
        return row
    record = face.record_of(row.id)
    if record is not None:
        return _found(row, record, at)
    if face.sequence < row.sequence:
        return _to(row, MoveState.DISPUTE, at, CardTampered.message_key)
    if face.sequence == row.sequence:
        return _unmoved(row, face, at)
    another = any(line.seq == row.sequence + 1 for line in face.log)
    if another:
        return _to(row, MoveState.NOT_DONE, at)
    return _to(row, MoveState.DISPUTE, at, MoveDisputed.message_key)


def decide(row: MoveRow, *, done: bool, at: datetime) -> MoveRow:
    """End a dispute by what staff have found out; anything else stays as it is."""
    if row.state is not MoveState.DISPUTE:
        return row
    return _to(row, MoveState.CONFIRMED if done else MoveState.NOT_DONE, at)


def _found(row: MoveRow, record: Operation, at: datetime) -> MoveRow:
    told = record.balance_after if row.amount.cents else None  # a book's record tells entries
    if record.seq != row.sequence + 1 or told not in (None, row.balance_after):
        return _to(row, MoveState.DISPUTE, at, CardTampered.message_key)
    return _to(row, MoveState.CONFIRMED, at)


def _unmoved(row: MoveRow, face: CardFace, at: datetime) -> MoveRow:
    left = next((book.entries for book in face.books if book.number == row.book), 0)
    same = face.balance == row.balance_before and (not row.book or left == row.entries_before)
    if not same:
        return _to(row, MoveState.DISPUTE, at, CardTampered.message_key)
    return _to(row, MoveState.NOT_DONE, at)


def _to(row: MoveRow, state: MoveState, at: datetime, note: str = "") -> MoveRow:
    return replace(row, state=state, changed_at=at, note=note)
