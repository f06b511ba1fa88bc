"""The demonstration's paper tickets: a good one, a used one, a forged one and yesterday's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from functools import cached_property

from kiosk.domain.money import Money
from kiosk.domain.product import Product
from kiosk.domain.receipt import TICKET_ID_BYTES, EntryTicket, Mark, ticket_code
from kiosk.domain.sealed import Signer
from kiosk.domain.ticket import redemption_of
from kiosk.ports import Clock, Redemptions
from ui.words import N_

GOOD, USED, FORGED, YESTERDAYS = range(4)
LABELS: Sequence[str] = (
    N_("Billet papier valable"),
    N_("Billet déjà utilisé"),
    N_("Billet falsifié"),
    N_("Billet d’hier"),
)
USED_BEFORE = timedelta(minutes=40)
_EDITED = 65  # a character of the body: the signature is left as it was


@dataclass(frozen=True, kw_only=True)
class DemoPapers:
    """Makes the papers that the tray shows to the scanner; they are marked as the demo's."""

    clock: Clock
    zone: tzinfo
    kiosk: str
    product: Product
    marks: Mark
    open_signer: Callable[[], Signer]

    def code(self, place: int) -> str:
        """Give what a paper's code says; a good one is another each time."""
        day = self.clock.now().astimezone(self.zone).date()
        ticket = self._ticket(secrets.token_bytes(TICKET_ID_BYTES))
        if place == USED:
            ticket = self._used
        elif place == YESTERDAYS:
            before = day - timedelta(days=1)
            ticket = replace(ticket, first_day=before, last_day=before)
        code = ticket_code(ticket, self._signer)
        return code if place != FORGED else _edited(code)

    def use_up(self, journal: Redemptions) -> None:
        """Have the used paper let in, a while ago."""
        journal.redeem(redemption_of(self._used, self.clock.now() - USED_BEFORE))

    @cached_property
    def _signer(self) -> Signer:
        return self.open_signer()

    @cached_property
    def _used(self) -> EntryTicket:
        day = self.clock.now().astimezone(self.zone).date()
        return self._ticket(hashlib.sha256(f"demo {day}".encode()).digest()[:TICKET_ID_BYTES])

    def _ticket(self, id_: bytes) -> EntryTicket:
        now = self.clock.now()
        day = now.astimezone(self.zone).date()
        return EntryTicket(
            id=id_,
            product=str(self.product.code),
            quantity=2,
            amount=Money(2 * self.product.price().cents),
            first_day=day,
            last_day=day,
            kiosk=self.kiosk,
            at=now.astimezone(UTC).replace(microsecond=0),
            marks=self.marks,
        )


def _edited(code: str) -> str:
    other = "0" if code[_EDITED] != "0" else "1"
    return code[:_EDITED] + other + code[_EDITED + 1 :]
