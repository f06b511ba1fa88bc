"""A report: nobody in it, a code without look-alikes, and nothing that is too long."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused, ReportPersonal
from kiosk.domain.report import (
    NAMES,
    PLACE_MAX,
    TEXT_MAX,
    TOKEN_BYTES,
    Category,
    Report,
    code_of,
    code_typed,
    says_who,
)

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TOKENS = st.binary(min_size=TOKEN_BYTES, max_size=TOKEN_BYTES)


def report(*, code: str = "K7QF-2MXD", place: str = "Rue du Pont", text: str = "") -> Report:
    return Report(code=code, category=Category.ROAD, place=place, text=text, at=NOW)


def test_a_code_is_two_groups_of_four_signs() -> None:
    assert code_of(bytes(5)) == "AAAA-AAAA"
    assert code_of(b"\xff" * 5) == "9999-9999"


@given(first=TOKENS, second=TOKENS)
def test_two_tokens_make_two_codes(first: bytes, second: bytes) -> None:
    assert (code_of(first) == code_of(second)) == (first == second)


@given(token=TOKENS)
def test_a_code_has_no_signs_that_look_alike(token: bytes) -> None:
    assert not set(code_of(token)) & set("IO01")


@given(token=TOKENS)
def test_a_typed_code_is_read_with_or_without_its_dash_and_in_small_letters(token: bytes) -> None:
    code = code_of(token)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        assert code_typed(typed) == code


@pytest.mark.parametrize("typed", ["", "K7QF", "K7QF-2MX", "K7QF-2MXD5", "K7QF-2MX0", "—"])
def test_what_is_not_yet_a_code_is_none(typed: str) -> None:
    assert code_typed(typed) == ""


@pytest.mark.parametrize(
    "text", ["Appelez le 06 12 34 56 78", "+33612345678", "02.61.91.00.12", "anna@exemple.fr"]
)
def test_words_with_a_number_or_an_address_are_refused(text: str) -> None:
    assert says_who(text)
    with pytest.raises(ReportPersonal):
        report(text=text)


@pytest.mark.parametrize("text", ["", "Devant le 12, mât 4711", "Depuis 2 jours", "à @ deux"])
def test_words_that_name_a_place_are_taken(text: str) -> None:
    assert report(text=text).text == text


@pytest.mark.parametrize(
    "field",
    [
        {"code": "TRX"},
        {"code": "K7QF-2MX0"},
        {"place": ""},
        {"place": "x" * (PLACE_MAX + 1)},
        {"text": "x" * (TEXT_MAX + 1)},
    ],
)
def test_a_report_that_breaks_a_bound_is_refused(field: dict[str, str]) -> None:
    with pytest.raises(InputRefused):
        report(**field)


def test_every_category_has_its_names() -> None:
    assert set(NAMES) == set(Category)
    assert all(set(name) == {"fr", "en"} for name in NAMES.values())
