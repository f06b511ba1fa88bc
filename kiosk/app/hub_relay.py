"""The kiosk's half of the relay: carries APDUs between its reader and the hub, for loads alone.

The hub reads the card by itself, decides whether the load was paid, and writes it
(sync.hub.cardkeys.loading). What it has written is read anew with this kiosk's own keys.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal, Protocol, TypeVar, cast

import msgspec

from cardreader.authority import CardAuthority, Continued, Durable, Operation, no_journal
from cardreader.operations import WriteLoad
from cardreader.relay import Dialogue, Ended, RelayAuthority, SendApdu, Step
from cardreader.transport import Transport
from kiosk.domain.errors import (
    AlveoleError,
    CardBlocked,
    CardExpired,
    CardForeign,
    CardPulled,
    CardTampered,
    FeedRefused,
    KeyAbsent,
    OtherCard,
    PaymentUnavailable,
    PurseFull,
    ReaderAbsent,
)
from sync.protocol.relay import ANSWER_BYTES_MAX, LoadAsk, RelayAsk, read_relay

OK = 200
DIALOGUE_BYTES = 16
T = TypeVar("T")
ENDS: dict[str, type[AlveoleError]] = {
    kind.message_key: kind
    for kind in (
        CardBlocked,
        CardExpired,
        CardForeign,
        CardPulled,
        CardTampered,
        OtherCard,
        PurseFull,
        ReaderAbsent,
    )
}


class Posting(Protocol):
    """What posts in this kiosk's name (payments.signed.SignedPost)."""

    def post(self, path: str, said: bytes, *, bytes_max: int) -> tuple[int, bytes]:
        """Give status and verified body; raises PaymentUnavailable."""
        ...


Wire = Callable[[], tuple[Posting, str]]  # what posts, and the path of this kiosk's relay


class HubRelay:
    """cardreader.relay.Relay to the hub; KeyAbsent for whatever isn't a load."""

    def __init__(self, wire: Wire) -> None:
        """Remember how the hub is reached: looked up for each load, since the hub's key changes."""
        self._wire = wire

    def dialogue(self, operation: Operation[T]) -> Dialogue[T]:
        """Open a dialogue for one load; raises KeyAbsent."""
        if not isinstance(operation, WriteLoad) or operation.load.kind != "load":
            raise KeyAbsent("the hub relays loads alone")
        # a load that the hub wrote is told by None: the card is read again
        return cast("Dialogue[T]", _HubDialogue(self._wire, operation))


class LoadsByHub:
    """cardreader.authority.CardAuthority: loads by the relay, all else with this kiosk's keys."""

    def __init__(self, own: CardAuthority, relay: HubRelay) -> None:
        self._own = own
        self._loads = RelayAuthority(relay)

    def run(
        self, transport: Transport, operation: Operation[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation; see CardAuthority. KeyAbsent: the hub doesn't answer."""
        by_hub = isinstance(operation, WriteLoad)
        return (self._loads if by_hub else self._own).run(transport, operation, durable)

    def go_on(
        self, transport: Transport, operation: Continued[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation in the last one's session, or anew; see CardAuthority."""
        return self._own.go_on(transport, operation, durable)


class _HubDialogue:
    """One load under way; its steps are counted."""

    def __init__(self, wire: Wire, operation: WriteLoad) -> None:
        self._wire, self._operation = wire, operation
        self._id = secrets.token_hex(DIALOGUE_BYTES)
        self._step = 0
        self._error = ""
        self._post: tuple[Posting, str] | None = None

    def begin(self) -> Step:
        """Name the load; gives the first APDU. Raises KeyAbsent when the hub doesn't answer."""
        try:
            self._post = self._wire()
        except PaymentUnavailable as silent:
            raise KeyAbsent(f"no way to the hub: {silent}") from silent
        load = self._operation.load
        named = LoadAsk(
            uid=self._operation.uid,
            topup=load.transaction_id,
            number=load.number,
            amount_cents=load.amount.cents,
        )
        return self._asked(RelayAsk(dialogue=self._id, step=0, load=named))

    def go_on(self, answer: bytes | AlveoleError) -> Step:
        """Hand the card's answer over; gives the next step. Raises KeyAbsent."""
        self._step += 1
        if isinstance(answer, bytes):
            return self._asked(RelayAsk(dialogue=self._id, step=self._step, answer=answer))
        lost: Literal["absent", "pulled"] = (
            "absent" if isinstance(answer, ReaderAbsent) else "pulled"
        )
        return self._asked(RelayAsk(dialogue=self._id, step=self._step, lost=lost))

    def outcome(self) -> None:
        """Give nothing for a load that was written; raises what ended it."""
        if self._error:
            raise ENDS.get(self._error, KeyAbsent)(f"the hub: {self._error}")

    def close(self) -> None:
        """Leave: the hub ends what isn't gone on with."""

    def _asked(self, ask: RelayAsk) -> Step:
        assert self._post is not None, "begun before"
        posting, path = self._post
        try:
            status, body = posting.post(path, msgspec.json.encode(ask), bytes_max=ANSWER_BYTES_MAX)
            if status != OK:
                raise KeyAbsent(f"the hub answers {status}")
            told = read_relay(body)
        except (PaymentUnavailable, FeedRefused) as silent:
            raise KeyAbsent(f"the hub doesn't answer: {silent}") from silent
        self._error = told.error
        return Ended() if told.apdu is None else SendApdu(apdu=told.apdu)
