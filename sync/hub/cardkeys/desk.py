"""The loads that the hub is writing right now, one a device; in this process alone.

Rules:
1. One device has one load under way: a new one ends the older.
2. RELAYS_MAX at once; what nobody has moved for IDLE_S is over (cardreader.relay ends its thread).
3. Steps come one after another: a step that was skipped, repeated or is another dialogue's finds
   nothing, and neither does a second request while one is answered.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cardreader.image import CardImage
from cardreader.operations import Committed
from cardreader.relay import Dialogue, FarSide
from kiosk.domain.errors import LimitReached
from sync.protocol.relay import LoadAsk

RELAYS_MAX = 64
IDLE_S = 30.0


@dataclass(slots=True, kw_only=True)
class UnderWay:
    """One load: the card is read, written, then moved to the newest keys; ``step`` is due next.

    ``moves``: there is more than one version, so that cards may have an older one.
    """

    dialogue: str
    load: LoadAsk
    far: FarSide
    reading: Dialogue[CardImage]
    moves: bool
    writing: Dialogue[Committed | None] | None = None
    moving: Dialogue[int] | None = None
    step: int = 0
    moved_s: float = 0.0

    @property
    def current(self) -> Dialogue[CardImage] | Dialogue[Committed | None] | Dialogue[int]:
        """The operation that the card is in."""
        return self.moving or self.writing or self.reading

    def close(self) -> None:
        """Leave: an operation that still waits sees a card that was pulled."""
        for one in (self.reading, self.writing, self.moving):
            if one is not None:
                one.close()


class RelayDesk:
    """Keeps what is under way between two requests; any thread may ask."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._kept: dict[str, UnderWay] = {}

    def make_room(self, device: str, now_s: float) -> None:
        """End this device's older load, and what is idle; raises LimitReached."""
        with self._turn:
            over = [
                name
                for name, one in self._kept.items()
                if name == device or now_s - one.moved_s > IDLE_S
            ]
            ended = [self._kept.pop(name) for name in over]
            full = len(self._kept) >= RELAYS_MAX
        for one in ended:
            one.close()
        if full:
            raise LimitReached("too many loads are being written")

    def take(self, device: str, dialogue: str, step: int) -> UnderWay | None:
        """Give what a step goes on with, for this request alone; None for any other step."""
        with self._turn:
            found = self._kept.get(device)
            if found is None or (found.dialogue, found.step) != (dialogue, step):
                return None
            return self._kept.pop(device)

    def keep(self, device: str, one: UnderWay, now_s: float) -> None:
        """Keep it for the next step; what another request has begun meanwhile is ended."""
        one.step += 1
        one.moved_s = now_s
        with self._turn:
            before = self._kept.pop(device, None)
            self._kept[device] = one
        if before is not None:
            before.close()
