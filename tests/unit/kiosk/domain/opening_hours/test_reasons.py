"""The reasons that citizens read."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.hours import Cause, Door
from kiosk.domain.opening_hours.paint import Piece
from kiosk.domain.opening_hours.reasons import OPEN_END, interval_comment, reason

DAY = date(2026, 8, 15)


def piece(comment: str = "", cause: Cause = Cause.NONE) -> Piece:
    return Piece(0, 1440, Door.CLOSED, comment, cause)


@pytest.mark.parametrize(
    ("painted", "said"),
    [
        (piece(), ""),
        (piece("travaux"), "travaux"),
        (piece("Assomption", Cause.PUBLIC_HOLIDAY), "jour férié (15 août)"),
        (piece("Vacances d'été", Cause.SCHOOL_HOLIDAY), "vacances scolaires"),
        (piece("veille de jour férié (x)", Cause.NEAR_HOLIDAY), "veille de jour férié (x)"),
        (piece("", Cause.OPEN_END), OPEN_END),
        (piece("au bar", Cause.OPEN_END), "au bar"),
    ],
)
def test_a_piece_has_its_reason(painted: Piece, said: str) -> None:
    assert reason(painted, DAY) == said


def test_the_first_of_a_month_is_said_as_the_french_do() -> None:
    assert reason(piece("", Cause.PUBLIC_HOLIDAY), date(2027, 5, 1)) == "jour férié (1er mai)"


@pytest.mark.parametrize(
    "cause", [Cause.SCHOOL_HOLIDAY, Cause.OPEN_END, Cause.NO_CALENDAR, Cause.NO_SUN]
)
def test_every_cause_without_a_comment_is_said(cause: Cause) -> None:
    assert reason(piece("", cause), DAY)


@pytest.mark.parametrize(
    ("painted", "said"),
    [
        (piece(), ""),
        (piece("Assomption", Cause.PUBLIC_HOLIDAY), "Assomption"),
        (piece("", Cause.OPEN_END), OPEN_END),
        (piece("au bar", Cause.OPEN_END), "au bar"),
    ],
)
def test_an_interval_has_its_comment(painted: Piece, said: str) -> None:
    assert interval_comment(painted) == said
