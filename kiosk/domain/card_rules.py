"""What a card may still do without the network: the territory's limits and its list of lost cards.

Rules (CARD.md, "Offline risk limits"), in the order in which a spend is checked:

1. A badge holds no purse: CardForeign.
2. A card on the list, or that says itself blocked: CardBlocked. Checked first among the doubts:
   even an old list is right about a lost card.
3. No list, one older than ``blocklist_max``, or one from the future: BlocklistOld, cards are only
   read.
4. Past its validity: CardExpired.
5. A balance that no card can hold: CardTampered; more than ``debit_max`` at once: LimitReached.
6. One more movement, or sum, than card or kiosk may take before the hub has heard of the earlier
   ones: LimitReached. What the hub has acknowledged doesn't count.
7. Not enough in the purse: PurseEmpty. (The card refuses it too; here it costs no tap.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.errors import (
    BlocklistOld,
    CardBlocked,
    CardExpired,
    CardForeign,
    CardTampered,
    LimitReached,
    PurseEmpty,
)
from kiosk.domain.money import Money

if TYPE_CHECKING:
    from kiosk.domain.purse import CardFace

# What a territory that says nothing allows: docs/add-a-territory.md.
DEBIT_MAX, CARD_SUM_MAX, KIOSK_SUM_MAX = Money(5_000), Money(10_000), Money(1_000_000)
BLOCKLIST_MAX = timedelta(hours=72)
LISTED_MAX = 50_000  # cards on a list
NOTHING = Money(0)
SKEW_MAX: Final = timedelta(hours=1)  # between the hub's clock and the kiosk's


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRules:
    """A territory's limits for what is taken from cards without the network."""

    purse_max: Money = PURSE_MAX
    debit_max: Money = DEBIT_MAX
    card_moves_max: int = 10
    card_sum_max: Money = CARD_SUM_MAX
    kiosk_moves_max: int = 2_000
    kiosk_sum_max: Money = KIOSK_SUM_MAX
    blocklist_max: timedelta = BLOCKLIST_MAX

    def __post_init__(self) -> None:
        if self.purse_max > PURSE_MAX or self.blocklist_max <= timedelta(0):
            msg = f"limits past the card's own: {self.purse_max}, {self.blocklist_max}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineUse:
    """What was taken and isn't acknowledged by the hub: by one card, and by the whole kiosk."""

    card_moves: int = 0
    card_sum: Money = NOTHING
    kiosk_moves: int = 0
    kiosk_sum: Money = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocklist:
    """The territory's lost cards: each card's tag, and when the first list named it.

    ``here`` are the tags that this kiosk has blocked and no list names yet.
    """

    version: int
    issued_at: datetime
    cards: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    here: frozenset[str] = frozenset()

    def holds(self, tag: str) -> bool:
        """Say whether the card is blocked."""
        return tag in self.cards or tag in self.here

    def usable(self, now: datetime, age_max: timedelta) -> bool:
        """Say whether cards may be debited on the word of this list."""
        return -SKEW_MAX <= now - self.issued_at <= age_max

    def dead_at(self, tag: str, age_max: timedelta) -> datetime | None:
        """Give when no kiosk of the fleet can debit the card any more; None while unlisted.

        Every kiosk has a list that names the card, or one so old that it only reads (CARD.md,
        "Lost cards"). SKEW_MAX covers clocks that differ.
        """
        listed = self.cards.get(tag)
        return None if listed is None else listed + age_max + SKEW_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A card as it stands before a spend; ``today`` is the territory's day, ``now`` in UTC."""

    face: CardFace
    tag: str
    use: OfflineUse
    now: datetime
    today: date


def check_card(card: Standing, rules: CardRules, blocklist: Blocklist | None) -> None:
    """Refuse a card that may not be debited at all (rules 1 to 4); gives nothing back.

    Raises CardForeign, CardBlocked, BlocklistOld, CardExpired.
    """
    if card.face.kind != "purse":
        raise CardForeign("a badge holds no purse")
    if card.face.blocked or (blocklist is not None and blocklist.holds(card.tag)):
        raise CardBlocked("the card is blocked")
    if blocklist is None or not blocklist.usable(card.now, rules.blocklist_max):
        raise BlocklistOld("the list of lost cards is missing or too old")
    if card.face.expired(card.today):
        raise CardExpired("the card's validity is over")


def check_spend(
    card: Standing, amount: Money, rules: CardRules, blocklist: Blocklist | None
) -> None:
    """Refuse a spend that the territory doesn't allow offline; ``amount`` is 0 for an entry.

    Raises what check_card raises, and CardTampered, LimitReached, PurseEmpty.
    """
    check_card(card, rules, blocklist)
    if not Money(0) <= card.face.balance <= PURSE_MAX:
        raise CardTampered(f"{card.face.balance.cents} cents can't stand on a card")
    if amount > rules.debit_max:
        raise LimitReached(f"{amount.cents} cents at once, at most {rules.debit_max.cents}")
    _check_use(card.use, amount, rules)
    if card.face.balance < amount:
        raise PurseEmpty(f"{amount.cents} cents from {card.face.balance.cents}")


def _check_use(use: OfflineUse, amount: Money, rules: CardRules) -> None:
    limits = (
        (use.card_moves + 1, rules.card_moves_max, "movements of the card"),
        ((use.card_sum + amount).cents, rules.card_sum_max.cents, "cents of the card"),
        (use.kiosk_moves + 1, rules.kiosk_moves_max, "movements of the kiosk"),
        ((use.kiosk_sum + amount).cents, rules.kiosk_sum_max.cents, "cents of the kiosk"),
    )
    for asked, most, what in limits:
        if asked > most:
            raise LimitReached(f"{asked} {what} without the network, at most {most}")
