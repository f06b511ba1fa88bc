"""Follows the card on the reader and the top-up under way, and tells the screens.

Rules:
1. Everything that may wait (card, journal, payment) runs through ui.commands; what it brings
   back becomes the next ``Wallet``. Results that belong to an ended visit are dropped.
2. The reader is followed by what lies there now, not by counting events: after a look, what lies
   there is compared with what was looked at, and looked at again when it is another thing.
3. A lifted card's private part is hidden at once, before any command runs.
4. A look never makes an ended top-up's receipt vanish; laying a card again does.
5. A running payment is polled every POLL_MS; without one, open top-ups (a crash, a torn card)
   are moved on every RESUME_EVERY polls.
6. A journal that can't be opened closes money, never the card: it is tried again likewise.
7. Where a hub takes the money, it says with what: asked for when money opens and at each resume,
   and told with each payment. Only then the marks of the simulation follow.
8. Where a hub has let the kiosk in, its licence is looked at likewise: without one that is in force
   the screens say that no money is taken. What is under way goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk.domain.errors import (
    AlveoleError,
    CardForeign,
    CardPulled,
    CardTampered,
    OtherCard,
    PaymentUnavailable,
    StorageFull,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import CARD_MAX, PAY_MAX, TopupLimits
from kiosk.ports import CardReader, CardSession
from kiosk.usecases.read_card import CardReading, read_card
from kiosk.usecases.reload_progress import Progress, Stage
from ui.code_desk import CodeActs, CodeDesk
from ui.commands import Commands
from ui.context import Context
from ui.wallet import Basket, BillDraft, Wallet, draft_of

if TYPE_CHECKING:
    from kiosk.domain.bill import BillOrder
    from kiosk.domain.purse import CardFace
    from kiosk.usecases.reload_card import ReloadCard
    from ui.receipt_desk import Office, ReceiptDesk

POLL_MS = 1000
RESUME_EVERY = 60
CARD, TOPUP, TICKET, BILL = "card", "topup", "ticket", "bill"  # the screens' routes
ORDER_SHOWN_MAX = PAY_MAX + CARD_MAX  # an older one's visitor has gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at the reader told."""

    session: CardSession | None
    reading: CardReading | None = None
    problem: str = ""
    progress: Progress | None = None


class CardDesk(QObject):
    """The only writer of ``context.wallet``; lives on the screen's thread."""

    changed = Signal()
    lies = Signal(object)  # CardSession or None, as soon as it is felt
    laid = Signal(str, bool)  # the route that shows what was laid; whether a top-up was over
    _felt = Signal(object)  # CardSession or None; the reader may tell from any thread

    def __init__(
        self,
        context: Context,
        commands: Commands,
        *,
        open_reader: Callable[[], CardReader] | None,
        open_money: Callable[[], ReloadCard] | None,
        limits: TopupLimits,
        simulated: bool,
        ask_provider: Callable[[], str] | None = None,
        ask_permit: Callable[[], None] | None = None,
        open_office: Callable[[], Office] | None = None,
        printer: bool = False,
        codes: CodeActs | None = None,
    ) -> None:
        super().__init__()
        self._context = context
        self._commands = commands
        self._open_reader = open_reader
        self._reader: CardReader | None = None
        self._open_money = open_money
        self._money: ReloadCard | None = None
        self._ask_provider = ask_provider
        self._ask_permit = ask_permit
        self._session: CardSession | None = None
        self._visit = 0
        self._polls = 0
        self._nudged = False
        context.wallet = Wallet(
            reader=open_reader is not None,
            limits=limits,
            closed="" if open_money else PaymentUnavailable.message_key,
            simulated=simulated,
            printer=printer,
            codes=codes is not None,
        )
        self.codes: CodeDesk | None = None
        if codes is not None:
            self.codes = CodeDesk(
                context, commands, acts=codes, become=self._become, follow=self._follow
            )
        context.desk = self
        self._open_office = open_office
        self._receipts: ReceiptDesk | None = None
        self._felt.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def wallet(self) -> Wallet:
        """What is known now."""
        return self._context.wallet

    def start(self) -> None:
        """Open the journal, take up what a crash has left, follow the reader."""
        self._open()
        self._timer.start()
        if self._open_reader is not None:
            self._reader = self._open_reader()
            self._reader.watch(self._felt.emit, partial(self._felt.emit, None))

    def close(self) -> None:
        """Stop following; nothing of the visit stays."""
        self._timer.stop()
        if self._reader is not None:
            self._reader.close()
        self._commands.close()
        if self._receipts is not None:
            self._receipts.close()

    @property
    def busy(self) -> bool:
        """Whether something runs in the background."""
        return self._commands.busy or (self._receipts is not None and self._receipts.busy)

    # what the screens ask

    def look(self) -> None:
        """Look at what lies on the reader, again if need be."""
        self._look(announce=False)

    def mask(self) -> None:
        """Hide the figures, or show them again."""
        self._become(replace(self.wallet, masked=not self.wallet.masked))

    def choose(self, sum_: Money) -> None:
        """Choose a proposed sum."""
        self._become(replace(self.wallet, draft=draft_of(sum_), pad=False))

    def type_sum(self) -> None:
        """Begin to type a free sum."""
        self._become(replace(self.wallet, draft="", pad=True))

    def press(self, key: str) -> None:
        """Press a key of the number pad."""
        self._become(self.wallet.typed(key))

    def pay(self) -> None:
        """Begin the top-up of the chosen sum; a second call while it begins is dropped."""
        wallet, money = self.wallet, self._money
        if wallet.reading is None or wallet.amount is None or money is None or wallet.in_flight:
            return
        start = partial(money.start, wallet.reading.face, wallet.amount)
        self._ask("start", start, self._moved)

    def fill(self, basket: Basket) -> None:
        """Choose an entry to buy without a card; what is being paid isn't changed any more."""
        if not self.wallet.in_flight:
            self._become(replace(self.wallet, basket=basket, problem=""))

    def buy(self) -> None:
        """Begin to pay what was chosen; a second call while it begins is dropped."""
        basket, money = self.wallet.basket, self._money
        if basket is None or money is None or self.wallet.in_flight:
            return
        from kiosk.usecases.order_ticket import Wish

        wish = Wish(product=basket.product, tariff=basket.tariff, persons=basket.persons)
        self._ask("start", partial(money.buy, wish), self._moved)

    def copy_bill(self, draft: BillDraft | None) -> None:
        """Note what was copied from a bill; what is being paid isn't changed any more."""
        if not self.wallet.in_flight:
            self._become(replace(self.wallet, bill=draft, problem=""))

    def pay_bill(self, bill: BillOrder, amount: Money) -> None:
        """Begin to pay a bill; a second call while it begins is dropped."""
        if self._money is not None and not self.wallet.in_flight:
            self._ask("start", partial(self._money.pay_bill, bill, amount), self._moved)

    def take_bill_over_the_counter(self, start: Callable[[ReloadCard], Progress]) -> None:
        """Begin to take the cash of a bill that staff have in hand."""
        if self._money is not None and not self.wallet.in_flight:
            self.again()
            self._ask("start", partial(start, self._money), self._moved)

    def pay_over_the_counter(self, start: Callable[[ReloadCard, CardFace], Progress]) -> None:
        """Begin a top-up of the card that lies there with money that staff have in hand."""
        reading, money = self.wallet.reading, self._money
        if reading is not None and money is not None and not self.wallet.in_flight:
            self.again()
            self._ask("start", partial(start, money, reading.face), self._moved)

    def sell_over_the_counter(
        self, basket: Basket, start: Callable[[ReloadCard], Progress]
    ) -> None:
        """Begin to sell an entry without a card for cash that staff have in hand."""
        money = self._money
        if money is not None and not self.wallet.in_flight:
            self.again()
            self.fill(basket)
            self._ask("start", partial(start, money), self._moved)

    def pay_by_code(self) -> None:
        """Give the running top-up up and ask for an offline code of its sum."""
        money, progress = self._money, self.wallet.progress
        if self.codes is not None and money is not None and progress is not None:
            amount, ask = progress.row.amount, self.codes.ask

            def left(visit: int, _: Progress | None) -> None:
                if visit == self._visit:
                    ask(amount)

            self._ask("cancel", money.leave, left)

    def _follow(self, topup_id: str) -> None:
        """Show the load that a code has paid."""
        if self._money is not None:
            self._ask("follow", partial(self._money.follow, topup_id), self._moved)

    def counter(self) -> None:
        """Tell how to pay at the counter, or no longer."""
        self._become(replace(self.wallet, counter=not self.wallet.counter))

    def cancel(self) -> None:
        """Give the running top-up up, as far as it still can be."""
        if self._money is not None and self.wallet.in_flight:
            self._ask("cancel", self._money.cancel, self._moved)

    def again(self) -> None:
        """Go back to choosing a sum, once the last top-up has ended."""
        if not self.wallet.in_flight:
            self._visit += 1
            self._become(
                replace(
                    self.wallet,
                    progress=None,
                    code=None,
                    counter=False,
                    receipt="",
                    given_receipt=None,
                    draft="",
                    pad=False,
                    basket=None,
                    bill=None,
                )
            )

    def receipt(self, wish: str) -> None:
        """Give the receipt as it is wished."""
        if self._open_office is not None:
            self._receipts = self._receipts or self._receipt_desk(self._open_office())
            self._receipts.give(wish)

    def _receipt_desk(self, office: Office) -> ReceiptDesk:
        """Make the desk of receipts for the first one."""
        from ui.receipt_desk import ReceiptDesk

        return ReceiptDesk(self._context, Commands(self), office, self._become)

    def leave(self) -> None:
        """End the visit: forget it at once, give up what can be given up."""
        self._visit += 1
        self._become(self.wallet.forgotten())
        if self.codes is not None:
            self.codes.leave()
        money = self._money
        if money is not None:
            self._commands.run("leave", money.leave, _nothing, _nothing)

    # time

    @Slot()
    def poll(self) -> None:
        """Look at what time and the far side have done (once a second)."""
        self._polls += 1
        if self._money is None:
            if self._polls % RESUME_EVERY == 0:
                self._open()
        elif self.codes is not None and self.wallet.code is not None:
            self.codes.tick()
            self.changed.emit()  # the visible clock
        elif self.wallet.in_flight:
            self._ask("poll", self._money.poll, self._moved, busy=False)
            self.changed.emit()  # the visible clock
        elif self._polls % RESUME_EVERY == 0:
            self._commands.run("resume", self._money.resume, _nothing, _nothing)
            self._learn_provider()
            self._learn_permit()

    def nudge(self) -> None:
        """Ask at once how the payment went: the far side has just told that something happened."""
        self._nudged = self._commands.waits("poll")
        self.poll()

    def _open(self) -> None:
        if self._open_money is not None:
            self._commands.run("open", self._open_money, self._opened, self._closed)

    def _opened(self, money: ReloadCard) -> None:
        self._money = money
        self._become(replace(self.wallet, closed=""))
        self._learn_provider()
        self._learn_permit()
        self._commands.run("resume", money.resume, partial(self._resumed, self._visit), _nothing)
        if self._session is not None:
            self._look(announce=True)

    def _learn_provider(self) -> None:
        if self._ask_provider is not None:
            self._commands.run("provider", self._ask_provider, self._taken_by, _nothing)

    def _learn_permit(self) -> None:
        if self._ask_permit is not None:
            self._commands.run("permit", self._ask_permit, self._permitted, self._closed)

    def _permitted(self, _: None) -> None:
        self._become(replace(self.wallet, closed=""))

    def _taken_by(self, provider: str) -> None:
        self._become(self.wallet.taken_by(provider))

    def _resumed(self, visit: int, found: tuple[Progress, ...]) -> None:
        """Show an order that a crash has cut off a moment ago: whoever pays stands there still."""
        since = self._context.clock.now() - ORDER_SHOWN_MAX
        fresh = [one for one in found if one.row.order and one.row.created_at >= since]
        if visit == self._visit and fresh and self.wallet.progress is None:
            self._become(replace(self.wallet, progress=fresh[-1]))
            self.laid.emit(self._order_screen, False)

    def _closed(self, wrong: AlveoleError) -> None:
        self._become(replace(self.wallet, closed=wrong.message_key))

    # the reader

    @Slot(object)
    def _take(self, session: CardSession | None) -> None:
        """Note what lies on the reader now."""
        self._session = session
        self.lies.emit(session)
        if session is None:
            self._become(self.wallet.lifted())
        if self._context.role != "gate":  # there a card is for its entry alone, and for two seconds
            self._look(announce=True)

    def _look(self, *, announce: bool) -> None:
        work = partial(
            looked,
            self._money,
            self._session,
            today=self._context.here_now().date(),
            limits=self.wallet.limits,
        )
        done = partial(self._seen, self._visit, announce)
        self._commands.run("look", work, done, self._failed)

    def _seen(self, visit: int, announce: bool, seen: Seen) -> None:  # noqa: FBT001  # bound by partial
        if seen.session is not self._session:
            self._look(announce=True)
        elif visit == self._visit:
            new, over = announce and seen.session is not None, self.wallet.receipt_shown
            self._become(_shown(self.wallet, seen, new=new))
            if self.codes is not None:
                self.codes.look()
            if new:
                busy = self.wallet.progress is not None or self.wallet.code is not None
                other = TOPUP if busy else CARD
                self.laid.emit(self._order_screen if self.wallet.orders else other, over)

    @property
    def _order_screen(self) -> str:
        """Where what is paid without a card is shown."""
        return BILL if self.wallet.pays_bill else TICKET

    # what commands bring back

    def _ask(
        self,
        name: str,
        work: Callable[[], Progress | None],
        done: Callable[[int, Progress | None], None],
        *,
        busy: bool = True,
    ) -> None:
        begun = self._commands.run(
            name, work, partial(done, self._visit), partial(self._refused, self._visit)
        )
        if begun and busy:
            self._become(replace(self.wallet, busy=True, problem=""))

    def _moved(self, visit: int, progress: Progress | None) -> None:
        """Show where the top-up stands; a card that it wrote is read again."""
        if visit != self._visit:
            return
        before = self.wallet.progress
        written = progress is not None and progress.stage is Stage.DONE
        self._become(replace(self.wallet, progress=progress, busy=False))
        if self._ask_provider is not None and progress is not None and progress.payment is not None:
            self._taken_by(progress.payment.provider)
        if written and (before is None or before.stage is not Stage.DONE):
            self._look(announce=False)
        if self._nudged:
            self._nudged = False
            self.poll()

    def _refused(self, visit: int, wrong: AlveoleError) -> None:
        if visit == self._visit:
            self._become(replace(self.wallet, problem=wrong.message_key, busy=False))

    def _failed(self, wrong: AlveoleError) -> None:
        self._become(replace(self.wallet, problem=wrong.message_key))

    def _become(self, wallet: Wallet) -> None:
        if wallet != self.wallet:
            self._context.wallet = wallet
            self.changed.emit()


def looked(
    money: ReloadCard | None, session: CardSession | None, *, today: date, limits: TopupLimits
) -> Seen:
    """Show a laid card to the top-up and read it; what is wrong with it becomes a message key."""
    if session is None:
        if money is not None:
            money.card_lifted()
        return Seen(session=None)
    progress, reading = None, None
    try:
        progress = money.card_laid(session) if money is not None else None
        reading = read_card(session, today=today, limits=limits, lost=_lost_to(money))
        problem = reading.refusal
    except (CardForeign, CardTampered, OtherCard, CardPulled, StorageFull) as wrong:
        problem = wrong.message_key
        progress = progress or _under_way(money)
    return Seen(session=session, reading=reading, problem=problem, progress=progress)


def _lost_to(money: ReloadCard | None) -> Callable[[CardFace], bool]:
    """Give what knows the lost cards; without the journal nobody does."""
    return (lambda _face: False) if money is None else money.lost


def _under_way(money: ReloadCard | None) -> Progress | None:
    progress = None if money is None else money.progress
    return None if progress is None or progress.ended else progress


def _shown(wallet: Wallet, seen: Seen, *, new: bool) -> Wallet:
    """Give the wallet after a look; ``new``: another thing was laid."""
    reading = seen.reading
    known = replace(
        wallet,
        lying=seen.session is not None,
        reading=reading,
        problem=seen.problem,
        progress=seen.progress if new and not wallet.orders else seen.progress or wallet.progress,
    )
    if reading is None:
        return known
    four = reading.face.last_four
    # another card begins another choice
    return known if four == wallet.last_four else replace(known, last_four=four, draft="")


def _nothing(_: object) -> None:
    """Show nothing: whoever asked has left, and what failed is tried again at the next resume."""
