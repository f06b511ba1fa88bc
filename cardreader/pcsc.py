"""The edge to PC/SC: the only file that imports pyscard, and only when it is first used.

Each call is one SCard call with its code turned into a declared error: CardPulled where the card
has left or no longer answers, CardForeign where it speaks no protocol of ours, else ReaderAbsent.
What was measured (pcscd 1.9.9, vpcd, pyscard 2.3) and is coped with here:

- A context whose pcscd has died never recovers: close it and open a new one.
- After pcscd's death pyscard's SCardTransmit and SCardDisconnect end in SystemError, not in a code.
- A card that vanishes during a command answers 0x80100016, or success with no bytes at all.
- SCardTransmit waits for ever for a silent card (it frees the interpreter's lock meanwhile).
- A context waits in one call at a time: the monitor and each card have their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar, cast

from cardreader.presence import Slot
from kiosk.domain.errors import CardForeign, CardPulled, ReaderAbsent

_T = TypeVar("_T")

PNP = "\\\\?PnP?\\Notification"  # the name under which readers' coming and going is waited for
READERS_MAX = 16  # pcsclite's own limit (PCSCLITE_MAX_READERS_CONTEXTS)
ANSWER_MIN = 2  # the two status bytes

SCOPE_SYSTEM = 2
SHARE_EXCLUSIVE, SHARE_SHARED = 1, 2
PROTOCOL_T0_OR_T1 = 3
LEAVE_CARD = 0
CCID_ESCAPE = 0x42000001  # IOCTL_CCID_ESCAPE of the CCID driver on Linux
STATE_CHANGED, STATE_GONE = 0x2, 0x4 | 0x8  # gone: unknown or unavailable

OK = 0
TIMEOUT = 0x8010000A
CANCELLED = 0x80100002
SHARING_VIOLATION = 0x8010000B
NO_READERS = 0x8010002E
UNKNOWN_READER = 0x80100009
RESET = 0x80100068
FOREIGN = frozenset({0x8010000F, 0x80100065})  # protocol mismatch, unsupported card
PULLED = frozenset(
    {
        0x8010000C,  # no smart card
        0x80100016,  # not transacted: it does not say whether the command ran
        0x8010002F,  # communication data lost
        0x80100066,  # unresponsive
        0x80100067,  # unpowered
        RESET,
        0x80100069,  # removed
    }
)
MEANS: Mapping[int, str] = {
    0x8010001D: "the PC/SC service doesn't run",
    0x8010001E: "the PC/SC service has stopped",
    SHARING_VIOLATION: "another program holds the card",
    UNKNOWN_READER: "the reader is gone",
    0x80100017: "the reader is gone",
    0x80100016: "the card didn't answer",
    0x80100069: "the card was removed",
    0x8010000C: "no card",
}


class _Scard(Protocol):
    """The calls of pyscard's low level that are used here: code first, then what they give."""

    def SCardEstablishContext(self, scope: int, /) -> tuple[int, int]: ...  # noqa: N802

    def SCardReleaseContext(self, context: int, /) -> int: ...  # noqa: N802

    def SCardCancel(self, context: int, /) -> int: ...  # noqa: N802

    def SCardListReaders(self, context: int, groups: list[str], /) -> tuple[int, list[str]]: ...  # noqa: N802

    def SCardGetStatusChange(  # noqa: N802
        self, context: int, timeout_ms: int, readers: list[tuple[str, int]], /
    ) -> tuple[int, list[tuple[str, int, list[int]]]]: ...

    def SCardConnect(  # noqa: N802
        self, context: int, reader: str, share: int, protocols: int, /
    ) -> tuple[int, int, int]: ...

    def SCardReconnect(  # noqa: N802
        self, card: int, share: int, protocols: int, then: int, /
    ) -> tuple[int, int]: ...

    def SCardTransmit(  # noqa: N802
        self, card: int, protocol: int, apdu: list[int], /
    ) -> tuple[int, list[int]]: ...

    def SCardControl(self, card: int, code: int, data: list[int], /) -> tuple[int, list[int]]: ...  # noqa: N802

    def SCardDisconnect(self, card: int, then: int, /) -> int: ...  # noqa: N802


def _library() -> _Scard:
    """Import pyscard; raises ReaderAbsent where it isn't installed."""
    try:
        from smartcard import scard
    except ImportError as missing:
        raise ReaderAbsent(f"pyscard can't be used: {missing}") from missing
    return cast("_Scard", scard)


def _unsigned(code: int) -> int:
    return code & 0xFFFFFFFF


def error_of(code: int, call: str) -> CardPulled | CardForeign | ReaderAbsent:
    """Give the declared error of a PC/SC code."""
    words = f"{MEANS.get(code, 'PC/SC refuses')} ({call}: 0x{code:08X})"
    if code in PULLED:
        return CardPulled(words)
    return CardForeign(words) if code in FOREIGN else ReaderAbsent(words)


def _checked(code: int, call: str) -> None:
    if _unsigned(code) != OK:
        raise error_of(_unsigned(code), call)


class Context:
    """One line to pcscd, for one thread; ``cancel`` alone may come from another.

    Raises ReaderAbsent when pcscd doesn't answer; then, as after every ReaderAbsent, it is of no
    more use.
    """

    def __init__(self) -> None:
        self._scard = _library()
        code, self._handle = self._scard.SCardEstablishContext(SCOPE_SYSTEM)
        _checked(code, "SCardEstablishContext")

    def readers(self) -> tuple[str, ...]:
        """Give the names of the readers that are plugged in; raises ReaderAbsent."""
        code, names = self._scard.SCardListReaders(self._handle, [])
        if _unsigned(code) == NO_READERS:
            return ()
        _checked(code, "SCardListReaders")
        return tuple(names[:READERS_MAX])

    def wait(self, known: Sequence[Slot], timeout_ms: int) -> tuple[Slot, ...]:
        """Wait until something differs from ``known`` or time is over; give what is now.

        A reader that came or went ends the wait too. Raises ReaderAbsent.
        """
        asked = [(slot.name, slot.flags) for slot in known]
        code, _ = self._scard.SCardGetStatusChange(self._handle, timeout_ms, [*asked, (PNP, 0)])
        if _unsigned(code) not in {OK, TIMEOUT, CANCELLED, UNKNOWN_READER}:
            raise error_of(_unsigned(code), "SCardGetStatusChange")
        return self.slots()

    def slots(self) -> tuple[Slot, ...]:
        """Give what every reader says now; raises ReaderAbsent."""
        asked = [(name, 0) for name in self.readers()]
        if not asked:
            return ()
        code, states = self._scard.SCardGetStatusChange(self._handle, 0, asked)
        if _unsigned(code) not in {OK, TIMEOUT, UNKNOWN_READER}:
            raise error_of(_unsigned(code), "SCardGetStatusChange")
        return tuple(
            Slot(name=name, flags=flags & ~STATE_CHANGED, atr=bytes(atr))
            for name, flags, atr in states
            if not flags & STATE_GONE
        )

    def connect(self, reader: str) -> Connection:
        """Connect to the card on ``reader``, alone if possible.

        Raises CardPulled, CardForeign, ReaderAbsent.
        """
        for share in (SHARE_EXCLUSIVE, SHARE_SHARED):
            code, card, protocol = self._scard.SCardConnect(
                self._handle, reader, share, PROTOCOL_T0_OR_T1
            )
            if _unsigned(code) != SHARING_VIOLATION:
                break
        _checked(code, "SCardConnect")
        return Connection(self._scard, card, protocol, share)

    def cancel(self) -> None:
        """End the wait of the other thread, now."""
        self._scard.SCardCancel(self._handle)

    def close(self) -> None:
        """Hang up; nothing is told, because a dead pcscd can't be."""
        self._scard.SCardReleaseContext(self._handle)


class Connection:
    """The card on one reader: a Transport. An error ends it."""

    def __init__(self, scard: _Scard, card: int, protocol: int, share: int) -> None:
        self._scard = scard
        self._card = card
        self._protocol = protocol
        self._share = share
        self._fresh = True

    def transmit(self, apdu: bytes) -> bytes:
        """Send one APDU; raises CardPulled, ReaderAbsent.

        A reset seen by the first command is normal (the card was laid just now, or another
        program has used it): the command has not run, so it is sent again, once.
        """
        fresh, self._fresh = self._fresh, False
        code, answer = self._transmit(apdu)
        if code == RESET and fresh:
            self._reconnect()
            code, answer = self._transmit(apdu)
        _checked(code, "SCardTransmit")
        if len(answer) < ANSWER_MIN:
            raise CardPulled("the card left during the command")
        return answer

    def escape(self, data: bytes) -> bytes | None:
        """Ask the reader itself something (buzzer, lights); None where it knows no escapes."""
        answered = _survived(
            lambda: self._scard.SCardControl(self._card, CCID_ESCAPE, list(data)), "SCardControl"
        )
        return bytes(answered[1]) if _unsigned(answered[0]) == OK else None

    def close(self) -> None:
        """Let the card go as it is.

        To reset or unpower a card that has just left, while another is being laid, makes pcscd
        blind on that reader for more than 15 s.
        """
        try:
            _survived(
                lambda: self._scard.SCardDisconnect(self._card, LEAVE_CARD), "SCardDisconnect"
            )
        except ReaderAbsent:
            return  # pcscd has died: nothing is left to be let go

    def _transmit(self, apdu: bytes) -> tuple[int, bytes]:
        code, answer = _survived(
            lambda: self._scard.SCardTransmit(self._card, self._protocol, list(apdu)),
            "SCardTransmit",
        )
        return _unsigned(code), bytes(answer)

    def _reconnect(self) -> None:
        code, self._protocol = _survived(
            lambda: self._scard.SCardReconnect(
                self._card, self._share, PROTOCOL_T0_OR_T1, LEAVE_CARD
            ),
            "SCardReconnect",
        )
        _checked(code, "SCardReconnect")


def _survived(call: Callable[[], _T], name: str) -> _T:
    """Make a call on a card; raises ReaderAbsent when pcscd has died under it."""
    try:
        return call()
    except SystemError as dead:  # pyscard 2.3 sets no exception then
        raise ReaderAbsent(f"{name}: pcscd has died") from dead
