"""What doctor is told of a sync process that ended by itself: one small file in the data folder."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

FILE = "sync-state.json"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How often it ended since the kiosk was started, and how and when it did last."""

    restarts: int
    exit_code: int
    at: datetime


def write_state(folder: Path, state: State) -> None:
    """Keep the state; where the folder can't be written the log alone has it."""
    with suppress(OSError):
        (folder / FILE).write_bytes(msgspec.json.encode(state))


def forget_state(folder: Path) -> None:
    """Forget what an earlier run has told."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)


def last_state(folder: Path) -> State | None:
    """Give what was told last; None when nothing went wrong, or it can't be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None
