"""The tour's journeys of what is paid at the counter: the kiosk's code, and what it opens there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kiosk.app.tour import Stop
from kiosk.app.tour_journeys import (
    OWN,
    POOL_ENTRY,
    SUM,
    Play,
    pay_ticket,
    pay_topup,
    reach,
    typed,
)
from kiosk.domain.counter_code import entry_code, load_code
from kiosk.domain.money import Money
from kiosk.domain.product import FULL
from kiosk.usecases.reload_progress import Stage as Step

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.till import TillsumViewModel

LOAD = load_code(Money(int(SUM)), "4821")  # of the tray's own card


def at_the_kiosk() -> list[Stop]:
    """Give the codes; they come before the journey whose card is owed a load ever after."""
    return [
        Stop(screen="topup-counter", play=_at_the_counter(pay_topup)),
        Stop(screen="ticket-counter", play=_at_the_counter(pay_ticket)),
    ]


def at_the_till() -> list[Stop]:
    """Give what the codes open; they come behind the journeys that find the till closed."""
    return [
        Stop(screen="till-code", play=typed("code", LOAD), role="counter"),
        Stop(screen="till-code-wrong", play=_wrong, role="counter"),
        Stop(screen="till-code-load", play=_load, role="counter"),
        Stop(screen="till-code-other-card", play=_other_card, role="counter"),
        Stop(screen="till-code-entry", play=_entry, role="counter"),
        Stop(screen="till-code-ticket", play=_ticket, role="counter"),
        Stop(screen="till-duplicate", play=typed("duplicate", "12"), role="counter"),
    ]


def _at_the_counter(pay: Play) -> Play:
    def play(stage: Stage) -> None:
        pay(stage)
        stage.app.opened.open("counter", "")

    return play


def _hand_over(stage: Stage, code: str) -> None:
    typed("code", code)(stage)
    stage.app.opened.act()


def _wrong(stage: Stage) -> None:
    _hand_over(stage, f"{int(LOAD) + 1}")
    stage.until(lambda: bool(stage.kiosk.context.till.problem))


def _load(stage: Stage) -> None:
    _hand_over(stage, LOAD)
    stage.until(lambda: stage.app.opened.argument.startswith("cash/"))


def _other_card(stage: Stage) -> None:
    _hand_over(stage, load_code(Money(int(SUM)), "9999"))
    stage.until(lambda: stage.app.opened.argument.startswith("cash/"))
    stage.tray.lay(OWN)
    stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)


def _entry(stage: Stage) -> None:
    """Open what a code of two pool entries asks for, and type what is given."""
    pool = stage.kiosk.context.territory.products.product(int(POOL_ENTRY))
    _hand_over(stage, entry_code(pool, FULL, 2))
    stage.until(lambda: stage.app.opened.argument.startswith("entry/"))
    stage.clock.move(1)
    for key in "10":
        cast("TillsumViewModel", stage.app.opened).press(key)


def _ticket(stage: Stage) -> None:
    _entry(stage)
    stage.app.opened.act()
    reach(stage, Step.DONE)
