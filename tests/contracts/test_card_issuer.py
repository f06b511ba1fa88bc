"""The contract of ports.CardIssuer; every issuer's stand passes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.errors import CardForeign, CardPulled
from kiosk.domain.money import Money
from kiosk.domain.purse import NewCard
from tests.plain.issuing import VirtualIssuer

CARD = NewCard(
    number="ALV61-0000-9001",
    issued_at=datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
    valid_until=date(2031, 12, 31),
)
MAKERS: dict[str, Callable[[], VirtualIssuer]] = {"memory": VirtualIssuer}


@pytest.fixture(params=sorted(MAKERS))
def stand(request: pytest.FixtureRequest) -> VirtualIssuer:
    return MAKERS[request.param]()


def test_a_blank_card_becomes_an_empty_purse(stand: VirtualIssuer) -> None:
    stand.lay_blank()
    face = stand.issue(CARD)
    assert (face.number, face.kind, face.valid_until) == (CARD.number, "purse", CARD.valid_until)
    assert (face.balance, face.last_load, face.sequence, face.log) == (Money(0), 0, 0, ())


def test_an_issued_card_is_not_issued_again(stand: VirtualIssuer) -> None:
    stand.lay_blank()
    stand.issue(CARD)
    with pytest.raises(CardForeign):
        stand.issue(CARD)


def test_without_a_blank_card_nothing_is_issued(stand: VirtualIssuer) -> None:
    with pytest.raises(CardForeign):
        stand.issue(CARD)


def test_a_card_pulled_away_is_whole_or_still_blank(stand: VirtualIssuer) -> None:
    stand.lay_blank()
    stand.tear()
    with pytest.raises(CardPulled):
        stand.issue(CARD)
    assert stand.issue(CARD).number == CARD.number


@pytest.mark.parametrize("number", ["", "A" * 17, "ALV61-é"])
def test_a_number_that_no_card_can_hold_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="not a card's number"):
        NewCard(number=number, issued_at=CARD.issued_at, valid_until=CARD.valid_until)
