"""The card's measures on the real chain; prints its figures as JSON. Run by bench/card.py."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import TypeVar

from cardreader.card_app import Desk, PurseCardSession
from cardreader.hand import Hand
from cardreader.image import ProductNames
from cardreader.layout import AID
from cardreader.monitor import Monitor
from cardreader.pcsc import Context
from cardreader.reader import PcscReader
from cardreader.transport import GET_UID, Transport
from cardreader.virtual import DEMO_CARD_KEY
from cardreader.virtual.cards import authority, plain_card
from cardreader.virtual.mischief import Slow, Wrapped
from cardreader.virtual.vpcd import Picc
from kiosk.app.demonstration import DemoLostCards
from kiosk.app.installed import SystemClock
from kiosk.domain.card_rules import CardRules
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue, Product
from kiosk.domain.purse import Spend
from kiosk.domain.sale import Order
from kiosk.ports import CardSession
from kiosk.store.blocklist import LostCardsStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.usecases.spend_card import SpendCard, SpendStage, Till
from tests.stand.pcscd import SLOTS, Pcscd, wait_for
from tests.stand.things import Hands, purse_thing

ROUND_TRIPS, INSERTIONS, DEBITS, SLOW_DEBITS = 500, 25, 60, 12
LATENCY_MS, GATE_TAPS = 15, 12
ENTRY = Product(
    code=101,
    kind="entry",
    service="pool",
    title={"fr": "Entrée"},
    prices={"full": Money(320)},
    book=3,
)
DESK = Desk(authority=authority(), names=ProductNames())
IDS = count(1)
T = TypeVar("T")


class Timed:
    """A transport that counts APDUs and tells their time from that of the work around them."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._seconds = 0.0
        self.apdus = 0
        self.wholes: list[float] = []
        self.owns: list[float] = []

    def transmit(self, apdu: bytes) -> bytes:
        start = perf_counter()
        answer = self._inner.transmit(apdu)
        self._seconds += perf_counter() - start
        self.apdus += 1
        return answer

    def measure(self, work: Callable[[], T]) -> T:
        self._seconds, start = 0.0, perf_counter()
        done = work()
        whole = perf_counter() - start
        self.wholes.append(whole * 1000)
        self.owns.append((whole - self._seconds) * 1000)
        return done


class Switch:
    """A transport that can be changed under a session."""

    def __init__(self, to: Transport) -> None:
        self.to = to

    def transmit(self, apdu: bytes) -> bytes:
        return self.to.transmit(apdu)


def main() -> None:
    pcscd, hands = Pcscd(), Hands()
    pcscd.start()
    try:
        figures = {**round_trips(hands), **insertions(hands)}
        figures |= debits(hands, plain_card(balance_cents=15_000), DEBITS, "debit")
        slow = Slow(plain_card(balance_cents=15_000), LATENCY_MS)
        figures |= debits(hands, slow, SLOW_DEBITS, f"debit_{LATENCY_MS}ms")
        figures |= gate_taps(hands)
    finally:
        hands.empty()
        pcscd.stop()
    sys.stdout.write(json.dumps(figures))


def round_trips(hands: Hands) -> dict[str, float]:
    """One APDU: bare, and through the watched worker."""
    hands.lay(purse_thing())
    _present(there=True)
    context = Context()
    card = context.connect(SLOTS[0])
    bare = [_ms(lambda: card.transmit(GET_UID)) for _ in range(ROUND_TRIPS)]
    card.close()
    context.close()
    hand = Hand(SLOTS[0])
    hand.take()
    watched = [_ms(lambda: hand.transmit(GET_UID)) for _ in range(ROUND_TRIPS)]
    hand.close()
    hand.gone()
    _lift(hands)
    return {
        "round_trip_ms": statistics.median(bare),
        "round_trip_watched_ms": statistics.median(watched),
    }


def insertions(hands: Hands) -> dict[str, float]:
    """From PC/SC's event to the callback with an opened session; from the card's power-on; whole.

    pcscd looks at a reader without an interrupt every 0.4 s: that wait is in the last only.
    """
    told, events, powers = Event(), list[float](), list[float]()
    witness = Monitor(Context, lambda _: events.append(perf_counter()))
    reader = PcscReader(lambda transport: PurseCardSession(transport, DESK), aid=AID)
    reader.watch(lambda _: told.set(), lambda: None)
    witness.start()
    spans: dict[str, list[float]] = {"event_to_told": [], "power_to_told": [], "laid_to_told": []}
    for _ in range(INSERTIONS):
        thing = purse_thing()
        thing.powered = lambda: powers.append(perf_counter())
        _clear(told, events, powers)
        laid = perf_counter()
        hands.lay(thing)
        assert told.wait(10)
        now = perf_counter()
        wait_for(lambda: bool(events))
        for name, start in zip(spans, (events[0], powers[0], laid), strict=True):
            spans[name].append((now - start) * 1000)
        _lift(hands)
    reader.close()
    witness.close()
    figures = {f"{name}_p50_ms": statistics.median(span) for name, span in spans.items()}
    return figures | {f"{name}_p95_ms": _p95(span) for name, span in spans.items()}


def _clear(told: Event, *marks: list[float]) -> None:
    told.clear()
    for one in marks:
        one.clear()


def debits(hands: Hands, card: Picc, times: int, name: str) -> dict[str, float]:
    """Debit a card, from the tap's first APDU to the card's proof; and read one whole, apart."""
    hands.lay(card)
    _present(there=True)
    hand = Hand(SLOTS[0])
    hand.take()
    reading, spending = Timed(hand), Timed(hand)
    for _ in range(times):
        _tap(reading, spending)
    hand.close()
    hand.gone()
    _lift(hands)
    return {
        f"{name}_read_apdus": reading.apdus / times,
        f"{name}_apdus": spending.apdus / times,
        f"{name}_read_present_ms": statistics.median(reading.wholes),
        f"{name}_present_ms": statistics.median(spending.wholes),
        f"{name}_own_p95_ms": _p95(spending.owns),
    }


def _tap(reading: Timed, spending: Timed) -> None:
    switch = Switch(reading)
    session = PurseCardSession(switch, DESK)
    reading.measure(session.read)
    switch.to = spending
    spending.measure(lambda: _spend(session))


def _spend(session: CardSession) -> None:
    sequence = session.glance().sequence
    spend = Spend(
        transaction_id=f"S-{next(IDS):012x}",
        kind="debit",
        product=7,
        amount=Money(1),
        sequence=sequence,
        at=datetime.now(UTC),
    )
    session.spend(spend, lambda _: None)


def gate_taps(hands: Hands) -> dict[str, float]:
    """At a gate: from PC/SC's event to "yes", an entry of the book being in the journal."""
    card = Wrapped(Slow(plain_card(entries=100), LATENCY_MS))
    events, yes, spans = list[float](), Event(), list[float]()
    apdus = 0
    with TemporaryDirectory() as folder, closing(Ledger(Path(folder) / "ledger.db")) as ledger:
        gate = _gate(ledger)

        def laid(session: CardSession) -> None:
            told = gate.card_laid(session)
            assert told is not None
            assert told.stage is SpendStage.DONE
            spans.append((perf_counter() - events[0]) * 1000)
            yes.set()

        witness = Monitor(Context, lambda _: events.append(perf_counter()))
        reader = PcscReader(lambda transport: PurseCardSession(transport, DESK), aid=AID)
        reader.watch(laid, gate.card_lifted)
        witness.start()
        for _ in range(GATE_TAPS):
            gate.ask(Order(product=ENTRY.code))
            _clear(yes, events)
            hands.lay(card)
            assert yes.wait(10)
            apdus += card.count
            _lift(hands)
        reader.close()
        witness.close()
    name = f"gate_tap_{LATENCY_MS}ms"
    return {
        f"{name}_apdus": apdus / GATE_TAPS,
        f"{name}_present_ms": statistics.median(spans),
        f"{name}_present_max_ms": max(spans),
    }


def _gate(ledger: Ledger) -> SpendCard:
    till = Till(
        catalogue=Catalogue(products={ENTRY.code: ENTRY}),
        rules=CardRules(card_moves_max=1000),
        card_key=DEMO_CARD_KEY,
        zone=UTC,
        new_id=lambda: f"S-{next(IDS):012x}",
    )
    clock = SystemClock()
    lost = DemoLostCards(LostCardsStore(Path(), ledger), clock, {})
    return SpendCard(journal=Moves(ledger), lost=lost, clock=clock, till=till)


def _present(*, there: bool) -> None:
    context = Context()
    wait_for(lambda: context.slots()[0].present is there)
    context.close()


def _lift(hands: Hands) -> None:
    hands.lift()
    _present(there=False)
    time.sleep(0.05)  # not in step with pcscd's looks


def _ms(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
