"""The move of a lost card's balance to a new one, as a pure machine.

Rules (CARD.md, "Lost cards"; loads are numbered per card):

1. A card is blocked at once; its balance moves only when no kiosk of the fleet can debit it any
   more: every kiosk has a list that names it, or one too old to debit on. A badge's account holds
   its balance at the hub, so it moves at once.
2. ``waiting`` → ``writing`` once the new card's load number is saved, before the card is written →
   ``done`` with the ledger's entry, or ``manual`` when the card can't say.
3. ``writing`` belongs to the new card: number n-1 → write; n or more with our id in its log → done;
   anything else → manual, for staff. Never a second credit on a guess.
4. ``done`` and ``manual`` are fixed points. A lost card's balance moves once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.domain.card_rules import Blocklist, CardRules
from kiosk.domain.errors import CardTampered, TransferTooSoon
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace


class TransferState(StrEnum):
    """Where a transfer stands (rule 2)."""

    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRow:
    """A transfer as it is persisted: ``lost`` and ``card`` are the tags of both cards.

    ``sequence`` and ``commits`` are those of the load's record on the new card, 0 until written.
    """

    id: str
    state: TransferState
    lost: str
    card: str
    amount: Money
    created_at: datetime
    changed_at: datetime
    load_number: int = 0
    sequence: int = 0
    commits: int = 0
    note: str = ""
    entry: int = 0

    def __post_init__(self) -> None:
        if self.amount <= Money(0) or self.lost == self.card:
            msg = f"not a transfer: {self.amount.cents} cents from {self.lost} to {self.card}"
            raise ValueError(msg)

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do for the kiosk."""
        return self.state in {TransferState.DONE, TransferState.MANUAL}


def check_lost(
    lost: str, blocklist: Blocklist | None, rules: CardRules, *, badge: bool, now: datetime
) -> None:
    """Refuse to move a balance that could still be spent (rule 1); raises TransferTooSoon."""
    if badge:
        return
    dead = None if blocklist is None else blocklist.dead_at(lost, rules.blocklist_max)
    if dead is None or now < dead:
        raise TransferTooSoon(f"the lost card may be debited until {dead or 'it is listed'}")


def prepare(row: TransferRow, face: CardFace, at: datetime) -> TransferRow:
    """Give the row with the load number that the new card is about to take (rule 2)."""
    if row.state is not TransferState.WAITING:
        return row
    return replace(row, state=TransferState.WRITING, load_number=face.last_load + 1, changed_at=at)


def settle(row: TransferRow, face: CardFace, at: datetime) -> TransferRow:
    """Let the new card say whether the load was written (rule 3)."""
    if row.state is not TransferState.WRITING or face.last_load == row.load_number - 1:
        return row
    record = face.record_of(row.id)
    if face.last_load < row.load_number or record is None:
        note = CardTampered.message_key
        return replace(row, state=TransferState.MANUAL, note=note, changed_at=at)
    last = record.seq == face.sequence  # only the last record's counter is the card's own
    return replace(
        row,
        state=TransferState.DONE,
        sequence=record.seq,
        commits=face.commits if last else 0,
        changed_at=at,
    )
