"""Issues cards on the reader (ports.CardIssuer): a blank chip that lies there becomes a card.

It wants an authority that holds every key: the test keys, or the hub's relay.
"""

from __future__ import annotations

from collections.abc import Callable

from cardreader.authority import CardAuthority
from cardreader.card_app import Desk, PurseCardSession
from cardreader.image import ProductNames
from cardreader.issue import NewCard as Fresh
from cardreader.issue import personalise
from cardreader.layout import Identity, Standing
from cardreader.transport import Transport
from kiosk.domain.errors import CardPulled
from kiosk.domain.purse import CardFace, NewCard


class ChipIssuer:
    """Personalises what lies on the reader; ``lying`` gives its transport, None for nothing."""

    def __init__(
        self, lying: Callable[[], Transport | None], authority: CardAuthority, *, territory: int
    ) -> None:
        self._lying = lying
        self._authority = authority
        self._territory = territory

    def issue(self, card: NewCard) -> CardFace:
        """Personalise the blank card; raises CardForeign, CardPulled, KeyAbsent, CardTampered."""
        transport = self._lying()
        if transport is None:
            raise CardPulled("nothing lies on the reader")
        fresh = Fresh(
            identity=Identity(
                number=card.number, territory=self._territory, issued=card.issued_at.date()
            ),
            standing=Standing(valid_until=card.valid_until),
            at=card.issued_at,
        )
        personalise(transport, self._authority, fresh)
        desk = Desk(authority=self._authority, names=ProductNames())
        return PurseCardSession(transport, desk).read()
