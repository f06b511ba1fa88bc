"""Redeeming a code: one credit, whatever is typed, repeated, torn or tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.errors import (
    CodeClosed,
    CodeExpired,
    CodeForeign,
    CodeWrong,
    StorageFull,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupState
from kiosk.domain.purse import Load
from kiosk.domain.reload_code import CodeState, code_for
from kiosk.usecases.reload_progress import Stage
from tests.code_requests import NOW, OTHER_KEY
from tests.plain.cards import VirtualCard
from tests.unit.kiosk.usecases.code_world import AMOUNT, CodeWorld, living

BEFORE = Money(1240)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CodeWorld]:
    with living(tmp_path) as one:
        yield one


def load(number: int) -> Load:
    """Give a load that another kiosk delivers."""
    name = f"T-{number:012x}"
    return Load(number=number, amount=AMOUNT, transaction_id=name, label="Recharge", at=NOW)


def test_a_right_code_loads_the_card_once_it_is_laid(world: CodeWorld) -> None:
    row = world.ask()
    redeemed = world.redeemer.redeem(row.request.id, world.phone(row))
    assert redeemed.state is CodeState.GIVEN
    world.lay()
    assert world.card.face.balance == BEFORE + AMOUNT
    assert world.entries() == [("topup", row.request.id)]


def test_a_card_that_lies_there_is_written_at_once(world: CodeWorld) -> None:
    row = world.ask()
    world.money.card_laid(world.reader.lay(world.card))
    world.redeemer.redeem(row.request.id, world.phone(row))
    progress = world.money.follow(row.request.id)
    assert progress is not None
    assert progress.stage is Stage.DONE
    assert world.card.face.last_load == row.request.load_number


def test_following_what_never_began_shows_nothing(world: CodeWorld) -> None:
    assert world.money.follow("C-000000000099") is None


def test_the_same_code_twice_credits_once(world: CodeWorld) -> None:
    row = world.ask()
    for _ in range(3):
        world.redeemer.redeem(row.request.id, world.phone(row))
        world.lay()
    assert world.card.face.balance == BEFORE + AMOUNT
    assert world.entries() == [("topup", row.request.id)]


def test_another_kiosk_s_code_is_wrong_and_costs_a_try(world: CodeWorld) -> None:
    row = world.ask()
    with pytest.raises(CodeWrong) as wrong:
        world.redeemer.redeem(row.request.id, code_for(row.request, OTHER_KEY))
    assert wrong.value.left == 4


def test_the_code_of_an_edited_amount_is_wrong(world: CodeWorld) -> None:
    row = world.ask()
    dearer = replace(row, request=replace(row.request, amount=Money(4000)))
    with pytest.raises(CodeWrong):
        world.redeemer.redeem(row.request.id, world.phone(dearer))


def test_a_request_of_another_kiosk_is_foreign(world: CodeWorld) -> None:
    with pytest.raises(CodeForeign):
        world.redeemer.redeem("C-00000000ffff", "0" * 12)


def test_five_wrong_codes_close_the_request_even_for_the_right_one(world: CodeWorld) -> None:
    row = world.ask()
    for _ in range(4):
        with pytest.raises(CodeWrong):
            world.redeemer.redeem(row.request.id, world.wrong(row))
    with pytest.raises(CodeClosed):
        world.redeemer.redeem(row.request.id, world.wrong(row))
    with pytest.raises(CodeClosed):
        world.redeemer.redeem(row.request.id, world.phone(row))
    world.lay()
    assert world.card.face.balance == BEFORE


def test_wrong_codes_are_counted_over_restarts(world: CodeWorld) -> None:
    row = world.ask()
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as wrong:
            world.redeemer.redeem(row.request.id, world.wrong(row))
        assert wrong.value.left == left
        world.die()
        world.boot()
    with pytest.raises(CodeClosed):
        world.redeemer.redeem(row.request.id, world.wrong(row))


def test_a_code_that_is_a_day_old_is_refused(world: CodeWorld) -> None:
    row = world.ask()
    world.clock.move(hours=24)
    with pytest.raises(CodeExpired):
        world.redeemer.redeem(row.request.id, world.phone(row))


def test_an_accepted_code_typed_again_the_next_day_still_answers(world: CodeWorld) -> None:
    row = world.ask()
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.clock.move(days=2)
    assert world.redeemer.redeem(row.request.id, world.phone(row)).state is CodeState.GIVEN


def test_a_try_that_cannot_be_made_durable_is_not_compared(world: CodeWorld) -> None:
    row = world.ask()
    world.codes._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFull):
        world.redeemer.redeem(row.request.id, world.phone(row))
    world.codes._connection.execute("PRAGMA query_only = OFF")
    assert world.codes.find_code(row.request.id) == row


def test_a_load_delivered_elsewhere_is_not_written_again_after_eleven_more(
    world: CodeWorld,
) -> None:
    row = world.ask()
    for number in range(row.request.load_number, row.request.load_number + 3):
        world.card = VirtualCard(replace(world.card.write(load(number)), log=()))
    balance = world.card.face.balance
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.lay()
    assert world.card.face.balance == balance
    assert world.entries() == []
    found = world.ledger.find_topup(row.request.id)
    assert found is not None
    assert found.state is TopupState.MANUAL


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_card_torn_from_the_write_is_settled_at_its_next_tap(world: CodeWorld, when: str) -> None:
    row = world.ask()
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.card.tear("before" if when == "before" else "after")
    world.lay()
    world.lay()
    assert world.card.face.balance == BEFORE + AMOUNT
    assert world.entries() == [("topup", row.request.id)]


def test_a_card_blocked_meanwhile_is_owed_its_money(world: CodeWorld) -> None:
    row = world.ask()
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.card = VirtualCard(replace(world.card.face, blocked=True))
    world.lay()
    found = world.ledger.find_topup(row.request.id)
    assert found is not None
    assert (found.state, world.entries()) == (TopupState.REFUNDING, [])


def test_a_crash_between_acceptance_and_credit_is_taken_up_once(world: CodeWorld) -> None:
    row = world.ask()
    world.codes.save_code(replace(row, state=CodeState.ACCEPTED, tries=1))
    world.die()
    world.boot()
    assert (world.redeemer.settle(), world.redeemer.settle()) == (1, 0)
    world.lay()
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.lay()
    assert world.card.face.balance == BEFORE + AMOUNT
    assert world.entries() == [("topup", row.request.id)]


def test_a_crash_after_the_credit_began_begins_no_second_one(world: CodeWorld) -> None:
    row = world.ask()
    world.redeemer.redeem(row.request.id, world.phone(row))
    world.lay()
    # as if the last write of the request had been lost
    world.codes._connection.execute("UPDATE code_request SET state = 'accepted'")
    assert world.redeemer.settle() == 1
    world.lay()
    assert world.card.face.balance == BEFORE + AMOUNT


def test_a_kiosk_that_may_not_credit_leaves_the_load_to_the_hub(tmp_path: Path) -> None:
    with living(tmp_path, credits_=False) as world:
        row = world.ask()
        for _ in range(2):
            redeemed = world.redeemer.redeem(row.request.id, world.phone(row))
            assert redeemed.state is CodeState.PENDING
        world.lay()
        assert world.card.face.balance == BEFORE
        assert world.entries() == []
