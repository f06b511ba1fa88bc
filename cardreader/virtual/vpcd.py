"""The way into the real reader chain: a client of vpcd, the virtual reader of pcscd.

Each message is a 2-byte big-endian length and that many bytes. From vpcd, a one-byte message is
power off (00), power on (01), reset (02) or "give the ATR" (04); only the last is answered. All
the others are APDUs. To be connected is to lie on the reader; to hang up is to be lifted.
"""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Protocol, Self

from kiosk.domain.errors import CardPulled, ReaderAbsent

FIRST_SLOT_PORT = 35963  # vpcd's two slots listen on this port and the next
CONNECT_TIMEOUT_S = 5.0
POWER_OFF, POWER_ON, RESET, GIVE_ATR = b"\x00", b"\x01", b"\x02", b"\x04"


class Picc(Protocol):
    """A thing that lies on a reader and answers it."""

    @property
    def atr(self) -> bytes:
        """What it answers to a reset."""
        ...

    def power_on(self) -> None:
        """Enter the field, or begin anew after a reset."""
        ...

    def power_off(self) -> None:
        """Leave the field: whatever wasn't committed is lost."""
        ...

    def answer(self, apdu: bytes) -> bytes | None:
        """Give data and status word; None: says nothing. Raises CardPulled when lifted by this."""
        ...


class VpcdClient:
    """A thing laid on vpcd's reader from the making of the client until ``stop`` or the end of run.

    Raises ReaderAbsent when nothing listens there.
    """

    def __init__(self, picc: Picc, *, host: str = "127.0.0.1", port: int = FIRST_SLOT_PORT) -> None:
        self._picc = picc
        try:
            self._line = socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S)
        except OSError as nobody:
            raise ReaderAbsent(f"no vpcd on {host}:{port}: {nobody}") from nobody
        self._line.settimeout(None)  # the reader may be idle for days
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._line.close()

    def run(self) -> None:
        """Answer until ``stop``, until vpcd hangs up, or until the card is lifted by its answer."""
        try:
            while (message := self._receive()) is not None:
                self._serve(message)
        except (CardPulled, OSError):
            pass  # lifted by itself or by the other side: either way it lies there no more
        finally:
            self._picc.power_off()
            self._line.close()

    def run_apart(self) -> threading.Thread:
        """Run in a thread of its own, which ends with ``stop``."""
        thread = threading.Thread(target=self.run, name="vpcd", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Lift the thing: hang up, from any thread; twice is once."""
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # hung up already

    def _serve(self, message: bytes) -> None:
        """Do what one message asks."""
        if message == POWER_OFF:
            self._picc.power_off()
        elif message in {POWER_ON, RESET}:
            self._picc.power_on()
        elif message == GIVE_ATR:
            self._send(self._picc.atr)
        elif (answer := self._picc.answer(message)) is not None:
            self._send(answer)

    def _send(self, message: bytes) -> None:
        self._line.sendall(len(message).to_bytes(2, "big") + message)

    def _receive(self) -> bytes | None:
        """Read one message; None when the other side has hung up."""
        length = self._exactly(2)
        return None if length is None else self._exactly(int.from_bytes(length, "big"))

    def _exactly(self, count: int) -> bytes | None:
        """Read ``count`` bytes (at most 65 535, by the framing)."""
        got = bytearray()
        while len(got) < count:
            # vpcd sends length and body apart: without this each APDU waits 40 ms for an ACK.
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._line.recv(count - len(got))
            if not piece:
                return None
            got += piece
        return bytes(got)
