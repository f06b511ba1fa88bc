"""A bounded, seeded part of the fuzzing of card answers; card_answers.py goes on for hours."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.card_answers import STEPS, one_input

INPUTS = 400
STATUSES = [bytes.fromhex(one) for one in ("9100", "9100", "91af", "91ae", "9000", "6a82", "")]
LENGTHS = (0, 1, 4, 8, 12, 16, 32, 40, 48, 56, 59, 64, 80, 96)


def answers(dice: random.Random) -> bytes:
    """Give a few answers of plausible lengths and statuses."""
    pieces = [
        dice.randbytes(dice.choice(LENGTHS)) + dice.choice(STATUSES)
        for _ in range(dice.randrange(1, 12))
    ]
    return b"".join(bytes((len(one),)) + one for one in pieces)


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_no_answers_raise_anything_undeclared(step: int) -> None:
    dice = random.Random(step)
    for _ in range(INPUTS):
        one_input(bytes((step,)) + answers(dice))


def test_no_bytes_raise_anything_undeclared() -> None:
    dice = random.Random(4)
    for _ in range(INPUTS):
        one_input(dice.randbytes(dice.randrange(200)))


def test_an_input_of_nothing_is_no_input() -> None:
    one_input(b"")
