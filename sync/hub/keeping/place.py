"""The empty place that a backup is brought back into, before the hub's models can be had."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import IO, Final

from kiosk.domain.errors import InputRefused, StorageFull
from sync.hub.config import BLOBS, FILE, PHOTOS, SECRET, SIGNING_KEY, SQLITE
from sync.hub.keeping.archive import Header, opened, verify

MONEY: Final = ("psp.db", "hub-codes.db")  # payments, and the codes that were answered
OCCUPIED: Final = (SECRET, SIGNING_KEY, SQLITE, BLOBS, PHOTOS, *MONEY)


def checked(file: Path, data: Path, root: bytes | None) -> Header:
    """Verify a backup, the empty place, and that kiosks believe ``root`` (None: a new one).

    Raises InputRefused.
    """
    for name in OCCUPIED:
        if (data / name).exists():
            raise InputRefused(f"{name} is there already", where=str(data), todo="an empty folder")
    header = verify(file)
    believed = {one.root for one in header.territories.values() if one.root}
    if root is not None and not believed <= {root.hex()}:
        raise InputRefused("not the root key that the kiosks believe", where="--root-key")
    return header


def settings(file: Path, data: Path) -> None:
    """Bring hub.toml back where there is none; raises InputRefused, StorageFull."""
    if (data / FILE).exists():
        return
    with opened(file) as (_, pieces):
        for member, piece in pieces:
            if member.name == FILE:
                put(data / FILE, piece)


def put(file: Path, piece: IO[bytes], *, mode: int = 0o600) -> None:
    """Write a piece to a new file, durably; raises InputRefused (it is there), StorageFull."""
    public = mode != 0o600
    try:
        file.parent.mkdir(mode=0o755 if public else 0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(piece, out)
            out.flush()
            os.fsync(handle)
    except FileExistsError as there:
        raise InputRefused("it is there already", where=str(file)) from there
    except OSError as full:
        raise StorageFull(f"{file.name} can't be written: {full}") from full
