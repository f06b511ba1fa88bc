"""The journal's entries, canonical bytes and chain."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.card_move import MoveRow, MoveState
from kiosk.domain.ledger import (
    GENESIS,
    Account,
    CardMark,
    Entry,
    Leg,
    canonical,
    link,
    moment,
    move_entry,
    paid_entry,
    reversal_entry,
    topup_entry,
    transfer_entry,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.transfer import TransferRow, TransferState
from tests import tickets

AT = datetime(2026, 11, 22, 9, 42, 7, 120_000, tzinfo=UTC)
# Written by hand from the module's rule 2; it must never change.
GOLDEN = (
    b"ALV-LEDGER-2\n1\ntopup\nT-1\n2026-11-22T09:42:07.120000Z\n"
    b"tag\n0\n0\n\n0\n0\nbank.clearing 2000\npurse.float -2000\n"
)
# `printf` of the bytes above behind 32 zero bytes, through sha256sum.
GOLDEN_HASH = "55e6f7056df872cfc94494b4d31621b4f4103b7eefa950d4d20aa7af50f86f31"


def topup(id_: str = "T-1", cents: int = 2000) -> TopupRow:
    return TopupRow(
        id=id_,
        state=TopupState.CAPTURING,
        card="tag",
        amount=Money(cents),
        provider="simulator",
        created_at=AT,
        changed_at=AT,
    )


def entry(*legs: Leg, seq: int = 1, kind: str = "topup", at: datetime = AT) -> Entry:
    return Entry(seq=seq, kind=kind, subject="T-1", at=at, legs=legs)


def leg(cents: int, account: str = "suspense") -> Leg:
    return Leg(account=account, cents=cents)


def test_the_canonical_bytes_are_the_golden_ones() -> None:
    assert canonical(topup_entry(topup(), seq=1, at=AT)) == GOLDEN


def test_the_first_hash_is_the_golden_one() -> None:
    assert link(GENESIS, GOLDEN).hex() == GOLDEN_HASH
    assert hashlib.sha256(bytes(32) + GOLDEN).hexdigest() == GOLDEN_HASH


def test_a_topup_debits_the_bank_and_credits_the_purse_float() -> None:
    booked = topup_entry(topup(cents=1234), seq=7, at=AT)
    assert [(leg.account, leg.cents) for leg in booked.legs] == [
        (Account.BANK_CLEARING, 1234),
        (Account.PURSE_FLOAT, -1234),
    ]
    assert (booked.seq, booked.kind, booked.subject) == (7, "topup", "T-1")


def test_what_is_bought_without_a_card_is_income_at_once() -> None:
    booked = paid_entry(tickets.ROW, seq=1, at=AT)
    assert (booked.kind, booked.subject) == ("purchase", tickets.ROW.id)
    assert booked.legs == (
        Leg(account="bank.clearing", cents=640),
        Leg(account="income.piscine", cents=-640),
    )
    assert booked.card == CardMark(product=101)


def test_a_load_that_is_paid_is_a_topup() -> None:
    assert paid_entry(topup(), seq=1, at=AT) == topup_entry(topup(), seq=1, at=AT)


def test_moments_are_spelled_in_utc_with_microseconds() -> None:
    paris = AT.astimezone(timezone(timedelta(hours=1)))
    assert moment(paris) == moment(AT) == "2026-11-22T09:42:07.120000Z"


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (leg(0),),
        (leg(100), leg(-99)),
        (leg(100), leg(-50), leg(-51)),
    ],
    ids=["none", "one", "off by a cent", "three off by a cent"],
)
def test_an_unbalanced_entry_cannot_exist(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(ValueError, match="not balanced"):
        entry(*legs)


@given(cents=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6))
def test_any_entry_whose_legs_add_up_to_zero_is_accepted(cents: list[int]) -> None:
    balanced = entry(*(leg(c) for c in cents), leg(-sum(cents)))
    assert sum(one.cents for one in balanced.legs) == 0


@pytest.mark.parametrize("account", ["", "a b", "a\nb", "caf\u00e9"])
def test_an_account_has_no_blank_and_no_line_end(account: str) -> None:
    with pytest.raises(ValueError, match="not a leg"):
        leg(1, account)


def test_a_leg_holds_whole_cents_only() -> None:
    with pytest.raises(ValueError, match="not a leg"):
        leg(True)  # a bool would pass for one cent


@pytest.mark.parametrize(
    ("seq", "kind", "at"),
    [
        (0, "topup", AT),
        (-1, "topup", AT),
        (1, "", AT),
        (1, "top up", AT),
        (1, "topup\nT", AT),
        (1, "topup", AT.replace(tzinfo=None)),
    ],
)
def test_an_entry_refuses_a_bad_number_kind_or_clock(seq: int, kind: str, at: datetime) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        entry(leg(1), leg(-1), seq=seq, kind=kind, at=at)


MOVE = MoveRow(
    id="M-0a1b2c3d4e5f",
    state=MoveState.CONFIRMED,
    kind="debit",
    card="tag",
    product=301,
    service="cinema",
    amount=Money(650),
    sequence=12,
    commits=40,
    balance_before=Money(1240),
    balance_after=Money(590),
    created_at=AT,
    changed_at=AT,
    proof=bytes.fromhex("0123456789abcdef"),
)


def test_a_movements_canonical_bytes_are_the_golden_ones() -> None:
    assert canonical(move_entry(MOVE, seq=2, at=AT)) == (
        b"ALV-LEDGER-2\n2\ndebit\nM-0a1b2c3d4e5f\n2026-11-22T09:42:07.120000Z\n"
        b"tag\n13\n41\n0123456789abcdef\n301\n0\npurse.float 650\nincome.cinema -650\n"
    )


def test_an_entry_taken_from_a_book_moves_no_money_and_tells_its_entry() -> None:
    taken = replace(MOVE, kind="entry", amount=Money(0), book=3, entries=-1, service="piscine")
    booked = move_entry(taken, seq=1, at=AT)
    assert [(leg.account, leg.cents) for leg in booked.legs] == [
        ("purse.float", 0),
        ("income.piscine", 0),
    ]
    assert (booked.card.entries, booked.card.product) == (-1, 301)


def test_a_transfer_moves_what_we_owe_from_card_to_card() -> None:
    moved = TransferRow(
        id="X-1",
        state=TransferState.DONE,
        lost="lost",
        card="new",
        amount=Money(1240),
        created_at=AT,
        changed_at=AT,
        sequence=1,
    )
    booked = transfer_entry(moved, seq=1, at=AT)
    assert [(leg.account, leg.cents) for leg in booked.legs] == [
        ("purse.float", 1240),
        ("purse.float", -1240),
    ]
    assert (booked.kind, booked.card.tag, booked.card.sequence) == ("transfer", "new", 1)


def test_a_reversal_undoes_an_entry_leg_by_leg() -> None:
    wrong = move_entry(MOVE, seq=2, at=AT)
    undone = reversal_entry(wrong, seq=3, at=AT, subject="R-1")
    assert [a.cents + b.cents for a, b in zip(wrong.legs, undone.legs, strict=True)] == [0, 0]
    assert (undone.kind, undone.subject, undone.card) == ("reversal", "R-1", wrong.card)


@pytest.mark.parametrize(
    "bad", [{"tag": "a b"}, {"sequence": -1}, {"commits": -1}, {"product": -1}], ids=str
)
def test_a_mark_that_no_card_can_make_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a card's mark"):
        CardMark(**bad)  # type: ignore[arg-type]  # wrong on purpose
