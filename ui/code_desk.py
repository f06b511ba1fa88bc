"""Pays by an offline code: asks for it, takes the typed digits, hands the paid load to the card.

Rules (MONEY.md, "Paying while the kiosk is offline"):

1. Whatever may wait or writes runs in the background; what comes back for another request or
   another visit than the one on the screen is dropped.
2. The request is shown for PAY_MAX, with a visible clock, as a payment in flight; after that the
   code may still be typed, for a day: the card that asked finds it again.
3. Typed digits are forgotten at once: when they were compared, when the visit ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.domain.errors import AlveoleError, CodeClosed, CodeExpired, CodeWrong
from kiosk.domain.money import Money
from kiosk.domain.payment import PAY_MAX
from kiosk.domain.purse import CardFace
from ui.commands import Commands
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.wallet import ERASE, CodeWait, Wallet

if TYPE_CHECKING:  # codes are few: their rules are imported with the first one
    from kiosk.domain.reload_code import CodeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request and the address at which a phone pays it."""

    row: CodeRow
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeActs:
    """What is done about codes; each may wait and raise what its use case raises."""

    ask: Callable[[CardFace, Money], Asked]
    awaited: Callable[[CardFace], Asked | None]
    redeem: Callable[[str, str], CodeRow]


class CodeDesk:
    """Lives on the screen's thread; ``become`` takes the next wallet, ``follow`` a paid load."""

    def __init__(
        self,
        context: Context,
        commands: Commands,
        *,
        acts: CodeActs,
        become: Callable[[Wallet], None],
        follow: Callable[[str], None],
    ) -> None:
        self._context = context
        self._commands = commands
        self._acts = acts
        self._become = become
        self._follow = follow
        self._visit = 0

    @property
    def _code(self) -> CodeWait | None:
        return self._context.wallet.code

    def look(self) -> None:
        """Look whether the card that was just read has a code to be typed."""
        reading = self._context.wallet.reading
        if reading is not None:
            work = partial(self._acts.awaited, reading.face)
            done = partial(self._found, self._visit, reading.face)
            self._commands.run("awaited", work, done, _nothing)

    def ask(self, amount: Money) -> None:
        """Ask for a load of the card that lies there, and show the request."""
        reading = self._context.wallet.reading
        if reading is None:
            return
        work = partial(self._acts.ask, reading.face, amount)
        failed = partial(self._not_asked, self._visit)
        self._commands.run("ask", work, partial(self._asked, self._visit), failed)

    def resume(self) -> None:
        """Go on with the code that this card awaits."""
        awaited = self._context.wallet.awaited
        if awaited is not None:
            until = self._context.clock.now() + PAY_MAX
            self._put(replace(awaited, typing=True, until=until))

    def type_(self, *, typing: bool) -> None:
        """Go on to the number pad, or back to the request."""
        if self._code is not None:
            self._put(replace(self._code, typing=typing, digits="", problem=""))

    def press(self, key: str) -> None:
        """Take a key of the pad."""
        from kiosk.domain.reload_code import CODE_LEN

        code = self._code
        if code is None or code.busy:
            return
        if key == ERASE:
            self._put(replace(code, digits=code.digits[:-1]))
        elif len(key) == 1 and key in "0123456789" and len(code.digits) < CODE_LEN:
            self._put(replace(code, digits=code.digits + key, problem=""))

    def redeem(self) -> None:
        """Hand the digits over."""
        code = self._code
        if code is None or not code.ready:
            return
        work = partial(self._acts.redeem, code.id, code.digits)
        done, failed = partial(self._redeemed, code.id), partial(self._refused, code.id)
        if self._commands.run("redeem", work, done, failed):
            self._put(replace(code, digits="", problem="", busy=True))

    def close(self) -> None:
        """Show the request no longer; its code stays valid."""
        if self._code is not None and not self._code.busy:
            self._become(replace(self._context.wallet, code=None))

    def leave(self) -> None:
        """End the visit: what comes back for it is dropped."""
        self._visit += 1

    def tick(self) -> None:
        """End a request that has been shown long enough."""
        code = self._code
        if code is None or code.end or code.busy:
            return
        if self._context.clock.now() >= code.until:
            self._put(replace(code, end="late", digits=""))

    def _found(self, visit: int, face: CardFace, asked: Asked | None) -> None:
        reading = self._context.wallet.reading
        if visit == self._visit and reading is not None and reading.face.number == face.number:
            awaited = None if asked is None else self._wait(asked)
            self._become(replace(self._context.wallet, awaited=awaited))

    def _asked(self, visit: int, asked: Asked) -> None:
        if visit == self._visit:
            self._become(replace(self._context.wallet, progress=None, problem="", busy=False))
            self._put(self._wait(asked))

    def _not_asked(self, visit: int, wrong: AlveoleError) -> None:
        if visit == self._visit:
            key = wrong.message_key
            self._become(replace(self._context.wallet, progress=None, problem=key, busy=False))

    def _wait(self, asked: Asked) -> CodeWait:
        from kiosk.domain.reload_code import short_of

        request = asked.row.request
        return CodeWait(
            id=request.id,
            amount=request.amount,
            url=asked.url,
            qr=code_of(matrix_of(asked.url)),
            host=urlsplit(asked.url).hostname or "",
            short=short_of(request),
            left=asked.row.left,
            until=self._context.clock.now() + PAY_MAX,
            valid_until=asked.row.until,
        )

    def _redeemed(self, request_id: str, row: CodeRow) -> None:
        """Let the card take a paid load; tell one that waits for the network."""
        from kiosk.domain.reload_code import CodeState

        code = self._code
        if code is None or code.id != request_id:
            return
        if row.state is CodeState.PENDING:
            self._put(replace(code, busy=False, end="pending"))
        else:
            self._become(replace(self._context.wallet, code=None, awaited=None))
            self._follow(request_id)

    def _refused(self, request_id: str, wrong: AlveoleError) -> None:
        code = self._code
        if code is None or code.id != request_id:
            return
        left = wrong.left if isinstance(wrong, CodeWrong) else code.left
        over = isinstance(wrong, CodeClosed | CodeExpired)
        end, key = "closed" if over else "", wrong.message_key
        self._put(replace(code, busy=False, problem=key, left=left, end=end))

    def _put(self, code: CodeWait) -> None:
        self._become(replace(self._context.wallet, code=code))


def _nothing(_: object) -> None:
    """Show nothing: whether a code waits is only a help."""
