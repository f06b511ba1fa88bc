"""The bank's stand-in sends its signed notifications, through a disturbed network.

Rules (Stripe's documentation of webhooks): at least once, in no promised order; what isn't answered
by 2xx is sent again, up to TRIES_MAX times here.
"""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum

from kiosk.domain.errors import PaymentUnavailable
from payments.http_post import address, post
from payments.simulator.objects import Event
from payments.simulator.psp import Psp
from payments.webhooks import header

TRIES_MAX = 10
ANSWER_BYTES_MAX = 10_000


class Delivery(StrEnum):
    """What befalls one round of notifications."""

    IN_ORDER = "in_order"
    REVERSED = "reversed"
    REPEATED = "repeated"  # each twice
    LOST = "lost"  # none arrives; they are sent again in the next round


class Notifier:
    """Sends a stand-in's events to one address, signed under one secret."""

    def __init__(self, psp: Psp, url: str, *, secret: str) -> None:
        """Begin with every event that the stand-in has; raises InputRefused for a bad address."""
        self._psp = psp
        self._to = address(url)
        self._secret = secret
        self._sent: set[str] = set()
        self._tries = Counter[str]()

    def waiting(self) -> list[Event]:
        """Give the events that nobody has taken yet, oldest first."""
        return [
            event
            for event in list(self._psp.state.events)
            if event.id not in self._sent and self._tries[event.id] < TRIES_MAX
        ]

    def deliver(self, how: Delivery = Delivery.IN_ORDER) -> int:
        """Send what waits once; gives how many were taken."""
        events = self.waiting()
        self._tries.update(event.id for event in events)
        if how is Delivery.LOST:
            return 0
        if how is Delivery.REVERSED:
            events.reverse()
        if how is Delivery.REPEATED:
            events = [*events, *events]
        taken = {event.id for event in events if self._send(event) == 200}
        self._sent |= taken
        return len(taken)

    def _send(self, event: Event) -> int:
        """Post one event; gives the status, 0 for silence."""
        payload = json.dumps(event.document()).encode()
        signed = header(payload, self._psp.now, self._secret)
        headers = {"Stripe-Signature": signed, "Content-Type": "application/json"}
        try:
            status, _ = post(self._to, "", payload, headers, bytes_max=ANSWER_BYTES_MAX)
        except PaymentUnavailable:
            return 0
        return status
