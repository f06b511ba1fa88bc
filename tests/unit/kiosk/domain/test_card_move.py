"""A movement's doubt, and how its card ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.card_limits import LOG_MAX
from kiosk.domain.card_move import (
    MoveRow,
    MoveState,
    confirmed,
    decide,
    not_done,
    resolve,
    sent,
    unknown,
)
from kiosk.domain.errors import CardPulled
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Prepared, Spend
from tests.plain.cards import VirtualCard
from tests.plain.faces import used_card

AT = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
LATER = AT + timedelta(days=2)
FACE = used_card(AT).face


def spend_on(face: CardFace, id_: str = "M-1", *, cents: int = 300, entries: int = 0) -> Spend:
    return Spend(
        transaction_id=id_,
        kind="entry" if entries else "debit",
        product=101,
        amount=Money(0 if entries else cents),
        sequence=face.sequence,
        at=AT,
        book=3 if entries else 0,
        entries=entries,
    )


def torn(card: VirtualCard, tear: Literal["before", "after"], *, entries: int = 0) -> MoveRow:
    """Spend on a card that is pulled away; gives the row as the journal holds it."""
    kept: list[Prepared] = []
    spend = spend_on(card.face, entries=entries)
    card.tear(tear)
    with pytest.raises(CardPulled):
        card.spend(spend, kept.append)
    return sent(spend, kept[0], card="tag", service="piscine", at=AT)


def more(card: VirtualCard, count: int) -> None:
    for n in range(count):
        card.spend(spend_on(card.face, f"N-{n}", cents=1), lambda _: None)


@pytest.fixture
def card() -> VirtualCard:
    return VirtualCard(FACE)


def test_the_row_before_the_commit_tells_the_card_before_and_after(card: VirtualCard) -> None:
    row = torn(card, "before")
    assert (row.state, row.id, row.card, row.service) == (
        MoveState.COMMIT_SENT,
        "M-1",
        "tag",
        "piscine",
    )
    assert (row.sequence, row.balance_before, row.balance_after) == (12, Money(1240), Money(940))
    assert row.open


def test_the_cards_answer_confirms(card: VirtualCard) -> None:
    kept: list[Prepared] = []
    spend = spend_on(card.face)
    written = replace(card.spend(spend, kept.append), proof=b"\x07")
    row = confirmed(sent(spend, kept[0], card="tag", service="", at=AT), written, LATER)
    assert (row.state, row.proof, row.changed_at) == (MoveState.CONFIRMED, b"\x07", LATER)


@pytest.mark.parametrize("wrong", [{"sequence": 14}, {"balance": Money(941)}], ids=str)
def test_an_answer_that_contradicts_the_row_is_a_dispute(
    card: VirtualCard, wrong: dict[str, object]
) -> None:
    kept: list[Prepared] = []
    spend = spend_on(card.face)
    written = card.spend(spend, kept.append)
    lying = replace(written, face=replace(written.face, **wrong))  # type: ignore[arg-type]  # by name
    row = confirmed(sent(spend, kept[0], card="tag", service="", at=AT), lying, AT)
    assert (row.state, row.note) == (MoveState.DISPUTE, "card.tampered")


@pytest.mark.parametrize("entries", [0, -1])
@pytest.mark.parametrize(
    ("tear", "state"), [("before", MoveState.NOT_DONE), ("after", MoveState.CONFIRMED)]
)
def test_the_next_tap_ends_the_doubt(
    card: VirtualCard, tear: Literal["before", "after"], state: MoveState, entries: int
) -> None:
    row = torn(card, tear, entries=entries)
    for doubted in (row, unknown(row, AT, "card.pulled")):
        ended = resolve(doubted, card.face, LATER)
        assert (ended.state, ended.changed_at) == (state, LATER)


@pytest.mark.parametrize("count", [1, 5, LOG_MAX - 1])
def test_further_on_the_log_still_confirms(card: VirtualCard, count: int) -> None:
    row = torn(card, "after")
    more(card, count)
    assert resolve(row, card.face, LATER).state is MoveState.CONFIRMED


@pytest.mark.parametrize("count", [1, 5, LOG_MAX])
def test_another_record_under_our_sequence_says_not_done(card: VirtualCard, count: int) -> None:
    row = torn(card, "before")
    more(card, count)
    assert resolve(row, card.face, LATER).state is MoveState.NOT_DONE


@pytest.mark.parametrize(("tear", "count"), [("after", LOG_MAX), ("before", LOG_MAX + 1)])
def test_a_log_that_has_turned_round_is_a_dispute(
    card: VirtualCard, tear: Literal["before", "after"], count: int
) -> None:
    row = torn(card, tear)
    more(card, count)
    ended = resolve(row, card.face, LATER)
    assert (ended.state, ended.note) == (MoveState.DISPUTE, "move.disputed")


def _back(face: CardFace) -> CardFace:
    return replace(face, sequence=face.sequence - 1, log=face.log[1:])


def _richer(face: CardFace) -> CardFace:
    return replace(face, balance=face.balance + Money(1))


def _fuller(face: CardFace) -> CardFace:
    return replace(face, books=tuple(replace(book, entries=8) for book in face.books))


def test_a_card_whose_sequence_went_back_is_a_dispute(card: VirtualCard) -> None:
    row = torn(card, "before")
    ended = resolve(row, _back(card.face), LATER)
    assert (ended.state, ended.note) == (MoveState.DISPUTE, "card.tampered")


def test_a_balance_that_moved_without_a_record_is_a_dispute(card: VirtualCard) -> None:
    row = torn(card, "before")
    assert resolve(row, _richer(card.face), LATER).state is MoveState.DISPUTE


def test_a_book_that_moved_without_a_record_is_a_dispute(card: VirtualCard) -> None:
    row = torn(card, "before", entries=-1)
    assert resolve(row, _fuller(card.face), LATER).state is MoveState.DISPUTE


@pytest.mark.parametrize("wrong", [{"seq": 15}, {"balance_after": Money(5)}], ids=str)
def test_a_record_of_ours_that_lies_is_a_dispute(
    card: VirtualCard, wrong: dict[str, object]
) -> None:
    row = torn(card, "after")
    first, *rest = card.face.log
    lying = replace(first, **wrong)  # type: ignore[arg-type]  # by name
    face = replace(card.face, log=(lying, *rest))
    assert resolve(row, face, LATER).state is MoveState.DISPUTE


def test_a_refusal_after_the_row_is_not_done(card: VirtualCard) -> None:
    row = not_done(torn(card, "before"), LATER, "purse.empty")
    assert (row.state, row.note, row.open) == (MoveState.NOT_DONE, "purse.empty", False)


@pytest.mark.parametrize("state", [s for s in MoveState if s not in {"commit_sent", "unknown"}])
def test_what_is_not_open_is_not_resolved(card: VirtualCard, state: MoveState) -> None:
    row = replace(torn(card, "after"), state=state)
    assert resolve(row, card.face, LATER) == row


@pytest.mark.parametrize("done", [True, False])
def test_staff_end_a_dispute(card: VirtualCard, *, done: bool) -> None:
    row = replace(torn(card, "after"), state=MoveState.DISPUTE, note="move.disputed")
    ended = decide(row, done=done, at=LATER)
    assert ended.state is (MoveState.CONFIRMED if done else MoveState.NOT_DONE)


def test_staff_decide_nothing_but_disputes(card: VirtualCard) -> None:
    row = torn(card, "after")
    assert decide(row, done=True, at=LATER) == row


@given(
    tear=st.sampled_from(["before", "after"]),
    count=st.integers(0, 3 * LOG_MAX),
    entries=st.sampled_from([0, -1]),
)
def test_the_end_never_contradicts_the_card(
    tear: Literal["before", "after"], count: int, entries: int
) -> None:
    """Whatever follows: confirmed only if taken, not done only if not taken."""
    card = VirtualCard(FACE)
    row = torn(card, tear, entries=entries)
    taken = card.face.sequence > row.sequence
    more(card, count)
    state = resolve(row, card.face, LATER).state
    assert state in {MoveState.DISPUTE, MoveState.CONFIRMED if taken else MoveState.NOT_DONE}
    assert count >= LOG_MAX or state is not MoveState.DISPUTE
