"""What a kiosk's code for the counter says, and which digits are no code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.counter_code import (
    EntryAsked,
    LoadAsked,
    entry_code,
    four_of,
    grouped,
    load_code,
    read_counter_code,
)
from kiosk.domain.errors import CounterCodeWrong, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue
from tests.tickets import POOL

SOLD = Catalogue.of([POOL])
LOAD = load_code(Money(2_000), "4821")
ENTRY = entry_code(POOL, "child", 3)


@given(st.integers(1, 99_999), st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_a_top_up_s_code_says_its_sum_and_its_card(cents: int, four: str) -> None:
    code = load_code(Money(cents), four)
    assert len(code) == 12
    assert read_counter_code(code, SOLD) == LoadAsked(amount=Money(cents), four=four)


@given(st.integers(1, 65_535), st.sampled_from(sorted(POOL.prices)), st.integers(1, 9))
def test_an_entry_s_code_says_product_tariff_and_people(
    number: int, tariff: str, persons: int
) -> None:
    product = replace(POOL, code=number)
    code = entry_code(product, tariff, persons)
    asked = read_counter_code(code, Catalogue.of([product]))
    assert len(code) == 10
    assert asked == EntryAsked(product=number, tariff=tariff, persons=persons)


@given(st.sampled_from([LOAD, ENTRY]), st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(code: str, place: int, by: int) -> None:
    place %= len(code)
    wrong = f"{code[:place]}{(int(code[place]) + by) % 10}{code[place + 1 :]}"
    with pytest.raises(CounterCodeWrong):
        read_counter_code(wrong, SOLD)


@pytest.mark.parametrize("code", [LOAD, ENTRY])
def test_every_swap_of_two_neighbours_is_found(code: str) -> None:
    for place in range(len(code) - 1):
        one, two = code[place], code[place + 1]
        if one != two:
            with pytest.raises(CounterCodeWrong):
                read_counter_code(f"{code[:place]}{two}{one}{code[place + 2 :]}", SOLD)


@pytest.mark.parametrize(
    "typed", ["", "1", LOAD[:-1], LOAD + "0", ENTRY[:-1], "a" * 12, "²" * 12, "9" * 5_000]
)
def test_other_signs_are_no_code(typed: str) -> None:
    with pytest.raises(CounterCodeWrong):
        read_counter_code(typed, SOLD)


def checked(digits: str) -> str:
    """Give digits that say nonsense, with sound check digits."""
    return f"{digits}{98 - int(digits) * 100 % 97:02d}"


@pytest.mark.parametrize("digits", ["1000004821", "20010110", "3020004821", "10010113"])
def test_sound_digits_that_ask_for_nothing_are_no_code(digits: str) -> None:
    with pytest.raises(CounterCodeWrong):
        read_counter_code(checked(digits), SOLD)


def test_an_entry_that_isn_t_sold_any_more_is_told() -> None:
    with pytest.raises(ProductUnknown):
        read_counter_code(ENTRY, Catalogue.of([]))


def test_a_product_that_is_no_entry_any_more_is_told() -> None:
    lesson = replace(POOL, kind="service")
    with pytest.raises(ProductUnknown):
        read_counter_code(ENTRY, Catalogue.of([lesson]))


def test_a_tariff_that_isn_t_sold_any_more_is_told() -> None:
    dearer = replace(POOL, prices={"full": Money(400)})
    with pytest.raises(ProductUnknown):
        read_counter_code(entry_code(POOL, "full", 2), Catalogue.of([dearer]))


@pytest.mark.parametrize("cents", [0, 100_000])
def test_a_sum_that_no_code_can_say_has_none(cents: int) -> None:
    assert load_code(Money(cents), "4821") == ""


def test_without_a_card_a_top_up_has_no_code() -> None:
    assert load_code(Money(2_000), "") == ""


@pytest.mark.parametrize(("tariff", "persons"), [("friend", 1), ("full", 0), ("full", 10)])
def test_an_entry_that_no_code_can_say_has_none(tariff: str, persons: int) -> None:
    assert entry_code(POOL, tariff, persons) == ""


def test_the_eleventh_tariff_has_no_code() -> None:
    many = {f"t{place:02d}": Money(100) for place in range(10)}
    product = replace(POOL, prices={**many, "zz": Money(100), "full": Money(100)})
    assert entry_code(product, "zz", 1) == ""


@pytest.mark.parametrize(("four", "digits"), [("4821", "4821"), ("21", "0021"), ("ABc9", "7819")])
def test_a_card_s_last_signs_are_four_digits(four: str, digits: str) -> None:
    assert four_of(four) == digits


def test_a_code_is_shown_in_groups_of_four() -> None:
    assert grouped(LOAD).split("\u00a0") == [LOAD[:4], LOAD[4:8], LOAD[8:]]
    assert grouped(ENTRY).split("\u00a0") == [ENTRY[:4], ENTRY[4:8], ENTRY[8:]]
