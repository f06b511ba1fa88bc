"""Measures money: a top-up's own share, durable commits against the disk, verification."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.app.cli_bench import Options
from kiosk.app.installed import SystemClock
from kiosk.domain.card_rules import Blocklist, CardRules
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits, TopupRow, TopupState
from kiosk.domain.product import FULL, Catalogue, Product
from kiosk.domain.sale import Order
from kiosk.store.blocklist import FILE, LostCardsStore, write_blocklist
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_demo import write_demo
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_card import Desk, ReloadCard
from kiosk.usecases.spend_card import SpendCard, SpendStage, Till
from payments.simulator.bank import SimulatedBank
from tests.plain.cards import VirtualReader
from tests.plain.faces import empty_card, used_card

TOPUPS = 30
COMMITS = 100
LINES = 10_000
RUNS = 5
SPENDS = 100
GATES: Mapping[str, float] = {"topup_own_ms": 150.0, "spend_own_ms": 15.0, "verify_100k_s": 1.0}


def run(options: Options) -> dict[str, float]:
    """Measure in a folder beside the data, so that the disk is the kiosk's own."""
    options.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.data, prefix="bench-money-") as name:
        folder = Path(name)
        floor_ms, commit_ms = _side_by_side(folder)
        return {
            "fdatasync_floor_ms": floor_ms,
            "durable_commit_ms": commit_ms,
            "commits_per_floor": floor_ms / commit_ms,
            "topup_own_ms": _median_ms(_topups(folder / "topups.db"), TOPUPS),
            "spend_ms": _median_ms(_spends(folder / "spends.db"), SPENDS),
            "spend_own_ms": _median_ms(_spends(folder / "own.db", durable=False), SPENDS),
            "verify_100k_s": _verify_seconds(folder / "verify.db") * 100_000 / LINES,
        }


def _median_ms(work: Callable[[], object], times: int) -> float:
    spent: list[float] = []
    for _ in range(times):
        start = perf_counter()
        work()
        spent.append((perf_counter() - start) * 1000)
    return statistics.median(spent)


def _side_by_side(folder: Path) -> tuple[float, float]:
    """Measure floor and commit in turns: a disk that others use changes from second to second."""
    floor, commit = _disk_floor(folder / "floor"), _commits(folder / "commits.db")
    pairs = [(_median_ms(floor, 1), _median_ms(commit, 1)) for _ in range(COMMITS)]
    return statistics.median([one for one, _ in pairs]), statistics.median(
        [two for _, two in pairs]
    )


def _disk_floor(path: Path) -> Callable[[], object]:
    """Append one page to a file and make it durable: what no journal can beat."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def append() -> None:
        os.write(handle, bytes(4096))
        os.fdatasync(handle)

    return append


def _row(number: int) -> TopupRow:
    now = datetime.now(UTC)
    return TopupRow(
        id=f"B-{number}",
        state=TopupState.CAPTURING,
        card="bench",
        amount=Money(2000),
        provider="simulator",
        payment_id=f"pay-{number}",
        load_number=1,
        created_at=now,
        changed_at=now,
    )


def _commits(path: Path) -> Callable[[], object]:
    ledger, numbers = Ledger(path), count(1)
    return lambda: ledger.book_topup(_row(next(numbers)), at=datetime.now(UTC))


def _topups(path: Path) -> Callable[[], object]:
    clock, numbers, reader = SystemClock(), count(1), VirtualReader()
    bank = SimulatedBank(clock=clock, environment="bench")
    desk = Desk(
        provider="simulator",
        card_key=DEMO_CARD_KEY,
        limits=TopupLimits(),
        new_id=lambda: f"B-{next(numbers)}",
    )
    reload = ReloadCard(journal=Ledger(path), gateway=bank, clock=clock, desk=desk)

    def topup() -> None:
        card = empty_card(clock.now())
        begun = reload.start(card.face, Money(2000))
        bank.confirm(begun.row.payment_id)
        reload.poll()
        done = reload.card_laid(reader.lay(card))
        assert done is not None
        assert done.ended
        reader.lift()
        reload.card_lifted()

    return topup


def _spends(path: Path, *, durable: bool = True) -> Callable[[], object]:
    """Take an entry at its price, from the tap to the durable entry: two commits of the journal.

    Not ``durable``: without waiting for the disk, which is our own share.
    """
    clock, numbers, reader = SystemClock(), count(1), VirtualReader()
    ledger = Ledger(path)
    if not durable:
        ledger._connection.execute("PRAGMA synchronous = OFF")  # noqa: SLF001  # a throw-away file
    write_blocklist(path.with_name(FILE), Blocklist(version=1, issued_at=clock.now()))
    entry = Product(code=1, kind="entry", service="pool", title={}, prices={FULL: Money(1)})
    till = Till(
        catalogue=Catalogue.of([entry]),
        rules=CardRules(card_moves_max=SPENDS, kiosk_moves_max=SPENDS),
        card_key=DEMO_CARD_KEY,
        zone=UTC,
        new_id=lambda: f"M-{next(numbers):012x}",
    )
    lost = LostCardsStore(path.parent, ledger)
    spending = SpendCard(journal=Moves(ledger), lost=lost, clock=clock, till=till)
    card = used_card(clock.now())

    def spend() -> None:
        spending.ask(Order(product=1))
        told = spending.card_laid(reader.lay(card))
        assert told is not None
        assert told.stage is SpendStage.DONE
        reader.lift()
        spending.card_lifted()

    return spend


def _verify_seconds(path: Path) -> float:
    """Verify a journal of LINES entries with its closings."""
    write_demo(path, LINES, DeviceKey(path.parent))
    spent: list[float] = []
    for _ in range(RUNS):  # the best: what is left is our own work, not the neighbours'
        start = perf_counter()
        assert verify_file(path).entries == LINES
        spent.append(perf_counter() - start)
    return min(spent)
