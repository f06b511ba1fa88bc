"""What the till's screens ask, done over the kiosk's journal, on the commands' thread alone.

Rules (kiosk.domain.standing; ADR 0020):

1. What begins to move money asks for a permit first: opening the till, taking cash or a cheque,
   taking off a card. Without a licence, or under a clock that was set back, it is refused.
2. What ends or secures money that is there already is never refused for that: count, close, hand
   over, deposit, slip, surprise check, give back, pay what is owed, reverse, settle a case.
3. A till is closed under a wrong clock too; the journal's day is not: such a closing would say that
   this clock is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.errors import CardAbsent, MoveDisputed, PrinterUnavailable, StaffOnly
from kiosk.domain.money import Money
from kiosk.domain.till import Count, TillEvent, TillKind
from kiosk.ports import PaymentGateway
from ui import till as asked
from ui.till import Ask, Known, Told
from ui.till_desk import By, TillActs
from ui.views.till_sum import form_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kiosk.domain.card_move import MoveRow
    from kiosk.domain.payment import TopupRow
    from kiosk.domain.printing import SlipLine
    from kiosk.domain.purse import CardFace
    from kiosk.domain.till import Hands
    from kiosk.domain.till_entry import Session
    from kiosk.ports import CardSession, LostCards, Printer
    from kiosk.store.ledger import Ledger
    from kiosk.store.ledger_till import TillStore
    from kiosk.usecases.at_till import AtTill
    from kiosk.usecases.identify_staff import Staff
    from kiosk.usecases.order_ticket import TicketShop, Wish
    from kiosk.usecases.reload_by_cash import Received
    from kiosk.usecases.reload_card import ReloadCard
    from kiosk.usecases.reload_progress import Progress
    from ui.context import Context

BEGINS = frozenset(
    {asked.OPEN, asked.CASH, asked.CHEQUE, asked.ENTRY, asked.BILL, asked.REFUND, asked.EMPTY}
)
Done = tuple[int, Money | None]  # a receipt's number, what is to be handed out


@dataclass(frozen=True, slots=True, kw_only=True)
class TillParts:
    """What the till's acts stand on; each is opened when it is first asked for."""

    context: Context
    folder: Path
    ledger: Callable[[], Ledger]
    lost: Callable[[], LostCards]
    identify: Callable[[CardSession, str], Staff]
    new_id: Callable[[], str]
    card_key: Callable[[], bytes]
    shop: Callable[[], TicketShop]
    permit: Callable[[], None]
    written: Callable[[], datetime | None]  # the journal's last moment, by which a clock is judged
    printer: Callable[[], Printer] | None = None


class TillSafe:
    """The till's acts by name."""

    def __init__(self, parts: TillParts) -> None:
        self._parts = parts

    def acts(self) -> TillActs:
        """Give what the till's desk does."""
        return TillActs(
            look=self._look,
            do=self._do,
            identify=self._parts.identify,
            reload=self._reload,
            sell=self._sell,
            printer=self._parts.printer is not None,
        )

    def gateways(self) -> Mapping[str, PaymentGateway]:
        """Give the counter's ways to pay, by provider."""
        from payments.counter import CounterGateway

        desk = self._desk()
        return {
            kind.value: CounterGateway(kind, desk.journal, desk.rules, desk.clock)
            for kind in (TillKind.CASH, TillKind.CHEQUE)
        }

    def _look(self) -> Known:
        store = self._store()
        return Known(
            till=store.till(),
            on_cards=store.on_cards(),
            suspense=store.in_suspense(),
            topups=tuple(store.manual()),
            owed=tuple(store.owed()),
            disputes=self._disputes(),
        )

    def _do(self, ask: Ask, by: By) -> Told:
        """Do what is asked; raises what its use case raises, and what the permit does (rule 1)."""
        if ask.what in BEGINS:
            self._parts.permit()
        return self._by_name()[ask.what](ask, by)

    def _by_name(self) -> Mapping[str, Callable[[Ask, By], Told]]:
        return {
            asked.OPEN: self._open,
            asked.CASH: self._takes,
            asked.CHEQUE: self._takes,
            asked.CODE: self._read_code,
            asked.ENTRY: self._sells,
            asked.BILL: self._bills,
            asked.DUPLICATE: self._reprint,
            asked.REFUND: self._refund,
            asked.EMPTY: self._refund,
            asked.HANDOVER: self._hand_over,
            asked.DEPOSIT: self._deposit,
            asked.SLIP: self._slip,
            asked.COUNT: self._count,
            asked.CLOSE: self._close,
            asked.FREEZE: self._freeze,
            asked.CHECK: self._check,
            asked.REVERSE: self._reverse,
            asked.REPORT: self._report,
            asked.PRINT: self._print,
            asked.LOADED: self._settle,
            asked.UNLOADED: self._settle,
            asked.BACK: self._give_back,
            asked.PAID: self._pay_owed,
            asked.TAKEN: self._decide,
            asked.UNTAKEN: self._decide,
        }

    def _reload(self, ask: Ask, by: By, reload: ReloadCard, face: CardFace) -> Progress:
        from kiosk.usecases.reload_by_cash import reload_by_cash

        return reload_by_cash(face, _received(ask), _hands(by), self._desk(), reload)

    def _open(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.open_till import open_till

        return _told(ask, open_till(Money(ask.values[0]), _hands(by), self._desk()))

    def _takes(self, ask: Ask, by: By) -> Told:
        """Say whether the till takes it; the top-up's own machine then does."""
        from kiosk.usecases.reload_by_cash import check_received

        if self._parts.context.wallet.reading is None:
            raise CardAbsent("the citizen's card is away")
        check_received(_received(ask), _hands(by), self._desk())
        return Told(what=ask.what)

    def _read_code(self, ask: Ask, by: By) -> Told:
        """Give the form that a kiosk's code fills in; nothing is begun."""
        from kiosk.domain.counter_code import read_counter_code

        by.staff.require("agent", "manager")
        catalogue = self._parts.context.territory.products
        return Told(what=ask.what, form=form_of(read_counter_code(f"{ask.values[0]}", catalogue)))

    def _sells(self, ask: Ask, by: By) -> Told:
        """Say whether the till takes it; the order's own machine then does."""
        from kiosk.usecases.sell_entry import check_sale

        given, shop = Money(ask.values[0]), self._parts.shop()
        check_sale(_wish(ask), given, _hands(by), self._desk(), shop)
        return Told(what=ask.what)

    def _bills(self, ask: Ask, by: By) -> Told:
        """Say whether the till takes a bill's cash; the order's own machine then does."""
        from kiosk.usecases.reload_by_cash import Received, check_received

        _, amount = asked.bill_of(ask.case, self._parts.context.territory.bills)
        given = Money(ask.values[0])
        received = Received(kind=TillKind.CASH, amount=amount, given=given)
        check_received(received, _hands(by), self._desk())
        return Told(what=ask.what)

    def _sell(self, ask: Ask, reload: ReloadCard) -> Progress:
        """Begin what ``_sells`` or ``_bills`` has let through."""
        from kiosk.usecases.sell_entry import sell_entry

        if ask.what != asked.BILL:
            return sell_entry(_wish(ask), reload)
        bill, amount = asked.bill_of(ask.case, self._parts.context.territory.bills)
        return reload.pay_bill(bill, amount, provider=TillKind.CASH.value)

    def _reprint(self, ask: Ask, by: By) -> Told:
        from kiosk.store.ledger_tickets import Tickets
        from kiosk.usecases.reprint_ticket import reprint_ticket
        from ui.views.ticket_slip import ticket_slip

        if self._parts.printer is None:
            raise PrinterUnavailable(f"no printer for {by.staff.role}")
        slip_of = partial(ticket_slip, replace(self._parts.context), kiosk=self._parts.shop().kiosk)
        tickets, printer = Tickets(self._parts.ledger()), self._parts.printer()
        reprint_ticket(ask.values[0], tickets, printer, slip_of)
        return Told(what=ask.what)

    def _hand_over(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.hand_over import hand_over

        return _told(ask, hand_over(_count(ask), _hands(by), self._desk()))

    def _deposit(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.deposit_cash import deposit_cash

        amount, bag = Money(ask.values[0]), f"{ask.values[1]}"
        return _told(ask, deposit_cash(amount, bag, _hands(by), self._desk()))

    def _slip(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.deposit_cheques import deposit_cheques

        return _told(ask, deposit_cheques(f"{ask.values[0]}", _hands(by), self._desk()))

    def _count(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.count_till import count_till

        event = count_till(_count(ask), _hands(by), self._desk())
        return Told(what=ask.what, number=event.number, lines=self._lines(event.session))

    def _close(self, ask: Ask, by: By) -> Told:
        from kiosk.domain.standing import set_back
        from kiosk.store.device_key import DeviceKey
        from kiosk.store.ledger_closings import Closings
        from kiosk.usecases.close_period import ClosePeriod
        from kiosk.usecases.close_till import close_till

        clock = self._parts.context.clock
        closings = Closings(self._parts.ledger(), DeviceKey(self._parts.folder))
        wrong = set_back(self._parts.written(), clock.now())
        periods = None if wrong else ClosePeriod(closings, clock, self._zone)
        event, _ = close_till(_hands(by), self._desk(), periods)
        return Told(what=ask.what, number=event.number, lines=self._lines(event.session))

    def _freeze(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.surprise_check import begin_check

        return _told(ask, begin_check(_hands(by), self._desk()))

    def _check(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.surprise_check import end_check
        from kiosk.usecases.till_paper import check_lines

        event = end_check(_count(ask), _hands(by), self._desk())
        return Told(what=ask.what, number=event.number, lines=check_lines(event, self._zone))

    def _reverse(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.reverse_entry import reverse_entry

        ledger = self._parts.ledger()
        return _told(ask, reverse_entry(ask.values[0], _hands(by), self._desk(), ledger))

    def _refund(self, ask: Ask, by: By) -> Told:
        from kiosk.store.ledger_moves import Moves
        from kiosk.usecases.refund_card import RefundDesk, refund_card

        if by.session is None:
            raise CardAbsent("the citizen's card is away")
        desk = RefundDesk(
            till=self._desk(),
            moves=Moves(self._parts.ledger()),
            lost=self._parts.lost(),
            card_key=self._parts.card_key(),
            new_id=self._parts.new_id,
        )
        amount = Money(ask.values[0]) if ask.values else None
        event = refund_card(by.session, amount, _hands(by), desk)
        return Told(what=asked.REFUND, number=event.number, out=-event.cash)

    def _report(self, ask: Ask, by: By) -> Told:
        """Give the session as it stands, to a manager who doesn't hold it: counts are blind."""
        by.staff.require("manager")
        till = self._store().till()
        if till.is_open and till.holder == by.staff.tag:
            raise StaffOnly("who holds the till counts it first")
        return Told(what=ask.what, lines=self._lines(till.session))

    def _print(self, ask: Ask, by: By) -> Told:
        from kiosk.domain.printing import Slip

        lines = self._parts.context.till.lines
        if self._parts.printer is None or not lines:
            raise PrinterUnavailable(f"no printer, or no paper for {by.staff.role}")
        self._parts.printer().print(Slip(lines=lines))
        return Told(what=ask.what, lines=lines)

    def _settle(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.settle_topup import settle_topup

        settle_topup(
            self._topup(ask.case),
            by.staff,
            loaded=ask.what == asked.LOADED,
            journal=self._parts.ledger(),
            clock=self._parts.context.clock,
        )
        return Told(what=ask.what)

    def _give_back(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.give_back import give_back

        topup = self._topup(ask.case)
        return _told(ask, give_back(topup, _hands(by), self._desk()), out=topup.amount)

    def _pay_owed(self, ask: Ask, by: By) -> Told:
        from kiosk.usecases.refund_card import pay_owed

        event = pay_owed(ask.case, _hands(by), self._desk())
        return _told(ask, event, out=-event.cash)

    def _decide(self, ask: Ask, by: By) -> Told:
        from kiosk.store.ledger_moves import Moves
        from kiosk.usecases.settle_dispute import settle_dispute

        move = next((one for one in self._disputes() if one.id == ask.case), None)
        if move is None:
            raise MoveDisputed("it was settled already")
        journal = Moves(self._parts.ledger())
        taken = ask.what == asked.TAKEN
        clock = self._parts.context.clock
        settle_dispute(move, by.staff, done=taken, journal=journal, clock=clock)
        return Told(what=ask.what)

    def _topup(self, case: str) -> TopupRow:
        topup = next((one for one in self._store().manual() if one.id == case), None)
        if topup is None:
            raise MoveDisputed("it was settled already")
        return topup

    def _disputes(self) -> tuple[MoveRow, ...]:
        from kiosk.domain.card_move import MoveState
        from kiosk.store.ledger_moves import Moves

        moves = Moves(self._parts.ledger()).unsettled()
        return tuple(move for move in moves if move.state is MoveState.DISPUTE)

    def _lines(self, session: int) -> tuple[SlipLine, ...]:
        from kiosk.domain.till_entry import session_of
        from kiosk.usecases.till_paper import session_lines

        store = self._store()
        events = store.session(session)
        if not events:
            return ()
        report: Session = session_of(events)
        return session_lines(report, store.in_suspense(), self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._parts.context.territory.timezone)

    def _store(self) -> TillStore:
        from kiosk.store.ledger_till import TillStore

        return TillStore(self._parts.ledger())

    def _desk(self) -> AtTill:
        from kiosk.usecases.at_till import AtTill

        context = self._parts.context
        return AtTill(journal=self._store(), rules=context.territory.till, clock=context.clock)


def _hands(by: By) -> Hands:
    from kiosk.usecases.at_till import hands_of

    return hands_of(by.staff, by.second)


def _wish(ask: Ask) -> Wish:
    from kiosk.usecases.order_ticket import Wish

    basket = asked.basket_of(ask.case)
    return Wish(product=basket.product, tariff=basket.tariff, persons=basket.persons)


def _received(ask: Ask) -> Received:
    from kiosk.usecases.reload_by_cash import Received

    kind = TillKind.CASH if ask.what == asked.CASH else TillKind.CHEQUE
    return Received(kind=kind, amount=Money(ask.values[0]), given=Money(ask.values[-1]))


def _count(ask: Ask) -> Count:
    return Count(cash=Money(ask.values[0]), cheques=Money(ask.values[1]))


def _told(ask: Ask, event: TillEvent, out: Money | None = None) -> Told:
    return Told(what=ask.what, number=event.number, out=out)
