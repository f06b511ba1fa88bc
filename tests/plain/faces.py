"""Faces of cards for tests that need no chip: a used card, an empty one, something else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cardreader.virtual.demo_chips import EMPTY_NUMBER, USED_NUMBER, season_end
from kiosk.domain.money import Money
from kiosk.domain.purse import Book, CardFace, Entitlement, Operation
from tests.plain.cards import ForeignThing, VirtualCard


def used_card(now: datetime) -> VirtualCard:
    """Give the card of the design's pictures: 12,40 €, seven pool entries, a library membership."""
    until = season_end(now.date())
    return VirtualCard(
        CardFace(
            number=USED_NUMBER,
            kind="purse",
            balance=Money(1240),
            last_load=3,
            sequence=12,
            books=(
                Book(
                    product="Carnet de 10 entrées",
                    service="piscine",
                    entries=7,
                    valid_until=until,
                    number=3,
                    code=102,
                ),
            ),
            entitlements=(
                Entitlement(
                    product="Médiathèque", service="mediatheque", valid_until=until, code=201
                ),
            ),
            log=_history(now),
            valid_until=date(now.year + 3, 12, 31),
        )
    )


def empty_card(now: datetime) -> VirtualCard:
    """Give a card as it was handed out: nothing on it yet."""
    return VirtualCard(
        CardFace(
            number=EMPTY_NUMBER,
            kind="purse",
            balance=Money(0),
            last_load=0,
            sequence=0,
            books=(),
            entitlements=(),
            log=(),
            valid_until=date(now.year + 5, 12, 31),
        )
    )


def bank_card() -> ForeignThing:
    """Give what citizens lay by mistake; nothing of it is ever read."""
    return ForeignThing(label="carte bancaire")


def _history(now: datetime) -> tuple[Operation, ...]:
    """Give the last operations, newest first, ending on the balance of 12,40 €."""
    return (
        Operation(
            seq=12,
            kind="entry",
            label="Piscine des Tilleuls",
            at=now - timedelta(days=1, hours=17),
            amount=None,
            entries=-1,
            transaction_id="demo-12",
        ),
        Operation(
            seq=11,
            kind="debit",
            label="Cinéma Le Trèfle",
            at=now - timedelta(days=4, hours=22),
            amount=Money(-650),
            balance_after=Money(1240),
            transaction_id="demo-11",
        ),
        Operation(
            seq=10,
            kind="load",
            label="Recharge à la mairie",
            at=now - timedelta(days=7, hours=1),
            amount=Money(2000),
            balance_after=Money(1890),
            transaction_id="demo-10",
        ),
    )
