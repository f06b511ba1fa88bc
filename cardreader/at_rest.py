"""Secrets as they lie on a disk: AES-256-GCM under a wrapping key, bound to a label.

A copy of the file alone is worth nothing; who has the wrapping key too has the secret.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.domain.errors import InputRefused

NONCE_BYTES: Final = 12


def wrap_secret(plain: bytes, wrapping_key: bytes, label: bytes) -> bytes:
    """Give a secret as it is kept: nonce, then ciphertext and tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(wrapping_key).encrypt(nonce, plain, label)


def unwrap_secret(blob: bytes, wrapping_key: bytes, label: bytes) -> bytes:
    """Give the secret; raises InputRefused under another key or label, or for other bytes."""
    nonce, rest = blob[:NONCE_BYTES], blob[NONCE_BYTES:]
    try:
        return AESGCM(wrapping_key).decrypt(nonce, rest, label)
    except (InvalidTag, ValueError) as wrong:
        todo = "seal the keys anew on this device"
        raise InputRefused("sealed keys can't be opened", todo=todo) from wrong
