"""Issues virtual cards: what lies there as a blank becomes the territory's (ports.CardIssuer)."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.errors import CardForeign, CardPulled
from kiosk.domain.purse import CardFace, NewCard
from tests.plain.cards import VirtualCard
from tests.plain.faces import empty_card


class VirtualIssuer:
    """A personalising place with room for one blank; ``tear`` lets the next one be pulled away."""

    def __init__(self) -> None:
        self.blanks = 0
        self.issued: list[VirtualCard] = []
        self._torn = False

    def lay_blank(self) -> None:
        """Lay one blank card."""
        self.blanks = 1

    def tear(self) -> None:
        """Let the next card be pulled away before it is whole: it stays blank."""
        self._torn = True

    def issue(self, card: NewCard) -> CardFace:
        """Personalise the blank that lies there; raises CardForeign, CardPulled."""
        if not self.blanks:
            raise CardForeign("what lies there isn't a blank card")
        torn, self._torn = self._torn, False
        if torn:
            raise CardPulled("the blank card left before it was whole")
        self.blanks = 0
        face = replace(
            empty_card(card.issued_at).face, number=card.number, valid_until=card.valid_until
        )
        self.issued.append(VirtualCard(face))
        return face
