"""What the screen is told of a top-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.purse import Operation
from kiosk.usecases.reload_progress import Run, Stage
from tests.plain.faces import used_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
ROW = TopupRow(
    id="T-1",
    state=TopupState.AUTHORIZED,
    card="tag",
    amount=Money(2000),
    provider="simulator",
    balance_before=Money(1240),
    created_at=NOW,
    changed_at=NOW,
)


@pytest.mark.parametrize("state", TopupState)
def test_every_state_has_its_stage(state: TopupState) -> None:
    assert Run(row=replace(ROW, state=state)).progress.stage in Stage


def test_accepted_is_never_shown_as_done() -> None:
    shown = {s: Run(row=replace(ROW, state=s)).progress.stage for s in TopupState}
    assert [s for s, stage in shown.items() if stage is Stage.DONE] == [TopupState.DONE]
    assert shown[TopupState.CAPTURING] is Stage.CONFIRMING


def test_the_new_balance_is_foretold_before_the_card_says_it() -> None:
    face = used_card(NOW).face
    assert Run(row=ROW).progress.balance == Money(3240)
    assert Run(row=ROW, face=face).progress.balance == Money(3240)
    assert Run(row=replace(ROW, balance_before=None)).progress.balance is None


def test_the_card_is_believed_once_it_was_written() -> None:
    line = Operation(
        seq=13,
        kind="load",
        label="Recharge",
        at=NOW,
        amount=Money(2000),
        transaction_id="T-1",
    )
    face = replace(used_card(NOW).face, balance=Money(2590), log=(line,))
    assert Run(row=ROW, face=face).progress.balance == Money(2590)


def test_a_passing_message_comes_before_the_rows_note() -> None:
    noted = replace(ROW, note="purse.full")
    assert Run(row=noted).progress.message_key == "purse.full"
    assert Run(row=noted, message_key="card.pulled").progress.message_key == "card.pulled"
