"""A stage that is told: the card to lay, what was taken, how it ended; words, icon and tone."""

from __future__ import annotations

from dataclasses import dataclass

from ui.views.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a stage is told: headline, what follows ("": said by who knows), icon and tone."""

    headline: str
    detail: str
    glyph: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFrame(Frame):
    """A screen that tells a stage; ``tone`` plain, good, warn or bad, and ``glyph`` says the same.

    ``simulated``: card and payment are the demonstration's.
    """

    headline: str = ""
    detail: str = ""
    tone: str = "plain"
    glyph: str = ""
    simulated: bool = False
