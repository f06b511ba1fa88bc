"""A virtual card and its reader in memory: the rules of CARD.md without the bytes.

Loads are numbered: only ``last_load + 1`` is written, with its log record, in one commit; a load
that was delivered already answers as written. A session lives as long as its card lies there:
lifted once, it answers CardPulled for ever. ``tear`` lets the next write be cut before or after
its commit, as when the citizen pulls the card away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from kiosk.domain.card_limits import BOOK_MAX, LOG_MAX, PURSE_MAX, SLOTS_MAX
from kiosk.domain.errors import (
    CardBlocked,
    CardExpired,
    CardForeign,
    CardFull,
    CardPulled,
    CardTampered,
    PurseEmpty,
    PurseFull,
)
from kiosk.domain.purse import (
    Book,
    CardFace,
    Entitlement,
    Grant,
    Load,
    Operation,
    Prepared,
    Spend,
    Written,
)
from kiosk.ports import CardSession

Tear = Literal["before", "after"]


class VirtualCard:
    """A daily-life card that holds its own state, as the silicon does.

    It has no keys: its commits bear a count and no transaction MAC.
    """

    def __init__(self, face: CardFace) -> None:
        self._face = face
        self._tear: Tear | None = None

    @property
    def face(self) -> CardFace:
        """What stands on the card."""
        return self._face

    def tear(self, when: Tear | None) -> None:
        """Cut the next write before or after its commit; None: no longer."""
        self._tear = when

    def write(self, load: Load) -> CardFace:
        """Commit one load; raises Refused, CardTampered, CardPulled when torn."""
        face = self._face
        if load.number <= face.last_load:
            return face
        _check(face, load)
        return self._commit(_loaded(face, load))

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        """Commit one spend; raises Refused, CardTampered, CardPulled when torn."""
        before, after = self._face, _spent(self._face, spend)
        prepared(
            Prepared(
                number=before.number,
                transaction_id=spend.transaction_id,
                sequence=before.sequence,
                commits=before.commits,
                balance_before=before.balance,
                balance_after=after.balance,
                entries_before=_entries(before, spend.book),
                entries_after=_entries(after, spend.book),
            )
        )
        return Written(face=self._commit(after), commits=after.commits, proof=b"")

    def _commit(self, face: CardFace) -> CardFace:
        tear, self._tear = self._tear, None
        if tear == "before":
            raise CardPulled("torn before the commit")
        self._face = face
        if tear == "after":
            raise CardPulled("torn after the commit")
        return self._face


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignThing:
    """Something else that answers on the reader: a bank card, a phone."""

    label: str


class VirtualReader:
    """ports.CardReader on which the demo's tray lays and lifts; one thing at a time."""

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._lying: _Lying | None = None
        self._on_laid: Callable[[CardSession], None] | None = None
        self._on_lifted: Callable[[], None] | None = None

    def watch(self, on_laid: Callable[[CardSession], None], on_lifted: Callable[[], None]) -> None:
        """Start telling, at once when something lies there."""
        with self._turn:
            self._on_laid, self._on_lifted = on_laid, on_lifted
            lying = self._lying
        if lying is not None:
            on_laid(lying)

    def close(self) -> None:
        """Stop telling; what lies there becomes unreachable."""
        with self._turn:
            self._on_laid = self._on_lifted = None
            self._take()

    def lay(self, thing: VirtualCard | ForeignThing) -> CardSession:
        """Lay a thing; what lay there before is lifted first."""
        self.lift()
        with self._turn:
            lying = self._lying = _Lying(thing)
            tell = self._on_laid
        if tell is not None:
            tell(lying)
        return lying

    def lift(self) -> None:
        """Lift what lies there; nothing happens on an empty reader."""
        with self._turn:
            tell = self._on_lifted if self._take() else None
        if tell is not None:
            tell()

    def _take(self) -> bool:
        lying, self._lying = self._lying, None
        if lying is not None:
            lying.end()
        return lying is not None


class _Lying:
    """ports.CardSession of one thing, from laying to lifting."""

    def __init__(self, thing: VirtualCard | ForeignThing) -> None:
        self._thing = thing
        self._here = True

    def end(self) -> None:
        """Make every later call raise CardPulled."""
        self._here = False

    def read(self) -> CardFace:
        """Read the face; raises CardForeign, CardPulled."""
        return self._card().face

    def glance(self) -> CardFace:
        """Read the face with the newest line of its log; raises CardForeign, CardPulled."""
        face = self._card().face
        return replace(face, log=face.log[:1])

    def write_load(self, load: Load) -> CardFace:
        """Write a load; a torn write ends the session."""
        try:
            return self._card().write(load)
        except CardPulled:
            self.end()
            raise

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        """Take a spend; a torn write ends the session."""
        try:
            return self._card().spend(spend, prepared)
        except CardPulled:
            self.end()
            raise

    def _card(self) -> VirtualCard:
        if not self._here:
            raise CardPulled("nothing lies on the reader any more")
        if isinstance(self._thing, ForeignThing):
            raise CardForeign(f"{self._thing.label}: not a daily-life card")
        return self._thing


def _check(face: CardFace, load: Load) -> None:
    """Refuse what the card can't take, before anything is written."""
    if load.number != face.last_load + 1:
        raise CardTampered(f"load {load.number} after {face.last_load}: one is missing")
    if face.blocked:
        raise CardBlocked("the card is blocked")
    if face.expired(load.at.date()):
        raise CardExpired("the card's validity is over")
    if face.balance + load.amount > PURSE_MAX:
        raise PurseFull(f"{load.amount.cents} cents on {face.balance.cents} pass the ceiling")


def _entries(face: CardFace, book: int) -> int:
    return next((one.entries for one in face.books if one.number == book), 0)


def _spent(face: CardFace, spend: Spend) -> CardFace:
    """Give the face after the spend, or refuse it before anything is written."""
    if face.sequence != spend.sequence:
        raise CardTampered(f"decided on sequence {spend.sequence}, the card is at {face.sequence}")
    if face.blocked:
        raise CardBlocked("the card is blocked")
    if face.expired(spend.at.date()):
        raise CardExpired("the card's validity is over")
    left = _entries(face, spend.book) + spend.entries
    if face.balance < spend.amount or left < 0:
        raise PurseEmpty("the card doesn't hold enough")
    if left > BOOK_MAX:
        raise PurseFull(f"{left} entries pass the book's ceiling")
    balance = face.balance - spend.amount
    record = Operation(
        seq=face.sequence + 1,
        kind=spend.kind,
        label="",
        at=spend.at,
        amount=-spend.amount if spend.amount.cents else None,
        entries=spend.entries,
        balance_after=balance,
        transaction_id=spend.transaction_id,
        product=spend.product,
    )
    return replace(
        face,
        balance=balance,
        books=_filled(face.books, spend, left),
        entitlements=_granted(face.entitlements, spend.grant),
        sequence=record.seq,
        commits=face.commits + 1,
        log=(record, *face.log)[:LOG_MAX],
    )


def _filled(books: tuple[Book, ...], spend: Spend, left: int) -> tuple[Book, ...]:
    """Give the books with ``left`` entries in the one of the spend, which may be a new one."""
    if not spend.book:
        return books
    if all(one.number != spend.book for one in books):
        books = (*books, Book(product="", service="", entries=0, number=spend.book))
    return tuple(replace(one, entries=left) if one.number == spend.book else one for one in books)


def _granted(held: tuple[Entitlement, ...], grant: Grant | None) -> tuple[Entitlement, ...]:
    """Give the entitlements with the grant in the place of an older one of its product."""
    if grant is None:
        return held
    given = Entitlement(
        product="",
        service="",
        code=grant.product,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
    )
    kept = tuple(one for one in held if one.code != grant.product)
    if len(kept) >= SLOTS_MAX:
        raise CardFull("every slot for memberships and passes is taken")
    return (*kept, given)


def _loaded(face: CardFace, load: Load) -> CardFace:
    """Give the face after the load: balance, load number and log record in one commit."""
    balance = face.balance + load.amount
    record = Operation(
        seq=face.sequence + 1,
        kind="load",
        label=load.label,
        at=load.at,
        amount=load.amount,
        balance_after=balance,
        transaction_id=load.transaction_id,
    )
    return replace(
        face,
        balance=balance,
        last_load=load.number,
        sequence=record.seq,
        commits=face.commits + 1,
        log=(record, *face.log)[:LOG_MAX],
    )
