"""What the screens know of a spend: one frozen value a visit, written by ui.sale_desk alone.

Nothing is given before ``DONE``: the card has confirmed and the journal holds it. ``AGAIN`` is
doubt: the card left too early, the same one must come back, and nothing else begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.money import Money

if TYPE_CHECKING:
    from kiosk.usecases.spend_card import Spending


class SaleStage(StrEnum):
    """Where a spend stands, as its screen shows it; SpendStage's own words, and three more."""

    CONFIRM = "confirm"  # chosen; nothing has happened
    CARD = "card"  # lay the card
    WORKING = "working"  # the card is being written
    AGAIN = "card_again"  # lay the same card again: whether it was taken is unknown
    DONE = "done"
    LATER = "later"  # it didn't come back: nothing is given, its next tap settles it
    STAFF = "staff"  # staff must look
    REFUSED = "refused"  # nothing was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A spend of this visit.

    ``product`` is the territory's code, 0 for none; ``spending`` where the use case stands, None
    before it was asked; ``busy``: an answer is awaited; ``problem`` the message key of what
    stands in the way; ``closed`` why nothing is sold here, "" when it is.
    """

    product: int = 0
    spending: Spending | None = None
    busy: bool = False
    problem: str = ""
    closed: str = ""

    @property
    def stage(self) -> SaleStage:
        """What the screen shows."""
        now = None if self.spending is None else SaleStage(self.spending.stage.value)
        if now is not None and now is not SaleStage.CARD:
            return now
        if self.problem:
            return SaleStage.REFUSED
        if self.busy:
            return SaleStage.WORKING
        return SaleStage.CONFIRM if now is None else SaleStage.CARD

    @property
    def in_flight(self) -> bool:
        """Whether the visit may not be wiped now."""
        return self.busy or self.stage is SaleStage.AGAIN

    @property
    def ended(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.stage in {SaleStage.DONE, SaleStage.LATER, SaleStage.STAFF, SaleStage.REFUSED}

    @property
    def balance(self) -> Money | None:
        """What the purse has left, once the card has told it."""
        face = None if self.spending is None else self.spending.face
        return None if face is None else face.balance

    @property
    def entries(self) -> int | None:
        """What is left in the book that paid or was filled; None when the purse alone paid."""
        now = self.spending
        if now is None or now.face is None or now.move is None or not now.move.book:
            return None
        return next((b.entries for b in now.face.books if b.number == now.move.book), 0)
