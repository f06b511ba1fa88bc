"""Requests of an offline kiosk for the tests: one card, one kiosk, fixed keys."""

from __future__ import annotations

from datetime import UTC, datetime

from kiosk.domain.money import Money
from kiosk.domain.reload_code import CodeRow, ReloadRequest

NOW = datetime(2026, 11, 22, 9, 42, 7, tzinfo=UTC)
CODE_KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
TAG = "00112233445566778899aabbccddeeff"


def a_request(
    *, name: str = "C-0a1b2c3d4e5f", cents: int = 2000, kiosk: str = "borne-01", at: datetime = NOW
) -> ReloadRequest:
    """Give a request to load a card."""
    return ReloadRequest(
        id=name,
        kiosk=kiosk,
        card=TAG,
        amount=Money(cents),
        load_number=5,
        nonce=b"\x01\x02\x03\x04\x05\x06\x07\x08",
        at=at,
    )


def a_purchase(*, name: str = "C-ffffffffffff", product: int = 101) -> ReloadRequest:
    """Give a request to buy a product without a card."""
    return ReloadRequest(
        id=name,
        kiosk="borne-01",
        card="",
        amount=Money(450),
        product=product,
        nonce=bytes(8),
        at=NOW,
    )


def a_row(request: ReloadRequest | None = None) -> CodeRow:
    """Give a request as its kiosk keeps it."""
    asked = request or a_request()
    return CodeRow(request=asked, changed_at=asked.at)
