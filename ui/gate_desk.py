"""Follows a gate's scanner, and tells the screen what each ticket is answered.

Rules:
1. A code is redeemed in the background; one that is scanned meanwhile is dropped.
2. A yes is told once the journal holds it, and stands YES_SHOWN_S, a no NO_SHOWN_S; the next scan
   or card takes its place at once.
3. Whatever goes wrong is a no with its reason: nobody is let in by an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk.domain.errors import AlveoleError
from kiosk.ports import Scanner
from ui.commands import Commands
from ui.context import Context
from ui.sale import SaleStage
from ui.scan import Scan

if TYPE_CHECKING:
    from kiosk.usecases.redeem_ticket import RedeemTicket, Scanned

POLL_MS = 500
YES_SHOWN_S, NO_SHOWN_S = 2.5, 6.0
_WAITS = frozenset({SaleStage.CONFIRM, SaleStage.CARD})


class GateDesk(QObject):
    """The only writer of ``context.scan``; lives on the screen's thread."""

    changed = Signal()
    answered = Signal()

    def __init__(
        self,
        context: Context,
        commands: Commands,
        scanner: Scanner,
        *,
        open_gate: Callable[[], RedeemTicket],
    ) -> None:
        super().__init__()
        self._context = context
        self._commands = commands
        self._scanner = scanner
        self._open_gate = open_gate
        self._told_at = 0.0
        context.gate = self
        if context.sales is not None:
            context.sales.changed.connect(self._card_speaks)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def scan(self) -> Scan:
        """What is known now."""
        return self._context.scan

    def start(self) -> None:
        """Follow the scanner and time."""
        self._scanner.watch(self.read)
        self._timer.start()

    def close(self) -> None:
        """Stop following."""
        self._timer.stop()
        self._scanner.close()

    def read(self, code: str) -> None:
        """Redeem a code that was scanned."""
        number = self.scan.number + 1
        begun = self._commands.run(
            "gate-scan", partial(self._redeem, code), self._told, self._refused
        )
        if begun:
            self._become(Scan(number=number, busy=True))

    @Slot()
    def poll(self) -> None:
        """Take down an answer that has stood long enough."""
        stood = self._context.clock.monotonic() - self._told_at
        if self.scan.shown and not self.scan.busy and stood >= self._shown_s():
            self._become(Scan(number=self.scan.number))

    def _shown_s(self) -> float:
        return YES_SHOWN_S if self.scan.lets_in else NO_SHOWN_S

    def _redeem(self, code: str) -> Scanned:
        """Answer a code (in the background)."""
        return self._open_gate().scan(code)

    def _told(self, scanned: Scanned) -> None:
        self._answer(replace(self.scan, busy=False, scanned=scanned))

    def _refused(self, wrong: AlveoleError) -> None:
        self._answer(replace(self.scan, busy=False, problem=wrong.message_key))

    def _answer(self, scan: Scan) -> None:
        self._told_at = self._context.clock.monotonic()
        self._become(scan)
        self.answered.emit()

    @Slot()
    def _card_speaks(self) -> None:
        """Give the screen back to the card that was laid."""
        if self.scan.shown and not self.scan.busy and self._context.sale.stage not in _WAITS:
            self._become(Scan(number=self.scan.number))

    def _become(self, scan: Scan) -> None:
        if scan != self.scan:
            self._context.scan = scan
            self.changed.emit()
