"""Noise between reader and chip through the whole use case: never a wrong balance (CARD.md, 5).

Longer runs: ``NOISE_RUNS=2000 NOISE_SEED=7 pytest tests/e2e/card/test_noise.py``.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from cardreader.card_app import PurseCardSession
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import Corrupting
from kiosk.domain.errors import AlveoleError
from kiosk.domain.sale import Order
from tests.e2e.card.chip_world import DESK, ChipSpends, apdus_of
from tests.unit.kiosk.usecases.spend_world import BOOK, CINEMA, ENTRY

SEED, RUNS = int(os.environ.get("NOISE_SEED", "1")), int(os.environ.get("NOISE_RUNS", "40"))
TAPS = 4


@pytest.mark.parametrize("rate", [0.02, 0.1])
@pytest.mark.parametrize("product", [CINEMA, ENTRY, BOOK])
def test_noise_never_books_what_the_card_did_not_give(
    tmp_path: Path, product: int, rate: float
) -> None:
    """Every flipped bit is refused or settled: card and ledger agree, no face ever lies."""
    flips = 0
    for seed in range(SEED, SEED + RUNS):
        place = tmp_path / str(seed)
        place.mkdir()
        world = ChipSpends(place / "ledger.db")
        card = world.other if product == BOOK else world.card
        noisy = Corrupting(apdus_of(card), seed, rate=rate)
        kiosk = world.boot()
        kiosk.ask(Order(product=product))
        for _ in range(TAPS):
            with suppress(AlveoleError):
                told = kiosk.card_laid(PurseCardSession(InMemoryTransport(noisy), DESK))
                if told is not None and told.face is not None:
                    assert (seed, told.face.balance) == (seed, card.face.balance)
            kiosk.card_lifted()
        flips += noisy.flips
        kiosk.leave()
        world.finish()  # in silence
        assert (seed, world.faults()) == (seed, [])
    assert flips > RUNS
