"""The card's arithmetic: AES, CMAC, CRC, paddings, session keys. Pure; bytes in, bytes out.

Sources: RFC 4493 (CMAC), NXP AN10922 (diversification), NXP AN12196 (EV2 session keys, vectors and
counters), NXP data sheet of MIFARE DESFire Light (transaction MAC). Lengths that a caller gets
wrong raise ValueError; lengths of what a card sent are the sessions' to check.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from cardreader.desfire.constants import BLOCK, KEY_LEN, UID_LEN

ZERO_IV = bytes(BLOCK)
TMC_MAX = 0xFFFF_FFFF
_RB = 0x87  # RFC 4493, 2.3: the constant of 128-bit blocks
_AN10922_AES128 = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKeys:
    """The two keys of an EV2 session; never shown by repr."""

    enc: bytes
    mac: bytes

    def __repr__(self) -> str:
        return "SessionKeys(…)"


def ecb_encrypt(key: bytes, block: bytes) -> bytes:
    """Encipher one block of 16 bytes."""
    return cbc_encrypt(key, block, ZERO_IV)


def cbc_encrypt(key: bytes, data: bytes, iv: bytes = ZERO_IV) -> bytes:
    """Encipher whole blocks with AES-128-CBC; no padding is added."""
    encryptor = Cipher(_aes(key), modes.CBC(iv)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def cbc_decrypt(key: bytes, data: bytes, iv: bytes = ZERO_IV) -> bytes:
    """Decipher whole blocks with AES-128-CBC; no padding is taken off."""
    decryptor = Cipher(_aes(key), modes.CBC(iv)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def cmac(key: bytes, message: bytes, iv: bytes = ZERO_IV) -> bytes:
    """Give the full AES-CMAC of 16 bytes (RFC 4493); EV1 chains ``iv`` from command to command."""
    whole = len(message) > 0 and len(message) % BLOCK == 0
    return _mac(key, message if whole else pad_80(message), iv, padded=not whole)


def cmac_subkeys(key: bytes) -> tuple[bytes, bytes]:
    """Give RFC 4493's K1 (for whole last blocks) and K2 (for padded ones)."""
    first = _double(ecb_encrypt(key, ZERO_IV))
    return first, _double(first)


def truncate_ev1(mac: bytes) -> bytes:
    """Give what EV1 sends of a CMAC: its first 8 bytes."""
    return mac[:8]


def truncate_ev2(mac: bytes) -> bytes:
    """Give what EV2 sends of a CMAC: its 8 odd bytes."""
    return mac[1::2]


def crc32(data: bytes) -> bytes:
    """Give EV1's CRC (JAMCRC: the usual one without its last inversion), 4 bytes, low first."""
    return (zlib.crc32(data) ^ 0xFFFF_FFFF).to_bytes(4, "little")


def pad_80(data: bytes, size: int = BLOCK) -> bytes:
    """Add 80 00… up to the next multiple of ``size``; a whole block is added to whole blocks."""
    padded = data + b"\x80"
    return padded + bytes(-len(padded) % size)


def unpad_80(data: bytes) -> bytes | None:
    """Take 80 00… off; None when there is no such padding."""
    stripped = data.rstrip(b"\x00")
    return stripped[:-1] if stripped.endswith(b"\x80") else None


def pad_zero(data: bytes, size: int = BLOCK) -> bytes:
    """Add zeros up to a multiple of ``size``; nothing is added to whole blocks."""
    return data + bytes(-len(data) % size)


def rotate_left(nonce: bytes) -> bytes:
    """Give a nonce with its first byte moved to the end, as the handshakes want it."""
    return nonce[1:] + nonce[:1]


def diversify(master: bytes, diversifier: bytes) -> bytes:
    """Give the key of one card (AN10922, AES-128): ``diversifier`` of 1…31 bytes.

    The input always fills two blocks, so that short diversifiers don't give a plain CMAC.
    """
    if not 1 <= len(diversifier) < 2 * BLOCK:
        msg = f"a diversifier of {len(diversifier)} bytes"
        raise ValueError(msg)
    message = _AN10922_AES128 + diversifier
    whole = len(message) == 2 * BLOCK
    return _mac(master, message if whole else pad_80(message, 2 * BLOCK), ZERO_IV, padded=not whole)


def ev1_session_key(rnd_a: bytes, rnd_b: bytes) -> bytes:
    """Give the session key of AuthenticateAES (0xAA)."""
    return rnd_a[0:4] + rnd_b[0:4] + rnd_a[12:16] + rnd_b[12:16]


def ev2_session_vectors(rnd_a: bytes, rnd_b: bytes) -> tuple[bytes, bytes]:
    """Give SV1 and SV2 of AuthenticateEV2First and NonFirst (AN12196, 6.6)."""
    tail = (
        b"\x00\x01\x00\x80" + rnd_a[0:2] + _xor(rnd_a[2:8], rnd_b[0:6]) + rnd_b[6:16] + rnd_a[8:16]
    )
    return b"\xa5\x5a" + tail, b"\x5a\xa5" + tail


def ev2_session_keys(key: bytes, rnd_a: bytes, rnd_b: bytes) -> SessionKeys:
    """Give the session keys of an EV2 authentication with ``key``."""
    sv1, sv2 = ev2_session_vectors(rnd_a, rnd_b)
    return SessionKeys(enc=cmac(key, sv1), mac=cmac(key, sv2))


def ev2_command_iv(enc_key: bytes, ti: bytes, counter: int) -> bytes:
    """Give the IV of a command's ciphertext; ``counter`` as it stands before the command."""
    return ecb_encrypt(enc_key, b"\xa5\x5a" + ti + counter.to_bytes(2, "little") + bytes(8))


def ev2_response_iv(enc_key: bytes, ti: bytes, counter: int) -> bytes:
    """Give the IV of an answer's ciphertext; ``counter`` as it stands after the command."""
    return ecb_encrypt(enc_key, b"\x5a\xa5" + ti + counter.to_bytes(2, "little") + bytes(8))


def ev2_mac(mac_key: bytes, code: int, counter: int, ti: bytes, data: bytes) -> bytes:
    """Give the 8 bytes of EV2's MAC; ``code`` is the command's, or the answer's status."""
    head = bytes((code,)) + counter.to_bytes(2, "little")
    return truncate_ev2(cmac(mac_key, head + ti + data))


def transaction_keys(key: bytes, tmc: int, uid: bytes) -> SessionKeys:
    """Give the keys of the transaction after counter ``tmc``: SesTMENCKey and SesTMMACKey.

    ``tmc`` is the counter before the commit; the card's answer tells it plus one.
    """
    if len(uid) != UID_LEN or not 0 <= tmc < TMC_MAX:
        msg = f"no transaction {tmc} of a UID of {len(uid)} bytes"
        raise ValueError(msg)
    tail = b"\x00\x01\x00\x80" + (tmc + 1).to_bytes(4, "little") + uid
    return SessionKeys(mac=cmac(key, b"\x5a" + tail), enc=cmac(key, b"\xa5" + tail))


def transaction_input(ins: int, header: bytes, data: bytes = b"") -> bytes:
    """Give what one command adds to the transaction MAC's input (TMI).

    Command and header are zero padded to whole blocks, then the data; value commands count their
    four bytes to the header.
    """
    return pad_zero(bytes((ins,)) + header) + pad_zero(data)


def transaction_mac(mac_key: bytes, tmi: bytes) -> bytes:
    """Give the TMV, 8 bytes, of the transaction's input under SesTMMACKey."""
    return truncate_ev2(cmac(mac_key, tmi))


def _aes(key: bytes) -> AES:
    if len(key) != KEY_LEN:
        msg = f"an AES-128 key of {len(key)} bytes"
        raise ValueError(msg)
    return AES(key)


def _mac(key: bytes, blocks: bytes, iv: bytes, *, padded: bool) -> bytes:
    """CBC-MAC whole blocks, the last one masked with RFC 4493's K1, or K2 after a padding."""
    unpadded_mask, padded_mask = cmac_subkeys(key)
    mask = padded_mask if padded else unpadded_mask
    masked = blocks[:-BLOCK] + _xor(blocks[-BLOCK:], mask)
    return cbc_encrypt(key, masked, iv)[-BLOCK:]


def _double(block: bytes) -> bytes:
    """Multiply by x in GF(2^128)."""
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number = (number & ((1 << 128) - 1)) ^ _RB
    return number.to_bytes(BLOCK, "big")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
