"""The tour's journey of a bill: its issuer, its reference and its sum, the payment, the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from kiosk.usecases.reload_progress import Stage as Step

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.bill import BillViewModel

CANTEEN = "900001"  # an issuer of the demonstration
SUM = "46,20"
Play: TypeAlias = "Callable[[Stage], None]"


def _issuers(stage: Stage) -> None:
    stage.show("bills", "")


def _reference(stage: Stage) -> None:
    _typed(stage, "2026CANT")


def _typed(stage: Stage, reference: str) -> None:
    stage.show("bill", CANTEEN)
    for key in reference:
        _bill(stage).press(key)
    stage.clock.move(1)


def _sum(stage: Stage) -> None:
    _typed(stage, _fresh(stage))
    _bill(stage).act()
    for key in SUM:
        _bill(stage).press(key)
    stage.clock.move(1)


def _check(stage: Stage) -> None:
    _sum(stage)
    _bill(stage).act()
    stage.clock.move(1)


def _pay(stage: Stage) -> None:
    _check(stage)
    _bill(stage).act()
    _reach(stage, Step.PAY)


def _paid(stage: Stage) -> None:
    _pay(stage)
    stage.tray.answer(True)
    _reach(stage, Step.DONE)


def _paid_before(stage: Stage) -> None:
    """Come with a bill that was just paid."""
    _paid(stage)
    bill = stage.kiosk.desk.wallet.progress
    assert bill is not None, "a bill was paid"
    assert bill.row.bill is not None, "a bill was paid"
    stage.kiosk.desk.again()
    _typed(stage, bill.row.bill.reference)
    _bill(stage).act()
    for key in SUM:
        _bill(stage).press(key)
    for _ in range(2):
        stage.clock.move(1)
        _bill(stage).act()
    stage.until(lambda: bool(stage.kiosk.desk.wallet.problem))


def _fresh(stage: Stage) -> str:
    """Give a reference that no stop before has paid: the stage's journal keeps them all."""
    return f"2026-CANT-{int(stage.clock.now().timestamp() * 1000) % 10**8:08}"


def _bill(stage: Stage) -> BillViewModel:
    return cast("BillViewModel", stage.app.opened)


def _reach(stage: Stage, step: Step) -> None:
    def reached() -> bool:
        progress = stage.kiosk.desk.wallet.progress
        return progress is not None and progress.stage is step

    stage.until(reached)
    stage.clock.move(1)


BILL: Mapping[str, Play] = {
    "bills-issuers": _issuers,
    "bill-reference": _reference,
    "bill-sum": _sum,
    "bill-check": _check,
    "bill-pay": _pay,
    "bill-receipt": _paid,
    "bill-paid-before": _paid_before,
}
