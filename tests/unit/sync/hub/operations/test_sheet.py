"""A CSV that a spreadsheet opens and doesn't compute."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hub.operations.sheet import euros, guarded, shown, written


@pytest.mark.parametrize("text", ["=1+1", "+33", "-x", "@SUM(A1)", "\t=1", "  =1", "＝1", "-1,2,3"])
def test_what_could_be_a_formula_is_a_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12,34", "0,00", "17", "borne-1", "", "a=b"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_every_field_comes_back_and_none_begins_as_a_formula(fields: list[str]) -> None:
    data = written([fields]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))
    assert rows == [[guarded(one) for one in fields]]
    assert not any(one[:1] in "=+@\t" for one in rows[0] if one)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0,00"), (5, "0,05"), (-5, "-0,05"), (123_456, "1234,56")]
)
def test_cents_are_euros_with_a_comma(cents: int, text: str) -> None:
    assert euros(cents) == text


def test_the_file_says_that_it_is_utf_8() -> None:
    assert written([["é", 3]]) == b"\xef\xbb\xbf" + "é;3\r\n".encode()


@pytest.mark.parametrize(
    ("cents", "text"),
    [(99, "0,99"), (123_456_789, "1\u202f234\u202f567,89"), (-100_000, "-1\u202f000,00")],
)
def test_a_page_shows_thousands_apart(cents: int, text: str) -> None:
    assert shown(cents) == text
