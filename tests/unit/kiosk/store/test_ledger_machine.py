"""Random lives of a journal, refereed by the verifier and by beancount's own sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk.domain.card_move import MoveState
from kiosk.domain.errors import PeriodClosed
from kiosk.domain.ledger import Account, income
from kiosk.domain.money import Money
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.ledger_export import export
from kiosk.store.ledger_moves import Moves
from kiosk.store.verify_ledger import verify
from kiosk.usecases.close_period import ClosePeriod
from tests.contracts.test_journal import FULL, NOW
from tests.contracts.test_move_journal import MOVE
from tests.unit.kiosk.store.test_ledger_export import booked

CENTS = st.integers(1, 15_000)


class Life(RuleBasedStateMachine):
    """Books, closes, reopens; the model is a counter of cents by account."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(prefix="alveole-")
        self._path = Path(self._folder.name) / "ledger.db"
        self._model: Counter[str] = Counter()
        self._number, self._closings, self._at = 0, 0, NOW
        self._open()

    def _open(self) -> None:
        self._ledger = Ledger(self._path, free=lambda _: 10**12)

    def now(self) -> object:
        return self._at

    @rule(cents=CENTS)
    def topup(self, cents: int) -> None:
        self._number += 1
        row = replace(FULL, id=f"T-{self._number}", amount=Money(cents))
        for _ in range(2):  # a repetition books nothing twice
            self._ledger.book_topup(row, at=self._at)
        self._moved(Account.BANK_CLEARING, Account.PURSE_FLOAT, cents)

    @rule(cents=CENTS, service=st.sampled_from(["pool", "cinema"]))
    def spend(self, cents: int, service: str) -> None:
        self._number += 1
        row = replace(
            MOVE,
            id=f"M-{self._number}",
            state=MoveState.CONFIRMED,
            amount=Money(cents),
            service=service,
        )
        Moves(self._ledger).book_move(row, at=self._at)
        self._moved(Account.PURSE_FLOAT, income(service), cents)

    @rule(period=st.sampled_from(["day", "month", "year"]), hours=st.integers(-30, 60))
    def close(self, period: str, hours: int) -> None:
        self._at += timedelta(hours=hours)
        closings = Closings(self._ledger, DeviceKey(self._path.parent))
        use_case = ClosePeriod(closings, self, UTC)  # type: ignore[arg-type]  # a clock
        try:
            self._closings += len(use_case.run(period))  # type: ignore[arg-type]  # one of them
        except PeriodClosed:
            assert not self._fresh
        self._fresh = False

    @rule()
    def reopen(self) -> None:
        self._ledger.close()
        self._open()

    @invariant()
    def the_verifier_finds_it_sound(self) -> None:
        report = verify(self._path)
        assert report.sound, report.reason
        assert (report.entries, report.closings) == (self._number, self._closings)

    def teardown(self) -> None:
        self._ledger.close()
        told = booked("\n".join(export(self._path, "beancount")))
        assert told == self._model
        self._folder.cleanup()

    _fresh = False

    def _moved(self, debited: str, credited: str, cents: int) -> None:
        self._model[debited] += cents
        self._model[credited] -= cents
        self._fresh = True


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
