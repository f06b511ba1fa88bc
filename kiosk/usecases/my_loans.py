"""Shows a reader's library loans and renews them, through the library's own system.

Nothing is kept: the loans are asked for at each visit and wiped with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.errors import LoanRefused
from kiosk.domain.loans import LibraryReader, Loan
from kiosk.ports import Library


def my_loans(reader: LibraryReader, *, library: Library) -> Sequence[Loan]:
    """Give the loans, soonest due first; raises LoanRefused, LibraryUnavailable."""
    return library.loans(reader)


def renew_loan(reader: LibraryReader, item: str, *, library: Library) -> Loan:
    """Renew one of the reader's own loans; raises LoanRefused, LibraryUnavailable.

    A loan of somebody else is refused here, whatever the library's system would let pass.
    """
    if all(loan.item != item for loan in library.loans(reader)):
        raise LoanRefused("not a loan of this reader")
    return library.renew(reader, item)
