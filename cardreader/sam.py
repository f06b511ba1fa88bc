"""A secure access module in a second slot: keys, sessions and a ceiling on credit live in it.

The module is ours and simple: it takes short APDUs of class 80 (table below), runs the secret
half of authentications and the sessions, and counts what its credits are worth. The kiosk carries
messages between card and module and sees no key. No real module speaks this dialect: a JavaCard
or an NXP SAM AV3 would need a driver of its own (docs/card.md).

===  ========  ===========================================================  ==================
ins  name      sent                                                         answered
===  ========  ===========================================================  ==================
10   BEGIN     P1 key, P2 version: UID 7 B, within u8, challenge 16 B       the card's 32 B
12   FINISH    the card's proof                                             -
14   WRAP      ins, mode, header length u8, header, data                    the body
16   UNWRAP    ins, mode, body                                              the data
18   STATUS    -                                                            version u8, left u32,
                                                                            refills u32, id 8 B
1A   REFILL    cents u32, number u32, the hub's Ed25519 signature 64 B      as STATUS
===  ========  ===========================================================  ==================
Numbers are little-endian. Rules:

1. The ceiling falls when a credit is wrapped, whether it reaches the card or not.
2. A credit of entries is worth ENTRY_CENTS an entry, so that books can't be made from nothing.
3. Only a refill that the hub has signed for this module, numbered one more than the last, raises
   the ceiling.
4. Keys aren't changed and cards aren't issued through a module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from cardreader.apdu import unwrap
from cardreader.desfire.constants import BLOCK, CommMode, Ins
from cardreader.desfire.messaging import Command, Handshake, SecureSession
from cardreader.keys import KeyChange
from cardreader.layout import Key
from cardreader.transport import Transport
from kiosk.domain.errors import CardPulled, CardTampered, CreditSpent, KeyAbsent, ReaderAbsent

CLA_SAM = 0x80
ENTRY_CENTS = 500  # more than any entry of the demo's prices
SAM_ID_LEN = 8
STATUS_LEN = 1 + 4 + 4 + SAM_ID_LEN
SIGNATURE_LEN = 64
REFILL_LABEL = b"alveole sam refill 1"


class SamIns(IntEnum):
    """The module's instructions."""

    BEGIN = 0x10
    FINISH = 0x12
    WRAP = 0x14
    UNWRAP = 0x16
    STATUS = 0x18
    REFILL = 0x1A


class SamWord(IntEnum):
    """The module's status words."""

    OK = 0x9000
    CEILING = 0x6A84
    NO_KEY = 0x6A88
    CARD_FALSE = 0x6982
    REFUSED = 0x6985
    MALFORMED = 0x6700


@dataclass(frozen=True, slots=True, kw_only=True)
class SamStatus:
    """What the module tells of itself: what it may still credit, in cents."""

    version: int
    left_cents: int
    refills: int
    module: bytes


def refill_message(module: bytes, cents: int, number: int) -> bytes:
    """Give what the hub signs: this module's refill ``number`` by ``cents``."""
    return REFILL_LABEL + module + cents.to_bytes(4, "little") + number.to_bytes(4, "little")


class Sam:
    """The module's commands over its own transport, as a KeyHolder."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._version = self.status().version

    @property
    def version(self) -> int:
        """The newest key version it holds."""
        return self._version

    def status(self) -> SamStatus:
        """Ask for version, ceiling and refills; raises ReaderAbsent."""
        return _status(self.send(SamIns.STATUS))

    def refill(self, cents: int, number: int, signature: bytes) -> SamStatus:
        """Hand over a refill of the hub; raises KeyAbsent when the module refuses it."""
        data = cents.to_bytes(4, "little") + number.to_bytes(4, "little") + signature
        return _status(self.send(SamIns.REFILL, data))

    def handshake(
        self, key: Key, uid: bytes, version: int, within: SecureSession | None
    ) -> Handshake:
        """Begin an authentication whose secrets stay in the module."""
        return _SamHandshake(self, key, version, uid, first=within is None)

    def wrap_key_change(self, session: SecureSession, change: KeyChange) -> tuple[Command, bytes]:
        """Refuse with KeyAbsent: a module changes no keys."""
        del session
        raise KeyAbsent(f"key {change.key.name}: a module changes no keys")

    def wrap_proof_file(self, session: SecureSession, uid: bytes) -> tuple[Command, bytes]:
        """Refuse with KeyAbsent: a module issues no cards."""
        del session, uid
        raise KeyAbsent("a module issues no cards")

    def send(self, ins: SamIns, data: bytes = b"", *, p1: int = 0, p2: int = 0) -> bytes:
        """Exchange one APDU with the module.

        Raises CreditSpent, KeyAbsent, CardTampered (the card's proof or MAC is false),
        ReaderAbsent (no module, or it doesn't understand us).
        """
        length = bytes((len(data),)) if data else b""
        apdu = bytes((CLA_SAM, ins, p1, p2)) + length + data + b"\x00"
        try:
            answer = unwrap(self._transport.transmit(apdu))
        except (CardPulled, CardTampered) as gone:
            raise ReaderAbsent("the secure module doesn't answer") from gone
        word = answer.sw1 << 8 | answer.sw2
        if word == SamWord.OK:
            return answer.data
        if word == SamWord.CEILING:
            raise CreditSpent("the secure module's ceiling is reached")
        if word == SamWord.CARD_FALSE:
            raise CardTampered(f"{ins.name}: the module finds the card false")
        if word in (SamWord.NO_KEY, SamWord.REFUSED):
            raise KeyAbsent(f"{ins.name}: the secure module refuses ({word:04X})")
        raise ReaderAbsent(f"{ins.name}: the secure module answers {word:04X}")


class _SamHandshake:
    """Handshake whose secret half runs in the module."""

    def __init__(self, sam: Sam, key: Key, version: int, uid: bytes, *, first: bool) -> None:
        self._sam, self._key, self._version = sam, key, version
        self._uid, self._first = uid, first

    @property
    def ins(self) -> Ins:
        """The instruction that begins it."""
        return Ins.AUTHENTICATE_EV2_FIRST if self._first else Ins.AUTHENTICATE_EV2_NON_FIRST

    @property
    def opening(self) -> bytes:
        """A First authentication announces no capabilities."""
        return b"\x00" if self._first else b""

    def answer(self, challenge: bytes) -> bytes:
        """Let the module answer; raises CardTampered on a wrong length."""
        if len(challenge) != BLOCK:
            raise CardTampered(f"a challenge of {len(challenge)} bytes")
        data = self._uid + bytes((not self._first,)) + challenge
        return self._sam.send(SamIns.BEGIN, data, p1=self._key, p2=self._version)

    def finish(self, proof: bytes) -> SecureSession:
        """Let the module judge the proof."""
        self._sam.send(SamIns.FINISH, proof)
        return _SamSession(self._sam)


class _SamSession:
    """SecureSession that lives in the module; it has one at a time."""

    def __init__(self, sam: Sam) -> None:
        self._sam = sam

    def wrap(self, command: Command) -> bytes:
        """Let the module wrap; raises CreditSpent, KeyAbsent."""
        if command.mode is CommMode.PLAIN or command.trailer:
            raise KeyAbsent("a module wraps no such command")
        head = bytes((command.ins, command.mode, len(command.header)))
        return self._sam.send(SamIns.WRAP, head + command.header + command.data)

    def unwrap(self, command: Command, body: bytes) -> bytes:
        """Let the module verify and decipher."""
        return self._sam.send(SamIns.UNWRAP, bytes((command.ins, command.mode)) + body)


def _status(data: bytes) -> SamStatus:
    if len(data) != STATUS_LEN:
        raise ReaderAbsent(f"a module's status of {len(data)} bytes")
    return SamStatus(
        version=data[0],
        left_cents=int.from_bytes(data[1:5], "little"),
        refills=int.from_bytes(data[5:9], "little"),
        module=data[9:],
    )
