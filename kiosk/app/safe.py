"""The kiosk's journal and what is done over it: one file, one writer, opened when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.app.backing import Backing
from kiosk.app.clocks import ShiftedClock
from kiosk.app.hub_link import HubLink, link_of
from kiosk.app.ids import new_id
from kiosk.app.installed import Installed
from kiosk.app.offline_codes import OfflineCodes
from kiosk.domain.errors import OtherCard, PurseEmpty
from kiosk.domain.money import Money
from kiosk.domain.payment import SIMULATOR
from kiosk.domain.purse import CardFace, NewCard, card_tag
from kiosk.ports import CardSession, HubLoads, LostCards, PinStore, Printer, TicketJournal
from ui.clerk_desk import Acts
from ui.code_desk import Asked, CodeActs
from ui.context import Context

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.app.demo_papers import DemoPapers
    from kiosk.app.till_safe import TillSafe
    from kiosk.domain.closing import Closing
    from kiosk.domain.loans import Loan
    from kiosk.domain.receipt import Mark
    from kiosk.domain.transfer import TransferRow
    from kiosk.store.ledger import Ledger
    from kiosk.usecases.hear_refunds import Heard
    from kiosk.usecases.identify_staff import Staff
    from kiosk.usecases.open_account import OpenAccount
    from kiosk.usecases.order_ticket import TicketShop
    from kiosk.usecases.redeem_ticket import RedeemTicket
    from kiosk.usecases.reload_card import ReloadCard
    from kiosk.usecases.send_report import SendReport
    from kiosk.usecases.spend_card import SpendCard

VALID_YEARS = 5  # of a new card
LEDGER = "ledger.db"
HUB = "hub"  # who takes the money, until the hub has said it
TRAINING = "training"
HEAR_S = 3.0  # for the hub to tell refunds: a citizen's next step waits behind the question


class Safe:
    """Opens the journal in ``folder``; used from the commands' thread alone."""

    def __init__(
        self,
        here: Installed,
        context: Context,
        backing: Backing,
        papers: DemoPapers | None = None,
    ) -> None:
        """Remember where; ``papers`` are the tickets of the demonstration's gate.

        Raises InputRefused for a hub that can't take this kiosk's payments.
        """
        folder = money_folder(here.content.path.parent, training=here.settings.training)
        self._folder = folder
        self._data = here.content.path.parent
        self._here = here
        self._context = context
        self._backing = backing
        self._papers = papers
        self._gate: RedeemTicket | None = None
        self._ledger: Ledger | None = None
        self.link: HubLink | None = link_of(here.settings, here.content.path.parent)
        self._codes = OfflineCodes(
            folder, context, self._pay_page, self._open, here, backing=backing
        )

    def topups(self) -> ReloadCard:
        """Give the top-ups' use case; raises LedgerBusy, LedgerTampered, StorageFull.

        What a crash left of accepted codes is taken up first. Raises PaymentUnavailable while the
        hub has never been started, CardKeysAwaited in production.
        """
        from kiosk.usecases.reload_card import Desk, ReloadCard

        gateway = self._backing.bank if self.link is None else self.link.gateway()
        desk = Desk(
            provider=SIMULATOR if self.link is None else HUB,
            card_key=self._backing.card_key,
            limits=self._context.wallet.limits,
            new_id=lambda: new_id("T"),
            shop=self._shop(),
            permit=self.permit,
            lost=self._lost(),
            loads=self._loads(),
            can_load=self._backing.can_load,
        )
        self._codes.settle()
        return ReloadCard(
            journal=self._open(),
            gateway=gateway,
            clock=self._context.clock,
            desk=desk,
            others=self.till().gateways(),
        )

    def _pay_page(self) -> str:
        """Give where offline codes are paid, when no setting names it."""
        if self.link is not None:
            return self.link.page
        return self._backing.pay_page(self._folder, self._here.settings.kiosk)

    def _shop(self) -> TicketShop:
        from kiosk.store.device_key import DeviceKey
        from kiosk.usecases.order_ticket import TicketShop

        territory = self._context.territory
        return TicketShop(
            catalogue=territory.products,
            zone=ZoneInfo(territory.timezone),
            kiosk=self._here.settings.kiosk,
            marks=marks_of(self._context, self.link),
            open_signer=lambda: DeviceKey(self._folder),
        )

    def tickets(self) -> TicketJournal:
        """Give the journal of bought tickets; raises LedgerBusy, LedgerTampered, StorageFull."""
        from kiosk.store.ledger_tickets import Tickets

        return Tickets(self._open())

    def codes(self) -> CodeActs:
        """Give what is done about offline codes; each opens its files when it is first done."""
        codes = self._codes

        def ask(face: CardFace, amount: Money) -> Asked:
            self.permit()
            return codes.ask(face, amount)

        return CodeActs(ask=ask, awaited=codes.awaited, redeem=codes.redeem)

    def sales(self) -> SpendCard:
        """Give the spends' use case; raises what ``topups`` raises but for payments."""
        from kiosk.store.ledger_moves import Moves
        from kiosk.usecases.spend_card import SpendCard, Till

        territory, clock, ledger = self._context.territory, self._context.clock, self._open()
        till = Till(
            catalogue=territory.products,
            rules=territory.card,
            card_key=self._backing.card_key,
            zone=ZoneInfo(territory.timezone),
            new_id=lambda: new_id("S"),
            permit=self.permit,
        )
        return SpendCard(journal=Moves(ledger), lost=self._lost(), clock=clock, till=till)

    def gate(self) -> RedeemTicket:
        """Give what redeems tickets; raises what opening the journal and the key raise."""
        if self._gate is None:
            from kiosk.domain.ticket import GateRules
            from kiosk.store.device_keys import DeviceKeys
            from kiosk.store.ledger_tickets import RedemptionStore
            from kiosk.usecases.redeem_ticket import Gate, RedeemTicket

            journal, context = RedemptionStore(self._open()), self._context
            if self._papers is not None:
                self._papers.use_up(journal)
            gate = Gate(
                rules=GateRules(
                    product=self._here.settings.gate_product,
                    marks=marks_of(self._context, self.link),
                ),
                keys=DeviceKeys(self._folder).current,
                zone=ZoneInfo(context.territory.timezone),
            )
            self._gate = RedeemTicket(journal=journal, clock=context.clock, gate=gate)
        return self._gate

    def till(self, printer: Callable[[], Printer] | None = None) -> TillSafe:
        """Give what is done at the staff's till."""
        from kiosk.app.till_safe import TillParts, TillSafe

        return TillSafe(
            TillParts(
                context=self._context,
                folder=self._folder,
                ledger=self._open,
                lost=self._lost,
                identify=self._identify,
                new_id=lambda: new_id("R"),
                card_key=lambda: self._backing.card_key,
                shop=self._shop,
                permit=self.permit,
                written=self._written,
                printer=printer,
            )
        )

    def close_due(self) -> Sequence[Closing]:
        """Close the periods that have ended; raises LedgerBusy, LedgerTampered, StorageFull.

        Raises ClockSetBack: a closing dated before its entries would open money again.
        """
        from kiosk.store.device_key import DeviceKey
        from kiosk.store.ledger_closings import Closings
        from kiosk.usecases.close_due import CloseDue, paying

        self._check_clock()
        ledger, zone = self._open(), ZoneInfo(self._context.territory.timezone)
        closings = Closings(ledger, DeviceKey(self._folder))
        clock = self._context.clock
        return CloseDue(closings, clock, zone, busy=lambda: paying(ledger)).run()

    def hear_refunds(self) -> Sequence[Heard]:
        """Book what the hub says was given back; raises PaymentUnavailable, ClockSetBack.

        Raises what opening the journal does. () without a hub, and while a citizen pays.
        """
        from kiosk.store.ledger_refunds import Refunds
        from kiosk.usecases.close_due import paying
        from kiosk.usecases.hear_refunds import HearRefunds

        ledger = self._open()
        if self.link is None or paying(ledger):
            return ()
        self._check_clock()
        office = self.link.gateway(timeout_s=HEAR_S)
        return HearRefunds(Refunds(ledger), office, self._context.clock).run()

    def reports(self) -> SendReport:
        """Give what sends reports; raises LedgerBusy, LedgerTampered, StorageFull."""
        from kiosk.app.report_box import reports_of

        return reports_of(self._open(), self._context.clock)

    def acts(self) -> Acts:
        """Give what staff and holders may do; each opens the journal when it is first done."""
        return Acts(
            identify=self._identify,
            open_account=self._open_account,
            block=self._block,
            issue=self._issue,
            transfer=self._transfer,
            loans=lambda account: self._backing.library.loans(
                self._backing.library_reader(account)
            ),
            renew=self._renew,
        )

    def _identify(self, session: CardSession, pin: str) -> Staff:
        from kiosk.usecases.identify_staff import identify_staff

        clock = self._context.clock
        return identify_staff(
            session, pin, pins=self._pins(), clock=clock, card_key=self._backing.card_key
        )

    def _open_account(self, session: CardSession, pin: str) -> OpenAccount:
        from kiosk.usecases.open_account import open_account

        clock = self._context.clock
        return open_account(
            session, pin, pins=self._pins(), clock=clock, card_key=self._backing.card_key
        )

    def _block(self, digits: str, staff: Staff) -> str:
        from kiosk.usecases.block_card import block_card

        number = f"{self._series}-{digits[:4]}-{digits[4:]}"
        clock = self._context.clock
        return block_card(
            number, staff, lost=self._lost(), clock=clock, card_key=self._backing.card_key
        )

    def _issue(self, staff: Staff) -> CardFace:
        import secrets

        from kiosk.usecases.issue_card import issue_card

        now = self._context.clock.now()
        digits = f"{secrets.randbelow(10**8):08d}"
        new = NewCard(
            number=f"{self._series}-{digits[:4]}-{digits[4:]}",
            issued_at=now,
            valid_until=date(now.year + VALID_YEARS, 12, 31),
        )
        issuer, lost = self._backing.issuer(), self._lost()
        return issue_card(new, staff, issuer=issuer, lost=lost, card_key=self._backing.card_key)

    def _transfer(self, digits: str, session: CardSession, staff: Staff) -> TransferRow:
        """Move a lost card's balance; one that was torn before goes on."""
        from kiosk.store.ledger_cards import Transfers
        from kiosk.usecases.transfer_balance import Lost, TransferBalance

        use = TransferBalance(
            journal=Transfers(self._open()),
            lost=self._lost(),
            clock=self._context.clock,
            rules=self._context.territory.card,
            card_key=self._backing.card_key,
        )
        begun = use.card_laid(session)
        if begun is not None:
            return begun
        number, face = f"{self._series}-{digits[:4]}-{digits[4:]}", session.read()
        if number == face.number:
            raise OtherCard("a card doesn't replace itself")
        lost = Lost(
            tag=card_tag(number, self._backing.card_key), amount=self._backing.balance_of(number)
        )
        if lost.amount <= Money(0):
            raise PurseEmpty("the hub knows no balance of this card")
        self.permit()  # a transfer that was torn went on above, without one
        waiting = use.begin(new_id("X"), lost, face, staff)
        return use.card_laid(session) or waiting

    def _renew(self, account: OpenAccount, item: str) -> Loan:
        from kiosk.usecases.my_loans import renew_loan

        library = self._backing.library
        return renew_loan(self._backing.library_reader(account), item, library=library)

    @property
    def _series(self) -> str:
        """What the territory's card numbers begin with."""
        return f"ALV{self._context.territory.insee[0]}"

    def _pins(self) -> PinStore:
        from kiosk.store.ledger_cards import Pins

        pins = Pins(self._open())
        self._backing.publish_pins(pins)
        return pins

    def _lost(self) -> LostCards:
        from kiosk.store.blocklist import LostCardsStore

        if self._let_in:
            return LostCardsStore(self._data, self._open())
        return self._backing.lost_cards(LostCardsStore(self._folder, self._open()))

    def _loads(self) -> HubLoads | None:
        from kiosk.store.pending_loads import PendingLoads

        return PendingLoads(self._data) if self._let_in else None

    @property
    def _let_in(self) -> bool:
        """Whether a hub has let this kiosk in; training knows none."""
        from kiosk.store.enrolment import EnrolmentStore

        return not self._context.training and EnrolmentStore(self._data).let_in() is not None

    def permit(self) -> None:
        """Let money be moved; raises what kiosk.domain.standing refuses.

        ClockSetBack, LicenceEnded, DeviceRevoked, and what opening the journal raises.
        """
        self._check_clock()
        if self._context.training:
            return
        from kiosk.store.enrolment import EnrolmentStore

        standing = EnrolmentStore(self._data).standing()
        if standing is not None:
            standing.check(self._context.clock.now())

    def _check_clock(self) -> None:
        from kiosk.domain.standing import check_clock

        check_clock(self._written(), self._context.clock.now())

    def _written(self) -> datetime | None:
        """Give what the clock is measured by: when the journal was written last.

        None in a demonstration that was asked to begin at some moment (``run --at``): its clock is
        meant to stand elsewhere. Virtual cards and simulated payments alone, which production
        refuses.
        """
        from kiosk.store.ledger_closings import written_in

        written = written_in(self._open())
        simulated = self._here.settings.reader == "virtual" and self.link is None
        pinned = simulated and isinstance(self._context.clock, ShiftedClock)
        return None if pinned else written

    def close(self) -> None:
        """Let another process write the journal."""
        self._codes.close()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = self._gate = None

    def _open(self) -> Ledger:
        self._ledger = self._ledger or open_journal(self._here)
        return self._ledger


def open_journal(here: Installed) -> Ledger:
    """Open the journal of what is installed; raises LedgerBusy, LedgerTampered, StorageFull."""
    from kiosk.store.ledger import Ledger

    settings = here.settings
    folder = money_folder(here.content.path.parent, training=settings.training)
    return Ledger(
        folder / LEDGER, free_bytes_min=settings.free_bytes_min, training=settings.training
    )


def money_folder(folder: Path, *, training: bool) -> Path:
    """Give where journal and device key lie: training has a folder of its own."""
    return folder / TRAINING if training else folder


def marks_of(context: Context, link: HubLink | None = None) -> Mark:
    """Give what stands on the tickets of this kiosk, and on those that its gate takes.

    ``link`` leads to the hub that takes its payments, None: the stand-in takes them.
    """
    from kiosk.domain.receipt import Mark

    demo = Mark.DEMO if link is None or link.simulated else Mark.NONE
    return demo | (Mark.TRAINING if context.training else Mark.NONE)
