"""The keys of a scanner that types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.sealed import TEXT_MAX
from kiosk.domain.wedge import GAP_MAX_S, WedgeBuffer


def typed(text: str, *, pace_s: float = 0.002) -> str:
    buffer, at = WedgeBuffer(), 0.0
    for letter in text:
        at += pace_s
        buffer.press(letter, at)
    return buffer.enter(at + pace_s)


@given(st.text(max_size=TEXT_MAX))
def test_what_is_typed_at_a_scanner_s_pace_is_given_whole(text: str) -> None:
    assert typed(text) == text


def test_a_code_is_given_once() -> None:
    buffer = WedgeBuffer()
    buffer.press("A", 0)
    assert [buffer.enter(0), buffer.enter(0)] == ["A", ""]


def test_a_text_that_is_too_long_is_dropped_whole() -> None:
    assert typed("A" * (TEXT_MAX + 1)) == ""


def test_after_a_spilled_text_the_next_one_is_read() -> None:
    buffer = WedgeBuffer()
    for _ in range(TEXT_MAX + 50):
        buffer.press("A", 0)
    buffer.enter(0)
    buffer.press("B", 0)
    assert buffer.enter(0) == "B"


def test_a_hand_s_pace_makes_no_code() -> None:
    assert typed("ALV1", pace_s=GAP_MAX_S + 0.1) == ""


def test_a_pause_ends_what_was_begun() -> None:
    buffer = WedgeBuffer()
    buffer.press("A", 0)
    buffer.press("B", 2)
    assert buffer.enter(2) == "B"


@pytest.mark.parametrize("at", [GAP_MAX_S + 0.1, 60])
def test_an_enter_that_comes_later_ends_nothing(at: float) -> None:
    buffer = WedgeBuffer()
    buffer.press("A", 0)
    assert buffer.enter(at) == ""
