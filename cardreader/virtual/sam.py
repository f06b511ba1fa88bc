"""A secure access module made of software (cardreader.sam tells its commands and rules).

It is a thing for a reader's second slot (vpcd.Picc), or a Transport by itself; for demo and tests.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cardreader.desfire.constants import BLOCK, UID_LEN, CommMode, Ins
from cardreader.desfire.messaging import Command, Handshake, SecureSession
from cardreader.keys import KeyRing, KeySet
from cardreader.layout import CARD_KEYS, PURSE, Key
from cardreader.sam import (
    CLA_SAM,
    ENTRY_CENTS,
    SIGNATURE_LEN,
    SamIns,
    SamWord,
    refill_message,
)
from kiosk.domain.errors import CardTampered, KeyAbsent

CEILING_MAX = 0xFFFF_FFFF
_BEGIN_LEN = UID_LEN + 1 + BLOCK
_REFILL_LEN = 4 + 4 + SIGNATURE_LEN
SAM_KEYS = frozenset(CARD_KEYS[1:])
_MODES = frozenset(CommMode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What the module keeps without power, beside its keys."""

    left_cents: int = 0
    refills: int = 0


class _Refusal(Exception):
    """Ends a command with a status word; never leaves the module."""

    def __init__(self, word: SamWord) -> None:
        super().__init__(word.name)
        self.word = word


class VirtualSam:
    """The module; ``ceiling`` may be read, kept and given to the next one."""

    atr = bytes.fromhex("3B8080414C56")  # interface bytes, then «ALV»

    def __init__(
        self,
        module: bytes,
        keys: KeySet,
        hub: Ed25519PublicKey,
        *,
        ceiling: Ceiling | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        held: dict[Key, bytes] = {key: one for key, one in keys.masters.items() if key in SAM_KEYS}
        self._ring = KeyRing([KeySet(version=keys.version, masters=held)], random=random)
        self._module, self._hub = module, hub
        self.ceiling = ceiling or Ceiling()
        self._shaking: Handshake | None = None
        self._session: SecureSession | None = None

    def power_on(self) -> None:
        """Begin without a session."""
        self._shaking = self._session = None

    def power_off(self) -> None:
        """Forget the session."""
        self.power_on()

    def transmit(self, apdu: bytes) -> bytes:
        """Answer as a Transport does."""
        return self.answer(apdu)

    def answer(self, apdu: bytes) -> bytes:
        """Answer one APDU; every answer has two status bytes."""
        try:
            return self._run(apdu) + SamWord.OK.to_bytes(2, "big")
        except _Refusal as refusal:
            word = refusal.word
        except KeyAbsent:
            word = SamWord.NO_KEY
        except CardTampered:
            self._shaking = self._session = None
            word = SamWord.CARD_FALSE
        return word.to_bytes(2, "big")

    def _run(self, apdu: bytes) -> bytes:
        data = apdu[5:-1]
        if len(apdu) < 5 or apdu[0] != CLA_SAM or (len(apdu) > 5 and apdu[4] != len(data)):
            raise _Refusal(SamWord.MALFORMED)
        match apdu[1]:
            case SamIns.BEGIN:
                return self._begin(apdu[2], apdu[3], data)
            case SamIns.FINISH:
                return self._finish(data)
            case SamIns.WRAP:
                return self._wrap(data)
            case SamIns.UNWRAP:
                return self._unwrap(data)
            case SamIns.STATUS:
                return self._status()
            case SamIns.REFILL:
                return self._refill(data)
            case _:
                raise _Refusal(SamWord.MALFORMED)

    def _begin(self, key: int, version: int, data: bytes) -> bytes:
        if len(data) != _BEGIN_LEN:
            raise _Refusal(SamWord.MALFORMED)
        if key not in SAM_KEYS or version == 0:
            raise _Refusal(SamWord.NO_KEY)
        uid, within, challenge = data[:UID_LEN], data[UID_LEN], data[UID_LEN + 1 :]
        if within and self._session is None:
            raise _Refusal(SamWord.REFUSED)
        session = self._session if within else None
        self._session = None
        self._shaking = self._ring.handshake(Key(key), uid, version, session)
        return self._shaking.answer(challenge)

    def _finish(self, proof: bytes) -> bytes:
        if self._shaking is None:
            raise _Refusal(SamWord.REFUSED)
        shaking, self._shaking = self._shaking, None
        self._session = shaking.finish(proof)
        return b""

    def _wrap(self, data: bytes) -> bytes:
        if len(data) < 3 or data[1] not in _MODES or len(data) < 3 + data[2]:
            raise _Refusal(SamWord.MALFORMED)
        end = 3 + data[2]
        command = Command(ins=data[0], mode=CommMode(data[1]), header=data[3:end], data=data[end:])
        session = self._open_session()
        self._charge(command)
        return session.wrap(command)

    def _unwrap(self, data: bytes) -> bytes:
        if len(data) < 2 or data[1] not in _MODES:
            raise _Refusal(SamWord.MALFORMED)
        command = Command(ins=data[0], mode=CommMode(data[1]))
        return self._open_session().unwrap(command, data[2:])

    def _charge(self, command: Command) -> None:
        """Refuse what a module never wraps; lower the ceiling by what a credit is worth."""
        if command.ins == Ins.CHANGE_KEY or command.mode is CommMode.PLAIN:
            raise _Refusal(SamWord.REFUSED)
        if command.ins not in (Ins.CREDIT, Ins.LIMITED_CREDIT):
            return
        if len(command.header) != 1 or len(command.data) != 4:
            raise _Refusal(SamWord.MALFORMED)
        amount = int.from_bytes(command.data, "little")
        cents = amount if command.header[0] == PURSE else amount * ENTRY_CENTS
        if cents > self.ceiling.left_cents:
            raise _Refusal(SamWord.CEILING)
        left = self.ceiling.left_cents - cents
        self.ceiling = Ceiling(left_cents=left, refills=self.ceiling.refills)

    def _refill(self, data: bytes) -> bytes:
        if len(data) != _REFILL_LEN:
            raise _Refusal(SamWord.MALFORMED)
        cents = int.from_bytes(data[:4], "little")
        number = int.from_bytes(data[4:8], "little")
        message = refill_message(self._module, cents, number)
        try:
            self._hub.verify(data[8:], message)
        except InvalidSignature:
            raise _Refusal(SamWord.REFUSED) from None
        left = self.ceiling.left_cents + cents
        if number != self.ceiling.refills + 1 or left > CEILING_MAX:
            raise _Refusal(SamWord.REFUSED)
        self.ceiling = Ceiling(left_cents=left, refills=number)
        return self._status()

    def _status(self) -> bytes:
        head = bytes((self._ring.version,)) + self.ceiling.left_cents.to_bytes(4, "little")
        return head + self.ceiling.refills.to_bytes(4, "little") + self._module

    def _open_session(self) -> SecureSession:
        if self._session is None:
            raise _Refusal(SamWord.REFUSED)
        return self._session
