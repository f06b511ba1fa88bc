"""The kiosk's own Ed25519 key: signs receipts and entry tickets; made at its first use.

It is a file of mode 0600 in the data folder: the developer's fallback of the design. Whoever
holds it can sign receipts in this kiosk's name, until its public key is struck from the page.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = "device.key"
HUB_FILE, CODE_FILE = "hub.key", "code.key"  # the hub's own key; what it shares with this kiosk
SEED_BYTES = 32
_READABLE_BY_OTHERS = 0o077


class DeviceKey:
    """Signs with the key of a data folder (implements kiosk.domain.sealed.Signer)."""

    def __init__(self, folder: Path, file: str = FILE) -> None:
        """Read the key, or make it; raises InputRefused when the file can't be trusted."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(_seed(folder / file))

    @property
    def public_key(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Give the Ed25519 signature of ``message``."""
        return self._key.sign(message)

    def derived(self, label: bytes) -> bytes:
        """Give a key of 32 bytes for one purpose, which ``label`` names (HKDF, RFC 5869)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derivation = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=label)
        return derivation.derive(self._key.private_bytes_raw())


def code_key(folder: Path) -> bytes:
    """Give the key of this kiosk's offline codes, 32 bytes; raises InputRefused.

    The hub holds the same one: it is made at enrolment; on one machine, whoever is first makes it.
    """
    return _seed(folder / CODE_FILE)


def _seed(file: Path) -> bytes:
    try:
        if not file.exists():
            make_private(file, os.urandom(SEED_BYTES))
        mode, seed = file.stat().st_mode, file.read_bytes()
    except OSError as wrong:
        raise InputRefused(f"the device key can't be used: {wrong}", where=str(file)) from wrong
    if mode & _READABLE_BY_OTHERS:
        raise InputRefused("others may read it", where=str(file), todo=f"chmod 600 {file}")
    if len(seed) != SEED_BYTES:
        raise InputRefused("not a device key", where=str(file), todo="set it aside: one is made")
    return seed


def make_private(file: Path, content: bytes) -> None:
    """Write a new secret for this user only, whole or not at all, and durably: what it signs lasts.

    Another process may be first.
    """
    from kiosk.store.durable import sync_folder

    draft = file.with_name(f".{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    with suppress(FileExistsError):
        file.hardlink_to(draft)
    draft.unlink()
    sync_folder(file.parent)
