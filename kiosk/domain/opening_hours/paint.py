"""A day as coloured pieces: a rule paints over those before it, or only where it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kiosk.domain.hours import Cause, Door


class Piece(NamedTuple):
    """Minutes ``[start, end)`` of a day and what is known of the door; unpainted is closed."""

    start: int
    end: int
    door: Door
    comment: str = ""
    cause: Cause = Cause.NONE


Pieces = tuple[Piece, ...]  # in order, disjoint


def over(pieces: Sequence[Piece], new: Piece) -> list[Piece]:
    """Paint ``new`` over what is there."""
    kept: list[Piece] = []
    for old in pieces:
        if old.start < new.start:
            kept.append(old._replace(end=min(old.end, new.start)))
        if old.end > new.end:
            kept.append(old._replace(start=max(old.start, new.end)))
    return sorted([*kept, new])


def under(pieces: Sequence[Piece], new: Piece) -> list[Piece]:
    """Paint ``new`` only where the door is closed."""
    painted = over([one for one in pieces if one.door is Door.CLOSED], new)
    for old in pieces:
        if old.door is not Door.CLOSED:
            painted = over(painted, old)
    return painted


def perhaps(before: Sequence[Piece], after: Sequence[Piece], cause: Cause) -> list[Piece]:
    """Give what is sure when nobody knows whether ``before`` became ``after``."""
    edges = sorted({edge for one in (*before, *after) for edge in (one.start, one.end)})
    merged: list[Piece] = []
    for start, end in pairwise(edges):
        old, new = _at(before, start), _at(after, start)
        piece = old if old.door is new.door else Piece(start, end, Door.UNKNOWN, "", cause)
        merged.append(piece._replace(start=start, end=end))
    return merged


def _at(pieces: Sequence[Piece], minute: int) -> Piece:
    found = (one for one in pieces if one.start <= minute < one.end)
    return next(found, Piece(minute, minute + 1, Door.CLOSED))


def joined(pieces: Sequence[Piece]) -> Pieces:
    """Give the pieces without empty ones, equal neighbours made one."""
    whole: list[Piece] = []
    for one in (each for each in pieces if each.start < each.end):
        if whole and (whole[-1].end, *whole[-1][2:]) == (one.start, *one[2:]):
            whole[-1] = whole[-1]._replace(end=one.end)
        else:
            whole.append(one)
    return tuple(whole)
