"""The demonstration's stand-ins: virtual reader and cards, simulated bank, and their tray.

Each is made when it is first asked for, after the first frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_rules import Blocklist
from kiosk.domain.environment import refuse_stand_ins
from kiosk.domain.errors import KeyAbsent
from kiosk.domain.money import Money
from kiosk.ports import CardIssuer, Clock, Library, LostCards, PinStore
from ui.context import Context

if TYPE_CHECKING:
    from cardreader.detect import OpenPurse
    from cardreader.virtual.tray import TrayReader
    from kiosk.app.demo_tray import TrayGate, TrayThing
    from kiosk.domain.loans import LibraryReader
    from kiosk.domain.product import Catalogue
    from kiosk.usecases.open_account import OpenAccount
    from payments.simulator.bank import SimulatedBank
    from ui.viewmodels.tray import TrayViewModel


STAFF_PIN, SECOND_PIN, HOLDER_PIN = (
    "4821",
    "7305",
    "1234",
)  # told in the manual; the demonstration's alone


class Demonstration:
    """What stands in for silicon and bank; raises InputRefused in production.

    ``catalogue`` is what the virtual cards buy; without one there are no cards: they are laid on a
    real reader, and the tray only plays the phone.
    """

    def __init__(self, clock: Clock, environment: str, catalogue: Catalogue | None = None) -> None:
        refuse_stand_ins(environment)
        self._clock = clock
        self._environment = environment
        self._catalogue = catalogue
        self._ends = ExitStack()
        self._pay_page = ""
        self.listed: dict[str, datetime] = {}  # when the stand-in hub listed each lost card

    @cached_property
    def reader(self) -> TrayReader:
        """The reader on which the tray lays."""
        from cardreader.detect import session_of
        from cardreader.layout import AID
        from cardreader.virtual.tray import TrayReader

        purse = self._purse
        return TrayReader(lambda transport, atr: session_of(transport, atr, aid=AID, purse=purse))

    @cached_property
    def _purse(self) -> OpenPurse:
        """What opens a purse card's session, over the published keys."""
        from kiosk.app.card_chain import Chain, purse_opener
        from kiosk.app.card_words import names_of
        from kiosk.domain.product import Catalogue

        names = names_of(self._catalogue or Catalogue())
        return purse_opener(Chain(names=names, environment=self._environment))

    @property
    def card_key(self) -> bytes:
        """The published key of card tags."""
        return DEMO_CARD_KEY

    def lost_cards(self, kept: LostCards) -> LostCards:
        """Give the list as if a hub had just spoken."""
        return DemoLostCards(kept, self._clock, self.listed)

    def can_load(self) -> None:
        """Let every load begin: the published keys credit."""

    def balance_of(self, number: str) -> Money:
        """Give what the stand-in hub says stood on a card: what its chip on the tray holds."""
        from cardreader.virtual.link import InMemoryTransport

        chip = next((thing.chip for thing in self.things if thing.number == number), None)
        return Money(0) if chip is None else self._purse(InMemoryTransport(chip)).read().balance

    @cached_property
    def things(self) -> Sequence[TrayThing]:
        """What can be laid on the reader."""
        from kiosk.app.demo_tray import demo_things

        return demo_things(self._clock.now()) if self._catalogue is not None else ()

    def issuer(self) -> CardIssuer:
        """Give what makes the blank chip on the tray a card; raises KeyAbsent without a tray."""
        if self._catalogue is None:
            raise KeyAbsent("cards on a real reader are made where the issuing keys are")
        from cardreader.authority import authority_for_tests
        from cardreader.issuer import ChipIssuer
        from cardreader.virtual.cards import TEST_TERRITORY
        from cardreader.virtual.issue import known_set

        authority = authority_for_tests(known_set(), environment=self._environment)
        return ChipIssuer(lambda: self.reader.lying, authority, territory=TEST_TERRITORY)

    def publish_pins(self, pins: PinStore) -> None:
        """Keep the demonstration's codes: of the staff badge and of the used card's holder."""
        import secrets

        from cardreader.virtual.demo_chips import USED_NUMBER
        from cardreader.virtual.things import library_badge, second_badge, staff_badge
        from kiosk.domain.pin import SALT_BYTES, Role, new_pin
        from kiosk.domain.purse import card_tag

        codes: tuple[tuple[str, Role, str], ...] = (
            (staff_badge().uid.hex().upper(), "manager", STAFF_PIN),
            (second_badge().uid.hex().upper(), "agent", SECOND_PIN),
            (library_badge().uid.hex().upper(), "holder", HOLDER_PIN),
            (USED_NUMBER, "holder", HOLDER_PIN),
        )
        for number, role, pin in codes:
            tag = card_tag(number, DEMO_CARD_KEY)
            if pins.find_pin(tag) is None:
                salt = secrets.token_bytes(SALT_BYTES)
                pins.save_pin(new_pin(tag, role, pin, salt=salt))

    @property
    def library(self) -> Library:
        """The library's system: the SIP2 client over a stand-in on loopback."""
        return self._library

    @cached_property
    def _library(self) -> Library:
        from kiosk.devices.library import Account, Sip2Library, connection_to
        from kiosk.devices.library_simulator import LOOPBACK, Book, LibraryStandIn, Shelf
        from sync.connectors.sip2.requests import Desk

        now = self._clock.now()
        shelf = Shelf(
            today=now,
            books=[
                Book("demo-1", "Un hiver au bocage", now + timedelta(days=2)),
                Book("demo-2", "Oiseaux des haies", now + timedelta(days=9)),
                Book("demo-3", "Cuisiner les restes", now - timedelta(days=3), reserved=True),
            ],
        )
        stand_in = LibraryStandIn(shelf)
        self._ends.enter_context(stand_in)
        desk = Desk(institution="DEMO")
        account = Account(desk=desk, zone=ZoneInfo("Europe/Paris"))
        connect = connection_to(LOOPBACK, stand_in.port)
        return Sip2Library(connect=connect, account=account, clock=self._clock)

    def library_reader(self, _account: OpenAccount) -> LibraryReader:
        """Give the reader behind an account: the stand-in knows one."""
        from kiosk.devices.library_simulator import BARCODE, PIN
        from kiosk.domain.loans import LibraryReader

        return LibraryReader(barcode=BARCODE, pin=PIN)

    def pay_page(self, folder: Path, kiosk: str) -> str:
        """Give the address of the demonstration's own hub, which begins to listen for it."""
        if not self._pay_page:
            from kiosk.app.hub_payments import serving
            from payments.code_routes import PAGE

            hub = serving(folder, self._clock, environment=self._environment, kiosk=kiosk)
            self._pay_page = self._ends.enter_context(hub).url + PAGE
        return self._pay_page

    def close(self) -> None:
        """End what was started."""
        self._ends.close()

    @property
    def bank(self) -> SimulatedBank:
        """The bank's stand-in."""
        return self._bank

    @cached_property
    def _bank(self) -> SimulatedBank:
        from payments.simulator.bank import SimulatedBank

        return SimulatedBank(clock=self._clock, environment=self._environment)

    def tray(self, context: Context, gate: TrayGate | None = None) -> TrayViewModel:
        """Make the tray with its cards, and with the papers of a gate."""
        from kiosk.app.demo_tray import DemoTray
        from ui.viewmodels.tray import TrayViewModel

        return TrayViewModel(context, DemoTray(self.reader, self.bank, self.things, gate))


class DemoLostCards:
    """ports.LostCards as if a hub had just spoken: without one no card could be debited."""

    def __init__(self, kept: LostCards, clock: Clock, listed: dict[str, datetime]) -> None:
        self._kept = kept
        self._clock = clock
        self._listed = listed

    def current(self) -> Blocklist:
        """Give the list, always fresh, with what was blocked here."""
        now = self._clock.now()
        found = self._kept.current() or Blocklist(version=0, issued_at=now)
        return replace(found, issued_at=now, cards={**found.cards, **self._listed})

    def block(self, tag: str, *, at: datetime, by: str) -> None:
        """Block a card here; the stand-in hub lists it at once."""
        self._kept.block(tag, at=at, by=by)
        self._listed.setdefault(tag, at)
