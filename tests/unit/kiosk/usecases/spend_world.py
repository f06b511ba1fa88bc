"""A small world for spending: cards and a journal file that outlive the kiosk."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_move import MoveRow, MoveState
from kiosk.domain.card_rules import Blocklist, CardRules
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue
from kiosk.domain.purse import CardFace, card_tag
from kiosk.ports import CardSession, LostCards, MoveJournal
from kiosk.store.blocklist import FILE, LostCardsStore, write_blocklist
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.store.pack import load_territory
from kiosk.usecases.spend_card import SpendCard, SpendStage, Till
from tests.plain.cards import VirtualCard, VirtualReader
from tests.plain.faces import empty_card, used_card
from tests.unit.kiosk.usecases.money_world import Fuse, Fused, Moved

ORNE = Path(__file__).resolve().parents[4] / "assets" / "territories" / "orne"
CATALOGUE: Catalogue = load_territory(ORNE).products
EFFECTS = frozenset({"save_move", "book_move", "glance", "read", "spend"})
ENTRY, BOOK, LESSON, SEASON, CINEMA = 101, 102, 103, 104, 301
RULES = CardRules(card_moves_max=1000, card_sum_max=Money(1_000_000))


class ForgetfulJournal:
    """NEGATIVE CONTROL: a journal that keeps no row before the card commits."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    def __getattr__(self, name: str) -> Any:
        return getattr(self._moves, name)

    def save_move(self, move: MoveRow) -> None:
        if move.state is not MoveState.COMMIT_SENT:
            self._moves.save_move(move)


class FusedSession(Fused):
    """A session whose commit burns the fuse on both sides of the journal's row too."""

    def spend(self, spend: Any, prepared: Any) -> Any:
        def told(what: Any) -> None:
            prepared(what)
            self._fuse.burn("commit before")

        self._fuse.burn("spend before")
        answer = self._target.spend(spend, told)  # type: ignore[attr-defined]  # a session
        self._fuse.burn("commit after")
        return answer


@dataclass
class SpendWorld:
    """What stays when the kiosk dies: cards, journal file and time."""

    path: Path
    rules: CardRules = RULES
    forgetful: bool = False
    clock: Moved = field(default_factory=Moved)

    def __post_init__(self) -> None:
        now = self.clock.now()
        self.card = VirtualCard(used_card(now).face)
        self.other = VirtualCard(_rich(empty_card(now).face))
        self.reader = VirtualReader()
        self.before = {card.face.number: card.face for card in self.cards}
        self.ids = itertools.count(1)
        self.fuse = Fuse()
        self.ledger: Ledger | None = None
        self.given: list[str] = []
        self.publish()

    @property
    def cards(self) -> tuple[VirtualCard, ...]:
        return self.card, self.other

    @property
    def moves(self) -> Moves:
        assert self.ledger is not None
        return Moves(self.ledger)

    def publish(self, *lost: VirtualCard, version: int = 1, age: timedelta | None = None) -> None:
        """Let the hub's list arrive."""
        at = self.clock.now() - (age or timedelta())
        cards = {self.tag(card): at for card in lost}
        write_blocklist(
            self.path.with_name(FILE), Blocklist(version=version, issued_at=at, cards=cards)
        )

    def tag(self, card: VirtualCard) -> str:
        return card_tag(card.face.number, DEMO_CARD_KEY)

    def boot(self, fuse: Fuse | None = None) -> SpendCard:
        """Start the kiosk's process on what is left of the last one."""
        self.die()
        self.fuse = fuse or Fuse()
        self.ledger = Ledger(self.path, free=lambda _: 10**12)
        # what a killed process has written stays; waiting for the disk would only cost time here
        self.ledger._connection.execute("PRAGMA synchronous = OFF")
        moves: object = ForgetfulJournal(self.moves) if self.forgetful else self.moves
        return SpendCard(
            journal=cast("MoveJournal", Fused(moves, self.fuse, EFFECTS)),
            lost=cast("LostCards", LostCardsStore(self.path.parent, self.ledger)),
            clock=self.clock,
            till=Till(
                catalogue=CATALOGUE,
                rules=self.rules,
                card_key=DEMO_CARD_KEY,
                zone=ZoneInfo("Europe/Paris"),
                new_id=lambda: f"M-{next(self.ids):012x}",
            ),
        )

    def die(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None

    def lay(self, card: VirtualCard | None = None) -> CardSession:
        laid = self.reader.lay(card or self.card)
        return cast("CardSession", FusedSession(laid, self.fuse, EFFECTS))

    def tap(self, kiosk: SpendCard, card: VirtualCard | None = None) -> SpendStage | None:
        """Lay a card and lift it; goods are handed out when the kiosk says DONE."""
        told = kiosk.card_laid(self.lay(card))
        kiosk.card_lifted()
        self.reader.lift()
        if told is not None and told.stage is SpendStage.DONE and told.move is not None:
            self.given.append(told.move.id)
        return None if told is None else told.stage

    def finish(self) -> None:
        """Let every card come back to a healthy kiosk, without any wish."""
        for card in self.cards:
            card.tear(None)
        kiosk = self.boot()
        for card in self.cards:
            self.tap(kiosk, card)
            kiosk.leave()
        self.die()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def faults(self) -> list[str]:
        """Say everything that is lost, doubled or left open; [] when all agree to the cent."""
        taken = Counter(
            line.transaction_id
            for card in self.cards
            for line in card.face.log
            if line.transaction_id.startswith("M-")
        )
        booked = Counter(subject for (subject,) in self.rows("SELECT subject FROM entry"))
        found = [] if taken == booked else [f"on cards {taken}, in the journal {booked}"]
        found += [f"given {n} times: {i}" for i, n in Counter(self.given).items() if n > 1]
        found += [f"given without a debit: {i}" for i in self.given if i not in taken]
        found += self._sums()
        open_ = "SELECT id, state FROM card_move WHERE state NOT IN ('confirmed', 'not_done')"
        found += [f"not settled: {row}" for row in self.rows(open_)]
        verdict = verify_file(self.path)
        return found if verdict.sound else [*found, verdict.reason]

    def _sums(self) -> list[str]:
        """Compare, card by card, what left it with what the journal has confirmed."""
        found: list[str] = []
        for card in self.cards:
            before, after, tag = self.before[card.face.number], card.face, self.tag(card)
            ((cents, entries),) = self.rows(
                "SELECT coalesce(sum(amount_cents), 0), coalesce(sum(entries), 0) FROM card_move"
                f" WHERE state = 'confirmed' AND card = '{tag}'"
            )
            if after.balance.cents + cents != before.balance.cents:
                found.append(f"{before.balance} became {after.balance}, confirmed {cents}")
            if _entries(after) - entries != _entries(before):
                found.append(f"entries {_entries(before)} → {_entries(after)}, confirmed {entries}")
        ((floated, earned),) = self.rows(
            "SELECT coalesce(sum(CASE account WHEN 'purse.float' THEN cents END), 0),"
            " coalesce(sum(CASE WHEN account LIKE 'income.%' THEN -cents END), 0) FROM leg"
        )
        return found if floated == earned else [*found, f"float {floated}, income {earned}"]


def _entries(face: CardFace) -> int:
    return sum(book.entries for book in face.books)


def _rich(face: CardFace) -> CardFace:
    return replace(face, balance=Money(9000))
