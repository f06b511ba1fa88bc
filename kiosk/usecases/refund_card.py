"""Takes money off a card to hand it out in cash: a part of it, or all (balance-out).

Rules (CARD.md, "The card pulled away"; kiosk.domain.till, rule 6):

1. Everything that the till may refuse is refused before the card is asked.
2. The movement's row is durable before the card commits; its entry (kind ``refund``) once the card
   has confirmed. Its cents wait on ``suspense`` until they are handed out.
3. Cash is handed out only after that, by an event of its own. A crash or a card that was pulled
   away between leaves the movement on the staff's list (``TillJournal.owed``): never paid twice.
4. A lost card is never refunded: its balance moves to a new card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.card_move import MoveRow, MoveState, confirmed, not_done, sent, unknown
from kiosk.domain.errors import (
    CardBlocked,
    CardForeign,
    CardPulled,
    CardTampered,
    MoveDisputed,
    PurseEmpty,
    Refused,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Prepared, Spend, card_tag
from kiosk.domain.till import Hands, TillEvent
from kiosk.domain.till_acts import check_payout, paying_out
from kiosk.ports import CardSession, LostCards, MoveJournal
from kiosk.usecases.at_till import AtTill
from kiosk.usecases.settle_card import persist, settle_card


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDesk:
    """What refunds are made with; ``new_id`` gives movement ids."""

    till: AtTill
    moves: MoveJournal
    lost: LostCards
    card_key: bytes
    new_id: Callable[[], str]


def refund_card(
    session: CardSession, amount: Money | None, hands: Hands, desk: RefundDesk
) -> TillEvent:
    """Take ``amount`` off the card that lies there (None: all of it) and enter the payment out.

    A refund that an earlier tap left in doubt, and that the card now confirms, is the one paid out.
    Raises what check_payout raises, CardForeign, CardBlocked, PurseEmpty, MoveDisputed, CardPulled
    (lay the same card again), CardTampered, StorageFull, LedgerTampered.
    """
    face = session.read()
    tag = card_tag(face.number, desk.card_key)
    owed = _settled(face, tag, desk)
    if owed is not None:
        return pay_owed(owed.id, hands, desk.till)
    sum_ = face.balance if amount is None else amount
    _check_face(face, tag, sum_, desk)
    check_payout(desk.till.journal.till(), hands, sum_, desk.till.rules)
    move = _take(session, face, tag, sum_, desk)
    return _hand_out(move, hands, desk.till)


def pay_owed(move: str, hands: Hands, desk: AtTill) -> TillEvent:
    """Hand out what was taken off a card and wasn't handed out yet.

    Raises MoveDisputed when nothing is owed for this movement, what check_payout raises,
    StorageFull, LedgerTampered.
    """
    found = next((one for one in desk.journal.owed() if one.id == move), None)
    if found is None:
        raise MoveDisputed("nothing is owed for this movement")
    check_payout(desk.journal.till(), hands, found.amount, desk.rules)
    return _hand_out(found, hands, desk)


def _settled(face: CardFace, tag: str, desk: RefundDesk) -> MoveRow | None:
    """Settle what earlier taps left in doubt; gives a refund that waits for its cash."""
    settled = settle_card(desk.moves, face, tag, now=desk.till.clock.now())
    if any(move.state is MoveState.DISPUTE for move in settled):
        raise MoveDisputed("staff must settle an earlier movement of this card")
    return next((move for move in desk.till.journal.owed() if move.card == tag), None)


def _check_face(face: CardFace, tag: str, amount: Money, desk: RefundDesk) -> None:
    if face.kind != "purse":
        raise CardForeign("a badge holds no purse")
    listed = desk.lost.current()
    if face.blocked or (listed is not None and listed.holds(tag)):
        raise CardBlocked("a lost card isn't refunded")
    if not Money(0) < amount <= face.balance:
        raise PurseEmpty(f"{amount.cents} cents from {face.balance.cents}")


def _take(
    session: CardSession, face: CardFace, tag: str, amount: Money, desk: RefundDesk
) -> MoveRow:
    """Let the card commit, its row durable before (rule 2)."""
    spend = Spend(
        transaction_id=desk.new_id(),
        kind="refund",
        product=0,
        amount=amount,
        sequence=face.sequence,
        at=desk.till.clock.now(),
    )
    kept: list[MoveRow] = []

    def keep(prepared: Prepared) -> None:
        row = sent(spend, prepared, card=tag, service="", at=spend.at)
        desk.moves.save_move(row)
        kept.append(row)

    try:
        written = session.spend(spend, keep)
    except (CardPulled, CardTampered) as lost:
        if kept:
            doubted = unknown(kept[-1], desk.till.clock.now(), lost.message_key)
            persist(desk.moves, kept[-1], doubted)
        raise
    except Refused as refused:
        if kept:
            failed = not_done(kept[-1], desk.till.clock.now(), refused.message_key)
            persist(desk.moves, kept[-1], failed)
        raise
    after = confirmed(kept[-1], written, desk.till.clock.now())
    move = persist(desk.moves, kept[-1], after)
    if move.state is not MoveState.CONFIRMED:
        raise MoveDisputed("the card's answer contradicts its journal")
    return move


def _hand_out(move: MoveRow, hands: Hands, desk: AtTill) -> TillEvent:
    till = desk.journal.till()
    event = paying_out(till, hands, move.amount, move.id, at=desk.clock.now())
    return desk.journal.record(event)
