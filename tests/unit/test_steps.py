"""The steps that the screens are tested with are played by the real use case."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.app.console import Place
from kiosk.app.context import context_of
from kiosk.app.installed import installed
from kiosk.domain.money import Money
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.steps import NAMES, STEPS, VARIANTS, play
from ui.context import Context

STAGES = {
    "topup-pay": Stage.PAY,
    "topup-card": Stage.CARD,
    "topup-torn": Stage.CARD_AGAIN,
    "topup-declined": Stage.CANCELED,
    "receipt": Stage.DONE,
}


@pytest.fixture
def context(tmp_path: Path, clock: MovedClock) -> Context:
    return context_of(installed(Place(data=tmp_path)), clock)


@pytest.mark.parametrize(("name", "stage"), STAGES.items())
def test_a_step_stands_where_its_name_says(context: Context, name: str, stage: Stage) -> None:
    play(name, context)
    progress = context.wallet.progress
    assert progress is not None
    assert progress.stage is stage


def test_a_receipt_is_that_of_a_booked_entry(context: Context) -> None:
    play("receipt", context)
    progress, reading = context.wallet.progress, context.wallet.reading
    assert progress is not None
    assert reading is not None
    assert progress.row.entry == 1
    assert reading.face.balance == Money(3240)


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_played_is_marked_as_simulated(context: Context, name: str) -> None:
    play(name, context)
    assert context.wallet.simulated


def test_each_step_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(STEPS) + len(VARIANTS)


def test_playing_leaves_nothing_in_the_kiosk_s_folder(context: Context, tmp_path: Path) -> None:
    play("receipt", context)
    assert not (tmp_path / "ledger.db").exists()
