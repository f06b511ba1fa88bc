"""One card on a PC/SC reader, held through a watched worker: a Transport that can't hang."""

from __future__ import annotations

from cardreader.pcsc import Connection, Context
from cardreader.quirks import quirk_of
from cardreader.watchdog import ANSWER_S, Worker
from kiosk.domain.errors import CardPulled


class Hand:
    """Holds the card on ``reader`` from ``take`` to ``close``; one PC/SC context of its own."""

    def __init__(self, reader: str, *, answer_s: float = ANSWER_S) -> None:
        self._reader = reader
        self._worker = Worker(f"card {reader}", limit_s=answer_s)
        self._context: Context | None = None
        self._connection: Connection | None = None

    @property
    def stuck(self) -> bool:
        """Whether a call didn't come back in time."""
        return self._worker.stuck

    def take(self) -> None:
        """Connect; raises CardPulled, CardForeign, ReaderAbsent."""
        self._worker.run(self._connect)

    def transmit(self, apdu: bytes) -> bytes:
        """Send one APDU; raises CardPulled, ReaderAbsent (stuck, or gone)."""
        connection = self._connection
        if connection is None:
            raise CardPulled("not connected")
        return self._worker.run(lambda: connection.transmit(apdu))

    def close(self) -> None:
        """Let the card go as soon as the worker is free; never waits."""
        self._worker.close(self._let_go)

    def gone(self) -> bool:
        """Wait for the end after ``close``; False when it is stuck in a call."""
        return self._worker.ended()

    def _connect(self) -> None:
        self._context = Context()
        self._connection = self._context.connect(self._reader)
        if escape := quirk_of(self._reader).escape:
            self._connection.escape(escape)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._context is not None:
            self._context.close()
