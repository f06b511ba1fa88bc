"""The folder of blobs: immutable files named by their content, which nginx may serve as they are.

A blob lies in ``blobs/<first two digits>/<name>``; it is written aside, synced and renamed, so that
whoever sees its name sees all of it.
"""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.domain.errors import BlobDamaged, InputRefused
from sync.protocol.blobs import BLOB_BYTES_MAX, NAME, name_of

_SHARD = 2


class BlobStore:
    """The blobs of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Give where a blob lies; raises InputRefused for what isn't a blob's name."""
        if not NAME.fullmatch(name):
            raise InputRefused("not a blob's name")
        return self._folder / name[:_SHARD] / name

    def write(self, name: str, data: bytes) -> None:
        """Keep a blob durably; one that is there already is left as it is."""
        assert name_of(data) == name, "a blob is named by its content"
        file = self.path(name)
        if file.exists():
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            with os.fdopen(handle, "wb", closefd=False) as out:
                out.write(data)
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.replace(file)

    def read(self, name: str) -> bytes:
        """Give a blob's bytes; raises BlobDamaged when they aren't there, or aren't those."""
        try:
            with self.path(name).open("rb") as file:
                data = file.read(BLOB_BYTES_MAX + 1)
        except OSError as wrong:
            raise BlobDamaged(f"{name[:12]}: {wrong}") from wrong
        if name_of(data) != name:
            raise BlobDamaged(f"{name[:12]}: its file was changed")
        return data

    def remove(self, name: str) -> None:
        """Delete a blob that nobody needs."""
        self.path(name).unlink(missing_ok=True)
