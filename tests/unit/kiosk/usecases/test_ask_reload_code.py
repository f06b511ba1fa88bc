"""Asking to be paid while offline: what is kept, what is shown again, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.errors import (
    AmountRefused,
    CardBlocked,
    CardExpired,
    LimitReached,
    PurseFull,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import card_tag
from tests.plain.cards import VirtualCard
from tests.plain.faces import empty_card
from tests.unit.kiosk.usecases.code_world import CodeWorld, living


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CodeWorld]:
    with living(tmp_path) as one:
        yield one


def test_a_request_names_the_card_s_tag_and_its_next_load(world: CodeWorld) -> None:
    asked = world.ask().request
    face = world.card.face
    assert (asked.card, asked.load_number) == (card_tag(face.number, DEMO_CARD_KEY), 4)
    assert (asked.kiosk, asked.product, asked.amount) == ("borne-01", 0, Money(2000))


def test_a_request_is_kept_before_it_is_shown(world: CodeWorld) -> None:
    row = world.ask()
    world.die()
    world.boot()
    assert world.codes.find_code(row.request.id) == row


def test_asked_again_the_same_request_is_shown(world: CodeWorld) -> None:
    row = world.ask()
    world.clock.move(minutes=29)
    assert world.ask() == row


def test_another_sum_is_another_request(world: CodeWorld) -> None:
    assert world.ask().request.id != world.ask(Money(1000)).request.id


def test_a_request_that_can_no_more_be_paid_is_not_shown_again(world: CodeWorld) -> None:
    row = world.ask()
    world.clock.move(minutes=31)
    assert world.ask().request.id != row.request.id


def test_the_twenty_first_request_of_a_day_is_refused(world: CodeWorld) -> None:
    for cents in range(100, 120):
        world.ask(Money(cents))
    with pytest.raises(LimitReached):
        world.ask(Money(120))
    world.clock.move(hours=24, seconds=1)
    assert world.ask(Money(120)).request.amount == Money(120)


@pytest.mark.parametrize(
    ("amount", "error"), [(5001, AmountRefused), (99, AmountRefused), (14_000, PurseFull)]
)
def test_a_sum_that_the_card_or_the_code_may_not_take_is_refused(
    world: CodeWorld, amount: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        world.ask(Money(amount))


@pytest.mark.parametrize(
    ("change", "error"),
    [({"blocked": True}, CardBlocked), ({"valid_until": date(2026, 1, 1)}, CardExpired)],
)
def test_a_card_that_cannot_be_loaded_asks_for_nothing(
    world: CodeWorld, change: dict[str, object], error: type[Exception]
) -> None:
    world.card = VirtualCard(replace(world.card.face, **change))  # type: ignore[arg-type]
    with pytest.raises(error):
        world.ask()


def test_a_card_s_waiting_code_is_found_until_its_day_is_over(world: CodeWorld) -> None:
    assert world.awaited() is None
    row = world.ask()
    world.clock.move(hours=23)
    assert world.awaited() == row
    world.clock.move(hours=1)
    assert world.awaited() is None


def test_another_card_s_code_is_not_awaited(world: CodeWorld) -> None:
    world.ask()
    world.card = empty_card(world.clock.now())
    assert world.awaited() is None
