"""A small world for the money tests: cards, bank and a journal file that outlive the kiosk."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.bill import BillOrder
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView, TopupLimits, TopupState
from kiosk.ports import CardSession, HubLoads, Journal, PaymentGateway
from kiosk.store.blocklist import LostCardsStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.order_ticket import TicketShop
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.simulator.bank import SimulatedBank
from payments.simulator.faults import Fault
from tests.plain.cards import VirtualCard, VirtualReader
from tests.plain.faces import empty_card, used_card

ROUNDS_MAX = 12
# what the network may do to an order's call
FAULTS = (
    Fault.REQUEST_LOST,
    Fault.ANSWER_LOST,
    Fault.LATE,
    Fault.REPEATED,
    Fault.CONFLICT,
    Fault.LIMITED,
    Fault.BROKEN,
)
EFFECTS = frozenset(
    "save_topup book_topup create find retrieve hold capture cancel read write_load".split(),  # noqa: SIM905 - read as one line
)


class Crash(BaseException):
    """The power goes; no code of the kiosk may catch it."""


class Moved:
    """A clock that the world moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def move(self, **delta: float) -> None:
        self.at += timedelta(**delta)


class Fuse:
    """Counts outward effects, before and after each, and crashes at the chosen one."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.names: list[str] = []

    def burn(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.at:
            raise Crash(name)


class Burning(Protocol):
    """What counts effects, and ends the kiosk at the chosen one."""

    def burn(self, name: str) -> None: ...


class Fused:
    """A port whose effects burn the fuse before they are done and after."""

    def __init__(self, target: object, fuse: Burning, effects: frozenset[str] = EFFECTS) -> None:
        self._target = target
        self._fuse = fuse
        self._effects = effects

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._target, name)
        return self._watched(name, attribute) if name in self._effects else attribute

    def _watched(self, name: str, work: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            self._fuse.burn(f"{name} before")
            answer = work(*arguments, **named)
            self._fuse.burn(f"{name} after")
            return answer

        return call


class CounterlessCard(VirtualCard):
    """NEGATIVE CONTROL: a card that doesn't count its loads."""

    def write(self, load: Any) -> Any:
        before = self.face.last_load
        try:
            return super().write(load)
        finally:
            from dataclasses import replace

            self._face = replace(self._face, last_load=before)


class ForgetfulBank(SimulatedBank):
    """NEGATIVE CONTROL: a far side that ignores idempotency keys."""

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,
    ) -> PaymentView:
        forgotten = f"{idempotency_key}:{len(self.payments())}"
        return super().create(topup_id, amount, idempotency_key=forgotten, bill=bill)


@dataclass
class World:
    """What stays when the kiosk dies: bank, cards, journal file and time."""

    path: Path
    clock: Moved = field(default_factory=Moved)
    make_bank: type[SimulatedBank] = SimulatedBank
    make_card: type[VirtualCard] = VirtualCard
    shop: TicketShop | None = None
    permit: Callable[[], None] = lambda: None
    loads: HubLoads | None = None
    lists_lost: bool = False

    def __post_init__(self) -> None:
        now = self.clock.now()
        self.bank = self.make_bank(clock=self.clock, environment="test")
        self.card = self.make_card(used_card(now).face)
        self.other = self.make_card(empty_card(now).face)
        self.reader = VirtualReader()
        self.before = {c.face.number: c.face.balance for c in self.cards}
        self.ids = itertools.count(1)
        self.ledger: Ledger | None = None
        self.fuse = Fuse()

    @property
    def cards(self) -> tuple[VirtualCard, ...]:
        return self.card, self.other

    def boot(self, fuse: Fuse | None = None) -> ReloadCard:
        """Start the kiosk's process on what is left of the last one."""
        self.die()
        self.fuse = fuse or Fuse()
        self.ledger = Ledger(self.path, free=lambda _: 10**12)
        desk = Desk(
            provider="simulator",
            card_key=DEMO_CARD_KEY,
            limits=TopupLimits(),
            new_id=lambda: f"T-{next(self.ids):012x}",
            shop=self.shop,
            permit=self.permit,
            loads=self.loads,
            lost=LostCardsStore(self.path.parent, self.ledger) if self.lists_lost else None,
        )
        return ReloadCard(
            journal=cast("Journal", Fused(self.ledger, self.fuse)),
            gateway=cast("PaymentGateway", Fused(self.bank, self.fuse)),
            clock=self.clock,
            desk=desk,
        )

    def die(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None

    def lay(self, card: VirtualCard | None = None) -> CardSession:
        return cast("CardSession", Fused(self.reader.lay(card or self.card), self.fuse))

    def everybody_pays(self) -> None:
        for payment in self.bank.payments():
            self.bank.confirm(payment.view.id)

    def everybody_refuses(self) -> None:
        for payment in self.bank.payments():
            self.bank.decline(payment.view.id)

    def wait(self, *, days: int) -> None:
        """Let days go by while the hub keeps its deadlines."""
        for _ in range(2 * days):
            self.clock.move(hours=12)
            self.bank.sweep()

    def finish(self) -> None:
        """Let a healthy kiosk end whatever is open: its cards come back, time passes."""
        self.bank.calm()
        for card in self.cards:
            card.tear(None)
        kiosk = self.boot()
        for _ in range(ROUNDS_MAX):
            kiosk.resume()
            kiosk.leave()
            for card in self.cards:
                kiosk.card_laid(self.lay(card))
                kiosk.poll()
                kiosk.leave()
            self._give_back()
            assert self.ledger is not None
            if not self.ledger.open_topups():
                break
            self.clock.move(minutes=6)
        self.die()
        self.clock.move(minutes=30)

    def _give_back(self) -> None:
        """Refund what is asked to be, as the hub's staff do."""
        assert self.ledger is not None
        for row in self.ledger.open_topups():
            if row.state is TopupState.REFUNDING:
                self.bank.refund(row.payment_id)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def faults(self) -> list[str]:
        """Say everything that is lost, doubled or left open; [] when money agrees to the cent."""
        credited = Counter(
            line.transaction_id
            for card in self.cards
            for line in card.face.log
            if line.transaction_id.startswith("T-")
        )
        booked = Counter(topup for (topup,) in self.rows("SELECT subject FROM entry"))
        payments = self.bank.payments()
        taken = [
            p for p in payments if p.view.status is PaymentStatus.SUCCEEDED and not p.view.refunded
        ]
        captured = Counter(p.topup_id for p in taken)
        found = self._sums(sum(p.view.amount.cents for p in taken))
        if not credited == booked == captured:
            found.append(f"credits {credited}, entries {booked}, captures {captured}")
        found += [f"credited twice: {i}" for i, n in credited.items() if n > 1]
        intents = Counter(p.topup_id for p in payments)
        found += [f"{n} payments for one top-up: {i}" for i, n in intents.items() if n > 1]
        found += [
            f"left authorized: {p.topup_id}"
            for p in payments
            if p.view.status is PaymentStatus.AUTHORIZED
        ]
        found += self._open()
        verdict = verify_file(self.path)
        return found if verdict.sound else [*found, verdict.reason]

    def _sums(self, captured: int) -> list[str]:
        """Compare the three sums: on the cards, in the journal, at the bank."""
        zero = Money(0)
        moved = sum((c.face.balance - self.before[c.face.number] for c in self.cards), zero).cents
        ((floated, banked),) = self.rows(
            "SELECT coalesce(sum(CASE account WHEN 'purse.float' THEN -cents END), 0),"
            " coalesce(sum(CASE account WHEN 'bank.clearing' THEN cents END), 0) FROM leg"
        )
        same = moved == floated == banked == captured
        sums = f"cards {moved}, purse float {floated}, clearing {banked}, captured {captured}"
        return [] if same else [sums]

    def _open(self) -> list[str]:
        ended = "('done', 'canceled', 'refunded')"
        rows = self.rows(f"SELECT id, state, note FROM topup WHERE state NOT IN {ended}")
        return [f"not ended: {row}" for row in rows]
