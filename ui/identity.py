"""Who is known in this visit: the card's holder by a code, or a member of staff by badge and code.

Rules:
1. A code is never kept: it goes to the use case and is forgotten at once.
2. What is known ends with the visit, and the holder's account with the card that is lifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.loans import Loan
    from kiosk.usecases.identify_staff import Staff
    from kiosk.usecases.open_account import OpenAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is known.

    ``staff`` is who is at the counter, ``account`` what its holder has opened, ``loans`` the
    library's (None: not asked yet, or no answer); ``problem`` is the message key of the last
    refusal, ``left`` the tries that a wrong code has left (None: another refusal); ``lost`` the
    digits of the card that is being replaced; ``told`` the key of the sentence of what staff have
    just done, ``number`` the last four of the card it was done to; ``busy``: an answer is awaited.
    """

    staff: Staff | None = None
    account: OpenAccount | None = None
    loans: tuple[Loan, ...] | None = None
    problem: str = ""
    left: int | None = None
    lost: str = ""
    told: str = ""
    number: str = ""
    busy: bool = False
