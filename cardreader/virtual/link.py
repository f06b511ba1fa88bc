"""A thing held to a reader that is only memory: cardreader.transport.Transport over a Picc."""

from __future__ import annotations

import threading

from cardreader.virtual.vpcd import Picc
from kiosk.domain.errors import CardPulled, ReaderAbsent


class InMemoryTransport:
    """The thing lies there from the making of the transport until ``lift``, for good.

    Any thread may transmit and lift: an APDU that is under way is answered first.
    """

    def __init__(self, picc: Picc) -> None:
        self._picc = picc
        self._turn = threading.Lock()
        self._lies = True
        picc.power_on()

    @property
    def lies(self) -> bool:
        """Whether the thing is still there."""
        return self._lies

    def lift(self) -> None:
        """Take the thing away; twice is once."""
        with self._turn:
            self._leave()

    def transmit(self, apdu: bytes) -> bytes:
        """Give the thing's answer; raises CardPulled once lifted, ReaderAbsent on silence."""
        with self._turn:
            if not self._lies:
                raise CardPulled("nothing lies on the reader any more")
            try:
                answer = self._picc.answer(apdu)
            except CardPulled:
                self._leave()
                raise
        if answer is None:
            raise ReaderAbsent("the thing on the reader says nothing")
        return answer

    def _leave(self) -> None:
        if self._lies:
            self._lies = False
            self._picc.power_off()
