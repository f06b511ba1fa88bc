"""Pieces of a day, painted over one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.hours import Cause, Door
from kiosk.domain.opening_hours.paint import Piece, joined, over, perhaps, under

OPEN, CLOSED, UNKNOWN = Door.OPEN, Door.CLOSED, Door.UNKNOWN
MORNING, EVENING = Piece(540, 720, OPEN), Piece(840, 1080, OPEN)

pieces = st.builds(
    lambda start, length, door: Piece(start, min(start + length, 1440), door),
    st.integers(0, 1438),
    st.integers(1, 600),
    st.sampled_from(list(Door)),
)


def door(painted: Sequence[Piece], minute: int) -> Door:
    return next((one.door for one in painted if one.start <= minute < one.end), CLOSED)


def test_a_piece_is_laid_beside_another() -> None:
    assert over([MORNING], EVENING) == [MORNING, EVENING]


def test_a_piece_cuts_what_it_covers_in_two() -> None:
    painted = over([Piece(540, 1080, OPEN)], Piece(720, 780, CLOSED))
    assert painted == [Piece(540, 720, OPEN), Piece(720, 780, CLOSED), Piece(780, 1080, OPEN)]


def test_a_piece_hides_what_it_covers_whole() -> None:
    assert over([MORNING], Piece(0, 1440, CLOSED)) == [Piece(0, 1440, CLOSED)]


def test_a_fallback_fills_only_what_is_closed() -> None:
    painted = under([MORNING], Piece(0, 1440, UNKNOWN))
    assert joined(painted) == (
        Piece(0, 540, UNKNOWN),
        MORNING,
        Piece(720, 1440, UNKNOWN),
    )


def test_a_fallback_replaces_a_closed_piece() -> None:
    assert under([Piece(540, 720, CLOSED, "x")], Piece(540, 720, UNKNOWN)) == [
        Piece(540, 720, UNKNOWN)
    ]


def test_what_two_possibilities_share_is_sure() -> None:
    merged = perhaps([MORNING, EVENING], [MORNING], Cause.NO_CALENDAR)
    unsure = Piece(840, 1080, UNKNOWN, "", Cause.NO_CALENDAR)
    assert joined(merged) == (MORNING, Piece(720, 840, CLOSED), unsure)


def test_equal_neighbours_are_joined() -> None:
    assert joined([Piece(0, 60, OPEN), Piece(60, 120, OPEN)]) == (Piece(0, 120, OPEN),)


def test_neighbours_with_other_comments_stay_apart() -> None:
    apart = [Piece(0, 60, OPEN, "a"), Piece(60, 120, OPEN, "b")]
    assert joined(apart) == tuple(apart)


def test_empty_pieces_vanish() -> None:
    assert joined([Piece(60, 60, OPEN)]) == ()


@given(st.lists(pieces, max_size=8), st.integers(0, 1439))
def test_the_last_piece_painted_over_a_minute_decides(laid: list[Piece], minute: int) -> None:
    painted: list[Piece] = []
    for one in laid:
        painted = over(painted, one)
    last = [one.door for one in laid if one.start <= minute < one.end]
    assert door(painted, minute) is (last[-1] if last else CLOSED)


@given(st.lists(pieces, max_size=8))
def test_painted_pieces_are_in_order_and_disjoint(laid: list[Piece]) -> None:
    painted: list[Piece] = []
    for one in laid:
        painted = over(painted, one)
    whole = joined(painted)
    assert all(one.start < one.end for one in whole)
    assert all(one.end <= other.start for one, other in pairwise(whole))


@given(st.lists(pieces, max_size=5), pieces, st.integers(0, 1439))
def test_a_fallback_changes_nothing_that_is_open_or_unknown(
    laid: list[Piece], new: Piece, minute: int
) -> None:
    painted: list[Piece] = []
    for one in laid:
        painted = over(painted, one)
    before, after = door(painted, minute), door(under(painted, new), minute)
    inside = new.start <= minute < new.end
    assert after is (new.door if before is CLOSED and inside else before)


@given(st.lists(pieces, max_size=4), st.lists(pieces, max_size=4), st.integers(0, 1439))
def test_perhaps_is_sure_only_where_both_agree(
    one_way: list[Piece], other_way: list[Piece], minute: int
) -> None:
    before: list[Piece] = []
    after: list[Piece] = []
    for one in one_way:
        before = over(before, one)
    for one in other_way:
        after = over(after, one)
    merged = door(perhaps(before, after, Cause.NO_CALENDAR), minute)
    same = door(before, minute) is door(after, minute)
    assert merged is (door(before, minute) if same else UNKNOWN)
