"""Prints a bought ticket again by the number of its entry; paper says which copy it is."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.errors import TicketUnknown
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.printing import Slip
from kiosk.domain.ticket_order import TicketOrder
from kiosk.ports import Printer, TicketJournal


def reprint_ticket(
    entry: int,
    tickets: TicketJournal,
    printer: Printer,
    slip_of: Callable[[TopupRow, TicketOrder], Slip],
) -> int:
    """Print it and count the copy; gives how many copies there are now.

    Raises TicketUnknown when this journal has no paid ticket of that number, PaperOut,
    PrinterUnavailable, StorageFull.
    """
    bought = tickets.numbered(entry)
    order = None if bought is None else bought.ticket_order
    if bought is None or order is None or bought.state is not TopupState.DONE:
        raise TicketUnknown(f"no ticket of entry {entry}")
    printer.print(slip_of(bought, order))
    return tickets.count_copy(bought.id)
