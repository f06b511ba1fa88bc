"""Looks every half minute whether a day, a month or a year is to be closed (usecases.close_due).

Every tenth look asks the hub what was given back of payments (usecases.hear_refunds).

A clock that was set back between two looks is told. One that stands before the journal's last line
keeps closings from being made until it is right again (kiosk.domain.standing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Slot

from kiosk.domain.errors import AlveoleError
from kiosk.ports import Clock
from ui.commands import Commands

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from kiosk.domain.closing import Closing
    from kiosk.usecases.hear_refunds import Heard

LOOK_MS = 30_000
SLACK = timedelta(seconds=5)  # what a time server may correct
NAME, HEAR = "close", "hear"  # among the commands: one look at a time
HEAR_LOOKS = 10  # five minutes from one question to the next


class Night(QObject):
    """Runs the look on the commands' thread: never beside a payment's or a card's step."""

    def __init__(
        self,
        commands: Commands,
        clock: Clock,
        close_due: Callable[[], Sequence[Closing]],
        hear_refunds: Callable[[], Sequence[Heard]] = tuple,
    ) -> None:
        super().__init__()
        self._hear_refunds = hear_refunds
        self._looks = 0
        self._clock = clock
        self._looked_at = clock.now()
        self._commands = commands
        self._close_due = close_due
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look from now on."""
        self._timer.start()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Look once, in the background."""
        now, before = self._clock.now(), self._looked_at
        self._looked_at = now
        if now < before - SLACK:
            _log().warning("clock.set_back", seconds=int((before - now).total_seconds()))
        self._commands.run(NAME, self._close_due, self._made, self._failed)
        if self._looks % HEAR_LOOKS == 0:
            self._commands.run(HEAR, self._hear_refunds, self._heard, self._failed)
        self._looks += 1

    def _made(self, closings: Sequence[Closing]) -> None:
        for one in closings:
            tell = _log().warning if one.suspense else _log().info
            tell(
                "closing.made",
                closing=one.number,
                period=one.period,
                closed=one.name,
                entries=one.entries,
                total_cents=one.cents,
                suspense_cents=one.suspense,
            )

    def _heard(self, told: Sequence[Heard]) -> None:
        for one in told:
            tell = _log().info if one.booked.cents else _log().warning
            tell("refund.heard", topup=one.refund.topup, booked_cents=one.booked.cents)

    def _failed(self, _error: AlveoleError) -> None:
        """Wait for the next look: the commands have told why."""


def _log() -> FilteringBoundLogger:
    import structlog  # not before the first frame

    return cast("FilteringBoundLogger", structlog.get_logger("kiosk.night"))
