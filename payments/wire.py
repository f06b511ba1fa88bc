"""What kiosk and hub say to each other: JSON over HTTP, strictly decoded on both sides.

``POST /payments/<call>`` with ``Authorization: Bearer <device token>`` and one of the requests
below; the answer is a ``ViewShape``, null (find), or a ``Problem`` whose ``error`` is the message
key of a declared error. ``POST /payments/provider`` is asked without a body and answers a
``ProviderShape``; ``POST /payments/refunds`` asks and answers a ``RefundsShape``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from kiosk.domain import errors
from kiosk.domain.bank_refund import HEARD_MAX, BankRefund
from kiosk.domain.money import CENTS_MAX, Money
from kiosk.domain.payment import PaymentStatus, PaymentView

BYTES_MAX = 20_000
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Slug: TypeAlias = Annotated[str, msgspec.Meta(max_length=32)]
Cents: TypeAlias = Annotated[int, msgspec.Meta(ge=-CENTS_MAX, le=CENTS_MAX)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that holds what it should and nothing else."""


class BillShape(_Strict, frozen=True, kw_only=True):
    """A bill as its paper names it: the issuer's six digits, the reference."""

    issuer: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\Z")]
    reference: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{6,30}\Z")]


class CreateAsk(_Strict, frozen=True, kw_only=True, omit_defaults=True):
    """Ask for a payment; ``bill`` is what it pays, if it is one."""

    topup: Text
    amount_cents: Cents
    currency: Text
    key: Text
    bill: BillShape | None = None


class FindAsk(_Strict, frozen=True, kw_only=True):
    """Look for a top-up's payment."""

    topup: Text


class RetrieveAsk(_Strict, frozen=True, kw_only=True):
    """Read a payment."""

    payment: Text


class HoldAsk(_Strict, frozen=True, kw_only=True):
    """Announce that the card is about to be written."""

    payment: Text
    load_number: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    key: Text


class ActAsk(_Strict, frozen=True, kw_only=True):
    """Capture or cancel."""

    payment: Text
    key: Text


class RefundShape(_Strict, frozen=True, kw_only=True):
    """How much of a top-up's money was given back ever."""

    topup: Text
    total_cents: Annotated[int, msgspec.Meta(ge=1, le=CENTS_MAX)]


class RefundsShape(_Strict, frozen=True, kw_only=True):
    """Refunds: asked, those that are durable at the kiosk; answered, those that aren't yet."""

    refunds: Annotated[tuple[RefundShape, ...], msgspec.Meta(max_length=HEARD_MAX)] = ()


class CodeAsk(_Strict, frozen=True, kw_only=True):
    """Show or pay the signed request of an offline kiosk (sent by a phone, without a token)."""

    request: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class CodeShape(_Strict, frozen=True, kw_only=True):
    """What the phone's page shows; ``path`` is its QR code, ``side`` modules wide, as SVG."""

    state: Text
    kiosk: Text
    amount_cents: Cents
    product: Annotated[int, msgspec.Meta(ge=0)]
    short: Text
    url: Annotated[str, msgspec.Meta(max_length=2000)]
    code: Annotated[str, msgspec.Meta(max_length=20)]
    side: int
    path: Annotated[str, msgspec.Meta(max_length=40_000)]


class ViewShape(_Strict, frozen=True, kw_only=True):
    """A payment as the kiosk sees it."""

    id: Text
    status: PaymentStatus
    amount_cents: Cents
    url: Annotated[str, msgspec.Meta(max_length=2000)]
    code: Annotated[str, msgspec.Meta(max_length=20)]
    expires_at: datetime | None
    held: bool
    refunded: bool
    provider: Slug = ""


class ProviderShape(_Strict, frozen=True, kw_only=True):
    """What this hub takes money with: the slug of its provider."""

    provider: Slug


class Problem(_Strict, frozen=True, kw_only=True):
    """Why there is no answer."""

    error: Text
    message: Annotated[str, msgspec.Meta(max_length=2000)]


def shape_of(view: PaymentView) -> ViewShape:
    """Give a view as it is sent."""
    return ViewShape(
        id=view.id,
        status=view.status,
        amount_cents=view.amount.cents,
        url=view.url,
        code=view.code,
        expires_at=view.expires_at,
        held=view.held,
        refunded=view.refunded,
        provider=view.provider,
    )


def view_of(shape: ViewShape) -> PaymentView:
    """Give what was sent as a view."""
    return PaymentView(
        id=shape.id,
        status=shape.status,
        amount=Money(shape.amount_cents),
        url=shape.url,
        code=shape.code,
        expires_at=shape.expires_at,
        held=shape.held,
        refunded=shape.refunded,
        provider=shape.provider,
    )


def refunds_shape(refunds: Iterable[BankRefund]) -> RefundsShape:
    """Give refunds as they are sent."""
    rows = [RefundShape(topup=one.topup, total_cents=one.total.cents) for one in refunds]
    return RefundsShape(refunds=tuple(rows))


def refunds_of(shape: RefundsShape) -> tuple[BankRefund, ...]:
    """Give what was sent as refunds."""
    rows = [BankRefund(topup=one.topup, total=Money(one.total_cents)) for one in shape.refunds]
    return tuple(rows)


def problem_of(error: errors.AlveoleError) -> Problem:
    """Give a declared error as it is sent."""
    return Problem(error=error.message_key, message=str(error)[:2000])


def error_named(key: str) -> type[errors.AlveoleError]:
    """Give the declared error of a message key; PaymentUnavailable for one that we don't know."""
    known = {kind.message_key: kind for kind in _leaves(errors.AlveoleError)}
    return known.get(key, errors.PaymentUnavailable)


def _leaves(kind: type[errors.AlveoleError]) -> Iterator[type[errors.AlveoleError]]:
    for child in kind.__subclasses__():
        if child.message_key:
            yield child
        yield from _leaves(child)
