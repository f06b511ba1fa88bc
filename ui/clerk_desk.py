"""Follows who is known: staff at the counter, the holder of an account; acts in their name.

Rules:
1. A code is handed to the use case and forgotten; no value here ever holds one.
2. Staff stay known until they leave, or until the idle watch ends the visit; the badge may go.
3. An opened account is forgotten the moment its card is lifted.
4. What staff do is done by the use cases, which ask for the role again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.errors import AlveoleError, CardAbsent, PinRefused
from kiosk.domain.purse import CardFace
from kiosk.ports import CardSession
from ui.card_desk import CardDesk
from ui.commands import Commands
from ui.context import Context
from ui.identity import Identity

if TYPE_CHECKING:
    from kiosk.domain.loans import Loan
    from kiosk.domain.transfer import TransferRow
    from kiosk.usecases.identify_staff import Staff
    from kiosk.usecases.open_account import OpenAccount

T = TypeVar("T")
LAST_FOUR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What may be done in somebody's name; every call may raise declared errors."""

    identify: Callable[[CardSession, str], Staff]
    open_account: Callable[[CardSession, str], OpenAccount]
    block: Callable[[str, Staff], str]
    issue: Callable[[Staff], CardFace]
    transfer: Callable[[str, CardSession, Staff], TransferRow]
    loans: Callable[[OpenAccount], Sequence[Loan]]
    renew: Callable[[OpenAccount, str], Loan]


class ClerkDesk(QObject):
    """The only writer of ``context.identity``; lives on the screen's thread."""

    changed = Signal()
    known = Signal(str)  # the route that what became known opens

    def __init__(self, context: Context, commands: Commands, desk: CardDesk, acts: Acts) -> None:
        super().__init__()
        self._context = context
        self._commands = commands
        self._acts = acts
        self._session: CardSession | None = None
        self._visit = 0
        context.clerk = self
        desk.lies.connect(self._take)

    @property
    def identity(self) -> Identity:
        """Who is known now."""
        return self._context.identity

    def identify(self, pin: str) -> None:
        """Let a member of staff in, by the badge that lies there and its code."""
        self._of_card(self._acts.identify, pin, self._staff)

    def open_account(self, pin: str) -> None:
        """Open the account of the card that lies there, by its holder's code."""
        self._of_card(self._acts.open_account, pin, self._account)

    def block(self, number: str) -> None:
        """Block the card of this number."""
        staff = self.identity.staff
        if staff is not None:
            done = partial(self._done, "blocked", number[-LAST_FOUR:])
            self._ask("clerk-block", partial(self._acts.block, number, staff), done)

    def issue(self) -> None:
        """Make the blank card that lies there the territory's."""
        staff = self.identity.staff
        if staff is not None:
            self._ask("clerk-issue", partial(self._acts.issue, staff), self._issued)

    def replaces(self, number: str) -> None:
        """Note which lost card the one that will be laid replaces."""
        if self.identity.staff is not None:
            self._become(replace(self.identity, lost=number))

    def transfer(self) -> None:
        """Move the lost card's balance to the card that lies there."""
        staff, lost, session = self.identity.staff, self.identity.lost, self._session
        if staff is not None and lost and session is not None:
            work = partial(self._acts.transfer, lost, session, staff)
            self._ask("clerk-transfer", work, self._moved)

    def renew(self, item: str) -> None:
        """Renew one of the account's loans."""
        account = self.identity.account
        if account is not None:
            self._ask("clerk-renew", partial(self._acts.renew, account, item), self._renewed)

    def turn(self) -> None:
        """Forget what was told or refused: it belongs to the screen that is left."""
        self._become(replace(self.identity, told="", number="", problem="", left=None))

    def leave(self) -> None:
        """Forget who is known."""
        self._visit += 1
        self._become(Identity())

    @Slot(object)
    def _take(self, session: CardSession | None) -> None:
        self._session = session
        if session is None:
            self._become(
                replace(self.identity, account=None, loans=None, problem="", left=None, told="")
            )

    def _of_card(
        self, act: Callable[[CardSession, str], T], pin: str, done: Callable[[T], None]
    ) -> None:
        if self._session is None:
            self._refused(self._visit, CardAbsent("nothing lies on the reader"))
        else:
            self._ask("clerk-pin", partial(act, self._session, pin), done)

    def _ask(self, name: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._commands.run(
            name,
            work,
            partial(self._landed, self._visit, done),
            partial(self._refused, self._visit),
        ):
            self._become(replace(self.identity, busy=True, problem="", left=None, told=""))

    def _landed(self, visit: int, done: Callable[[T], None], result: T) -> None:
        if visit == self._visit:
            self._become(replace(self.identity, busy=False))
            done(result)

    def _refused(self, visit: int, wrong: AlveoleError) -> None:
        if visit == self._visit:
            left = wrong.left if isinstance(wrong, PinRefused) else None
            self._become(replace(self.identity, busy=False, problem=wrong.message_key, left=left))

    def _staff(self, staff: Staff) -> None:
        self._become(replace(self.identity, staff=staff))
        self.known.emit("counter")

    def _account(self, account: OpenAccount) -> None:
        if self._session is not None:
            self._become(replace(self.identity, account=account))
            self.known.emit("account")
            self._ask("clerk-loans", partial(self._acts.loans, account), self._lent)

    def _lent(self, loans: Sequence[Loan]) -> None:
        if self.identity.account is not None:
            self._become(replace(self.identity, loans=tuple(loans)))

    def _renewed(self, loan: Loan) -> None:
        """Show the loan with its new day, in its place."""
        if self.identity.loans is not None:
            loans = tuple(loan if one.item == loan.item else one for one in self.identity.loans)
            self._become(replace(self.identity, loans=loans, told="renewed"))

    def _moved(self, row: TransferRow) -> None:
        from kiosk.domain.transfer import TransferState

        told = {TransferState.DONE: "moved", TransferState.MANUAL: "manual"}
        self._done(told.get(row.state, "again"), self.identity.lost[-LAST_FOUR:], None)
        if self._context.desk is not None:
            self._context.desk.look()

    def _done(self, told: str, number: str, _result: object) -> None:
        self._become(replace(self.identity, told=told, number=number))

    def _issued(self, face: CardFace) -> None:
        self._done("issued", face.last_four, None)
        if self._context.desk is not None:
            self._context.desk.look()

    def _become(self, identity: Identity) -> None:
        if identity != self.identity:
            self._context.identity = identity
            self.changed.emit()
