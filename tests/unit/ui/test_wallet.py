"""The wallet: what was typed, what may be loaded, what stays when card or citizen leave."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.usecases.read_card import read_card
from tests.plain.cards import VirtualReader
from tests.plain.faces import used_card
from ui.wallet import ERASE, Wallet, draft_of, sum_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
KEYS = [*"0123456789", ",", ERASE]


def holding() -> Wallet:
    """A wallet whose card lies there with 12,40 €."""
    session = VirtualReader().lay(used_card(NOW))
    reading = read_card(session, today=date(2026, 11, 22), limits=TopupLimits())
    return Wallet(lying=True, reading=reading, last_four="4821", masked=True)


def typed(keys: str) -> Wallet:
    wallet = holding()
    for key in keys:
        wallet = wallet.typed(key)
    return wallet


@pytest.mark.parametrize(
    ("keys", "draft"),
    [
        ("20", "20"),
        ("12,50", "12,50"),
        ("12,505", "12,50"),
        ("12,,5", "12,5"),
        (",5", "5"),
        ("0", "0"),
        ("007", "0"),
        ("0,50", "0,50"),
        ("1234", "123"),
        ("a20", "20"),
    ],
)
def test_keys_that_don_t_make_a_sum_change_nothing(keys: str, draft: str) -> None:
    assert typed(keys).draft == draft


@pytest.mark.parametrize(
    ("draft", "cents"),
    [("20", 2000), ("12,5", 1250), ("12,50", 1250), ("12,05", 1205), ("12,", 1200), ("0,07", 7)],
)
def test_a_typed_sum_is_read_in_cents(draft: str, cents: int) -> None:
    assert sum_of(draft) == Money(cents)


@pytest.mark.parametrize("draft", ["", "0", "0,", "0,0", "0,00"])
def test_nothing_typed_is_no_sum(draft: str) -> None:
    assert sum_of(draft) is None


@given(st.integers(1, 99_999))
def test_a_sum_that_is_typed_as_it_is_shown_is_that_sum(cents: int) -> None:
    assert sum_of(draft_of(Money(cents))) == Money(cents)


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_whatever_is_pressed_the_draft_can_be_read(keys: list[str]) -> None:
    wallet = Wallet()
    for key in keys:
        wallet = wallet.typed(key)
    found = sum_of(wallet.draft)
    assert found is None or Money(1) <= found <= Money(99_999)


def test_erasing_takes_the_last_key_back_and_stops_at_nothing() -> None:
    wallet = typed("12").typed(ERASE)
    assert wallet.draft == "1"
    assert wallet.typed(ERASE).typed(ERASE).draft == ""


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ("0,99", "amount.refused"),
        ("1", ""),
        ("137,60", ""),
        ("137,61", "purse.full"),
        ("151", "amount.refused"),
    ],
)
def test_a_sum_is_refused_for_what_is_wrong_with_it(keys: str, key: str) -> None:
    wallet = typed(keys)
    found = sum_of(wallet.draft)
    assert found is not None
    assert wallet.refusal(found) == key
    assert wallet.amount == (found if key == "" else None)


def test_lifting_the_card_leaves_nothing_private() -> None:
    left = holding().lifted()
    assert left.reading is None
    assert not left.lying
    assert not left.masked
    assert left.last_four == "4821"


def test_the_end_of_the_visit_leaves_only_what_the_kiosk_is() -> None:
    wallet = typed("20")
    assert wallet.forgotten() == Wallet(lying=True)


def test_the_end_of_the_visit_keeps_money_closed_and_the_demo_marked() -> None:
    wallet = Wallet(closed="ledger.busy", simulated=True, reader=False)
    assert wallet.forgotten() == wallet
