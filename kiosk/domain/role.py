"""What a device is for (CARD.md, "Where the card is spent"): same program, another home screen."""

from __future__ import annotations

from typing import Literal

# kiosk: citizens · counter: staff at a cash desk · gate: one tap, one entry
Role = Literal["kiosk", "counter", "gate"]
