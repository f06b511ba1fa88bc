"""Gives the receipt of a top-up or a bill that is done: signed for the phone, or printed.

Rules:
1. Signing, the QR code and the printer work in the background, on a thread of their own: a
   printer that hangs holds up neither the screen nor money.
2. What was given counts: the first is the receipt, each later one says "duplicata". A print that
   failed was not given.
3. A code that was given is shown again as it is; only paper is printed again.
4. What comes back for another top-up than the one on the screen is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from kiosk.domain.errors import AlveoleError, PrinterUnavailable
from kiosk.domain.payment import TopupRow
from kiosk.domain.receipt import Receipt, receipt_code
from kiosk.domain.sealed import Signer
from kiosk.ports import Printer, TicketJournal
from ui.commands import Commands
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.views.receipt import carried, receipt_lines, receipt_of, slip_of
from ui.views.ticket_slip import ticket_slip
from ui.wallet import Given, Wallet

PRINT, QR = "print", "qr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What receipts are given with.

    ``printer`` None: there is none; ``kiosk`` its name on receipts; ``page`` the address of the
    verifier's page, "" for none. ``open_signer`` raises InputRefused for a key it can't trust,
    ``open_tickets`` what opening the journal raises.
    """

    open_signer: Callable[[], Signer]
    printer: Printer | None
    open_tickets: Callable[[], TicketJournal]
    kiosk: str
    page: str = ""


class ReceiptDesk:
    """Lives on the screen's thread; ``become`` takes the next wallet."""

    def __init__(
        self, context: Context, commands: Commands, office: Office, become: Callable[[Wallet], None]
    ) -> None:
        self._context = context
        self._commands = commands
        self._office = office
        self._become = become
        self._signer: Signer | None = None

    @property
    def busy(self) -> bool:
        """Whether a receipt is being made."""
        return self._commands.busy

    def close(self) -> None:
        """Wait for the receipt that is being made."""
        self._commands.close()

    def give(self, wish: str) -> None:
        """Give the receipt as it is wished, print or qr; a second tap meanwhile is dropped."""
        wallet = self._context.wallet
        progress = wallet.progress
        if progress is None or not wallet.receipt_shown or self._commands.busy:
            return
        given = wallet.given or Given(entry=progress.row.entry)
        self._put(replace(given, problem="", printed=False), wish)
        if wish == PRINT and self._office.printer is None:
            self._failed(given.entry, PrinterUnavailable("this kiosk has no printer"))
        elif wallet.sells_ticket:
            if wish == PRINT:  # the ticket's code is on the screen all along
                self._run(progress.row.entry, wish, partial(self._ticket, progress.row))
        elif wish == PRINT or not given.qr:
            kiosk, copies = self._office.kiosk, given.copies
            receipt = receipt_of(self._context, progress, kiosk=kiosk, copies=copies)
            self._begin(receipt, wish)

    def _begin(self, receipt: Receipt, wish: str) -> None:
        """Make the receipt in the background; its words are those of the language shown now."""
        work = self._printed if wish == PRINT else self._coded
        self._run(receipt.entry, wish, lambda frozen: work(frozen, receipt))

    def _run(self, entry: int, wish: str, make: Callable[[Context], Given]) -> None:
        work = partial(make, copy(self._context))  # the words may change while it is made
        begun = self._commands.run(
            wish, work, partial(self._done, entry), partial(self._failed, entry)
        )
        given = self._context.wallet.given
        if begun and given is not None:
            self._put(replace(given, busy=True), wish)

    def _coded(self, context: Context, receipt: Receipt) -> Given:
        """Sign, and draw the code (in the background)."""
        lines = receipt_lines(context, receipt)
        parts = carried(lines, self._code(receipt), self._office.page)
        return Given(entry=receipt.entry, lines=lines, qr=code_of(matrix_of(*parts)))

    def _printed(self, context: Context, receipt: Receipt) -> Given:
        """Sign and print (in the background)."""
        assert self._office.printer is not None, "print is begun with a printer only"
        parts = carried((), self._code(receipt), self._office.page)
        self._office.printer.print(slip_of(context, receipt, matrix_of(*filter(None, parts))))
        return Given(entry=receipt.entry, printed=True)

    def _ticket(self, row: TopupRow, context: Context) -> Given:
        """Print the ticket of an order, as the journal keeps it (in the background).

        Whatever is printed again says so: the copies are counted in the journal.
        """
        assert self._office.printer is not None, "print is begun with a printer only"
        journal = self._office.open_tickets()
        bought = journal.bought(row.id) or row
        order = bought.ticket_order
        assert order is not None, "a ticket is of an entry"
        slip = ticket_slip(context, bought, order, kiosk=self._office.kiosk)
        self._office.printer.print(slip)
        copies = journal.count_copy(row.id)
        return Given(entry=row.entry, printed=True, copies=copies)

    def _code(self, receipt: Receipt) -> str:
        if self._signer is None:
            self._signer = self._office.open_signer()
        return receipt_code(receipt, self._signer)

    def _done(self, entry: int, made: Given) -> None:
        given = self._context.wallet.given
        if given is None or given.entry != entry:
            return
        self._put(
            replace(
                given,
                busy=False,
                copies=max(given.copies + 1, made.copies),
                printed=made.printed,
                lines=made.lines or given.lines,
                qr=made.qr or given.qr,
            ),
            self._context.wallet.receipt,
        )

    def _failed(self, entry: int, wrong: AlveoleError) -> None:
        given = self._context.wallet.given
        if given is not None and given.entry == entry:
            failed = replace(given, busy=False, problem=wrong.message_key)
            self._put(failed, self._context.wallet.receipt)

    def _put(self, given: Given, wish: str) -> None:
        self._become(replace(self._context.wallet, given_receipt=given, receipt=wish))
