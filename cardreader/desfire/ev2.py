"""EV2 secure messaging (AuthenticateEV2First 0x71, NonFirst 0x77): the production profile.

Rules (NXP AN12196, and its data sheets of MIFARE DESFire Light and EV2):

1. A First authentication gives a transaction identifier TI and sets the counter to zero; a
   NonFirst one keeps both, and with them a transaction that is under way.
2. A MAC covers command (or status) ‖ counter ‖ TI ‖ header ‖ ciphertext; the answer's counter is
   one more than its command's. PLAIN commands count too.
3. FULL data are padded 80 00… and enciphered under an IV of TI and counter; commands and answers
   have IVs of different labels.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from cardreader.desfire.constants import BLOCK, MAC_LEN, TI_LEN, CommMode, Ins, Status
from cardreader.desfire.crypto import (
    SessionKeys,
    cbc_decrypt,
    cbc_encrypt,
    ev2_command_iv,
    ev2_mac,
    ev2_response_iv,
    ev2_session_keys,
    pad_80,
    rotate_left,
    unpad_80,
)
from cardreader.desfire.messaging import Command
from kiosk.domain.errors import CardTampered

COMMANDS_MAX = 0xFFFF  # the counter has two bytes
CAPABILITIES = bytes(6)  # PCDcap2: we ask for nothing


class Ev2Session:
    """Keys, TI and counter of an EV2 session."""

    def __init__(self, keys: SessionKeys, ti: bytes, counter: int = 0) -> None:
        self._keys = keys
        self._ti = ti
        self._counter = counter

    @property
    def ti(self) -> bytes:
        """The transaction identifier."""
        return self._ti

    @property
    def counter(self) -> int:
        """How many commands have been answered since the First authentication."""
        return self._counter

    def wrap(self, command: Command) -> bytes:
        """Give the body to be sent; raises CardTampered when the counter is used up."""
        if self._counter >= COMMANDS_MAX:
            raise CardTampered(f"more than {COMMANDS_MAX} commands in a session")
        if command.mode is CommMode.PLAIN:
            return command.plain
        body = command.plain
        if command.mode is CommMode.FULL:
            body = command.header + self._enciphered(command.data + command.trailer)
        return body + ev2_mac(self._keys.mac, command.ins, self._counter, self._ti, body)

    def unwrap(self, command: Command, body: bytes) -> bytes:
        """Verify and decipher an answer; raises CardTampered."""
        self._counter += 1
        if command.mode is CommMode.PLAIN:
            return body
        if len(body) < MAC_LEN:
            raise CardTampered(f"an answer of {len(body)} bytes has no MAC")
        data, mac = body[:-MAC_LEN], body[-MAC_LEN:]
        wanted = ev2_mac(self._keys.mac, Status.OK, self._counter, self._ti, data)
        if not hmac.compare_digest(mac, wanted):
            raise CardTampered("the answer's MAC is wrong")
        return self._deciphered(data) if command.mode is CommMode.FULL and data else data

    def _enciphered(self, data: bytes) -> bytes:
        if not data:
            return b""
        iv = ev2_command_iv(self._keys.enc, self._ti, self._counter)
        return cbc_encrypt(self._keys.enc, pad_80(data), iv)

    def _deciphered(self, data: bytes) -> bytes:
        if len(data) % BLOCK:
            raise CardTampered(f"a ciphertext of {len(data)} bytes")
        iv = ev2_response_iv(self._keys.enc, self._ti, self._counter)
        plain = unpad_80(cbc_decrypt(self._keys.enc, data, iv))
        if plain is None:
            raise CardTampered("the answer's padding is wrong")
        return plain


class Ev2Handshake:
    """The reader's half of an EV2 authentication; within ``previous`` it is a NonFirst one."""

    def __init__(
        self, key: bytes, random: Callable[[int], bytes], previous: Ev2Session | None = None
    ) -> None:
        self._key = key
        self._previous = previous
        self._rnd_a = random(BLOCK)
        self._rnd_b = b""

    @property
    def ins(self) -> Ins:
        """The instruction that begins it."""
        first = self._previous is None
        return Ins.AUTHENTICATE_EV2_FIRST if first else Ins.AUTHENTICATE_EV2_NON_FIRST

    @property
    def opening(self) -> bytes:
        """A First authentication announces no capabilities (LenCap 00)."""
        return b"\x00" if self._previous is None else b""

    def answer(self, challenge: bytes) -> bytes:
        """Answer the card's enciphered nonce; raises CardTampered on a wrong length."""
        if len(challenge) != BLOCK:
            raise CardTampered(f"a challenge of {len(challenge)} bytes")
        self._rnd_b = cbc_decrypt(self._key, challenge)
        return cbc_encrypt(self._key, self._rnd_a + rotate_left(self._rnd_b))

    def finish(self, proof: bytes) -> Ev2Session:
        """Check that the card knows the key; raises CardTampered."""
        expected = BLOCK if self._previous is not None else 2 * BLOCK
        if len(proof) != expected:
            raise CardTampered(f"a proof of {len(proof)} bytes")
        plain = cbc_decrypt(self._key, proof)
        keys = ev2_session_keys(self._key, self._rnd_a, self._rnd_b)
        if self._previous is not None:
            self._check(plain)
            return Ev2Session(keys, self._previous.ti, self._previous.counter)
        self._check(plain[TI_LEN : TI_LEN + BLOCK])
        if plain[-len(CAPABILITIES) :] != CAPABILITIES:
            raise CardTampered("the card heard other capabilities than we sent")
        return Ev2Session(keys, plain[:TI_LEN])

    def _check(self, turned: bytes) -> None:
        if not hmac.compare_digest(turned, rotate_left(self._rnd_a)):
            raise CardTampered("the card doesn't know the key")
