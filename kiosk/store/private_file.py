"""Small files of JSON for this user alone: written whole and durably, read within a bound."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from kiosk.domain.errors import DataAbsent
from kiosk.store.durable import sync_folder

_Shape = TypeVar("_Shape")


def read_private_file(
    path: Path, decoder: msgspec.json.Decoder[_Shape], *, bytes_max: int
) -> _Shape | None:
    """Give what a file holds, None when it isn't there or isn't that."""
    try:
        with path.open("rb") as file:
            return decoder.decode(file.read(bytes_max))
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def write_private_file(path: Path, content: bytes) -> None:
    """Write with mode 0600, whole or not at all, and durably; raises DataAbsent."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as wrong:
        raise DataAbsent(f"{path.name}: {wrong}") from wrong
