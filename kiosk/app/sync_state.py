"""The sync process as the kiosk sees it: how it is started, and what doctor is told of its ends."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.app.console import Place

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


def command(place: Place, at: datetime | None) -> list[str]:
    """Give the command that starts the sync process for ``place``."""
    words = [sys.executable, "-m", "kiosk.app.sync_process", "--data", str(place.data)]
    words += ["--territory", place.territory] if place.territory else []
    return [*words, "--at", at.isoformat()] if at is not None else words
