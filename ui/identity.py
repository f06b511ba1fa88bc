"""Who is known in this visit: the card's holder by a code, or a member of staff by badge and code.

Rules:
1. A code is never kept: it goes to the use case and is forgotten at once.
2. What is known ends with the visit, and the holder's account with the card that is lifted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is known.

    ``staff`` is the name on the badge, ``rights`` what it may do; ``holder``: the account is open;
    ``problem`` the message key of the last refusal; ``busy``: an answer is awaited.
    """

    staff: str = ""
    rights: frozenset[str] = frozenset()
    holder: bool = False
    problem: str = ""
    busy: bool = False
