"""The card authority of a production kiosk: over what the hub delivered, as it stands at each tap.

Keys that come, move to another edition or are withdrawn count from the next tap, without a restart.
"""

from __future__ import annotations

from typing import TypeVar

from cardreader.authority import Continued, Durable, Operation, no_journal
from cardreader.transport import Transport
from kiosk.store.card_keys import CardKeyStore

T = TypeVar("T")


class DeliveredAuthority:
    """cardreader.authority.CardAuthority of the kind ``sealed``; CardKeysAwaited without keys."""

    def __init__(self, keys: CardKeyStore) -> None:
        self._keys = keys

    def run(
        self, transport: Transport, operation: Operation[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation; see CardAuthority."""
        return self._keys.authority.run(transport, operation, durable)

    def go_on(
        self, transport: Transport, operation: Continued[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation in the last one's session, or anew; see CardAuthority."""
        return self._keys.authority.go_on(transport, operation, durable)
