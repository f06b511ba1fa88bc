"""What lets a process of the crash matrix die (SIGKILL) at a numbered effect."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path


class FileClock:
    """The time that the test wrote into a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"

    def now(self) -> datetime:
        return datetime.fromtimestamp(float(self._file.read_text()), UTC)

    def monotonic(self) -> float:
        return self.now().timestamp()


class Fuse:
    """Counts effects into a file and kills the process at the chosen one; 0 lets it live."""

    def __init__(self, file: Path, kill_at: int) -> None:
        self._kill_at = kill_at
        self._log = file.open("a", buffering=1)
        self._count = 0

    def burn(self, name: str) -> None:
        self._count += 1
        self._log.write(f"{name}\n")
        if self._count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
