"""What was read of a purse card, and the words that make a face of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from cardreader.layout import (
    ENTITLEMENTS,
    ENTRIES,
    PURSE,
    RECORDS_MAX,
    Identity,
    Record,
    Slot,
    Standing,
    State,
)
from kiosk.domain.errors import CardTampered
from kiosk.domain.money import Money
from kiosk.domain.purse import Book, CardFace, Entitlement, Operation

BOOK_VALIDITY = 0x0001  # flag of a slot that tells until when a book of its product is good


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProduct:
    """A territory's product as the card's face names it: its label, and its service's id."""

    label: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductNames:
    """The words for the card's numbers: products by code, books by file."""

    products: Mapping[int, NamedProduct] = field(default_factory=dict[int, NamedProduct])
    books: Mapping[int, int] = field(default_factory=dict[int, int])

    def product(self, code: int) -> NamedProduct:
        """Name a product; empty words for one that isn't known here."""
        return self.products.get(code) or NamedProduct(label="", service="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardImage:
    """Everything that was read of one card; ``records`` newest first, the issue's included.

    ``whole_log``: ``records`` are all that the card keeps, not the last one only.
    """

    uid: bytes
    identity: Identity
    standing: Standing
    purse_cents: int
    entries: int
    slots: tuple[Slot | None, ...]
    records: tuple[Record, ...]
    last_load: int
    commits: int
    whole_log: bool = True

    def __post_init__(self) -> None:
        numbers = [record.seq for record in self.records]
        if not numbers or numbers != list(range(numbers[0], numbers[0] - len(numbers), -1)):
            raise CardTampered("the card's log isn't in sequence")

    @property
    def sequence(self) -> int:
        """The number of the last record."""
        return self.records[0].seq

    @property
    def held(self) -> Change:
        """What the card holds, as a commit that changes nothing would leave it."""
        return Change(
            purse_cents=self.purse_cents,
            entries=self.entries,
            slots=self.slots,
            last_load=self.last_load,
            commits=self.commits,
        )

    def after(self, record: Record, change: Change) -> CardImage:
        """Give the image after a commit that wrote ``record``."""
        return replace(
            self,
            purse_cents=change.purse_cents,
            entries=change.entries,
            slots=change.slots,
            last_load=change.last_load,
            records=(record, *self.records)[:RECORDS_MAX],
            commits=change.commits,
        )

    def face(self, names: ProductNames) -> CardFace:
        """Give the card as the kiosk shows it."""
        return CardFace(
            number=self.identity.number,
            kind="purse",
            balance=Money(self.purse_cents),
            last_load=self.last_load,
            sequence=self.sequence,
            books=self._books(names),
            entitlements=tuple(
                _entitlement(slot, names)
                for slot in self.slots
                if slot is not None and not slot.flags & BOOK_VALIDITY
            ),
            log=tuple(
                _operation(record, names) for record in self.records if record.kind is not None
            ),
            valid_until=self.standing.valid_until,
            blocked=self.standing.state is not State.ACTIVE,
            commits=self.commits,
        )

    def _books(self, names: ProductNames) -> tuple[Book, ...]:
        if not self.entries:
            return ()
        code = names.books.get(ENTRIES, 0)
        named = names.product(code)
        until = next(
            (s.valid_until for s in self.slots if s is not None and _of_book(s, code)), None
        )
        return (
            Book(
                product=named.label,
                service=named.service,
                entries=self.entries,
                valid_until=until,
                number=ENTRIES,
                code=code,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a commit left on the card, beside its record."""

    purse_cents: int
    entries: int
    slots: tuple[Slot | None, ...]
    last_load: int
    commits: int


def _of_book(slot: Slot | None, code: int) -> TypeGuard[Slot]:
    return slot is not None and slot.product == code and bool(slot.flags & BOOK_VALIDITY)


def _entitlement(slot: Slot, names: ProductNames) -> Entitlement:
    named = names.product(slot.product)
    return Entitlement(
        product=named.label,
        service=named.service,
        valid_until=slot.valid_until,
        valid_from=slot.valid_from,
        code=slot.product,
    )


def _operation(record: Record, names: ProductNames) -> Operation:
    assert record.kind is not None, "the issue is no operation"
    money = record.file == PURSE
    free = record.file == ENTITLEMENTS
    return Operation(
        seq=record.seq,
        kind=record.kind,
        label=names.product(record.product).label,
        at=record.at,
        amount=Money(record.amount) if money else None,
        entries=record.entries if money or free else record.amount,
        balance_after=Money(record.balance_after) if money or free else None,
        transaction_id=record.transaction_id,
        product=record.product,
    )
