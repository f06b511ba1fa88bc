"""The tour's journeys: the steps that no route alone leads to, played on the demo's tray."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kiosk.app.tour import Stop
from kiosk.usecases.reload_progress import Stage as Step

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.search import SearchViewModel
    from ui.viewmodels.topup import TopupViewModel

OWN, EMPTY, BANK = 0, 1, 2  # the things on the tray, as cardreader.virtual.demo lays them out
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
        Stop(screen="topup-amount", play=_amount),
        Stop(screen="topup-pay", play=_pay),
        Stop(screen="topup-card", play=_ask_for_the_card),
        Stop(screen="topup-other-card", play=_other_card),
        Stop(screen="topup-receipt", play=_receipt),
        Stop(screen="topup-receipt-qr", play=_receipt_to_go),
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


def _receipt_to_go(stage: Stage) -> None:
    _receipt(stage)
    _topup(stage).receipt("qr")
    stage.until(lambda: bool(stage.kiosk.desk.wallet.given and stage.kiosk.desk.wallet.given.qr))


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
