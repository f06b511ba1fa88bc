"""The authentications: AuthenticateAES (EV1), AuthenticateEV2First and NonFirst.

The reader names a key; the chip sends its nonce enciphered; the reader answers with its own and
the chip's rotated; the chip proves itself with the reader's rotated. EV2First also agrees on a
transaction identifier, which NonFirst keeps together with the command counter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cardreader.desfire import crypto
from cardreader.desfire.constants import BLOCK, TI_LEN, Ins, Status
from cardreader.virtual.chip.channel import Channel, Ev1, Ev2
from cardreader.virtual.chip.memory import Nak

Random = Callable[[int], bytes]
CAPABILITIES_LEN = 6  # PDcap2 and PCDcap2, all zeros


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """An authentication half-way: the chip has sent its nonce."""

    ins: int
    number: int
    key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    before: Ev2 | None = None  # the session that NonFirst continues
    sealed: bytes = b""

    @classmethod
    def begin(
        cls, ins: int, number: int, key: bytes, nonce: bytes, *, before: Ev2 | None
    ) -> Handshake:
        """Begin with a fresh nonce of the chip; ``sealed`` is what it sends."""
        return cls(
            ins=ins,
            number=number,
            key=key,
            nonce=nonce,
            before=before,
            sealed=crypto.cbc_encrypt(key, nonce),
        )

    def finish(self, answer: bytes, random: Random) -> tuple[Channel, bytes]:
        """Check the reader's proof; give the session and the chip's proof."""
        if len(answer) != 2 * BLOCK:
            raise Nak(Status.LENGTH_ERROR)
        legacy = self.ins == Ins.AUTHENTICATE_AES
        clear = crypto.cbc_decrypt(self.key, answer, self.sealed if legacy else crypto.ZERO_IV)
        theirs, ours = clear[:BLOCK], clear[BLOCK:]
        if ours != crypto.rotate_left(self.nonce):
            raise Nak(Status.AUTHENTICATION_ERROR)
        proof = crypto.rotate_left(theirs)
        if legacy:
            legacy_key = crypto.ev1_session_key(theirs, self.nonce)
            return Ev1(legacy_key), crypto.cbc_encrypt(self.key, proof, answer[-BLOCK:])
        keys = crypto.ev2_session_keys(self.key, theirs, self.nonce)
        if self.before is not None:
            session = Ev2(keys, self.before.ti, self.before.counter)
            return session, crypto.cbc_encrypt(self.key, proof)
        ti = random(TI_LEN)
        told = ti + proof + bytes(2 * CAPABILITIES_LEN)
        return Ev2(keys, ti), crypto.cbc_encrypt(self.key, told)
