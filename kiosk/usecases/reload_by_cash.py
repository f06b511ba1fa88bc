"""Reloads a card with cash or a cheque that the agent has in hand, by the top-up's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import AmountRefused
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace
from kiosk.domain.till import Hands, TillKind
from kiosk.domain.till_acts import taking
from kiosk.usecases.at_till import AtTill
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What the agent has in hand: ``given`` may be more than the ``amount`` to be loaded."""

    kind: TillKind
    amount: Money
    given: Money

    @property
    def change(self) -> Money:
        """What is due to the citizen; raises AmountRefused when too little was given."""
        if self.given < self.amount:
            raise AmountRefused(f"{self.given.cents} cents for {self.amount.cents}")
        return self.given - self.amount


def reload_by_cash(
    face: CardFace, received: Received, hands: Hands, desk: AtTill, reload: ReloadCard
) -> Progress:
    """Begin the top-up of the card just read: the money is entered, then the card is written.

    What the till refuses is refused before anything begins: TillClosed, TillFrozen, TillOther,
    AmountRefused, DrawerFull, LimitReached; then what ReloadCard.start raises.
    """
    check_received(received, hands, desk)
    return reload.start(face, received.amount, provider=received.kind.value)


def check_received(received: Received, hands: Hands, desk: AtTill) -> None:
    """Refuse what the till wouldn't take: see ``reload_by_cash``; nothing is begun."""
    till = desk.journal.till()
    _ = received.change
    taking(till, received.kind, received.amount, "", desk.rules, at=desk.clock.now())
    till.require_holder(hands)
