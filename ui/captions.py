"""The captions line: what is being said, a piece at a time, as long as reading it takes.

Rules:
1. A sentence longer than PIECE_MAX characters is parted at blanks: a piece fits the line.
2. A piece stays for its reading time, three times as long with slow times.
3. After the last piece the line is empty again.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from kiosk.domain.idle import SLOW_FACTOR

PIECE_MAX = 70  # characters: three lines of large text on the narrowest panel
PIECES_MAX = 200
LEAST_S, PER_CHARACTER_S = 2.0, 0.07  # about 14 characters a second, as subtitles are read


def pieces_of(sentences: Sequence[str]) -> list[str]:
    """Part sentences into pieces of at most PIECE_MAX characters; the first PIECES_MAX."""
    pieces = [piece for sentence in sentences for piece in wrap(sentence, PIECE_MAX)]
    return pieces[:PIECES_MAX]


class Captions:
    """One text on its way through the line; all moments are monotonic seconds."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._until = 0.0
        self._slow = False

    @property
    def text(self) -> str:
        """The piece that is shown, "" when nothing is said."""
        return self._pieces[0] if self._pieces else ""

    def begin(self, sentences: Sequence[str], now: float, *, slow: bool) -> None:
        """Show these sentences, one after the other, instead of what was shown."""
        self._pieces, self._slow = pieces_of(sentences), slow
        self._until = now + self._reading_s()

    def stop(self) -> None:
        """Show nothing."""
        self._pieces.clear()

    def advance(self, now: float) -> bool:
        """Show the next piece when this one has been read; say whether the line changed."""
        if not self._pieces or now < self._until:
            return False
        del self._pieces[0]
        self._until = now + self._reading_s()
        return True

    def _reading_s(self) -> float:
        factor = SLOW_FACTOR if self._slow else 1.0
        return max(LEAST_S, len(self.text) * PER_CHARACTER_S) * factor
