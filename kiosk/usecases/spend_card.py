"""Takes an entry, a service, a book or a pass from the card, and knows whether it was taken.

Rules (CARD.md, "The card pulled away"; MONEY.md, "The ledger"):

1. A tap first settles what this card left in doubt, after a crash too. When that shows that an
   earlier movement was done, this tap ends there: nobody pays twice for one wish. A dispute stops
   the card (MoveDisputed) until staff have looked. Only then the card's whole log is read: where
   nothing is in doubt its last record will do, and without an order the card isn't read at all.
2. The offline rules are asked next (kiosk.domain.card_rules); nothing is written for a refusal.
3. The journal's row is durable before the card commits. DONE, and so goods and entry, only once
   the card has confirmed and the ledger's entry is durable.
4. A commit without an answer asks for the same card for AGAIN_MAX; another card is refused
   (OtherCard). The same card says what happened: done, or not done and then it is taken now.
5. After AGAIN_MAX nothing is given: LATER, the card's next tap settles it, whenever that is.
6. One order at a time; a second tap while the card is asked for again gives the one that runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from kiosk.domain.card_move import MoveRow, MoveState, confirmed, not_done, sent, unknown
from kiosk.domain.card_rules import CardRules, Standing, check_spend
from kiosk.domain.errors import CardPulled, CardTampered, MoveDisputed, OtherCard, Refused
from kiosk.domain.product import Catalogue, Product
from kiosk.domain.purse import CardFace, Prepared, Spend, card_tag
from kiosk.domain.sale import Order, spend_of
from kiosk.ports import CardSession, Clock, LostCards, MoveJournal
from kiosk.usecases.settle_card import persist, settle_card, settle_move

AGAIN_MAX = timedelta(seconds=20)


class SpendStage(StrEnum):
    """What the screen shows."""

    CARD = "card"  # lay the card
    CARD_AGAIN = "card_again"  # lay the same card again
    DONE = "done"
    LATER = "later"  # nobody knows yet; nothing is given
    STAFF = "staff"  # staff must look


_ENDED = frozenset({SpendStage.DONE, SpendStage.LATER, SpendStage.STAFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """What a kiosk sells with: ``card_key`` makes card tags, ``zone`` the territory's days.

    ``new_id`` gives movement ids: a letter, a hyphen, twelve hex digits (eight bytes on the card).
    ``permit`` raises ClockSetBack, LicenceEnded or DeviceRevoked where nothing may be taken.
    """

    catalogue: Catalogue
    rules: CardRules
    card_key: bytes
    zone: tzinfo
    new_id: Callable[[], str]
    permit: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Where an order stands.

    ``move`` is what the journal holds, None before the card was asked; ``face`` the card after
    it; ``recovered``: an earlier movement was settled, its goods may have been given long ago.
    """

    product: Product | None
    stage: SpendStage
    move: MoveRow | None = None
    face: CardFace | None = None
    again_until: datetime | None = None
    message_key: str = ""
    recovered: bool = False


class SpendCard:
    """The use case; callable from any thread, one call at a time."""

    def __init__(self, *, journal: MoveJournal, lost: LostCards, clock: Clock, till: Till) -> None:
        self._journal = journal
        self._lost = lost
        self._clock = clock
        self._till = till
        self._order: Order | None = None
        self._now: Spending | None = None
        self._session: CardSession | None = None
        self._turn = threading.RLock()

    @property
    def progress(self) -> Spending | None:
        """Where the active order stands, None without one."""
        with self._turn:
            return self._now

    def ask(self, order: Order) -> Spending:
        """Ask for a product; a card that lies there already is taken from at once.

        Raises ProductUnknown, and what ``card_laid`` raises: the order then waits for a card.
        """
        with self._turn:
            if self._now is not None and self._now.stage is SpendStage.CARD_AGAIN:
                return self._now
            product = self._till.catalogue.product(order.product)
            self._order = order
            self._now = Spending(product=product, stage=SpendStage.CARD)
            if self._session is not None:
                self._tap(self._session)
            return self._now

    def card_laid(self, session: CardSession) -> Spending | None:
        """Settle what the card left in doubt, then take the active order from it.

        Gives what this tap did; None: nothing was asked and nothing was in doubt. Raises
        OtherCard, MoveDisputed, CardForeign, CardTampered, StorageFull, and what the permit,
        check_spend and CardSession.spend refuse.
        """
        with self._turn:
            self._session = session
            self._expire()
            if self._now is not None and self._now.stage in _ENDED:
                self._now = None  # its receipt is of the tap before
            if self._now is not None or self._journal.unsettled():
                self._tap(session)
            return self._now

    def card_lifted(self) -> None:
        """Forget the card that lay there."""
        with self._turn:
            self._session = None

    def poll(self) -> Spending | None:
        """Let time pass: a card that didn't come back in time is settled LATER."""
        with self._turn:
            self._expire()
            return self._now

    def leave(self) -> None:
        """End the visit: the order is forgotten, the journal keeps what is in doubt."""
        with self._turn:
            self._order = self._now = self._session = None

    def _expire(self) -> None:
        now = self._now
        if now is None or now.stage is not SpendStage.CARD_AGAIN or now.again_until is None:
            return
        if self._clock.now() >= now.again_until:
            self._order = None
            self._now = replace(now, stage=SpendStage.LATER)

    def _tap(self, session: CardSession) -> None:
        try:
            face = session.glance()
            tag = card_tag(face.number, self._till.card_key)
            if self._in_doubt(tag):
                face = session.read()
        except CardPulled:
            self._pulled_before()
            return
        if self._torn_is_ended(face, tag) or self._earlier_is_ended(face, tag):
            return
        if self._order is not None and self._now is not None:
            self._take(session, face, tag)

    def _in_doubt(self, tag: str) -> bool:
        again = self._now is not None and self._now.stage is SpendStage.CARD_AGAIN
        return again or bool(self._journal.open_moves(tag))

    def _pulled_before(self) -> None:
        if self._now is not None:
            self._now = replace(self._now, message_key=CardPulled.message_key)

    def _torn_is_ended(self, face: CardFace, tag: str) -> bool:
        """Settle the torn movement by its card; True: the order has ended."""
        now = self._now
        if now is None or now.stage is not SpendStage.CARD_AGAIN or now.move is None:
            return False
        if tag != now.move.card:
            raise OtherCard("another card than the one that was pulled away")
        move = settle_move(self._journal, now.move, face, now=self._clock.now())
        if move.state is MoveState.NOT_DONE:
            self._now = replace(now, stage=SpendStage.CARD, move=None, again_until=None)
            return False
        self._end(now, move, face)
        return True

    def _earlier_is_ended(self, face: CardFace, tag: str) -> bool:
        """Settle what earlier visits left; True: one of them was done, this tap ends there."""
        settled = settle_card(self._journal, face, tag, now=self._clock.now())
        if any(move.state is MoveState.DISPUTE for move in settled):
            raise MoveDisputed("staff must settle an earlier movement of this card")
        done = [move for move in settled if move.state is MoveState.CONFIRMED]
        if done:
            known = self._till.catalogue.products.get(done[-1].product)
            before = Spending(product=known, stage=SpendStage.CARD, recovered=True)
            self._end(before, done[-1], face)
        return bool(done)

    def _take(self, session: CardSession, face: CardFace, tag: str) -> None:
        order, now = self._order, self._now
        assert order is not None, "asked for before"
        assert now is not None, "asked for before"
        if now.product is None or now.stage is not SpendStage.CARD:
            return
        self._till.permit()
        at = self._clock.now()
        day = self._today(at)
        spend = spend_of(
            order, now.product, face, transaction_id=self._till.new_id(), at=at, day=day
        )
        use = self._journal.offline_use(tag)
        standing = Standing(face=face, tag=tag, use=use, now=at, today=day)
        check_spend(standing, spend.amount, self._till.rules, self._lost.current())
        self._commit(session, spend, tag, now)

    def _today(self, at: datetime) -> date:
        return at.astimezone(self._till.zone).date()

    def _commit(self, session: CardSession, spend: Spend, tag: str, now: Spending) -> None:
        """Let the card commit, with its row durable before (rule 3)."""
        kept: list[MoveRow] = []
        service = now.product.service if now.product else ""

        def keep(prepared: Prepared) -> None:
            row = sent(spend, prepared, card=tag, service=service, at=spend.at)
            self._journal.save_move(row)
            kept.append(row)

        try:
            written = session.spend(spend, keep)
        except (CardPulled, CardTampered) as lost:
            if not kept:
                self._now = replace(now, message_key=lost.message_key)
            else:
                self._doubt(now, kept[-1], lost)
            if isinstance(lost, CardTampered):
                raise
            return
        except Refused as refused:
            if kept:
                note = refused.message_key
                persist(self._journal, kept[-1], not_done(kept[-1], self._clock.now(), note))
            raise
        assert kept, "a card that commits has told so before"
        # until the entry is durable the row says commit_sent: the next tap books it
        self._now = self._again(now, kept[-1], "")
        move = persist(self._journal, kept[-1], confirmed(kept[-1], written, self._clock.now()))
        self._end(now, move, written.face)

    def _doubt(self, now: Spending, row: MoveRow, lost: CardPulled | CardTampered) -> None:
        """Ask for the same card again (rule 4)."""
        doubted = unknown(row, self._clock.now(), lost.message_key)
        self._now = self._again(now, doubted, lost.message_key)
        persist(self._journal, row, doubted)

    def _again(self, now: Spending, row: MoveRow, message_key: str) -> Spending:
        return replace(
            now,
            stage=SpendStage.CARD_AGAIN,
            move=row,
            again_until=self._clock.now() + AGAIN_MAX,
            message_key=message_key,
        )

    def _end(self, now: Spending, move: MoveRow, face: CardFace) -> None:
        done = move.state is MoveState.CONFIRMED
        self._order = None
        self._now = replace(
            now,
            stage=SpendStage.DONE if done else SpendStage.STAFF,
            move=move,
            face=face,
            again_until=None,
            message_key=move.note,
        )
