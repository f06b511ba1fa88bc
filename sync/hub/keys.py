"""The hub's own secrets: files of mode 0600 in its data folder, made at ``hub init``.

============== =====================================================================
file           what
============== =====================================================================
hub.secret     Django's: sessions, tokens of forms
hub-signing.key the online key (Ed25519): manifests, licences, answers
hub-root.key   the territory's root key: signs the online key; belongs offline
hub-card.key   seals the card keys in the database; made with the first ones
============== =====================================================================
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import InputRefused
from kiosk.store.device_key import SEED_BYTES, make_private
from sync.hub.config import ROOT_KEY, SECRET, SIGNING_KEY

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_READABLE_BY_OTHERS = 0o077
SECRET_CHARACTERS = 64


class FileKey:
    """Signs with an Ed25519 key of a file (implements kiosk.domain.sealed.Signer)."""

    def __init__(self, file: Path) -> None:
        """Read the key; raises InputRefused when it isn't there or can't be trusted."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        seed = read_private(file)
        if len(seed) != SEED_BYTES:
            raise InputRefused("not a key", where=file.name)
        self._key: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key itself, for a library that signs."""
        return self._key

    @property
    def public_key(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Give the Ed25519 signature of ``message``."""
        return self._key.sign(message)


def make_keys(data: Path, *, root: bool = True) -> None:
    """Make the secrets that aren't there yet; without ``root`` the root key lies elsewhere."""
    for name in (SIGNING_KEY, ROOT_KEY) if root else (SIGNING_KEY,):
        if not (data / name).exists():
            make_private(data / name, os.urandom(SEED_BYTES))
    if not (data / SECRET).exists():
        make_private(data / SECRET, secrets.token_urlsafe(SECRET_CHARACTERS).encode())


def rotate_key(data: Path) -> None:
    """Make a new online key; the old one is set aside, for nobody to sign with."""
    file = data / SIGNING_KEY
    if file.exists():
        file.replace(file.with_suffix(".old"))
    make_private(file, os.urandom(SEED_BYTES))


def read_private(file: Path) -> bytes:
    """Read a secret; raises InputRefused when it is absent or others may read it."""
    try:
        mode, content = file.stat().st_mode, file.read_bytes()
    except OSError as wrong:
        raise InputRefused("it isn't there", where=file.name, todo="alveole hub init") from wrong
    if mode & _READABLE_BY_OTHERS:
        raise InputRefused("others may read it", where=file.name, todo=f"chmod 600 {file.name}")
    return content


def secret_of(data: Path) -> str:
    """Give Django's secret; raises InputRefused."""
    return read_private(data / SECRET).decode("ascii")
