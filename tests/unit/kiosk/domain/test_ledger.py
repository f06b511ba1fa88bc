"""The journal's entries, canonical bytes, chain and verification."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.card_move import MoveRow, MoveState
from kiosk.domain.ledger import (
    GENESIS,
    NO_MARKS,
    Account,
    CardMark,
    ChainRow,
    Entry,
    Leg,
    canonical,
    link,
    moment,
    move_entry,
    reversal_entry,
    topup_entry,
    transfer_entry,
    verify,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.transfer import TransferRow, TransferState

AT = datetime(2026, 11, 22, 9, 42, 7, 120_000, tzinfo=UTC)
# Written by hand from the module's rule 2; it must never change.
GOLDEN = (
    b"ALV-LEDGER-2\n1\ntopup\nT-1\n2026-11-22T09:42:07.120000Z\n"
    b"tag\n0\n0\n\n0\n0\nbank.clearing 2000\npurse.float -2000\n"
)
# `printf` of the bytes above behind 32 zero bytes, through sha256sum.
GOLDEN_HASH = "55e6f7056df872cfc94494b4d31621b4f4103b7eefa950d4d20aa7af50f86f31"
# What kiosks of version 1 wrote, and its hash, made the same way.
GOLDEN_1 = (
    b"ALV-LEDGER-1\n1\ntopup\nT-1\n2026-11-22T09:42:07.120000Z\n"
    b"bank.clearing 2000\npurse.float -2000\n"
)
GOLDEN_1_HASH = "ad0b7ae0ae7b0a2c7d5b1a9e00f8f04924c51f828fa1b0e99dbe9daba1ba9fa6"


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


def rows_of(count: int) -> list[ChainRow]:
    head, rows = GENESIS, list[ChainRow]()
    for seq in range(1, count + 1):
        entry = topup_entry(topup(f"T-{seq}", 100 * seq), seq=seq, at=AT + timedelta(minutes=seq))
        content = canonical(entry)
        digest = link(head, content)
        rows.append(
            ChainRow(
                seq=seq,
                kind=entry.kind,
                subject=entry.subject,
                at=moment(entry.at),
                legs=tuple((leg.account, leg.cents) for leg in entry.legs),
                canonical=content,
                previous=head,
                digest=digest,
                marks=entry.card.marks,
            )
        )
        head = digest
    return rows


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


def test_a_sound_chain_is_said_sound_with_its_head() -> None:
    rows = rows_of(5)
    verdict = verify(rows)
    assert verdict.sound
    assert (verdict.entries, verdict.head, verdict.bad_line) == (5, rows[-1].digest, 0)


def test_an_empty_chain_is_sound_and_ends_at_the_genesis() -> None:
    verdict = verify([])
    assert (verdict.sound, verdict.entries, verdict.head) == (True, 0, GENESIS)


def test_a_chain_can_be_verified_from_the_middle() -> None:
    rows = rows_of(6)
    verdict = verify(rows[3:], after=3, head=rows[2].digest)
    assert (verdict.sound, verdict.entries) == (True, 6)


CHANGES: dict[str, tuple[Callable[[ChainRow], ChainRow], str]] = {
    "kind": (lambda r: r._replace(kind="refund"), "content"),
    "topup": (lambda r: r._replace(subject="T-9"), "content"),
    "time": (lambda r: r._replace(at="2026-11-22T09:42:08.000000Z"), "content"),
    "cents": (
        lambda r: r._replace(legs=(("bank.clearing", 1), ("purse.float", -1))),
        "content",
    ),
    "account": (
        lambda r: r._replace(legs=(("cash.drawer", r.legs[0][1]), r.legs[1])),
        "content",
    ),
    "card": (lambda r: r._replace(marks=("gat", *r.marks[1:])), "content"),
    "card's sequence": (lambda r: r._replace(marks=("tag", 1, 0, "", 0, 0)), "content"),
    "card's counter": (lambda r: r._replace(marks=("tag", 0, 1, "", 0, 0)), "content"),
    "card's proof": (lambda r: r._replace(marks=("tag", 0, 0, "00", 0, 0)), "content"),
    "product": (lambda r: r._replace(marks=("tag", 0, 0, "", 1, 0)), "content"),
    "entries": (lambda r: r._replace(marks=("tag", 0, 0, "", 0, -1)), "content"),
    "order of legs": (lambda r: r._replace(legs=r.legs[::-1]), "content"),
    "canonical": (lambda r: r._replace(canonical=r.canonical + b" "), "content"),
    "previous": (lambda r: r._replace(previous=bytes(32)), "chain"),
    "hash": (lambda r: r._replace(digest=bytes(32)), "chain"),
    "a leg lost": (lambda r: r._replace(legs=r.legs[:1]), "legs"),
    "legs off by a cent": (
        lambda r: r._replace(legs=(r.legs[0], (r.legs[1][0], r.legs[1][1] + 1))),
        "legs",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("line", [2, 3, 5])
def test_a_changed_line_is_named_as_the_first_bad_one(name: str, line: int) -> None:
    change, reason = CHANGES[name]
    rows = rows_of(5)
    rows[line - 1] = change(rows[line - 1])
    verdict = verify(rows)
    assert (verdict.bad_line, verdict.entries) == (line, line - 1)
    assert verdict.reason.startswith(reason)


def test_a_missing_line_is_a_gap() -> None:
    rows = rows_of(5)
    del rows[2]
    verdict = verify(rows)
    assert (verdict.bad_line, verdict.reason[:3]) == (3, "gap")


def test_swapped_lines_are_a_gap_at_the_first_of_them() -> None:
    rows = rows_of(5)
    rows[1], rows[2] = rows[2], rows[1]
    assert verify(rows).bad_line == 2


def test_a_line_changed_with_its_own_bytes_and_hash_breaks_the_next_one() -> None:
    rows = rows_of(4)
    forged = Entry(
        seq=2,
        kind="topup",
        subject="T-2",
        at=AT,
        legs=(leg(1, "bank.clearing"), leg(-1, "purse.float")),
    )
    content = canonical(forged)
    rows[1] = rows[1]._replace(
        marks=NO_MARKS,
        at=moment(AT),
        legs=(("bank.clearing", 1), ("purse.float", -1)),
        canonical=content,
        digest=link(rows[0].digest, content),
    )
    verdict = verify(rows)
    assert (verdict.bad_line, verdict.reason[:5]) == (3, "chain")


def test_a_line_end_inside_a_field_is_found_even_when_the_bytes_agree() -> None:
    legs = (("a 1\nbank.clearing", 5), ("purse.float", -5))
    content = b"ALV-LEDGER-1\n1\ntopup\nT-1\nX\na 1\nbank.clearing 5\npurse.float -5\n"
    row = ChainRow(
        seq=1,
        kind="topup",
        subject="T-1",
        at="X",
        legs=legs,
        canonical=content,
        previous=GENESIS,
        digest=link(GENESIS, content),
    )
    assert verify([row]).reason.startswith("content")


def test_a_clock_set_back_is_told_but_is_no_breach() -> None:
    first = rows_of(1)[0]
    content = canonical(topup_entry(topup("T-2"), seq=2, at=AT - timedelta(days=1)))
    late = ChainRow(
        seq=2,
        kind="topup",
        subject="T-2",
        at=moment(AT - timedelta(days=1)),
        legs=(("bank.clearing", 2000), ("purse.float", -2000)),
        canonical=content,
        previous=first.digest,
        digest=link(first.digest, content),
        marks=("tag", 0, 0, "", 0, 0),
    )
    verdict = verify([first, late])
    assert (verdict.sound, verdict.turned_back) == (True, (2,))


@given(bit=st.integers(min_value=0), line=st.integers(0, 2), field=st.integers(0, 2))
def test_every_flipped_bit_of_the_stored_bytes_is_found(bit: int, line: int, field: int) -> None:
    name = ("canonical", "previous", "digest")[field]
    rows = rows_of(3)
    content = bytearray(getattr(rows[line], name))
    place = bit % (len(content) * 8)
    content[place // 8] ^= 1 << (place % 8)
    flipped = {name: bytes(content)}
    rows[line] = rows[line]._replace(**flipped)  # type: ignore[arg-type]  # all bytes
    assert verify(rows).bad_line == line + 1


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


def old_row() -> ChainRow:
    return ChainRow(
        seq=1,
        kind="topup",
        subject="T-1",
        at="2026-11-22T09:42:07.120000Z",
        legs=(("bank.clearing", 2000), ("purse.float", -2000)),
        canonical=GOLDEN_1,
        previous=GENESIS,
        digest=link(GENESIS, GOLDEN_1),
    )


def chained(after: ChainRow, entry: Entry) -> ChainRow:
    content = canonical(entry)
    return ChainRow(
        seq=entry.seq,
        kind=entry.kind,
        subject=entry.subject,
        at=moment(entry.at),
        legs=tuple((leg.account, leg.cents) for leg in entry.legs),
        canonical=content,
        previous=after.digest,
        digest=link(after.digest, content),
        marks=entry.card.marks,
    )


def test_an_entry_of_version_1_keeps_its_hash_and_is_followed_by_version_2() -> None:
    first = old_row()
    assert first.digest.hex() == GOLDEN_1_HASH
    second = chained(first, move_entry(MOVE, seq=2, at=AT))
    assert verify([first, second]).sound


def test_card_fields_written_beside_an_entry_of_version_1_are_found() -> None:
    forged = old_row()._replace(marks=("tag", 1, 0, "", 0, 0))
    assert verify([forged]).reason.startswith("content")


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
