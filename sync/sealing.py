"""Seals what only one kiosk may read (HPKE, RFC 9180; ADR 0023). Pure but for its randomness.

Rules:
1. DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, in base mode: who asks and who answers is
   proven by the signatures of the request and of the answer (sync.message_signing).
2. The kiosk's key lives for one request: nothing that lies on a disk opens it afterwards.
3. What is sealed is bound to a label, the territory and the kiosk; under others it can't be opened.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.domain.errors import FeedForged, InputRefused

LABEL: Final = b"alveole card keys 1"


class SealKey:
    """The kiosk's key of one request: its public half travels, the other half never leaves."""

    def __init__(self) -> None:
        self._key = X25519PrivateKey.generate()

    @property
    def public_key(self) -> bytes:
        """The public half, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def open(self, sealed: bytes, *, territory: str, kiosk: str) -> bytes:
        """Give what was sealed to this key; raises FeedForged when it wasn't, or for others."""
        try:
            return _suite().decrypt(sealed, self._key, _info(territory, kiosk))
        except (InvalidTag, ValueError) as wrong:
            raise FeedForged("card keys that aren't sealed to this kiosk") from wrong


def seal_to(public_key: bytes, plain: bytes, *, territory: str, kiosk: str) -> bytes:
    """Seal bytes to a kiosk's key of one request; raises InputRefused for what is no key."""
    try:
        key = X25519PublicKey.from_public_bytes(public_key)
        return _suite().encrypt(plain, key, _info(territory, kiosk))
    except ValueError as wrong:  # a point of low order too
        raise InputRefused("not a key to seal to") from wrong


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _info(territory: str, kiosk: str) -> bytes:
    return b"\x00".join((LABEL, territory.encode(), kiosk.encode()))
