"""Redeems the code that a phone was given: exactly one credit, whatever is repeated.

Rules (kiosk.domain.reload_code has those of requests and codes):

1. Each try is durable before it is compared; the accepted row is durable before the credit begins.
2. A load becomes a top-up that is paid already (state CARD_WRITING, the request's own number): the
   card decides, as after a torn write (payments.topup, rule 4). It is begun once: the journal is
   asked first.
3. Where the kiosk may not credit offline (CARD.md) the load is left to the hub, and told so.
4. After a crash ``settle`` takes up what was accepted; a try that was made durable and not compared
   is lost, which costs the citizen one try and nobody money.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from kiosk.domain.errors import CodeForeign
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.reload_code import BY_CODE, CodeRow, CodeState, judged, tried
from kiosk.ports import Clock, CodeRequests, Journal

SETTLE_MAX = 50  # accepted requests taken up by one call


class RedeemCode:
    """The use case; callable from any thread, one call at a time.

    ``key`` is this kiosk's code key, ``credits``: whether it may credit a card offline (CARD.md).
    """

    def __init__(
        self, *, codes: CodeRequests, journal: Journal, clock: Clock, key: bytes, credits_: bool
    ) -> None:
        self._codes = codes
        self._journal = journal
        self._clock = clock
        self._key = key
        self._credits = credits_
        self._turn = threading.Lock()

    def redeem(self, request_id: str, digits: str) -> CodeRow:
        """Take a typed code, and what it pays for up; gives the request as it stands.

        Raises CodeForeign for a request that isn't this kiosk's, CodeWrong, CodeClosed,
        CodeExpired, StorageFull (nothing was compared, or the same code goes on).
        """
        with self._turn:
            row = self._codes.find_code(request_id)
            if row is None:
                raise CodeForeign("this kiosk never asked for it")
            if row.state is CodeState.OPEN:
                row = tried(row, self._clock.now())
                self._codes.save_code(row)
            right = judged(row, digits, self._key, self._clock.now())
            if right != row:
                self._codes.save_code(right)
            return self._given(right)

    def settle(self) -> int:
        """Take up what a crash left accepted; gives how many."""
        with self._turn:
            rows = self._codes.accepted_codes()[:SETTLE_MAX]
            for row in rows:
                self._given(row)
            return len(rows)

    def _given(self, row: CodeRow) -> CodeRow:
        """Take an accepted request up; one that was taken up before stays as it is."""
        if row.state is not CodeState.ACCEPTED:
            return row
        if not self._credits:
            return self._ended(row, CodeState.PENDING)
        if self._journal.find_topup(row.request.id) is None:
            self._journal.save_topup(_load_of(row))
        return self._ended(row, CodeState.GIVEN)

    def _ended(self, row: CodeRow, state: CodeState) -> CodeRow:
        ended = replace(row, state=state)  # it keeps the moment of acceptance
        if ended != row:
            self._codes.save_code(ended)
        return ended


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
