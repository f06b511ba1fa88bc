"""What Stripe's providers share: the transport they ask, strict decoding, errors by their code.

No Stripe library here: payments.providers.stripe_edge speaks over the network, and the bank's
stand-in answers in the same words (payments.providers.simulator).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn, Protocol, TypeVar

import msgspec

from kiosk.domain.errors import (
    AmountRefused,
    CurrencyRefused,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    ProviderRefused,
    Refused,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.provider import CURRENCY, Charge

PAGES_MAX = 10  # of PAGE objects each, when a payment is looked for
PAGE = 100
_STATUSES: Mapping[str, PaymentStatus] = {
    "requires_payment_method": PaymentStatus.PENDING,
    "requires_confirmation": PaymentStatus.PENDING,
    "requires_action": PaymentStatus.PENDING,
    "processing": PaymentStatus.PENDING,
    "requires_capture": PaymentStatus.AUTHORIZED,
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELED,
}
_BY_STATUS: Mapping[int, type[Refused]] = {402: PaymentDeclined, 404: PaymentUnknown}
_BY_CODE: Mapping[str, type[Refused]] = {
    "amount_too_small": AmountRefused,
    "amount_too_large": AmountRefused,
    "currency_not_supported": CurrencyRefused,
}
_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that came: the HTTP status, the decoded body, and for an error its code."""

    status: int
    document: object
    code: str = ""
    kind: str = ""
    message: str = ""


class Transport(Protocol):
    """One way to ask Stripe's API."""

    def ask(self, method: str, path: str, params: Mapping[str, object], *, key: str = "") -> Reply:
        """Ask once, without any retry; raises PaymentUnavailable when no answer came."""
        ...


class ChargeShape(msgspec.Struct, frozen=True):
    """A charge: when the bank said yes, and what was given back."""

    id: str
    created: int
    amount_refunded: int


class Failure(msgspec.Struct, frozen=True):
    """Why a card was refused."""

    code: str | None = None


class IntentShape(msgspec.Struct, frozen=True):
    """A PaymentIntent; amounts in cents."""

    id: str
    amount: int
    currency: str
    status: str
    latest_charge: ChargeShape | str | None = None
    last_payment_error: Failure | None = None


class ItemShape(msgspec.Struct, frozen=True):
    """One object of a list: whose order it is."""

    id: str
    client_reference_id: str | None = None
    metadata: dict[str, str] | None = None


class PageShape(msgspec.Struct, frozen=True):
    """A page of a list, newest first."""

    data: tuple[ItemShape, ...]
    has_more: bool


def find_id(transport: Transport, path: str, topup: str, since: datetime) -> str:
    """Look for an order's object in a list (search would lag behind); "" when there is none.

    Raises PaymentUnavailable when the list is longer than what may be read.
    """
    after: dict[str, str] = {}
    for _ in range(PAGES_MAX):
        params = {"limit": PAGE, "created": {"gte": int(since.timestamp())}, **after}
        page = shaped(transport.ask("GET", path, params), PageShape)
        for item in page.data:
            if topup in {item.client_reference_id, (item.metadata or {}).get("topup")}:
                return item.id
        if not page.has_more or not page.data:
            return ""
        after = {"starting_after": page.data[-1].id}
    raise PaymentUnavailable(f"more than {PAGES_MAX * PAGE} objects to look through")


def shaped(reply: Reply, shape: type[_Shape]) -> _Shape:
    """Decode an answer strictly; raises what ``refuse`` does, or PaymentUnavailable."""
    if reply.status != 200:
        refuse(reply)
    try:
        return msgspec.convert(reply.document, shape)
    except msgspec.ValidationError as wrong:
        raise PaymentUnavailable(f"the bank's answer can't be read: {wrong}") from wrong


def refuse(reply: Reply) -> NoReturn:
    """Raise the declared error of an answer that isn't 200."""
    said = f"{reply.status} {reply.code}: {reply.message}"
    if reply.status in {409, 429} or reply.status >= 500:
        raise PaymentUnavailable(said, failed=reply.status >= 500)
    if reply.status in _BY_STATUS:
        raise _BY_STATUS[reply.status](said)
    if reply.kind == "idempotency_error":
        raise InputRefused(said)
    raise _BY_CODE.get(reply.code, ProviderRefused)(said)


def charge_of(intent: IntentShape, *, payment_id: str = "") -> Charge:
    """Give an intent as a charge, under its own id or a session's."""
    if intent.currency != CURRENCY:
        raise CurrencyRefused(f"the bank tells {intent.currency}")
    status = _STATUSES.get(intent.status)
    if status is None:
        raise PaymentUnavailable(f"the bank tells an unknown status: {intent.status}")
    charge = intent.latest_charge if isinstance(intent.latest_charge, ChargeShape) else None
    return Charge(
        id=payment_id or intent.id,
        status=status,
        amount=Money(intent.amount),
        authorized_at=moment_of(charge.created) if charge else None,
        refunded=Money(charge.amount_refunded if charge else 0),
    )


def moment_of(epoch_s: int) -> datetime:
    """Give an epoch second as an aware moment."""
    return datetime.fromtimestamp(epoch_s, UTC)


class Intents:
    """The acts on PaymentIntents that every Stripe provider shares."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def retrieve(self, intent_id: str) -> IntentShape:
        """Read an intent with its charge."""
        params = {"expand": ["latest_charge"]}
        reply = self._transport.ask("GET", f"/v1/payment_intents/{intent_id}", params)
        return shaped(reply, IntentShape)

    def capture(self, intent_id: str, *, key: str) -> None:
        """Take the money; one that can't be captured (any more) is left as it stands."""
        self._act(intent_id, "capture", key)

    def cancel(self, intent_id: str, *, key: str) -> None:
        """Void it; one that can't be voided (any more) is left as it stands."""
        self._act(intent_id, "cancel", key)

    def refund(self, intent_id: str, amount: Money, *, key: str) -> None:
        """Give money back; raises AmountRefused above what is left."""
        params = {"payment_intent": intent_id, "amount": amount.cents}
        reply = self._transport.ask("POST", "/v1/refunds", params, key=key)
        if reply.code == "charge_already_refunded":
            raise AmountRefused("nothing is left to give back")
        if reply.status != 200:
            refuse(reply)

    def _act(self, intent_id: str, act: str, key: str) -> None:
        reply = self._transport.ask("POST", f"/v1/payment_intents/{intent_id}/{act}", {}, key=key)
        if reply.status != 200 and reply.code != "payment_intent_unexpected_state":
            refuse(reply)
