"""Payments by device identity: the service's functions, for the device whose top-up it is.

Rules:
1. A top-up belongs to the device that asked for it first; to any other it doesn't exist.
2. The limits of the sum are the service's; refunds aren't here: only staff give money back.
3. Which payment is whose is written before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from kiosk.domain.errors import PaymentUnavailable, PaymentUnknown
from payments.hub_server import CALLS
from payments.service import PaymentService
from payments.wire import (
    ActAsk,
    CreateAsk,
    FindAsk,
    HoldAsk,
    ProviderShape,
    RefundsShape,
    RetrieveAsk,
    refunds_of,
    refunds_shape,
    shape_of,
)
from sync.hub.api.operation import Answer, Call, Handler
from sync.hub.cards.models import OwnedTopup

ASKS: Mapping[str, type[Any]] = {
    "create": CreateAsk,
    "find": FindAsk,
    "retrieve": RetrieveAsk,
    "hold": HoldAsk,
    "capture": ActAsk,
    "cancel": ActAsk,
}


def service_of(call: Call) -> PaymentService:
    """Give who takes money; raises PaymentUnavailable when this hub doesn't."""
    if call.hub.payments is None:
        raise PaymentUnavailable("this hub takes no payments")
    return call.hub.payments


def handler(name: str) -> Handler:
    """Give the handler of a call of the service."""

    def handle(call: Call) -> Answer:
        service = service_of(call)
        owned = _owned(call)
        if owned is None:
            return Answer(body=None)
        view = CALLS[f"/payments/{name}"](service, call.raw)
        if view is not None and owned.payment != view.id:
            owned.payment = view.id
            owned.save(update_fields=["payment"])
        return Answer(body=None if view is None else shape_of(view))

    return handle


def provider(call: Call) -> Answer:
    """Tell what this hub takes money with."""
    return Answer(body=ProviderShape(provider=service_of(call).provider))


def refunds(call: Call) -> Answer:
    """Hear which refunds the calling device has booked, and tell it those that it hasn't."""
    heard, caller = refunds_of(call.body_as(RefundsShape)), call.caller

    def ours(topups: Sequence[str]) -> frozenset[str]:
        owned = OwnedTopup.objects.filter(device=caller, topup__in=list(topups))
        return frozenset(owned.values_list("topup", flat=True))

    return Answer(body=refunds_shape(service_of(call).refunds(heard, ours)))


def webhook(call: Call) -> Answer:
    """Take a bank's notification in."""
    signature = call.request.headers.get("Stripe-Signature", "")
    service_of(call).webhook(call.raw, signature)
    return Answer(body=msgspec.Raw(b"{}"))


def link(call: Call) -> Answer:
    """Lead a short link to its pay page."""
    there = service_of(call).link(call.path["code"])
    if not there:
        raise PaymentUnknown("no such code")
    return Answer(status=303, headers={"Location": there})


def _owned(call: Call) -> OwnedTopup | None:
    """Give the top-up that a call speaks of, when it is the caller's; raises PaymentUnknown.

    None is the answer of a search for a top-up that nobody has begun.
    """
    ask, caller = call.body, call.caller
    found: OwnedTopup | None
    if isinstance(ask, CreateAsk):
        with transaction.atomic():
            found, _ = OwnedTopup.objects.get_or_create(
                topup=ask.topup, defaults={"device": caller}
            )
    elif isinstance(ask, FindAsk):
        found = OwnedTopup.objects.filter(topup=ask.topup).first()
        if found is None:
            return None
    else:
        assert isinstance(ask, RetrieveAsk | HoldAsk | ActAsk), "the table says which they are"
        found = OwnedTopup.objects.filter(payment=ask.payment).first()
    if found is None or found.device_id != caller.id:
        raise PaymentUnknown("no such payment of this device")
    return found
