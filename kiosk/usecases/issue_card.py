"""Issues a card: staff lay a blank one, the issuer behind its port makes it the holder's.

The keys never pass through here: the port's implementation holds them (CARD.md, "Keys never
travel").
"""

from __future__ import annotations

from kiosk.domain.errors import CardBlocked
from kiosk.domain.purse import CardFace, NewCard, card_tag
from kiosk.ports import CardIssuer, LostCards
from kiosk.usecases.identify_staff import Staff


def issue_card(
    card: NewCard, staff: Staff, *, issuer: CardIssuer, lost: LostCards, card_key: bytes
) -> CardFace:
    """Personalise the blank card that lies there; gives its face.

    Raises StaffOnly, CardBlocked (a lost card's number is never given again), and what the
    issuer raises: CardForeign when it isn't blank, CardPulled, ReaderAbsent.
    """
    staff.require("agent", "manager")
    blocklist = lost.current()
    if blocklist is not None and blocklist.holds(card_tag(card.number, card_key)):
        raise CardBlocked("this number is a lost card's")
    return issuer.issue(card)
