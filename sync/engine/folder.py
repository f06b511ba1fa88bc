"""alv1 in a folder: what a stick carries, the same bytes as over HTTP (SYNC.md, principle 9).

``manifest.alv1`` and ``keys.alv1`` are signed, ``blobs/<two digits>/<name>`` are named by content.
The kiosk keeps its own last manifest and blobs in the same shape.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from kiosk.domain.errors import BlobDamaged, DataAbsent, HubUnavailable
from kiosk.store.blob_store import FOLDER, BlobStore
from sync.protocol.manifest import MANIFEST_BYTES_MAX
from sync.source import Polled

MANIFEST, KEYS = "manifest.alv1", "keys.alv1"


class FolderSource:
    """A folder of alv1 (implements sync.source.Source)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blobs = BlobStore(folder / FOLDER)

    async def manifest(self, etag: str) -> Polled:
        """Give the folder's manifest."""
        del etag
        return Polled(data=_read(self._folder / MANIFEST))

    async def notice(self) -> bytes:
        """Give the folder's notice of keys."""
        return _read(self._folder / KEYS)

    async def blob(self, name: str, *, fresh: bool = False) -> bytes:
        """Give a blob of the folder; there is no cache to go past."""
        del fresh
        if not self._blobs.has(name):
            raise HubUnavailable(f"{name[:12]} isn't in {self._folder}")
        return self._blobs.read(name)


def kept(folder: Path, name: str) -> bytes | None:
    """Give a signed document that was kept in ``folder``, None when it isn't there."""
    try:
        return _read(folder / name)
    except HubUnavailable:
        return None


def keep(folder: Path, name: str, data: bytes) -> None:
    """Keep a signed document, whole or not at all; raises DataAbsent."""
    draft = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(folder / name)
    except OSError as wrong:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise DataAbsent(f"{folder / name}: {wrong}") from wrong


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MANIFEST_BYTES_MAX + 1)
    except OSError as wrong:
        raise HubUnavailable(f"{path}: {wrong}") from wrong
    if len(data) > MANIFEST_BYTES_MAX:
        raise BlobDamaged(f"{path}: more than {MANIFEST_BYTES_MAX} bytes")
    return data
