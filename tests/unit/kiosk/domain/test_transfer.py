"""The move of a lost card's balance, as a pure machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.card_rules import SKEW_MAX, Blocklist, CardRules
from kiosk.domain.errors import TransferTooSoon
from kiosk.domain.money import Money
from kiosk.domain.purse import Load
from kiosk.domain.transfer import TransferRow, TransferState, check_lost, prepare, settle
from tests.plain.cards import VirtualCard
from tests.plain.faces import empty_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
RULES = CardRules()
ROW = TransferRow(
    id="X-1",
    state=TransferState.WAITING,
    lost="lost",
    card="new",
    amount=Money(1240),
    created_at=NOW,
    changed_at=NOW,
)
LISTED = NOW - RULES.blocklist_max - SKEW_MAX


def listed(at: datetime) -> Blocklist:
    return Blocklist(version=2, issued_at=NOW, cards={"lost": at})


def load(row: TransferRow) -> Load:
    return Load(number=row.load_number, amount=row.amount, transaction_id=row.id, label="", at=NOW)


@pytest.fixture
def card() -> VirtualCard:
    return VirtualCard(empty_card(NOW).face)


@pytest.mark.parametrize(
    "blocklist",
    [
        None,
        Blocklist(version=2, issued_at=NOW),
        Blocklist(version=2, issued_at=NOW, here=frozenset({"lost"})),
        listed(LISTED + timedelta(seconds=1)),
        listed(NOW),
    ],
    ids=["no list", "not lost", "blocked here only", "a second too soon", "just listed"],
)
def test_a_card_that_could_still_be_debited_keeps_its_balance(
    blocklist: Blocklist | None,
) -> None:
    with pytest.raises(TransferTooSoon):
        check_lost("lost", blocklist, RULES, badge=False, now=NOW)


def test_once_no_kiosk_can_debit_it_the_balance_may_move() -> None:
    check_lost("lost", listed(LISTED), RULES, badge=False, now=NOW)


def test_a_badges_balance_moves_at_once() -> None:
    check_lost("lost", None, RULES, badge=True, now=NOW)


def test_the_load_number_is_saved_before_the_card_is_written(card: VirtualCard) -> None:
    row = prepare(ROW, card.face, NOW)
    assert (row.state, row.load_number) == (TransferState.WRITING, 1)
    assert prepare(row, card.face, NOW) == row


def test_a_card_that_was_not_written_still_waits(card: VirtualCard) -> None:
    row = prepare(ROW, card.face, NOW)
    assert settle(row, card.face, NOW) == row
    assert settle(ROW, card.face, NOW) == ROW


def test_a_card_that_was_written_ends_it_with_its_record(card: VirtualCard) -> None:
    row = prepare(ROW, card.face, NOW)
    ended = settle(row, card.write(load(row)), NOW + timedelta(minutes=1))
    assert (ended.state, ended.sequence, ended.commits) == (TransferState.DONE, 1, 1)
    assert ended.ended
    assert settle(ended, card.face, NOW) == ended


def test_an_older_record_tells_its_sequence_but_not_the_counter(card: VirtualCard) -> None:
    row = prepare(ROW, card.face, NOW)
    card.write(load(row))
    card.write(replace(load(row), number=2, transaction_id="T-9"))
    ended = settle(row, card.face, NOW)
    assert (ended.sequence, ended.commits) == (1, 0)


def test_another_load_under_our_number_is_for_staff(card: VirtualCard) -> None:
    row = prepare(ROW, card.face, NOW)
    ended = settle(row, card.write(replace(load(row), transaction_id="T-9")), NOW)
    assert (ended.state, ended.note) == (TransferState.MANUAL, "card.tampered")


def test_a_load_number_that_went_back_is_for_staff(card: VirtualCard) -> None:
    row = replace(prepare(ROW, card.face, NOW), load_number=5)
    assert settle(row, card.face, NOW).state is TransferState.MANUAL


@pytest.mark.parametrize("bad", [{"amount": Money(0)}, {"lost": "new"}], ids=str)
def test_a_transfer_of_nothing_or_to_itself_cannot_exist(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a transfer"):
        replace(ROW, **bad)  # type: ignore[arg-type]  # wrong on purpose
