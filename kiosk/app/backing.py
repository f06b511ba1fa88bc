"""What stands behind a kiosk's desks: the demonstration's stand-ins, or what production has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.domain.errors import KeyAbsent, LibraryUnavailable, PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.ports import CardIssuer, Library, LostCards, PaymentGateway, PinStore

if TYPE_CHECKING:
    from kiosk.domain.loans import LibraryReader
    from kiosk.store.card_keys import CardKeyStore
    from kiosk.usecases.open_account import OpenAccount


class Backing(Protocol):
    """What the journal's desks ask for beside the journal itself."""

    @property
    def card_key(self) -> bytes:
        """The territory's key of card tags; raises CardKeysAwaited."""
        ...

    @property
    def bank(self) -> PaymentGateway:
        """Who takes money where no hub does; raises PaymentUnavailable."""
        ...

    @property
    def library(self) -> Library:
        """The library's system; raises LibraryUnavailable."""
        ...

    def library_reader(self, account: OpenAccount, /) -> LibraryReader:
        """Give the library's reader of an account; raises LibraryUnavailable."""
        ...

    def pay_page(self, folder: Path, kiosk: str, /) -> str:
        """Give the page for offline codes, "" for none."""
        ...

    def issuer(self) -> CardIssuer:
        """Give what makes blank cards the territory's; raises KeyAbsent."""
        ...

    def publish_pins(self, pins: PinStore) -> None:
        """Keep the codes that come with it."""
        ...

    def balance_of(self, number: str, /) -> Money:
        """Give what the hub says stood on a card, nothing where it doesn't."""
        ...

    def lost_cards(self, kept: LostCards) -> LostCards:
        """Give the list that counts while no hub has let this kiosk in."""
        ...

    def can_load(self) -> None:
        """Let a card's load begin; raises KeyAbsent where none can be written."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class Production:
    """Nothing stands in: card keys are those that the hub delivered, money is the hub's.

    ``relayed``: loads are written by the hub, over this kiosk's reader.
    """

    def __init__(self, keys: CardKeyStore, *, relayed: bool = False) -> None:
        self._keys = keys
        self._relayed = relayed

    @property
    def card_key(self) -> bytes:
        """The delivered key of card tags; raises CardKeysAwaited."""
        return self._keys.tags

    @property
    def bank(self) -> PaymentGateway:
        """Raise PaymentUnavailable: the hub takes the money, or nobody."""
        raise PaymentUnavailable("no hub takes this kiosk's payments")

    @property
    def library(self) -> Library:
        """Raise LibraryUnavailable: none is connected."""
        raise LibraryUnavailable("no library's system is connected")

    def library_reader(self, _account: OpenAccount) -> LibraryReader:
        """Raise LibraryUnavailable: none is connected."""
        raise LibraryUnavailable("no library's system is connected")

    def pay_page(self, _folder: Path, _kiosk: str) -> str:
        """Give none: the setting names it."""
        return ""

    def issuer(self) -> CardIssuer:
        """Raise KeyAbsent: cards are made where every key is."""
        raise KeyAbsent("cards are made where the issuing keys are")

    def publish_pins(self, pins: PinStore) -> None:
        """Keep none: staff have their own."""

    def balance_of(self, _number: str) -> Money:
        """Give nothing: the hub doesn't tell balances yet."""
        return Money(0)

    def lost_cards(self, kept: LostCards) -> LostCards:
        """Give the list as it was kept: it ages."""
        return kept

    def can_load(self) -> None:
        """Raise KeyAbsent without a relay: reload keys never leave the hub."""
        if not self._relayed:
            raise KeyAbsent("loads need the hub's keys")

    def close(self) -> None:
        """Leave the keys where they are."""
