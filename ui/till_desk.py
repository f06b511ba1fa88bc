"""Follows the staff's till: reads how it stands, does what is asked, asks for a second person.

Rules:
1. Everything that may wait runs through ui.commands; what it brings belongs to its visit alone.
2. What needs two people is kept until the second one has laid the badge and typed the code; then it
   is asked again, in both names. What is of the citizen's card waits until that lies there again.
3. A code is handed to the use case and forgotten.
4. Cash and cheques, for a card or an entry, go the card desk's way, once the till has said that it
   takes them. A kiosk's code opens the form that it fills in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.errors import AlveoleError, CardAbsent, PinRefused, SecondNeeded
from kiosk.ports import CardSession
from ui.card_desk import CardDesk
from ui.commands import Commands
from ui.context import Context
from ui.till import (
    BILL,
    CASH,
    CHEQUE,
    COUNT,
    ENTRY,
    OF_THE_CARD,
    Ask,
    Known,
    TillView,
    Told,
    basket_of,
)

if TYPE_CHECKING:
    from kiosk.domain.purse import CardFace
    from kiosk.usecases.identify_staff import Staff
    from kiosk.usecases.reload_card import ReloadCard
    from kiosk.usecases.reload_progress import Progress

T = TypeVar("T")
HOME, PAPER, SUM, PIN, SECOND, CARD_AGAIN, TOPUP, TICKET = (
    "till", "till-paper", "till-sum", "pin", "second", "till-card", "topup", "ticket",
)  # fmt: skip
RECEIVED = frozenset({CASH, CHEQUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """In whose names something is asked, and the card that lies there."""

    staff: Staff
    second: Staff | None
    session: CardSession | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TillActs:
    """What may be done at the till; every call may raise declared errors."""

    look: Callable[[], Known]
    do: Callable[[Ask, By], Told]
    identify: Callable[[CardSession, str], Staff]
    reload: Callable[[Ask, By, ReloadCard, CardFace], Progress]
    sell: Callable[[Ask, ReloadCard], Progress]
    printer: bool = False


class TillDesk(QObject):
    """The only writer of ``context.till``; lives on the screen's thread."""

    changed = Signal()
    moved = Signal(str, str)  # the screen that follows, and its argument

    def __init__(
        self, context: Context, commands: Commands, desk: CardDesk, acts: TillActs
    ) -> None:
        super().__init__()
        self._context = context
        self._commands = commands
        self._desk = desk
        self._acts = acts
        self._session: CardSession | None = None
        self._visit = 0
        context.till = TillView(printer=acts.printer)
        context.tills = self
        desk.lies.connect(self._take)

    @property
    def view(self) -> TillView:
        """What is known now."""
        return self._context.till

    def look(self) -> None:
        """Read how the till stands."""
        if self._context.identity.staff is not None:
            self._run("till-look", self._acts.look, self._known)

    def ask(self, ask: Ask) -> None:
        """Do what is asked, in the name of who is there."""
        self._ask(ask, None)

    def second(self, pin: str) -> None:
        """Let the second person join what waits, by the badge that lies there and its code."""
        if self.view.pending is None or self._session is None:
            self._refused(self._visit, CardAbsent("nothing lies on the reader"))
        else:
            work = partial(self._acts.identify, self._session, pin)
            self._run("till-second", work, self._joined)

    def resume(self) -> None:
        """Go on with what both people want, now that the citizen's card lies there again."""
        if self.view.pending is not None and self.view.second is not None:
            self._ask(self.view.pending, self.view.second)

    def turn(self) -> None:
        """Forget what was told, refused or pending: it belongs to the screen that is left."""
        self._become(
            replace(self.view, told=None, problem="", left=None, pending=None, second=None)
        )

    def leave(self) -> None:
        """Forget the visit."""
        self._visit += 1
        self._become(TillView(printer=self._acts.printer))

    @Slot(object)
    def _take(self, session: CardSession | None) -> None:
        self._session = session

    def _ask(self, ask: Ask, second: Staff | None) -> None:
        staff = self._context.identity.staff
        if staff is None:
            return
        if ask.what in OF_THE_CARD and self._session is None:
            self._refused(self._visit, CardAbsent("nothing lies on the reader"))
            return
        by = By(staff=staff, second=second, session=self._session)
        done = partial(self._done, ask, by)
        self._run("till-do", partial(self._acts.do, ask, by), done, partial(self._no, ask, second))

    def _run(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AlveoleError], None] | None = None,
    ) -> None:
        refused = partial(self._refused, self._visit)
        if self._commands.run(
            name, work, partial(self._landed, self._visit, done), failed or refused
        ):
            self._become(replace(self.view, busy=True, problem="", left=None))

    def _landed(self, visit: int, done: Callable[[T], None], result: T) -> None:
        if visit == self._visit:
            self._become(replace(self.view, busy=False))
            done(result)

    def _refused(self, visit: int, wrong: AlveoleError) -> None:
        if visit == self._visit:
            left = wrong.left if isinstance(wrong, PinRefused) else None
            self._become(replace(self.view, busy=False, problem=wrong.message_key, left=left))

    def _no(self, ask: Ask, second: Staff | None, wrong: AlveoleError) -> None:
        """Keep what needs a second person, and ask for one; tell any other refusal."""
        asks = isinstance(wrong, SecondNeeded) and second is None
        if asks and self._context.identity.staff is not None:
            self.moved.emit(PIN, SECOND)
            self._become(replace(self.view, busy=False, pending=ask))
        else:
            self._refused(self._visit, wrong)

    def _joined(self, second: Staff) -> None:
        pending = self.view.pending
        if pending is None:
            return
        if pending.what in OF_THE_CARD:
            self.moved.emit(CARD_AGAIN, "")
            self._become(replace(self.view, pending=pending, second=second))
        else:
            self._ask(pending, second)

    def _known(self, known: Known) -> None:
        self._become(replace(self.view, known=known))

    def _done(self, ask: Ask, by: By, told: Told) -> None:
        """Show what was done: a paper, what begins to be paid, or the till with its receipt."""
        reading = self._context.wallet.reading
        if ask.what in RECEIVED and reading is not None:
            self._desk.pay_over_the_counter(
                lambda reload, face: self._acts.reload(ask, by, reload, face)
            )
            self.moved.emit(TOPUP, "")
            return
        if ask.what == ENTRY:
            self._desk.sell_over_the_counter(basket_of(ask.case), partial(self._acts.sell, ask))
            self.moved.emit(TICKET, f"{basket_of(ask.case).product}")
            return
        if ask.what == BILL:
            self._desk.take_bill_over_the_counter(partial(self._acts.sell, ask))
            self.moved.emit(BILL, ask.case.partition("/")[0])
            return
        if told.form:
            self.moved.emit(SUM, told.form)
            return
        kept = told.lines or self.view.lines
        self.moved.emit(PAPER if told.lines or ask.what == COUNT else HOME, "")
        self._become(replace(self.view, told=told, lines=kept))
        self.look()
        if ask.what in OF_THE_CARD:
            self._desk.look()

    def _become(self, view: TillView) -> None:
        if view != self.view:
            self._context.till = view
            self.changed.emit()
