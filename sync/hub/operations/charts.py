"""Bars a day, as the shapes of an SVG that the server draws: no script, no style of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH, HEIGHT, BASE = 640, 120, 100  # units; the days' names stand below BASE
GAP: Final = 2
LABEL_EVERY: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day's bar: its place and size in units, its day and count, and its label ("")."""

    x: int
    y: int
    width: int
    height: int
    day: date
    count: int
    label: str

    @property
    def right(self) -> int:
        """Where it ends, and its label with it."""
        return self.x + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawn chart; ``most`` is the count that reaches the top."""

    width: int
    height: int
    base: int
    most: int
    total: int
    bars: tuple[Bar, ...]

    @property
    def tick(self) -> int:
        """Where the labels stand, with room for what hangs below the line."""
        return self.height - 4


def drawn(days: Sequence[tuple[date, int]]) -> Chart:
    """Draw counts by day, oldest first; a day that has any is seen, however small."""
    most = max((count for _, count in days), default=0)
    step = WIDTH // max(len(days), 1)
    bars: list[Bar] = []
    for place, (day, count) in enumerate(days):
        height = max(round(BASE * count / most), 2) if count else 0
        labelled = (len(days) - 1 - place) % LABEL_EVERY == 0
        bars.append(
            Bar(
                x=place * step + GAP // 2,
                y=BASE - height,
                width=step - GAP,
                height=height,
                day=day,
                count=count,
                label=f"{day:%d/%m}" if labelled else "",
            )
        )
    return Chart(
        width=step * max(len(days), 1),
        height=HEIGHT,
        base=BASE,
        most=most,
        total=sum(count for _, count in days),
        bars=tuple(bars),
    )
