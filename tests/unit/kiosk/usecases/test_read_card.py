"""What the card's reading says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.errors import CardForeign, CardPulled
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.usecases.read_card import CardReading, read_card, refusal_of
from tests.plain.cards import VirtualCard, VirtualReader
from tests.plain.faces import bank_card, empty_card, used_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TODAY = NOW.date()
LIMITS = TopupLimits()


def reading(card: VirtualCard, today: date = TODAY) -> CardReading:
    return read_card(VirtualReader().lay(card), today=today, limits=LIMITS)


def test_a_used_card_tells_balance_entries_and_membership() -> None:
    told = reading(used_card(NOW))
    assert told.face.balance == Money(1240)
    assert [(b.service, b.entries) for b in told.books] == [("piscine", 7)]
    assert [e.service for e in told.entitlements] == ["mediatheque"]
    assert (told.refusal, told.room) == ("", Money(13_760))
    assert [m.cents for m in told.offered] == [500, 1000, 2000, 5000]


def test_an_empty_card_has_nothing_but_room() -> None:
    told = reading(empty_card(NOW))
    assert (told.books, told.entitlements, told.room) == ((), (), Money(15_000))


def test_books_and_memberships_that_are_over_are_left_out() -> None:
    told = reading(used_card(NOW), date(2027, 7, 1))
    assert (told.books, told.entitlements) == ((), ())
    assert told.refusal == ""


def test_an_empty_book_is_left_out_and_an_endless_one_stays() -> None:
    face = used_card(NOW).face
    (book,) = face.books
    empty = replace(book, entries=0)
    endless = replace(book, valid_until=None)
    told = reading(VirtualCard(replace(face, books=(empty, endless))), date(2029, 1, 1))
    assert told.books == (endless,)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"blocked": True}, "card.blocked"),
        ({"valid_until": date(2026, 11, 21)}, "card.expired"),
        ({"kind": "badge"}, "card.foreign"),
        ({"kind": "badge", "blocked": True}, "card.foreign"),
        ({"blocked": True, "valid_until": date(2020, 1, 1)}, "card.blocked"),
    ],
)
def test_a_card_that_can_t_be_loaded_is_read_but_offers_nothing(
    change: dict[str, object], key: str
) -> None:
    face = replace(used_card(NOW).face, **change)  # type: ignore[arg-type]  # fields by name
    told = reading(VirtualCard(face))
    assert refusal_of(face, TODAY) == key
    assert (told.refusal, told.room, told.offered) == (key, Money(0), ())
    assert told.face.balance == Money(1240)


def test_a_foreign_thing_can_t_be_read() -> None:
    with pytest.raises(CardForeign):
        read_card(VirtualReader().lay(bank_card()), today=TODAY, limits=LIMITS)


def test_a_lifted_card_can_t_be_read() -> None:
    reader = VirtualReader()
    session = reader.lay(used_card(NOW))
    reader.lift()
    with pytest.raises(CardPulled):
        read_card(session, today=TODAY, limits=LIMITS)
