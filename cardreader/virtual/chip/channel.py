"""Secure messaging, the card's side: none, EV1 (AES) and EV2.

==== ======================= ================================= =====================================
     PLAIN                   MAC                               FULL
==== ======================= ================================= =====================================
EV1  the CMAC only moves the written data end on 8 bytes of    written data ‖ CRC32, zeros,
     chained IV; the answer  CMAC, other commands go bare;     enciphered; read data likewise; other
     has its CMAC all the    the answer has its CMAC           answers have their CMAC
     same
EV2  bare both ways          8 bytes of MAC both ways          data padded 80 00…, enciphered, MAC
==== ======================= ================================= =====================================

EV1 chains one IV over commands and answers, from zero at the authentication. EV2 derives each IV
from the transaction identifier and the command counter, which moves on between command and answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cardreader.desfire import crypto
from cardreader.desfire.constants import BLOCK, KEY_LEN, MAC_LEN, CommMode, Ins, Status
from cardreader.virtual.chip.memory import Nak

CRC_LEN = 4
COUNTER_MAX = 0xFFFF
CHANGED_KEY_LEN = KEY_LEN + 1  # key and version: ChangeKey's CRC stands right behind them


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How one command travels; ``writes`` and ``reads``: its data are what the mode protects."""

    ins: int
    mode: CommMode
    writes: bool = False
    reads: bool = False


class Channel(Protocol):
    """The messaging that a session has agreed on."""

    def length(self, wire: Wire, plain: int) -> int:
        """Give how many bytes follow the header for ``plain`` bytes of data."""
        ...

    def accept(self, wire: Wire, header: bytes, body: bytes, plain: int) -> bytes:
        """Check what follows the header and give the data in clear; Nak when it is forged."""
        ...

    def reply(self, wire: Wire, data: bytes) -> bytes:
        """Dress an answer whose status is OK."""
        ...


class Bare:
    """No authentication: everything is plain."""

    def length(self, wire: Wire, plain: int) -> int:
        """Give ``plain``."""
        del wire
        return plain

    def accept(self, wire: Wire, header: bytes, body: bytes, plain: int) -> bytes:
        """Give the body."""
        del wire, header, plain
        return body

    def reply(self, wire: Wire, data: bytes) -> bytes:
        """Give the data."""
        del wire
        return data


class Ev1:
    """The messaging of AuthenticateAES."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._iv = crypto.ZERO_IV

    def length(self, wire: Wire, plain: int) -> int:
        """Count the CMAC, or the CRC and the padding."""
        if not wire.writes or wire.mode is CommMode.PLAIN:
            return plain
        if wire.mode is CommMode.MAC:
            return plain + MAC_LEN
        return len(crypto.pad_zero(bytes(plain + CRC_LEN)))

    def accept(self, wire: Wire, header: bytes, body: bytes, plain: int) -> bytes:
        """Check the CMAC or the CRC, and move the IV on."""
        head = bytes((wire.ins,)) + header
        if wire.writes and wire.mode is CommMode.FULL:
            return self._decipher(wire, head, body, plain)
        data, sent = (body, b"") if len(body) == plain else (body[:plain], body[plain:])
        mac = self._cmac(head + data)
        if sent and sent != crypto.truncate_ev1(mac):
            raise Nak(Status.INTEGRITY_ERROR)
        return data

    def reply(self, wire: Wire, data: bytes) -> bytes:
        """Encipher what was read in full mode; everything else is followed by its CMAC."""
        if wire.reads and wire.mode is CommMode.FULL:
            whole = crypto.pad_zero(data + crypto.crc32(data + bytes((Status.OK,))))
            sealed = crypto.cbc_encrypt(self._key, whole, self._iv)
            self._iv = sealed[-BLOCK:]
            return sealed
        return data + crypto.truncate_ev1(self._cmac(data + bytes((Status.OK,))))

    def _cmac(self, message: bytes) -> bytes:
        self._iv = crypto.cmac(self._key, message, self._iv)
        return self._iv

    def _decipher(self, wire: Wire, head: bytes, body: bytes, plain: int) -> bytes:
        """Decipher data ‖ CRC ‖ zeros; ChangeKey has more data behind the CRC."""
        clear = crypto.cbc_decrypt(self._key, body, self._iv)
        self._iv = body[-BLOCK:]
        cut = CHANGED_KEY_LEN if wire.ins == Ins.CHANGE_KEY else plain
        data, crc = clear[:cut], clear[cut : cut + CRC_LEN]
        more, zeros = clear[cut + CRC_LEN : plain + CRC_LEN], clear[plain + CRC_LEN :]
        if crc != crypto.crc32(head + data) or any(zeros):
            raise Nak(Status.INTEGRITY_ERROR)
        return data + more


class Ev2:
    """The messaging of AuthenticateEV2First and NonFirst; ``counter`` lives through the latter."""

    def __init__(self, keys: crypto.SessionKeys, ti: bytes, counter: int = 0) -> None:
        self._keys = keys
        self.ti, self.counter = ti, counter

    def length(self, wire: Wire, plain: int) -> int:
        """Count the padding and the MAC."""
        if wire.mode is CommMode.PLAIN:
            return plain
        sealed = wire.writes and wire.mode is CommMode.FULL and plain
        return (len(crypto.pad_80(bytes(plain))) if sealed else plain) + MAC_LEN

    def accept(self, wire: Wire, header: bytes, body: bytes, plain: int) -> bytes:
        """Check the MAC, decipher, and move the counter on."""
        del plain
        if self.counter == COUNTER_MAX:
            raise Nak(Status.COMMAND_ABORTED)  # a new session is due
        data = body if wire.mode is CommMode.PLAIN else self._verified(wire, header, body)
        if wire.writes and wire.mode is CommMode.FULL and data:
            data = self._decipher(data)
        self.counter += 1
        return data

    def reply(self, wire: Wire, data: bytes) -> bytes:
        """Encipher what was read in full mode, and add the MAC."""
        if wire.mode is CommMode.PLAIN:
            return data
        if wire.reads and wire.mode is CommMode.FULL and data:
            iv = crypto.ev2_response_iv(self._keys.enc, self.ti, self.counter)
            data = crypto.cbc_encrypt(self._keys.enc, crypto.pad_80(data), iv)
        return data + self._mac(Status.OK, data)

    def _mac(self, code: int, data: bytes) -> bytes:
        return crypto.ev2_mac(self._keys.mac, code, self.counter, self.ti, data)

    def _verified(self, wire: Wire, header: bytes, body: bytes) -> bytes:
        data, sent = body[:-MAC_LEN], body[-MAC_LEN:]
        if sent != self._mac(wire.ins, header + data):
            raise Nak(Status.INTEGRITY_ERROR)
        return data

    def _decipher(self, sealed: bytes) -> bytes:
        iv = crypto.ev2_command_iv(self._keys.enc, self.ti, self.counter)
        clear = crypto.unpad_80(crypto.cbc_decrypt(self._keys.enc, sealed, iv))
        if clear is None:
            raise Nak(Status.INTEGRITY_ERROR)
        return clear
