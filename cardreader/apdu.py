"""Native commands in APDUs: ISO wrapping, additional frames both ways, the traffic log.

Rules of the exchange:

1. A command travels as ``90 INS 00 00 [Lc data] 00``; its answer ends with ``91 status``.
2. A body longer than a frame goes on in commands AF while the card asks for more with status AF.
3. An answer with status AF goes on in the answer to an empty AF.
4. Neither way is followed further than FRAMES_MAX frames.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cardreader.desfire.constants import CLA, FRAME_MAX, SW1_NATIVE, Ins, Status
from cardreader.transport import Transport
from kiosk.domain.errors import CardTampered

FRAMES_MAX = 32  # ten log records in FULL are six frames
APDU_DATA_MAX = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a card answered: a native status, or a foreign status word, and the data."""

    sw1: int
    sw2: int
    data: bytes = b""

    @property
    def native(self) -> bool:
        """Whether a DESFire's native layer answered."""
        return self.sw1 == SW1_NATIVE

    @property
    def ok(self) -> bool:
        """Whether the command was done."""
        return self.status is Status.OK

    @property
    def more(self) -> bool:
        """Whether the card waits for another frame, or has one."""
        return self.status is Status.ADDITIONAL_FRAME

    @property
    def status(self) -> Status | None:
        """The native status; None for one that isn't known."""
        known = self.native and self.sw2 in _STATUSES
        return Status(self.sw2) if known else None

    @property
    def name(self) -> str:
        """The status for logs and messages."""
        return self.status.name if self.status is not None else f"{self.sw1:02X}{self.sw2:02X}"


_STATUSES = frozenset(Status)


def wrap(ins: int, data: bytes = b"") -> bytes:
    """Give the APDU of one frame; ``data`` of at most 255 bytes."""
    if len(data) > APDU_DATA_MAX:
        msg = f"{len(data)} bytes don't fit into an APDU"
        raise ValueError(msg)
    length = bytes((len(data),)) if data else b""
    return bytes((CLA, ins, 0, 0)) + length + data + b"\x00"


def unwrap(response: bytes) -> Answer:
    """Read one answer; raises CardTampered when it has no status."""
    if len(response) < 2:
        raise CardTampered(f"an answer of {len(response)} bytes has no status")
    return Answer(sw1=response[-2], sw2=response[-1], data=response[:-2])


class NativeCard:
    """Native commands over a transport; ``frame_max`` data bytes a frame."""

    def __init__(self, transport: Transport, *, frame_max: int = FRAME_MAX) -> None:
        self._transport = transport
        self._frame_max = frame_max

    def frame(self, ins: int, data: bytes = b"") -> Answer:
        """Exchange one frame; raises CardTampered, CardPulled, ReaderAbsent."""
        return unwrap(self._transport.transmit(wrap(ins, data)))

    def exchange(self, ins: int, body: bytes = b"") -> Answer:
        """Run one command with its additional frames.

        The answer's data are those of all frames. Raises CardTampered (too many frames, no
        status), CardPulled, ReaderAbsent.
        """
        return self._collect(self._send(ins, body))

    def _send(self, ins: int, body: bytes) -> Answer:
        size = self._frame_max
        pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        if len(pieces) > FRAMES_MAX:
            msg = f"a command of {len(pieces)} frames"
            raise ValueError(msg)
        answer = self.frame(ins, pieces[0])
        for piece in pieces[1:]:
            if not answer.more:
                return answer
            answer = self.frame(Ins.ADDITIONAL_FRAME, piece)
        return answer

    def _collect(self, answer: Answer) -> Answer:
        data = answer.data
        for _ in range(FRAMES_MAX):
            if not answer.more:
                return Answer(sw1=answer.sw1, sw2=answer.sw2, data=data)
            answer = self.frame(Ins.ADDITIONAL_FRAME)
            data += answer.data
        raise CardTampered(f"the card never ends its answer ({FRAMES_MAX} frames)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange as logs may show it: no byte of a body, a key, a nonce or a UID."""

    command: str
    sent: int
    received: int
    status: str
    ms: float


class TrafficLog:
    """A transport that tells each exchange to ``tell``: instruction, lengths, status, duration."""

    def __init__(
        self,
        inner: Transport,
        tell: Callable[[Exchange], None],
        *,
        seconds: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._inner = inner
        self._tell = tell
        self._seconds = seconds

    def transmit(self, apdu: bytes) -> bytes:
        """Pass the APDU on and tell what may be told; what the inner transport raises passes."""
        start = self._seconds()
        response = self._inner.transmit(apdu)
        status = unwrap(response).name if len(response) >= 2 else "none"
        self._tell(
            Exchange(
                command=_name(apdu),
                sent=len(apdu),
                received=len(response),
                status=status,
                ms=round(1000 * (self._seconds() - start), 3),
            )
        )
        return response


_INSTRUCTIONS = frozenset(Ins)


def _name(apdu: bytes) -> str:
    """Name a command by its class and instruction only."""
    if len(apdu) >= 2 and apdu[0] == CLA and apdu[1] in _INSTRUCTIONS:
        return Ins(apdu[1]).name
    return apdu[:2].hex().upper()
