"""Reads the card that lies on the reader and says what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk.domain.errors import CardBlocked, CardExpired, CardForeign
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.domain.purse import Book, CardFace, Entitlement
from kiosk.ports import CardSession


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReading:
    """A card on a given day: its face, what is still valid, and what may be loaded.

    ``refusal`` is the message key of why nothing may be loaded, "" when something may;
    ``room`` the largest sum, ``offered`` the proposed ones that fit.
    """

    face: CardFace
    books: tuple[Book, ...]
    entitlements: tuple[Entitlement, ...]
    refusal: str
    room: Money
    offered: tuple[Money, ...]


def read_card(
    session: CardSession,
    *,
    today: date,
    limits: TopupLimits,
    lost: Callable[[CardFace], bool] = lambda _face: False,
) -> CardReading:
    """Read the whole card; ``lost`` says whether it is on the list of lost cards.

    Raises CardForeign, CardTampered, CardPulled.
    """
    face = session.read()
    refusal = refusal_of(face, today) or (CardBlocked.message_key if lost(face) else "")
    books = (book for book in face.books if book.entries > 0)
    return CardReading(
        face=face,
        books=tuple(book for book in books if _valid(book.valid_until, today)),
        entitlements=tuple(e for e in face.entitlements if _valid(e.valid_until, today)),
        refusal=refusal,
        room=Money(0) if refusal else limits.room(face.balance),
        offered=() if refusal else limits.offered(face.balance),
    )


def refusal_of(face: CardFace, today: date) -> str:
    """Give the message key of why a card can't be loaded on ``today``, "" when it can.

    A badge holds no purse: for a load it is a foreign thing.
    """
    if face.kind != "purse":
        return CardForeign.message_key
    if face.blocked:
        return CardBlocked.message_key
    return CardExpired.message_key if face.expired(today) else ""


def _valid(until: date | None, today: date) -> bool:
    return until is None or today <= until
