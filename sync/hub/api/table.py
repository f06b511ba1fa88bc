"""The table of the API: one line an operation. Routes, OpenAPI and the tests' matrix come of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from payments import webhooks
from payments.wire import Problem, ProviderShape, RefundsShape, ViewShape
from sync.hub.accounts.rights import Action
from sync.hub.api import card_keys, enrol, openapi, pay, public, relay, staff, upstream, wire
from sync.hub.api.operation import BYTES, JSON, ZSTD, Answer, Call, Operation, Who
from sync.hub.events.photos import PIECE_BYTES_MAX
from sync.protocol.card_keys import KeysAsk, KeysTold
from sync.protocol.enrolment import EnrolAsk, EnrolBegun, Enrolled, TokenAsk, TokenError
from sync.protocol.events import BATCH_BYTES_MAX
from sync.protocol.events import Answer as EventsAnswer
from sync.protocol.private import Private
from sync.protocol.relay import RelayAsk, RelayTold

STAFF = "/v1/staff/{territory}"
ETAG = r'^(W/)?"[A-Za-z0-9-]{1,64}"$'


def table() -> list[Operation]:
    """Give every operation."""
    return [*_public(), *_enrolment(), *_devices(), *_payments(), *_staff()]


def document(_call: Call) -> Answer:
    """Give the OpenAPI document of this table."""
    return Answer(body=msgspec.json.encode(openapi.document(table())))


def _public() -> Iterator[Operation]:
    yield Operation(
        id="openapi",
        method="GET",
        path="/openapi.json",
        who=Who.ANYONE,
        summary="This document.",
        handler=document,
        answers={200: JSON},
    )
    yield Operation(
        id="manifest",
        method="GET",
        path="/v1/t/{territory}/manifest",
        who=Who.ANYONE,
        summary="The signed manifest of a territory (alv1).",
        handler=public.manifest,
        headers={"If-None-Match": ETAG},
        answers={200: BYTES, 304: None, 404: Problem},
    )
    yield Operation(
        id="keys",
        method="GET",
        path="/v1/t/{territory}/keys",
        who=Who.ANYONE,
        summary="The notice that names the online key, signed by the root key.",
        handler=public.notice,
        answers={200: BYTES, 404: Problem},
    )
    yield Operation(
        id="blob",
        method="GET",
        path="/v1/b/{sha256}",
        who=Who.ANYONE,
        summary="An immutable blob.",
        handler=public.blob,
        headers={"Range": r"^bytes=[0-9]{1,9}-[0-9]{0,9}$"},
        answers={200: BYTES, 206: BYTES, 404: Problem, 416: None},
    )


def _enrolment() -> Iterator[Operation]:
    yield Operation(
        id="enrol",
        method="POST",
        path="/v1/enrol",
        who=Who.KEY,
        summary="A kiosk asks to be let in (RFC 8628).",
        handler=enrol.begin,
        body=EnrolAsk,
        answers={200: EnrolBegun},
    )
    yield Operation(
        id="enrol_token",
        method="POST",
        path="/v1/enrol/token",
        who=Who.KEY,
        summary="The kiosk polls for the answer.",
        handler=enrol.token,
        body=TokenAsk,
        answers={200: Enrolled, 400: TokenError},
    )


def _devices() -> Iterator[Operation]:
    yield Operation(
        id="events",
        method="POST",
        path="/v1/events/{kiosk}",
        who=Who.DEVICE,
        summary="A batch of events: one zstd frame of NDJSON.",
        handler=upstream.events,
        body=ZSTD,
        body_max=BATCH_BYTES_MAX,
        answers={200: EventsAnswer},
    )
    yield Operation(
        id="photo",
        method="PUT",
        path="/v1/u/{kiosk}/{sha256}",
        who=Who.DEVICE,
        summary="A photo, whole or a piece of it.",
        handler=upstream.put_photo,
        body=BYTES,
        body_max=PIECE_BYTES_MAX,
        headers={"Content-Range": r"^bytes [0-9]{1,8}-[0-9]{1,8}/[0-9]{1,8}$"},
        answers={200: wire.PhotoState, 409: wire.PhotoState},
    )
    yield Operation(
        id="photo_state",
        method="GET",
        path="/v1/u/{kiosk}/{sha256}",
        who=Who.DEVICE,
        summary="How far a photo is here.",
        handler=upstream.photo_state,
        answers={200: wire.PhotoState, 404: Problem},
    )
    yield Operation(
        id="private",
        method="GET",
        path="/v1/k/{kiosk}/private",
        who=Who.DEVICE,
        summary="Pending loads, lost cards, licence.",
        handler=upstream.private,
        query={"lost_cards": r"^[0-9]{1,9}$"},
        answers={200: Private},
    )
    yield Operation(
        id="card_keys",
        method="POST",
        path="/v1/k/{kiosk}/card-keys",
        who=Who.DEVICE,
        summary="The card keys that this kiosk may hold, sealed to it.",
        handler=card_keys.deliver,
        body=KeysAsk,
        answers={200: KeysTold, 404: Problem},
    )
    yield Operation(
        id="relay",
        method="POST",
        path="/v1/k/{kiosk}/relay",
        who=Who.DEVICE,
        summary="One step of a load that the hub writes to the card on this kiosk's reader.",
        handler=relay.step,
        body=RelayAsk,
        answers={200: RelayTold, 404: Problem},
    )


def _payments() -> Iterator[Operation]:
    for name, ask in pay.ASKS.items():
        answer: Any = ViewShape | None if name == "find" else ViewShape
        yield Operation(
            id=f"payment_{name}",
            method="POST",
            path=f"/v1/payments/{name}",
            who=Who.DEVICE,
            summary=f"A payment of the calling device: {name}.",
            handler=pay.handler(name),
            body=ask,
            answers={200: answer},
        )
    yield Operation(
        id="payment_provider",
        method="POST",
        path="/v1/payments/provider",
        who=Who.DEVICE,
        summary="What this hub takes money with.",
        handler=pay.provider,
        answers={200: ProviderShape},
    )
    yield Operation(
        id="payment_refunds",
        method="POST",
        path="/v1/payments/refunds",
        who=Who.DEVICE,
        summary="What was given back of the calling device's payments, until it has booked it.",
        handler=pay.refunds,
        body=RefundsShape,
        answers={200: RefundsShape},
    )
    yield Operation(
        id="webhook",
        method="POST",
        path="/v1/webhooks/stripe",
        who=Who.ANYONE,
        summary="A bank's notification, by its own signature.",
        handler=pay.webhook,
        body=JSON,
        body_max=webhooks.BYTES_MAX,
        answers={200: JSON},
    )
    yield Operation(
        id="pay_link",
        method="GET",
        path="/p/{code}",
        who=Who.ANYONE,
        summary="From a short link to its pay page.",
        handler=pay.link,
        answers={303: None},
    )


def _staff() -> Iterator[Operation]:
    lines: tuple[tuple[str, str, str, Action, Any, Any, Any], ...] = (
        ("fleet", "GET", "kiosks", Action.SEE_FLEET, staff.fleet, None, wire.Fleet),
        ("waiting", "GET", "enrolments/{code}", Action.ENROL, staff.waiting, None, wire.Waiting),
        (
            "approve", "POST", "enrolments/{code}/approve", Action.ENROL,
            staff.approve, None, wire.Approved,
        ),
        ("refuse", "POST", "enrolments/{code}/refuse", Action.ENROL, staff.refuse, None, None),
        ("revoke", "POST", "kiosks/{kiosk}/revoke", Action.REVOKE, staff.revoke, None, None),
        ("publish", "POST", "publish", Action.PUBLISH, staff.publish, None, wire.Signed),
        (
            "block_card", "POST", "lost-cards", Action.BLOCK_CARD,
            staff.block_card, wire.BlockAsk, wire.Blocked,
        ),
        ("refund", "POST", "refunds", Action.REFUND, staff.refund, wire.RefundAsk, ViewShape),
    )  # fmt: skip
    for name, method, path, action, handler, body, answer in lines:
        yield Operation(
            id=f"staff_{name}",
            method=method,
            path=f"{STAFF}/{path}",
            who=Who.STAFF,
            summary=(handler.__doc__ or "").partition("\n")[0],
            handler=handler,
            body=body,
            answers={200 if answer is not None else 204: answer},
            action=action,
        )
