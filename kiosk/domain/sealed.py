"""Signed codes: a small value that a phone or a gate verifies without a network.

::

    text       "ALV1:" + base45 of what follows (RFC 9285)
    byte 0     format, 1
    byte 1     what it is (Kind); the high bit tells that the body is compressed
    2 to 5     key id: the first four bytes of SHA-256 of the signer's public key
    6 …        body, as it is or as a zlib stream of fixed Huffman codes, whichever is shorter
    last 64    Ed25519 signature (RFC 8032) of CONTEXT and all the bytes before it

Rules:
1. The signature covers the bytes as they are carried: nothing is decompressed or read before it
   holds, and no other text stands for the same value.
2. Fixed Huffman codes only, so that a page without a decompressor needs few lines to read them.
3. Of an unknown key nothing is believed: it may be another territory's, or anybody's.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from kiosk.domain import base45
from kiosk.domain.errors import CodeForeign, CodeTampered

PREFIX = "ALV1:"
FORMAT = 1
CONTEXT = b"alveole.signed-code.1\x00"  # a signature made for anything else is none here
COMPRESSED = 0x80
KEY_ID_BYTES, SIGNATURE_BYTES, PUBLIC_KEY_BYTES = 4, 64, 32
HEAD_BYTES = 2 + KEY_ID_BYTES
BODY_MAX = 400  # bytes, decompressed
TEXT_MAX = 720  # characters


class Kind(IntEnum):
    """What a code is."""

    RECEIPT = 1
    ENTRY = 2
    CODE_REQUEST = 16  # what a phone pays for an offline kiosk (kiosk.domain.reload_code)
    PAID_CODE = 17  # and what it shows to the kiosk's scanner then


class Signer(Protocol):
    """Who signs; the private key stays behind it."""

    @property
    def public_key(self) -> bytes:
        """The public key, 32 bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the Ed25519 signature of ``message``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A code whose signature holds: what it is, its body, and who signed."""

    kind: Kind
    body: bytes
    key_id: bytes


def key_id(public_key: bytes) -> bytes:
    """Give the short name of a public key."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_BYTES]


def known(public_keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
    """Give the public keys by their ids."""
    return {key_id(key): key for key in public_keys}


def sealed(kind: Kind, body: bytes, signer: Signer) -> str:
    """Give the signed code of ``body``; raises ValueError above BODY_MAX."""
    if len(body) > BODY_MAX:
        raise ValueError(f"a body of {len(body)} bytes, {BODY_MAX} are allowed")
    carried, mark = body, 0
    small = compressed(body)
    if len(small) < len(body):
        carried, mark = small, COMPRESSED
    frame = bytes((FORMAT, kind | mark)) + key_id(signer.public_key) + carried
    return PREFIX + base45.encode(frame + signer.sign(CONTEXT + frame))


def opened(text: str, keys: Mapping[bytes, bytes]) -> Opened:
    """Verify a code under the public keys ``keys`` (by id) and give what it holds.

    Raises CodeForeign for what isn't a code of ours or of these keys, CodeTampered for one whose
    signature doesn't hold.
    """
    if not text.startswith(PREFIX) or len(text) > TEXT_MAX:
        raise CodeForeign("not a signed code")
    try:
        data = base45.decode(text.removeprefix(PREFIX))
    except ValueError as wrong:
        raise CodeForeign(str(wrong)) from wrong
    frame, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if len(frame) < HEAD_BYTES or frame[0] != FORMAT:
        raise CodeForeign("not a signed code of this format")
    name = frame[2:HEAD_BYTES]
    if name not in keys:
        raise CodeForeign(f"signed by an unknown key {name.hex()}")
    if not holds(keys[name], signature, CONTEXT + frame):
        raise CodeTampered("the signature doesn't hold")
    return _read(frame)


def holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether an Ed25519 signature holds (RFC 8032, 5.1.7)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _read(frame: bytes) -> Opened:
    """Read a frame whose signature holds; what it can't be was signed by mistake."""
    mark, carried = frame[1], frame[HEAD_BYTES:]
    try:
        body = decompressed(carried) if mark & COMPRESSED else carried
        kind = Kind(mark & ~COMPRESSED)
    except ValueError as wrong:
        raise CodeForeign(str(wrong)) from wrong
    if len(body) > BODY_MAX:
        raise CodeForeign(f"a body of more than {BODY_MAX} bytes")
    return Opened(kind=kind, body=body, key_id=frame[2:HEAD_BYTES])


def compressed(body: bytes) -> bytes:
    """Give a zlib stream (RFC 1950) of fixed Huffman codes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_FIXED)
    return packer.compress(body) + packer.flush()


def decompressed(stream: bytes) -> bytes:
    """Read a zlib stream of at most BODY_MAX bytes; raises ValueError."""
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(stream, BODY_MAX + 1)
    except zlib.error as wrong:
        raise ValueError(str(wrong)) from wrong
    if not reader.eof or reader.unused_data:
        raise ValueError("the compressed body doesn't end where it should")
    return body
