"""The contract of ports.CardSession.spend; every reader's stand passes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.errors import (
    CardForeign,
    CardPulled,
    CardTampered,
    PurseEmpty,
    PurseFull,
    StorageFull,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Grant, Prepared, Spend
from tests.contracts.test_card_reader import MAKERS, NOW, Stand, Watcher
from tests.plain.cards import Tear

ID = "M-0a1b2c3d4e5f"
TODAY = NOW.date()


@pytest.fixture(params=sorted(MAKERS))
def stand(request: pytest.FixtureRequest) -> Stand:
    return MAKERS[request.param]()


@pytest.fixture
def watcher(stand: Stand) -> Watcher:
    watcher = Watcher()
    stand.reader.watch(watcher.on_laid, watcher.on_lifted)
    stand.lay_used()
    return watcher


def debit(face: CardFace, cents: int = 650) -> Spend:
    return Spend(
        transaction_id=ID,
        kind="debit",
        product=301,
        amount=Money(cents),
        sequence=face.sequence,
        at=NOW,
    )


def entry(face: CardFace, entries: int = -1) -> Spend:
    plain = debit(face)
    return replace(plain, kind="entry", product=101, book=3, entries=entries, amount=Money(0))


def entries_of(face: CardFace) -> int:
    return next(book.entries for book in face.books if book.number == 3)


def nothing(_: Prepared) -> None:
    """Keep no journal."""


def test_a_debit_moves_money_sequence_and_log_together(watcher: Watcher) -> None:
    before = watcher.session.read()
    after = watcher.session.spend(debit(before), nothing).face
    assert after == watcher.session.read()
    assert before.balance - after.balance == Money(650)
    assert after.sequence == before.sequence + 1
    assert (after.log[0].transaction_id, after.log[0].product) == (ID, 301)
    assert (after.log[0].amount, after.log[0].balance_after) == (Money(-650), after.balance)


def test_a_glance_is_enough_to_spend(watcher: Watcher) -> None:
    before = watcher.session.glance()
    after = watcher.session.spend(debit(before), nothing).face
    whole = watcher.session.read()
    assert replace(after, log=()) == replace(whole, log=())
    assert after.log[0] == whole.log[0]
    assert (before.balance - after.balance, whole.carries(ID)) == (Money(650), True)


def test_an_entry_leaves_the_purse_and_takes_one_from_its_book(watcher: Watcher) -> None:
    before = watcher.session.read()
    after = watcher.session.spend(entry(before), nothing).face
    assert (entries_of(before) - entries_of(after), after.balance) == (1, before.balance)
    assert (after.log[0].entries, after.log[0].amount) == (-1, None)


def test_a_bought_book_is_filled_in_the_commit_of_its_price(watcher: Watcher) -> None:
    before = watcher.session.read()
    bought = replace(debit(before, 1000), kind="purchase", product=102, book=3, entries=10)
    after = watcher.session.spend(bought, nothing).face
    assert entries_of(after) - entries_of(before) == 10
    assert before.balance - after.balance == Money(1000)


def test_a_bought_pass_is_written_in_the_commit_of_its_price(watcher: Watcher) -> None:
    before = watcher.session.read()
    grant = Grant(product=104, valid_from=TODAY, valid_until=TODAY + timedelta(days=29))
    bought = replace(debit(before, 1000), kind="purchase", product=104, grant=grant)
    after = watcher.session.spend(bought, nothing).face
    held = next(one for one in after.entitlements if one.code == 104)
    assert (held.valid_from, held.valid_until) == (grant.valid_from, grant.valid_until)
    assert len(after.entitlements) == len(before.entitlements) + 1


def test_a_renewed_pass_takes_the_place_of_the_old_one(watcher: Watcher) -> None:
    before = watcher.session.read()
    grant = Grant(product=201, valid_from=TODAY, valid_until=TODAY + timedelta(days=365))
    plain = debit(before)
    free = replace(plain, kind="purchase", product=201, grant=grant, amount=Money(0))
    after = watcher.session.spend(free, nothing).face
    assert len(after.entitlements) == len(before.entitlements)
    assert after.balance == before.balance


def test_what_is_prepared_tells_the_card_before_and_after(watcher: Watcher) -> None:
    told: list[Prepared] = []
    before = watcher.session.read()
    written = watcher.session.spend(debit(before), told.append)
    (one,) = told
    assert (one.number, one.transaction_id) == (before.number, ID)
    assert (one.sequence, one.commits) == (before.sequence, before.commits)
    assert (one.balance_before, one.balance_after) == (before.balance, written.face.balance)
    assert written.commits == one.commits + 1


def test_the_card_is_untouched_while_it_is_prepared(watcher: Watcher) -> None:
    before = watcher.session.read()

    def no_room(_: Prepared) -> None:
        raise StorageFull("no journal row, no commit")

    with pytest.raises(StorageFull):
        watcher.session.spend(debit(before), no_room)
    assert watcher.session.read() == before


@pytest.mark.parametrize(("cents", "entries"), [(1241, 0), (0, -8)])
def test_more_than_the_card_holds_is_refused_and_never_prepared(
    watcher: Watcher, cents: int, entries: int
) -> None:
    before = watcher.session.read()
    told: list[Prepared] = []
    spend = entry(before, entries) if entries else debit(before, cents)
    with pytest.raises(PurseEmpty):
        watcher.session.spend(spend, told.append)
    assert (watcher.session.read(), told) == (before, [])


def test_a_book_is_not_filled_past_its_ceiling(watcher: Watcher) -> None:
    before = watcher.session.read()
    with pytest.raises(PurseFull):
        watcher.session.spend(entry(before, 94), nothing)
    assert watcher.session.read() == before


@pytest.mark.parametrize("off", [-1, 1])
def test_a_spend_decided_on_another_face_is_never_written(watcher: Watcher, off: int) -> None:
    before = watcher.session.read()
    with pytest.raises(CardTampered):
        watcher.session.spend(replace(debit(before), sequence=before.sequence + off), nothing)
    assert watcher.session.read() == before


def test_the_same_spend_is_never_written_twice(watcher: Watcher) -> None:
    spend = debit(watcher.session.read())
    once = watcher.session.spend(spend, nothing)
    with pytest.raises(CardTampered):
        watcher.session.spend(spend, nothing)
    assert watcher.session.read() == once.face


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_a_torn_spend_is_whole_or_nothing(
    stand: Stand, watcher: Watcher, when: Tear, *, written: bool
) -> None:
    before = watcher.session.read()
    stand.tear(when)
    with pytest.raises(CardPulled):
        watcher.session.spend(debit(before), nothing)
    with pytest.raises(CardPulled):
        watcher.session.read()
    stand.lay_used()
    after = watcher.session.read()
    assert (after != before) is written
    assert after.carries(ID) is written
    assert (after.sequence == before.sequence + 1) is written


def test_a_lifted_card_and_a_foreign_thing_take_no_spend(stand: Stand, watcher: Watcher) -> None:
    before = watcher.session.read()
    stand.lift()
    with pytest.raises(CardPulled):
        watcher.session.spend(debit(before), nothing)
    stand.lay_foreign()
    with pytest.raises(CardForeign):
        watcher.session.spend(debit(before), nothing)
