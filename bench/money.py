"""Measures money: a top-up's own share, durable commits against the disk, verification.

A commit of the journal is seven pages of the write-ahead log (two writes each), which overwrite a
log that was lengthened beforehand, and one fdatasync. The floor is the same bytes in the same
writes into a file of the same length, and one fdatasync: what no journal can beat on this disk.
Both are measured in turns, each going first every other time, and ``commits_per_floor`` is the
median of the pairs' ratios: a disk that others use changes from one second to the next.
``commit_own_ms`` is a commit without the wait, so the ratio can't pass floor / (floor + own).
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from time import perf_counter, process_time

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
from kiosk.store.ledger import LOG_BYTES, Ledger
from kiosk.store.ledger_demo import write_demo
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_card import Desk, ReloadCard
from kiosk.usecases.spend_card import SpendCard, SpendStage, Till
from payments.simulator.bank import SimulatedBank
from tests.plain.cards import VirtualReader
from tests.plain.faces import empty_card, used_card

TOPUPS = 30
COMMITS = 200
FRAMES, FRAME_HEAD, PAGE = 7, 24, 4096  # of the write-ahead log, by a booked top-up
LINES = 10_000
RUNS = 5
SPENDS = 100
GATES: Mapping[str, float] = {"topup_own_ms": 150.0, "spend_own_ms": 15.0, "verify_100k_s": 1.0}


def run(options: Options) -> dict[str, float]:
    """Measure in a folder beside the data, so that the disk is the kiosk's own."""
    options.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.data, prefix="bench-money-") as name:
        folder = Path(name)
        return {
            **_side_by_side(folder),
            "commit_own_ms": _median_ms(_commits(folder / "quick.db", durable=False), COMMITS),
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


def _side_by_side(folder: Path) -> dict[str, float]:
    """Measure floor and commit in turns."""
    floor, commit = _disk_floor(folder / "floor"), _commits(folder / "commits.db")
    pairs: list[tuple[float, float]] = []
    for turn in range(COMMITS):
        first, second = (floor, commit) if turn % 2 else (commit, floor)
        spent = {work: _median_ms(work, 1) for work in (first, second)}
        pairs.append((spent[floor], spent[commit]))
    return {
        "fdatasync_floor_ms": statistics.median(one for one, _ in pairs),
        "durable_commit_ms": statistics.median(two for _, two in pairs),
        "commits_per_floor": statistics.median(one / two for one, two in pairs),
    }


def _disk_floor(path: Path) -> Callable[[], object]:
    """Overwrite what a commit writes, in the same writes, and make it durable."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR)
    os.write(handle, bytes(LOG_BYTES))
    os.fsync(handle)
    head, page = os.urandom(FRAME_HEAD), os.urandom(PAGE)
    frame = FRAME_HEAD + PAGE
    starts = cycle(range(0, LOG_BYTES - FRAMES * frame, FRAMES * frame))

    def overwrite() -> None:
        start = next(starts)
        for at in range(start, start + FRAMES * frame, frame):
            os.pwrite(handle, head, at)
            os.pwrite(handle, page, at + FRAME_HEAD)
        os.fdatasync(handle)

    return overwrite


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


def _commits(path: Path, *, durable: bool = True) -> Callable[[], object]:
    ledger, numbers = Ledger(path), count(1)
    if not durable:
        ledger._connection.execute("PRAGMA synchronous = OFF")  # noqa: SLF001  # a throw-away file
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
    for _ in range(RUNS):  # the best of this process's own time: the neighbours' isn't ours
        start = process_time()
        assert verify_file(path).entries == LINES
        spent.append(process_time() - start)
    return min(spent)
