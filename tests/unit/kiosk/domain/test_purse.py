"""The card's face and the tag that stands for it in files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Operation, card_tag

FACE = CardFace(
    number="ALV61-0000-4821",
    kind="purse",
    balance=Money(1240),
    last_load=3,
    sequence=12,
    books=(),
    entitlements=(),
    log=(),
    valid_until=date(2026, 11, 22),
)


def test_only_the_last_four_of_a_number_are_shown() -> None:
    assert FACE.last_four == "4821"


@pytest.mark.parametrize(
    ("today", "expired"),
    [(date(2026, 11, 21), False), (date(2026, 11, 22), False), (date(2026, 11, 23), True)],
)
def test_a_card_is_good_through_its_last_day(today: date, *, expired: bool) -> None:
    assert FACE.expired(today) is expired


def test_a_card_without_an_end_never_expires() -> None:
    assert not replace(FACE, valid_until=None).expired(date(9999, 12, 31))


def test_a_card_carries_the_transactions_of_its_log_only() -> None:
    line = Operation(
        seq=13,
        kind="load",
        label="Recharge",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        amount=Money(2000),
        transaction_id="T-1",
    )
    card = replace(FACE, log=(line,))
    assert card.carries("T-1")
    assert not card.carries("T-2")
    assert not FACE.carries("T-1")


def test_a_tag_does_not_tell_the_number() -> None:
    tag = card_tag(FACE.number, b"key")
    assert len(tag) == 32
    assert "4821" not in tag
    assert tag == card_tag(FACE.number, b"key")


def test_tags_differ_by_number_and_by_territory() -> None:
    tags = {card_tag(n, k) for n in ("A", "B", "AB") for k in (b"orne", b"eure")}
    assert len(tags) == 6
