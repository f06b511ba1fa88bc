"""EV1 secure messaging with AES (AuthenticateAES, 0xAA): the cross-check profile.

Rules (NXP, data sheet of MIFARE DESFire EV1, secure messaging with AES):

1. One IV chains through the session: it starts at zero, and every CMAC or last cipher block is the
   next IV, for commands and answers alike.
2. A command that isn't enciphered is CMACed all the same; only MAC mode sends the CMAC, and only
   when there are data.
3. FULL data carry a CRC32 over command, header and data, then zeros up to the block.
4. An answer is CMACed over data ‖ status, or enciphered with a CRC32 over data ‖ status.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from cardreader.desfire.constants import BLOCK, MAC_LEN, CommMode, Ins
from cardreader.desfire.crypto import (
    ZERO_IV,
    cbc_decrypt,
    cbc_encrypt,
    cmac,
    crc32,
    ev1_session_key,
    pad_zero,
    rotate_left,
    truncate_ev1,
)
from cardreader.desfire.messaging import Command
from kiosk.domain.errors import CardTampered

CRC_LEN = 4
_OK = b"\x00"


class Ev1Handshake:
    """The reader's half of AuthenticateAES."""

    ins = Ins.AUTHENTICATE_AES
    opening = b""

    def __init__(self, key: bytes, random: Callable[[int], bytes]) -> None:
        self._key = key
        self._rnd_a = random(BLOCK)
        self._rnd_b = b""
        self._iv = ZERO_IV

    def answer(self, challenge: bytes) -> bytes:
        """Answer the card's enciphered nonce; raises CardTampered on a wrong length."""
        if len(challenge) != BLOCK:
            raise CardTampered(f"a challenge of {len(challenge)} bytes")
        self._rnd_b = cbc_decrypt(self._key, challenge)
        sent = cbc_encrypt(self._key, self._rnd_a + rotate_left(self._rnd_b), challenge)
        self._iv = sent[-BLOCK:]
        return sent

    def finish(self, proof: bytes) -> Ev1Session:
        """Check that the card knows the key; raises CardTampered."""
        if len(proof) != BLOCK:
            raise CardTampered(f"a proof of {len(proof)} bytes")
        turned = cbc_decrypt(self._key, proof, self._iv)
        if not hmac.compare_digest(turned, rotate_left(self._rnd_a)):
            raise CardTampered("the card doesn't know the key")
        return Ev1Session(ev1_session_key(self._rnd_a, self._rnd_b))


class Ev1Session:
    """The chained IV and the one key of an EV1 session."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._iv = ZERO_IV

    def wrap(self, command: Command) -> bytes:
        """Give the body to be sent."""
        signed = bytes((command.ins,)) + command.header + command.data
        if command.mode is CommMode.FULL and command.data:
            plain = pad_zero(command.data + crc32(signed) + command.trailer)
            sent = cbc_encrypt(self._key, plain, self._iv)
            self._iv = sent[-BLOCK:]
            return command.header + sent
        self._iv = cmac(self._key, signed, self._iv)
        shown = command.mode is CommMode.MAC and bool(command.data)
        return command.plain + (truncate_ev1(self._iv) if shown else b"")

    def unwrap(self, command: Command, body: bytes) -> bytes:
        """Verify and decipher an answer; raises CardTampered."""
        if command.mode is CommMode.FULL and len(body) != MAC_LEN:
            return self._deciphered(body)
        if len(body) < MAC_LEN:
            raise CardTampered(f"an answer of {len(body)} bytes has no MAC")
        data, mac = body[:-MAC_LEN], body[-MAC_LEN:]
        self._iv = cmac(self._key, data + _OK, self._iv)
        if not hmac.compare_digest(mac, truncate_ev1(self._iv)):
            raise CardTampered("the answer's MAC is wrong")
        return data

    def _deciphered(self, body: bytes) -> bytes:
        if not body or len(body) % BLOCK:
            raise CardTampered(f"a ciphertext of {len(body)} bytes")
        plain = cbc_decrypt(self._key, body, self._iv)
        self._iv = body[-BLOCK:]
        for size in range(len(plain) - CRC_LEN, max(-1, len(plain) - CRC_LEN - BLOCK), -1):
            data, crc, rest = plain[:size], plain[size : size + CRC_LEN], plain[size + CRC_LEN :]
            if not any(rest) and crc == crc32(data + _OK):
                return data
        raise CardTampered("the answer's CRC is wrong")
