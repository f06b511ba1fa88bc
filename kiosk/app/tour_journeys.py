"""The tour's journeys: the steps that no route alone leads to, played on the demo's tray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from kiosk.app.demo_papers import FORGED, GOOD, USED, YESTERDAYS
from kiosk.app.demonstration import HOLDER_PIN, SECOND_PIN, STAFF_PIN
from kiosk.app.tour import Stop
from kiosk.app.tour_bills import BILL
from kiosk.app.tour_reports import REPORT
from kiosk.domain.till import TillState
from kiosk.usecases.reload_progress import Stage as Step
from ui.sale import SaleStage
from ui.views.topup_code import OFFLINE

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.pin import PinViewModel
    from ui.viewmodels.search import SearchViewModel
    from ui.viewmodels.ticket import TicketViewModel
    from ui.viewmodels.till import TillsumViewModel
    from ui.viewmodels.topup import TopupViewModel
    from ui.wallet import CodeWait

# the things on the tray (kiosk.app.demo_tray)
OWN, EMPTY, BANK, BADGE, BLANK, LIBRARY_BADGE, SECOND_BADGE = 0, 1, 2, 4, 5, 6, 7
FIRST_PAPER = 8  # behind them, at a gate
POOL_ENTRY, POOL_BOOK = "101", "102"  # products of the demonstration
SUM = "2000"
Play: TypeAlias = "Callable[[Stage], None]"


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
        Stop(screen="card-badge", play=_badge_of_a_library),
        Stop(screen="shop", play=_shop),
        Stop(screen="sale-confirm", play=_sale),
        Stop(screen="sale-done", play=_sold),
        Stop(screen="sale-torn", play=_torn),
        Stop(screen="sale-refused", play=_poor),
        Stop(screen="entries", play=_entries),
        Stop(screen="ticket-choice", play=_ticket_choice),
        Stop(screen="ticket-pay", play=pay_ticket),
        Stop(screen="ticket", play=_ticket),
        *(Stop(screen=screen, play=play) for screen, play in BILL.items()),
        *(Stop(screen=screen, play=play) for screen, play in REPORT.items()),
        Stop(screen="account", play=_account),
        Stop(screen="account-open", play=_account_open),
        Stop(screen="pin", play=_pin),
        Stop(screen="topup-amount", play=_amount),
        Stop(screen="topup-pay", play=pay_topup),
        Stop(screen="topup-terminal", play=_on_the_terminal),
        Stop(screen="topup-card", play=_ask_for_the_card),
        Stop(screen="topup-other-card", play=_other_card),
        Stop(screen="topup-receipt", play=_receipt),
        Stop(screen="topup-receipt-qr", play=_receipt_to_go),
        Stop(screen="topup-declined", play=_declined),
        *(Stop(screen=screen, play=play) for screen, play in OFFLINE_CODE.items()),
        Stop(screen="idle", play=_idle),
        *(Stop(screen=screen, play=play, role="gate") for screen, play in GATE.items()),
        *(Stop(screen=screen, play=play, role="counter") for screen, play in COUNTER.items()),
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


def _entries(stage: Stage) -> None:
    stage.show("entries", "")


def _ticket_choice(stage: Stage) -> None:
    stage.show("ticket", POOL_ENTRY)
    cast("TicketViewModel", stage.app.opened).more()
    stage.clock.move(1)


def pay_ticket(stage: Stage) -> None:
    """Come to where an entry is paid."""
    _ticket_choice(stage)
    stage.app.opened.act()
    reach(stage, Step.PAY)


def _ticket(stage: Stage) -> None:
    pay_ticket(stage)
    stage.tray.answer(True)
    reach(stage, Step.DONE)


def _account(stage: Stage) -> None:
    _card(stage)
    stage.show("account", "")


def _account_open(stage: Stage) -> None:
    _account(stage)
    stage.app.opened.act()
    _enter(stage, HOLDER_PIN)
    stage.until(lambda: stage.kiosk.context.identity.loans is not None)


def _pin(stage: Stage) -> None:
    _account(stage)
    stage.app.opened.act()
    cast("PinViewModel", stage.app.opened).press("4")


def _badge_of_a_library(stage: Stage) -> None:
    stage.tray.lay(LIBRARY_BADGE)
    stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)


def _amount(stage: Stage) -> None:
    _card(stage)
    stage.app.opened.act()
    _topup(stage).choose(SUM)


def pay_topup(stage: Stage) -> None:
    """Come to where a top-up is paid."""
    _amount(stage)
    stage.clock.move(1)
    stage.app.opened.act()
    reach(stage, Step.PAY)


def _on_the_terminal(stage: Stage) -> None:
    assert stage.kiosk.demo is not None, "the tour plays on the demonstration"
    stage.kiosk.demo.bank.terminal()
    pay_topup(stage)


def _ask_for_the_card(stage: Stage) -> None:
    pay_topup(stage)
    stage.tray.lift()
    stage.until(lambda: not stage.kiosk.desk.wallet.lying)
    stage.tray.answer(True)
    reach(stage, Step.CARD)


def _other_card(stage: Stage) -> None:
    _ask_for_the_card(stage)
    stage.tray.lay(EMPTY)
    stage.until(lambda: bool(stage.kiosk.desk.wallet.problem))


def _receipt(stage: Stage) -> None:
    _ask_for_the_card(stage)
    stage.tray.lay(OWN)
    reach(stage, Step.DONE)


def _receipt_to_go(stage: Stage) -> None:
    _receipt(stage)
    _topup(stage).receipt("qr")
    stage.until(lambda: bool(stage.kiosk.desk.wallet.given and stage.kiosk.desk.wallet.given.qr))


def _declined(stage: Stage) -> None:
    pay_topup(stage)
    stage.tray.answer(False)
    reach(stage, Step.CANCELED)


def _cut_off(stage: Stage) -> None:
    """Find no network when paying."""
    _amount(stage)
    stage.clock.move(1)
    stage.tray.cutNetwork()
    stage.app.opened.act()
    stage.until(lambda: any(row.key == OFFLINE for row in stage.app.opened.frame.rows))
    stage.tray.cutNetwork()  # mended for the next stop; this kiosk asks again only in a second


def _code(stage: Stage) -> None:
    _cut_off(stage)
    stage.app.opened.open(OFFLINE, "")
    stage.until(lambda: stage.kiosk.desk.wallet.code is not None)
    stage.clock.move(1)


def _code_typed(stage: Stage) -> None:
    _code(stage)
    stage.app.opened.act()
    for digit in "4821073":
        _topup(stage).press(digit)


def _code_wrong(stage: Stage) -> None:
    _code_typed(stage)
    for digit in "00000":
        _topup(stage).press(digit)
    stage.clock.move(1)
    stage.app.opened.act()
    stage.until(lambda: bool(_wait(stage).problem))


def _code_paid(stage: Stage) -> None:
    """Let the phone pay, lift the card, and type what the phone shows."""
    _code(stage)
    stage.tray.answer(True)
    digits = str(stage.tray.property("phoneShows")).replace(" ", "")
    stage.tray.lift()
    stage.until(lambda: not stage.kiosk.desk.wallet.lying)
    stage.app.opened.act()
    for digit in digits:
        _topup(stage).press(digit)
    stage.clock.move(1)
    stage.app.opened.act()
    reach(stage, Step.CARD_AGAIN)


def _code_late(stage: Stage) -> None:
    _code(stage)
    stage.clock.move(301)
    stage.kiosk.desk.poll()
    stage.until(lambda: bool(_wait(stage).end))


def _wait(stage: Stage) -> CodeWait:
    code = stage.kiosk.desk.wallet.code
    assert code is not None, "a code is under way"
    return code


def _idle(stage: Stage) -> None:
    stage.app.touched()
    stage.clock.move(46)
    stage.app.tick()


def _gate(stage: Stage) -> None:
    stage.until(lambda: stage.kiosk.context.sale.stage is SaleStage.CARD)


def _gate_answers(thing: int, answer: SaleStage) -> Play:
    def play(stage: Stage) -> None:
        _gate(stage)
        stage.tray.lay(thing)
        stage.until(lambda: stage.kiosk.context.sale.stage is answer)

    return play


def _gate_reads(paper: int) -> Play:
    def play(stage: Stage) -> None:
        _gate(stage)
        stage.tray.lay(FIRST_PAPER + paper)
        stage.until(lambda: stage.kiosk.context.scan.shown and not stage.kiosk.context.scan.busy)

    return play


def _closed(stage: Stage) -> None:
    stage.until(lambda: stage.route == "counter")


def _badge(stage: Stage) -> None:
    stage.tray.lay(BADGE)
    stage.until(lambda: stage.route == "pin")


def _opened(stage: Stage) -> None:
    _badge(stage)
    _enter(stage, STAFF_PIN)
    stage.until(lambda: stage.kiosk.context.identity.staff is not None)
    stage.tray.lift()


def _wrong(stage: Stage) -> None:
    _badge(stage)
    _enter(stage, "0" * len(STAFF_PIN))
    stage.until(lambda: bool(stage.kiosk.context.identity.problem))


def _issue(stage: Stage) -> None:
    _opened(stage)
    stage.show("issue", "")


def _issued(stage: Stage) -> None:
    _issue(stage)
    stage.tray.lay(BLANK)
    stage.until(lambda: stage.kiosk.desk.wallet.lying)
    stage.clock.move(1)
    stage.app.opened.act()
    stage.until(lambda: bool(stage.kiosk.context.identity.told))


def _block(stage: Stage) -> None:
    _opened(stage)
    stage.show("pin", "block")
    for digit in "0000482":
        cast("PinViewModel", stage.app.opened).press(digit)


def _transfer(stage: Stage) -> None:
    _opened(stage)
    stage.show("pin", "lost")
    _enter(stage, "00009999")
    stage.tray.lay(EMPTY)
    stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)


def _till(stage: Stage) -> None:
    _opened(stage)
    stage.show("till", "")
    stage.until(lambda: stage.kiosk.context.till.known is not None)


def _till_is(stage: Stage, state: TillState) -> None:
    def stands() -> bool:
        known = stage.kiosk.context.till.known
        return known is not None and known.till.state is state and not stage.kiosk.desk.busy

    stage.until(stands)


def _type_in(stage: Stage, purpose: str, *fields: str) -> None:
    """Type a form's fields, and hand over all but what is left open by the last one."""
    stage.show("till-sum", purpose)
    form = cast("TillsumViewModel", stage.app.opened)
    for place, field in enumerate(fields):
        if place:
            form.act()
            stage.clock.move(1)
        for key in field:
            form.press(key)


def _till_opening(stage: Stage) -> None:
    _till(stage)
    _type_in(stage, "open", "150")


def typed(purpose: str, *fields: str) -> Play:
    """Type a form of the open till, all but handing it over."""

    def play(stage: Stage) -> None:
        _till_open(stage)
        if purpose in {"cash", "refund"}:
            stage.tray.lay(OWN)
            stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)
        _type_in(stage, purpose, *fields)

    return play


def _till_open(stage: Stage) -> None:
    """Have the till open: the stage's journal keeps it from one stop to the next."""
    _till(stage)
    known = stage.kiosk.context.till.known
    if known is not None and not known.till.is_open:
        left = known.till.cash.cents or 15_000  # what the evening has left asks for no second badge
        _type_in(stage, "open", f"{left // 100},{left % 100:02d}")
        stage.app.opened.act()
        _till_is(stage, TillState.OPEN)
        stage.until(lambda: stage.kiosk.context.till.told is not None)


def _till_empty(stage: Stage) -> None:
    _till_open(stage)
    stage.tray.lay(OWN)
    stage.until(lambda: stage.kiosk.desk.wallet.reading is not None)
    stage.show("till-case", "empty")


def _till_loaded(stage: Stage) -> None:
    typed("cash", "20", "50")(stage)
    stage.app.opened.act()
    reach(stage, Step.DONE)


def _till_count(stage: Stage) -> None:
    """Count 2,50 € less than must lie there."""
    _till_open(stage)
    known = stage.kiosk.context.till.known
    cents = known.till.cash.cents - 250 if known else 0
    _type_in(stage, "count", f"{cents // 100},{cents % 100:02d}", "0")


def _till_counted(stage: Stage) -> None:
    _till_count(stage)
    stage.app.opened.act()
    _till_is(stage, TillState.COUNTED)
    stage.until(lambda: bool(stage.kiosk.context.till.lines))


def _till_closed(stage: Stage) -> None:
    _till_counted(stage)
    stage.clock.move(1)
    stage.app.opened.act()
    _till_is(stage, TillState.CLOSED)


def _till_second(stage: Stage) -> None:
    typed("deposit", "50", "12")(stage)
    stage.app.opened.act()
    stage.until(lambda: stage.kiosk.context.till.told is not None)
    told = stage.kiosk.context.till.told
    _type_in(stage, "reverse", f"{told.number if told else 0}")
    stage.app.opened.act()
    stage.until(lambda: stage.route == "pin")
    stage.tray.lay(SECOND_BADGE)
    stage.until(lambda: stage.kiosk.desk.wallet.lying)


def _till_reversed(stage: Stage) -> None:
    _till_second(stage)
    _enter(stage, SECOND_PIN)
    stage.until(lambda: stage.route == "till" and stage.kiosk.context.till.told is not None)


GATE: Mapping[str, Play] = {
    "gate": _gate,
    "gate-yes": _gate_answers(OWN, SaleStage.DONE),
    "gate-no": _gate_answers(EMPTY, SaleStage.REFUSED),
    "gate-ticket": _gate_reads(GOOD),
    "gate-ticket-used": _gate_reads(USED),
    "gate-ticket-forged": _gate_reads(FORGED),
    "gate-ticket-old": _gate_reads(YESTERDAYS),
}
OFFLINE_CODE: Mapping[str, Play] = {
    "topup-offline": _cut_off,
    "topup-code": _code,
    "topup-code-typed": _code_typed,
    "topup-code-wrong": _code_wrong,
    "topup-code-late": _code_late,
    "topup-code-paid": _code_paid,  # last: what this card is owed shows when it is laid again
}
COUNTER: Mapping[str, Play] = {
    "counter-closed": _closed,
    "counter-badge": _badge,
    "counter-wrong-code": _wrong,
    "counter": _opened,
    "counter-issue": _issue,
    "counter-issued": _issued,
    "counter-block": _block,
    "counter-transfer": _transfer,
    "till": _till,
    "till-opening": _till_opening,
    "till-open": _till_open,
    "till-cash": typed("cash", "20", "50"),
    "till-loaded": _till_loaded,
    "till-refund": typed("refund", "12,40"),
    "till-empty": _till_empty,
    "till-second": _till_second,
    "till-reversed": _till_reversed,
    "till-count": _till_count,
    "till-counted": _till_counted,
    "till-closed": _till_closed,
}


def _enter(stage: Stage, digits: str) -> None:
    """Type a code or a number on the open pad, and confirm."""
    pad = cast("PinViewModel", stage.app.opened)
    for digit in digits:
        pad.press(digit)
    pad.act()


def _topup(stage: Stage) -> TopupViewModel:
    return cast("TopupViewModel", stage.app.opened)


def reach(stage: Stage, step: Step) -> None:
    """Wait for a step of the top-up, asking as the kiosk does each second."""

    def reached() -> bool:
        progress = stage.kiosk.desk.wallet.progress
        return progress is not None and progress.stage is step

    stage.until(reached)
    stage.clock.move(1)
