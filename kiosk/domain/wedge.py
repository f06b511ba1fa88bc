"""What a scanner that types like a keyboard has read: its keys, until Enter ends them.

Rules: at most TEXT_MAX characters are kept, a longer text is dropped whole; a pause of GAP_MAX_S
ends what was begun (a scanner types a code in a fraction of it); a code is given once.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.sealed import TEXT_MAX

GAP_MAX_S = 0.5


@dataclass(slots=True)
class WedgeBuffer:
    """The keys of one code under way."""

    text: str = ""
    at: float = 0.0
    spilled: bool = False

    def press(self, text: str, at: float) -> None:
        """Take a key's text in; ``at`` in seconds that never go back."""
        if at - self.at > GAP_MAX_S:
            self.forget()
        self.at = at
        self.spilled = self.spilled or len(self.text) + len(text) > TEXT_MAX
        self.text = "" if self.spilled else self.text + text

    def enter(self, at: float) -> str:
        """End the code and give it, "" when there is none to be believed."""
        whole = "" if at - self.at > GAP_MAX_S else self.text
        self.forget()
        return whole

    def forget(self) -> None:
        """Drop what was begun."""
        self.text, self.spilled = "", False
