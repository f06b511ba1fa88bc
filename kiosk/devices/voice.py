"""A voice that only keeps its transcript: captions and tests read it, nothing is heard."""

from __future__ import annotations

from collections import deque

TRANSCRIPT_MAX = 50


class TranscriptVoice:
    """Implements ports.Voice without sound; ``transcript`` holds the last things said."""

    def __init__(self) -> None:
        self.transcript: deque[str] = deque(maxlen=TRANSCRIPT_MAX)

    def say(self, text: str, *, language: str, private: bool = False) -> None:  # noqa: ARG002 - the port's arguments
        """Keep ``text``; private text is never kept, since nobody wears headphones here."""
        if text and not private:
            self.transcript.append(text)

    def stop(self) -> None:
        """Be quiet: there is nothing to stop."""
