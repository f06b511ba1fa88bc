"""A small world for the till: a drawer, cards and a journal that outlive the kiosk."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_rules import Blocklist
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.domain.product import Catalogue
from kiosk.domain.purse import card_tag
from kiosk.domain.receipt import Mark
from kiosk.domain.till import Count, TillKind
from kiosk.domain.till_rules import TillRules
from kiosk.ports import (
    CardSession,
    ClosingJournal,
    Journal,
    LostCards,
    MoveJournal,
    PaymentGateway,
    TillJournal,
)
from kiosk.store.blocklist import FILE, LostCardsStore, write_blocklist
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_till import TillStore
from kiosk.usecases.at_till import AtTill, hands_of
from kiosk.usecases.close_period import ClosePeriod
from kiosk.usecases.identify_staff import Staff
from kiosk.usecases.open_till import open_till
from kiosk.usecases.order_ticket import TicketShop
from kiosk.usecases.refund_card import RefundDesk
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.counter import CounterGateway
from payments.simulator.bank import SimulatedBank
from tests.plain.cards import VirtualCard, VirtualReader
from tests.plain.faces import used_card
from tests.signers import OURS
from tests.tickets import POOL
from tests.unit.kiosk.usecases.money_world import Fuse, Fused, Moved
from tests.unit.kiosk.usecases.spend_world import FusedSession

AGENT = Staff(tag="a" * 32, role="agent")
OTHER = Staff(tag="c" * 32, role="agent")
BOSS = Staff(tag="b" * 32, role="manager")
BY_AGENT, BY_BOSS, BY_TWO = hands_of(AGENT), hands_of(BOSS), hands_of(AGENT, BOSS)
RULES = TillRules()
FLOAT = Money(15_000)
EFFECTS = frozenset(
    {"save_topup", "book_topup", "record", "save_move", "book_move", "close_period", "write_load"}
)


@dataclass
class TillWorld:
    """What stays when the kiosk dies; ``cash`` and ``cheques`` really lie in the drawer."""

    path: Path
    clock: Moved = field(default_factory=Moved)
    store: type[TillStore] = TillStore

    def __post_init__(self) -> None:
        self.card = VirtualCard(used_card(self.clock.now()).face)
        self.bank = SimulatedBank(clock=self.clock, environment="test")
        self.reader = VirtualReader()
        self.before = self.card.face.balance
        self.ids = itertools.count(1)
        self.cash = self.cheques = 0
        self.fuse = Fuse()
        self.ledger: Ledger | None = None
        at = self.clock.now()
        write_blocklist(self.path.with_name(FILE), Blocklist(version=1, issued_at=at))

    def boot(self, fuse: Fuse | None = None) -> None:
        """Start the kiosk's process on what is left of the last one."""
        self.die()
        self.fuse = fuse or Fuse()
        ledger = self.ledger = Ledger(self.path, free=lambda _: 10**12)
        # what a killed process has written stays; waiting for the disk would only cost time here
        ledger._connection.execute("PRAGMA synchronous = OFF")
        self.journal = cast("TillJournal", Fused(self.store(ledger), self.fuse, EFFECTS))
        self.shop = TicketShop(
            catalogue=Catalogue.of([POOL]),
            zone=ZoneInfo("Europe/Paris"),
            kiosk="guichet",
            marks=Mark.DEMO,
            open_signer=lambda: OURS,
        )
        self.topups = cast("Journal", Fused(ledger, self.fuse, EFFECTS))
        self.moves = cast("MoveJournal", Fused(Moves(ledger), self.fuse, EFFECTS))
        closings = Fused(Closings(ledger, DeviceKey(self.path.parent)), self.fuse, EFFECTS)
        zone = ZoneInfo("Europe/Paris")
        self.periods = ClosePeriod(cast("ClosingJournal", closings), self.clock, zone)
        self.desk = AtTill(journal=self.journal, rules=RULES, clock=self.clock)
        counter: dict[str, PaymentGateway] = {
            kind.value: CounterGateway(kind, self.journal, RULES, self.clock)
            for kind in (TillKind.CASH, TillKind.CHEQUE)
        }
        self.reload = ReloadCard(
            journal=self.topups,
            gateway=self.bank,
            clock=self.clock,
            desk=Desk(
                provider="simulator",
                card_key=DEMO_CARD_KEY,
                limits=TopupLimits(),
                new_id=lambda: f"T-{next(self.ids):012x}",
                shop=self.shop,
            ),
            others=counter,
        )
        self.refunds = RefundDesk(
            till=self.desk,
            moves=self.moves,
            lost=cast("LostCards", LostCardsStore(self.path.parent, ledger)),
            card_key=DEMO_CARD_KEY,
            new_id=lambda: f"R-{next(self.ids):012x}",
        )

    def open(self, counted: Money = FLOAT) -> None:
        """Open a session, and put the float into the drawer."""
        self.cash = counted.cents
        open_till(counted, BY_AGENT, self.desk)

    def die(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None

    def lay(self) -> CardSession:
        return cast("CardSession", FusedSession(self.reader.lay(self.card), self.fuse, EFFECTS))

    @property
    def tag(self) -> str:
        return card_tag(self.card.face.number, DEMO_CARD_KEY)

    @property
    def there(self) -> Count:
        """What somebody who counts honestly finds."""
        return Count(cash=Money(self.cash), cheques=Money(self.cheques))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def balance(self, account: str) -> int:
        ((cents,),) = self.rows(
            f"SELECT coalesce(sum(cents), 0) FROM leg WHERE account = '{account}'"
        )
        return int(cents)

    @property
    def sold(self) -> int:
        """The cents of the tickets that were given, whatever the accounts say."""
        query = """
            SELECT coalesce(sum(amount_cents), 0) FROM topup JOIN ticket_order ON topup = id
            WHERE ticket != '' AND state = 'done'
        """
        ((cents,),) = self.rows(query)
        return int(cents)

    def faults(self) -> list[str]:
        """Say everything that is lost or doubled: drawer, card and journal agree to the cent."""
        moved = self.card.face.balance.cents - self.before.cents
        sums = {
            "purse float": (-self.balance("purse.float"), moved),
            "cash": (self.balance("cash.drawer"), self.cash),
            "cheques": (self.balance("cheque.drawer"), self.cheques),
            "suspense": (self.balance("suspense"), 0),
            "entries": (-self.balance("income.piscine"), self.sold),
            "differences": (self.balance("till.difference"), 0),
        }
        found = [f"{what}: {one} for {two}" for what, (one, two) in sums.items() if one != two]
        ended = "('done', 'canceled', 'refunded')"
        open_ = self.rows(f"SELECT id, state, note FROM topup WHERE state NOT IN {ended}")
        found += [f"not ended: {row}" for row in open_]
        verdict = verify_file(self.path)
        return found if verdict.sound else [*found, verdict.reason]
