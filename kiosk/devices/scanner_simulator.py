"""SIMULATION of a scanner (ports.Scanner): what the demonstration's tray shows it, it tells."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.sealed import TEXT_MAX


class ScannerStandIn:
    """Tells the codes that are shown to it; lives on the screen's thread."""

    def __init__(self) -> None:
        self._on_code: Callable[[str], None] | None = None

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Start telling each code that is shown."""
        self._on_code = on_code

    def close(self) -> None:
        """Stop telling."""
        self._on_code = None

    def show(self, code: str) -> None:
        """Hold a code under the scanner; one that is empty or too long is not read."""
        if self._on_code is not None and 0 < len(code) <= TEXT_MAX:
            self._on_code(code)
