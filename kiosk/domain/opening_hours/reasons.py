"""Why a door is as it is, in French: « jour férié (11 novembre) »."""

from __future__ import annotations

from datetime import date

from kiosk.domain.hours import Cause
from kiosk.domain.opening_hours.paint import Piece

OPEN_END = "heure de fermeture non précisée"

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_REASONS = {
    Cause.SCHOOL_HOLIDAY: "vacances scolaires",
    Cause.OPEN_END: OPEN_END,
    Cause.NO_CALENDAR: "dépend de jours fériés ou de vacances qui ne sont pas connus ici",
    Cause.NO_SUN: "le soleil ne se lève ou ne se couche pas ce jour-là",
}


def reason(piece: Piece, day: date) -> str:
    """Give the citizen's reason for a piece of ``day``; the author's own words where he gave any.

    A holiday goes first: its name is only a comment.
    """
    if piece.cause is Cause.PUBLIC_HOLIDAY:
        first = "1er" if day.day == 1 else str(day.day)
        return f"jour férié ({first} {_MONTHS[day.month - 1]})"
    if piece.cause is Cause.SCHOOL_HOLIDAY or not piece.comment:
        return _REASONS.get(piece.cause, piece.comment)
    return piece.comment


def interval_comment(piece: Piece) -> str:
    """Give the author's comment or the holiday's name; else why the state is unknown."""
    return piece.comment or _REASONS.get(piece.cause, "")
