"""The tour's journeys: the steps that no route alone leads to, played on the demo's tray."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kiosk.app.tour import Stop
from kiosk.usecases.reload_progress import Stage as Step
from ui.sale import SaleStage

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.pin import PinViewModel
    from ui.viewmodels.search import SearchViewModel
    from ui.viewmodels.topup import TopupViewModel

OWN, EMPTY, BANK = 0, 1, 2  # the things on the tray (kiosk.app.demo_tray)
POOL_ENTRY, POOL_BOOK = "101", "102"  # products of the demonstration
SUM = "2000"


def journeys() -> list[Stop]:
    """Give the journeys: search, take-away, a way, card, top-up with its ends, idle."""
    return [
        Stop(screen="search-results", play=_search),
        Stop(screen="takeaway", play=_take_away),
        Stop(screen="itinerary-way", play=_way),
        Stop(screen="listening", play=_listen),
        Stop(screen="card-read", play=_card),
        Stop(screen="card-masked", play=_masked),
        Stop(screen="card-foreign", play=_foreign),
        Stop(screen="shop", play=_shop),
        Stop(screen="sale-confirm", play=_sale),
        Stop(screen="sale-done", play=_sold),
        Stop(screen="sale-torn", play=_torn),
        Stop(screen="sale-refused", play=_poor),
        Stop(screen="account", play=_account),
        Stop(screen="pin", play=_pin),
        Stop(screen="topup-amount", play=_amount),
        Stop(screen="topup-pay", play=_pay),
        Stop(screen="topup-card", play=_ask_for_the_card),
        Stop(screen="topup-other-card", play=_other_card),
        Stop(screen="topup-receipt", play=_receipt),
        Stop(screen="topup-declined", play=_declined),
        Stop(screen="idle", play=_idle),
    ]


def _search(stage: Stage) -> None:
    stage.show("search", "")
    cast("SearchViewModel", stage.app.opened).write("pisc")


def _take_away(stage: Stage) -> None:
    stage.show("agenda", "agenda")
    stage.follow()
    stage.app.opened.act()


def _way(stage: Stage) -> None:
    stage.show("itinerary", "itineraire")
    stage.follow()


def _listen(stage: Stage) -> None:
    stage.app.listen()


def _card(stage: Stage) -> None:
    stage.tray.lay(OWN)
    stage.until(lambda: stage.route == "card" and stage.kiosk.desk.wallet.reading is not None)
    stage.clock.move(1)


def _masked(stage: Stage) -> None:
    _card(stage)
    stage.kiosk.desk.mask()


def _foreign(stage: Stage) -> None:
    stage.tray.lay(BANK)
    stage.until(lambda: stage.route == "card" and bool(stage.kiosk.desk.wallet.problem))


def _shop(stage: Stage) -> None:
    _card(stage)
    stage.show("shop", "")


def _sale(stage: Stage) -> None:
    _card(stage)
    stage.show("sale", POOL_ENTRY)
    stage.clock.move(1)


def _sold(stage: Stage) -> None:
    _sale(stage)
    stage.app.opened.act()
    stage.until(lambda: stage.kiosk.context.sale.stage is SaleStage.DONE)
    stage.clock.move(1)


def _torn(stage: Stage) -> None:
    _card(stage)
    stage.show("sale", POOL_ENTRY)
    stage.clock.move(1)
    stage.tray.tear()
    stage.app.opened.act()
    stage.until(lambda: stage.kiosk.context.sale.stage is SaleStage.AGAIN)


def _poor(stage: Stage) -> None:
    stage.tray.lay(EMPTY)
    stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)
    stage.show("sale", POOL_BOOK)


def _account(stage: Stage) -> None:
    _card(stage)
    stage.show("account", "")


def _pin(stage: Stage) -> None:
    _account(stage)
    stage.app.opened.act()
    cast("PinViewModel", stage.app.opened).press("4")


def _amount(stage: Stage) -> None:
    _card(stage)
    stage.app.opened.act()
    _topup(stage).choose(SUM)


def _pay(stage: Stage) -> None:
    _amount(stage)
    stage.clock.move(1)
    stage.app.opened.act()
    _reach(stage, Step.PAY)


def _ask_for_the_card(stage: Stage) -> None:
    _pay(stage)
    stage.tray.lift()
    stage.until(lambda: not stage.kiosk.desk.wallet.lying)
    stage.tray.answer(True)
    _reach(stage, Step.CARD)


def _other_card(stage: Stage) -> None:
    _ask_for_the_card(stage)
    stage.tray.lay(EMPTY)
    stage.until(lambda: bool(stage.kiosk.desk.wallet.problem))


def _receipt(stage: Stage) -> None:
    _ask_for_the_card(stage)
    stage.tray.lay(OWN)
    _reach(stage, Step.DONE)


def _declined(stage: Stage) -> None:
    _pay(stage)
    stage.tray.answer(False)
    _reach(stage, Step.CANCELED)


def _idle(stage: Stage) -> None:
    stage.app.touched()
    stage.clock.move(46)
    stage.app.tick()


def _topup(stage: Stage) -> TopupViewModel:
    return cast("TopupViewModel", stage.app.opened)


def _reach(stage: Stage, step: Step) -> None:
    """Wait for a step of the top-up, asking as the kiosk does each second."""

    def reached() -> bool:
        progress = stage.kiosk.desk.wallet.progress
        return progress is not None and progress.stage is step

    stage.until(reached)
    stage.clock.move(1)
