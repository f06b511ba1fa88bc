"""Blobs on this disk: what was fetched, by its name; resumed from, exported and offered on.

Rules:
1. A blob is written aside and renamed: a name holds its bytes or nothing. It is verified again
   each time it is read (sync.protocol.blobs): a disk may lie.
2. No name but 64 hexadecimal digits is ever made into a path.
3. What no manifest in force names is swept.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from kiosk.domain.errors import BlobDamaged, DataAbsent, FeedRefused
from sync.protocol.blobs import BLOB_BYTES_MAX, NAME, name_of

FOLDER = "blobs"
FILES_MAX = 200_000


class BlobStore:
    """The blobs below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Give where a blob lies; raises FeedRefused for what is no blob's name."""
        if not NAME.fullmatch(name):
            raise FeedRefused("not a blob's name")
        return self._folder / name[:2] / name

    def has(self, name: str) -> bool:
        """Whether a blob is here; its bytes are verified when it is read."""
        return self.path(name).is_file()

    def read(self, name: str) -> bytes:
        """Give a blob's bytes; raises BlobDamaged when they are absent, or others."""
        try:
            with self.path(name).open("rb") as file:
                data = file.read(BLOB_BYTES_MAX + 1)
        except OSError as wrong:
            raise BlobDamaged(f"{name[:12]}: {wrong}") from wrong
        if name_of(data) != name:
            raise BlobDamaged(f"{name[:12]}: other bytes than those of its name")
        return data

    def keep(self, name: str, data: bytes) -> None:
        """Keep a blob; raises BlobDamaged (not its bytes), DataAbsent (the disk)."""
        if name_of(data) != name:
            raise BlobDamaged(f"{name[:12]}: other bytes than those of its name")
        path = self.path(name)
        draft = path.with_name(f".{name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(path)
        except OSError as wrong:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise DataAbsent(f"a blob can't be kept: {wrong}") from wrong

    def forget(self, name: str) -> None:
        """Remove a blob that isn't what it should be."""
        with suppress(OSError):
            self.path(name).unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> int:
        """Remove what isn't wanted; gives how many."""
        gone = 0
        for path in self._files():
            if path.name not in wanted:
                with suppress(OSError):
                    path.unlink()
                    gone += 1
        return gone

    def _files(self) -> Iterator[Path]:
        for seen, path in enumerate(self._folder.glob("*/*")):
            if seen >= FILES_MAX:
                return
            yield path
