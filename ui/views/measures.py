"""Lengths and durations as one says them."""

from __future__ import annotations

from ui.context import Context

NEAR_M = 1_000  # up to here a length is given in metres
METRES_STEP = 50  # nobody walks 437 m: lengths in metres are rounded to this


def length(context: Context, metres: float) -> str:
    """Give « 350 m », « 3,5 km »."""
    rounded = round(metres / METRES_STEP) * METRES_STEP
    if rounded < NEAR_M:
        return context.words("{n}\u00a0m", n=max(rounded, METRES_STEP))
    return context.words("{n}\u00a0km", n=context.words.decimal(metres / 1000))


def duration(context: Context, minutes: int) -> str:
    """Give « 45 min », « 2 h », « 1 h 15 »."""
    words = context.words
    hours, rest = divmod(minutes, 60)
    if not hours:
        return words("{n}\u00a0min", n=rest)
    if not rest:
        return words("{n}\u00a0h", n=hours)
    return words("{h}\u00a0h\u00a0{m}", h=hours, m=f"{rest:02}")
