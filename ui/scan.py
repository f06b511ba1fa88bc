"""What a gate's screen knows of the ticket that was just scanned, written by ui.gate_desk alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.usecases.redeem_ticket import Scanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A scan; ``busy``: its answer is awaited; ``problem`` the message key of what is wrong.

    ``number`` counts scans, so that two of them are never one value.
    """

    number: int = 0
    busy: bool = False
    scanned: Scanned | None = None
    problem: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is something to show."""
        return self.busy or self.scanned is not None or self.problem != ""

    @property
    def lets_in(self) -> bool:
        """Whether the answer is a yes."""
        return self.scanned is not None and self.scanned.answer.lets_in
