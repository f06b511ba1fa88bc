"""Redeems the code that a phone was given: exactly one credit, whatever is repeated.

Rules (kiosk.domain.reload_code has those of requests and codes):

1. Each try is durable before it is compared; the accepted row is durable before the credit begins.
2. A load becomes a top-up that is paid already (state CARD_WRITING, the request's own number): the
   card decides, as after a torn write (payments.topup, rule 4). It is begun once: the journal is
   asked first.
3. Where the kiosk may not credit offline (CARD.md) the load is left to the hub, and told so.
4. An entry is booked once (UNIQUE), then given as a signed ticket; given again it is the same one.
5. After a crash ``settle`` takes up what was accepted; a try that was made durable and not compared
   is lost, which costs the citizen one try and nobody money.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from datetime import UTC
from zoneinfo import ZoneInfo

from kiosk.domain.errors import CodeForeign
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.product import Catalogue
from kiosk.domain.receipt import TICKET_ID_BYTES, EntryTicket, Mark, ticket_code
from kiosk.domain.reload_code import BY_CODE, CodeRow, CodeState, judged, request_body, tried
from kiosk.domain.sealed import Signer
from kiosk.ports import Clock, CodeRequests, CodeTicketJournal, Journal

SETTLE_MAX = 50  # accepted requests taken up by one call


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """What codes are redeemed with.

    ``key`` is this kiosk's code key, ``credits``: whether it may credit a card offline (CARD.md);
    ``zone`` is the territory's, for a ticket's day.
    """

    key: bytes
    credits: bool
    catalogue: Catalogue
    zone: ZoneInfo
    signer: Signer
    marks: Mark = Mark.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Where what is redeemed is kept."""

    codes: CodeRequests
    journal: Journal
    tickets: CodeTicketJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What a code has given: the request as it stands, and the signed ticket of an entry."""

    row: CodeRow
    ticket: str = ""


class RedeemCode:
    """The use case; callable from any thread, one call at a time."""

    def __init__(self, *, books: Books, clock: Clock, redemption: Redemption) -> None:
        self._books = books
        self._clock = clock
        self._redemption = redemption
        self._turn = threading.Lock()

    def redeem(self, request_id: str, digits: str) -> Redeemed:
        """Take a typed code, and what it pays for up.

        Raises CodeForeign for a request that isn't this kiosk's, CodeWrong, CodeClosed,
        CodeExpired, StorageFull (nothing was compared, or the same code goes on), ProductUnknown.
        """
        with self._turn:
            row = self._books.codes.find_code(request_id)
            if row is None:
                raise CodeForeign("this kiosk never asked for it")
            if row.state is CodeState.OPEN:
                row = tried(row, self._clock.now())
                self._books.codes.save_code(row)
            right = judged(row, digits, self._redemption.key, self._clock.now())
            if right != row:
                self._books.codes.save_code(right)
            return self._given(right)

    def settle(self) -> int:
        """Take up what a crash left accepted; gives how many."""
        with self._turn:
            rows = self._books.codes.accepted_codes()[:SETTLE_MAX]
            for row in rows:
                self._given(row)
            return len(rows)

    def _given(self, row: CodeRow) -> Redeemed:
        """Take an accepted request up; one that was taken up before stays as it is."""
        if row.request.product:
            ticket = self._ticket(row)
            return Redeemed(row=self._ended(row, CodeState.GIVEN), ticket=ticket)
        if row.state is not CodeState.ACCEPTED:
            return Redeemed(row=row)
        if not self._redemption.credits:
            return Redeemed(row=self._ended(row, CodeState.PENDING))
        if self._books.journal.find_topup(row.request.id) is None:
            self._books.journal.save_topup(_load_of(row))
        return Redeemed(row=self._ended(row, CodeState.GIVEN))

    def _ended(self, row: CodeRow, state: CodeState) -> CodeRow:
        ended = replace(row, state=state)  # it keeps the moment of acceptance: a ticket's own
        if ended != row:
            self._books.codes.save_code(ended)
        return ended

    def _ticket(self, row: CodeRow) -> str:
        """Book an entry and give its ticket: the same one whenever it is asked for."""
        asked, redemption = row.request, self._redemption
        product = redemption.catalogue.product(asked.product)
        self._books.tickets.book_ticket(asked.id, asked.amount, product.service, at=row.changed_at)
        day = row.changed_at.astimezone(redemption.zone).date()
        ticket = EntryTicket(
            id=hashlib.sha256(request_body(asked)).digest()[-TICKET_ID_BYTES:],
            product=str(product.code),
            quantity=1,
            amount=asked.amount,
            first_day=day,
            last_day=day,
            kiosk=asked.kiosk,
            at=row.changed_at.astimezone(UTC).replace(microsecond=0),
            marks=redemption.marks,
        )
        return ticket_code(ticket, redemption.signer)


def _load_of(row: CodeRow) -> TopupRow:
    """Give the top-up of a paid load: nothing is left of it but the card."""
    asked = row.request
    return TopupRow(
        id=asked.id,
        state=TopupState.CARD_WRITING,
        card=asked.card,
        amount=asked.amount,
        provider=BY_CODE,
        payment_id=asked.id,
        load_number=asked.load_number,
        created_at=row.changed_at,
        changed_at=row.changed_at,
    )
