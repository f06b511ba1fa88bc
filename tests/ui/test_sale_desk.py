"""Buying with the card: from the shop to the card's own proof, torn cards, a gate, a counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.demonstration import HOLDER_PIN, STAFF_PIN
from kiosk.app.installed import Installed
from kiosk.app.tour_stage import in_role
from kiosk.domain.money import Money
from kiosk.domain.role import Role
from kiosk.store.database import ContentReader
from tests.conftest import MovedClock
from tests.ui.money import SETTLED_S, MoneyKiosk
from ui.sale import Sale, SaleStage
from ui.viewmodels.pin import PinViewModel
from ui.views.pin import PinFrame
from ui.views.sale import SaleFrame

OWN, EMPTY, BANK, BADGE, BLANK, LIBRARY = 0, 1, 2, 4, 5, 6
ENTRY, BOOK, LESSON, CINEMA = "101", "102", "103", "301"

Make = Callable[[Role], MoneyKiosk]


@pytest.fixture
def make(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, money: MoneyKiosk
) -> Iterator[Make]:
    """Make a kiosk of another role over the content of ``money``, which is closed first."""
    made: list[MoneyKiosk] = []

    def one(role: Role) -> MoneyKiosk:
        money.close()
        own = replace(in_role(demo, role), content=ContentReader(money.path.parent / "content.db"))
        made.append(MoneyKiosk(qtbot, own, clock, money.path.parent))
        return made[-1]

    yield one
    for kiosk in made:
        kiosk.close()


def sale(kiosk: MoneyKiosk) -> Sale:
    return kiosk.kiosk.context.sale


def asked(kiosk: MoneyKiosk, product: str) -> None:
    """Lay the card and open a product's sale."""
    kiosk.lay(OWN)
    kiosk.app.show("sale", product)
    kiosk.settle()


def frame(kiosk: MoneyKiosk) -> SaleFrame:
    return cast("SaleFrame", kiosk.app.opened.frame)


def type_(kiosk: MoneyKiosk, digits: str) -> None:
    """Type digits and confirm."""
    pad = kiosk.app.opened
    assert isinstance(pad, PinViewModel)
    for digit in digits:
        pad.press(digit)
    pad.act()
    kiosk.settle()


def test_the_card_lists_what_it_buys(money: MoneyKiosk) -> None:
    money.lay(OWN)
    assert {"shop", "pin"} <= {row.route for row in money.app.opened.frame.rows}
    money.app.show("shop", "piscine")
    assert [row.argument for row in money.app.opened.frame.rows] == ["101", "102", "103", "104"]


def test_an_entry_is_taken_from_the_book(money: MoneyKiosk) -> None:
    asked(money, ENTRY)
    assert frame(money).sum_text == "1 entrée"
    money.act()
    assert sale(money).stage is SaleStage.DONE
    assert sale(money).entries == 6
    assert sale(money).balance == Money(1240)


def test_a_service_is_taken_from_the_purse_and_booked(money: MoneyKiosk) -> None:
    asked(money, CINEMA)
    money.act()
    assert (sale(money).stage, sale(money).balance) == (SaleStage.DONE, Money(590))
    assert money.entries() == 1


def test_a_second_tap_takes_nothing_twice(money: MoneyKiosk) -> None:
    asked(money, CINEMA)
    money.act()
    money.app.opened.act()
    money.settle()
    assert money.entries() == 1


def test_what_the_purse_cannot_pay_offers_a_top_up(money: MoneyKiosk) -> None:
    asked(money, BOOK)
    assert frame(money).headline == "Il n’y a pas assez sur la carte."
    money.act()
    assert money.route == "topup"


def test_without_a_card_the_sale_asks_for_one_and_stays_open(money: MoneyKiosk) -> None:
    money.app.show("sale", CINEMA)
    assert frame(money).headline == "Posez votre carte"
    money.lay(OWN)
    assert money.route == "sale"
    money.act()
    assert sale(money).stage is SaleStage.DONE


def test_a_torn_card_is_asked_for_again_and_pays_once(money: MoneyKiosk) -> None:
    asked(money, CINEMA)
    money.tray.tear()
    money.act()
    assert sale(money).stage is SaleStage.AGAIN
    assert sale(money).in_flight
    money.lay(EMPTY)
    assert (sale(money).stage, sale(money).problem) == (SaleStage.AGAIN, "card.other")
    assert frame(money).detail == "C’est une autre carte. Reposez celle du début."
    money.lay(OWN)
    assert (sale(money).stage, sale(money).balance) == (SaleStage.DONE, Money(590))
    assert money.entries() == 1


def test_a_torn_card_that_stays_away_is_settled_at_its_next_tap(money: MoneyKiosk) -> None:
    asked(money, CINEMA)
    money.tray.tear()
    money.act()
    money.clock.move(21)
    assert money.kiosk.sales is not None
    money.kiosk.sales.poll()
    money.settle()
    assert sale(money).stage is SaleStage.LATER
    money.app.end()
    money.settle()
    money.lay(OWN)
    assert sale(money).spending is not None
    assert money.entries() == 1


def test_an_unknown_product_is_told(money: MoneyKiosk) -> None:
    asked(money, "999")
    assert frame(money).headline == "Ce produit n’est plus vendu ici. Demandez à l’accueil."


def test_the_end_of_a_visit_forgets_the_sale(money: MoneyKiosk) -> None:
    asked(money, CINEMA)
    money.act()
    money.app.end()
    money.settle()
    assert sale(money) == Sale()


def test_a_gate_takes_one_entry_a_tap_and_says_yes(make: Make) -> None:
    gate = make("gate")
    assert gate.route == "gate"
    gate.lay(OWN)
    assert (sale(gate).stage, sale(gate).entries) == (SaleStage.DONE, 6)
    pass_time(gate, 10)
    assert sale(gate).entries == 6
    gate.lift()
    pass_time(gate, 3)
    assert sale(gate).stage is SaleStage.CARD
    gate.lay(OWN)
    assert sale(gate).entries == 5


def test_a_gate_whose_order_was_dropped_asks_again(make: Make) -> None:
    gate = make("gate")
    assert gate.kiosk.sales is not None
    gate.kiosk.sales.leave()
    gate.kiosk.sales.leave()  # its order is dropped: the first one's still waits
    gate.settle()
    pass_time(gate, 1)
    gate.lay(OWN)
    assert sale(gate).stage is SaleStage.DONE


def test_a_gate_says_no_and_why(make: Make) -> None:
    gate = make("gate")
    gate.lay(EMPTY)
    assert (sale(gate).stage, sale(gate).problem) == (SaleStage.REFUSED, "purse.empty")
    assert gate.app.opened.frame.spoken[0] == "Non"
    gate.lift()
    gate.lay(BANK)
    assert sale(gate).problem == "card.foreign"
    assert gate.entries() == 0


def pass_time(kiosk: MoneyKiosk, seconds: float) -> None:
    assert kiosk.kiosk.sales is not None
    kiosk.clock.move(seconds)
    kiosk.kiosk.sales.poll()
    kiosk.settle()


def opened(counter: MoneyKiosk) -> MoneyKiosk:
    """Open the counter by badge and code."""
    counter.lay(BADGE)
    type_(counter, STAFF_PIN)
    return counter


def test_a_counter_is_opened_by_badge_and_code(make: Make) -> None:
    counter = make("counter")
    assert counter.route == "counter"
    assert [row.route for row in counter.app.opened.frame.rows] == [""]
    counter.lay(BADGE)
    assert counter.route == "pin"
    type_(counter, STAFF_PIN)
    assert counter.route == "counter"
    routes = [row.route for row in counter.app.opened.frame.rows]
    assert {"shop", "card", "issue"} <= set(routes)


def test_a_wrong_code_opens_nothing_and_counts(make: Make) -> None:
    counter = make("counter")
    counter.lay(BADGE)
    type_(counter, "0000")
    identity = counter.kiosk.context.identity
    assert (identity.staff, identity.problem, identity.left) == (None, "pin.refused", 4)
    assert "Il reste 4 essais." in counter.app.opened.frame.banner.text


def test_of_a_code_only_dots_are_shown(make: Make) -> None:
    counter = make("counter")
    counter.lay(BADGE)
    pad = cast("PinViewModel", counter.app.opened)
    for key in ("4", "8", "x", ",", "2", "erase"):
        pad.press(key)
    assert cast("PinFrame", pad.frame).dots == "●●○○"


def test_the_visits_end_closes_the_counter(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.staff is None
    assert counter.route == "counter"


def test_staff_issue_a_blank_card(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.show("issue", "")
    counter.lay(BLANK)
    assert counter.route == "issue"
    counter.app.opened.act()
    counter.settle()
    identity = counter.kiosk.context.identity
    assert (identity.told, identity.problem) == ("issued", "")
    counter.lift()
    counter.lay(BLANK)
    reading = counter.wallet.reading
    assert reading is not None
    assert (reading.face.last_four, reading.face.balance) == (identity.number, Money(0))


def test_staff_block_a_lost_card_and_it_pays_no_more(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.show("pin", "block")
    type_(counter, "00004821")
    assert counter.route == "counter"
    assert "4821" in counter.app.opened.frame.banner.text
    counter.lay(OWN)
    assert counter.wallet.problem == "card.blocked"
    counter.app.show("sale", CINEMA)
    counter.act()
    assert sale(counter).stage is not SaleStage.DONE
    assert counter.entries() == 0


def test_a_lost_cards_balance_moves_once_nobody_can_spend_it(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.show("pin", "block")
    type_(counter, "00004821")
    counter.app.show("pin", "lost")
    type_(counter, "00004821")
    assert counter.route == "transfer"
    counter.lay(EMPTY)
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.problem == "transfer.too_soon"
    counter.clock.move(74 * 3600)
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.told == "moved"
    assert counter.wallet.reading is not None
    assert counter.wallet.reading.face.balance == Money(1240)
    counter.app.opened.act()
    counter.settle()
    assert counter.entries() == 1


def test_a_torn_transfer_goes_on_when_its_card_comes_back(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.show("pin", "block")
    type_(counter, "00004821")
    counter.clock.move(74 * 3600)
    counter.app.show("pin", "lost")
    type_(counter, "00004821")
    counter.lay(EMPTY)
    counter.tray.tear()
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.told == "again"
    counter.lift()
    counter.lay(EMPTY)
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.told == "moved"
    assert counter.entries() == 1


def test_the_account_asks_for_the_holders_code_and_closes_with_the_card(money: MoneyKiosk) -> None:
    money.lay(OWN)
    money.app.show("account", "")
    money.app.opened.act()
    assert money.route == "pin"
    type_(money, HOLDER_PIN)
    assert money.route == "account"
    assert money.app.opened.frame.rows[0].heading == "Cuisiner les restes"
    money.lift()
    assert money.kiosk.context.identity.account is None
    assert money.kiosk.context.identity.loans is None


def test_a_loan_is_renewed_and_a_reserved_one_is_not(money: MoneyKiosk) -> None:
    money.lay(OWN)
    money.app.show("pin", "account")
    type_(money, HOLDER_PIN)
    late, soon = money.app.opened.frame.rows[:2]
    assert (late.state_text, soon.state_text) == ("en retard", "")
    money.app.opened.open(soon.route, soon.argument)
    money.settle()
    renewed = money.app.opened.frame
    assert renewed.banner.text == "C’est prolongé."
    assert [row.detail for row in renewed.rows if row.key == soon.key] != [soon.detail]
    money.app.opened.open(late.route, late.argument)
    money.settle()
    assert money.kiosk.context.identity.problem == "loan.refused"


def test_a_badge_shows_no_balance_and_opens_its_account(money: MoneyKiosk) -> None:
    money.lay(LIBRARY)
    shown = money.app.opened.frame
    assert "€" not in " ".join(shown.spoken)
    assert [row.route for row in shown.rows] == ["pin"]
    money.app.show("pin", "account")
    type_(money, HOLDER_PIN)
    assert money.kiosk.context.identity.account is not None


def test_a_code_too_short_goes_back(money: MoneyKiosk) -> None:
    money.lay(OWN)
    money.app.show("account", "")
    money.app.opened.act()
    money.clock.move(SETTLED_S)
    type_(money, "12")
    assert money.route == "account"


def test_without_a_card_the_pad_says_to_lay_it(money: MoneyKiosk) -> None:
    money.lay(OWN)
    money.app.show("pin", "account")
    money.lift()
    money.app.show("pin", "account")
    type_(money, HOLDER_PIN)
    assert money.route == "pin"
    assert (
        money.app.opened.frame.banner.text == "Posez d’abord la carte ou le badge sur le lecteur."
    )


def test_what_one_task_told_stands_on_no_other_page(make: Make) -> None:
    counter = opened(make("counter"))
    counter.app.show("pin", "block")
    type_(counter, "00004821")
    assert counter.kiosk.context.identity.told == "blocked"
    counter.app.show("issue", "")
    assert counter.kiosk.context.identity.told == ""
    counter.lay(BLANK)
    counter.app.opened.act()
    counter.settle()
    assert counter.kiosk.context.identity.told == "issued"


def test_a_loan_renewed_at_the_counter_leaves_its_home_alone(make: Make) -> None:
    counter = opened(make("counter"))
    counter.lay(OWN)
    counter.app.show("pin", "account")
    type_(counter, HOLDER_PIN)
    soon = counter.app.opened.frame.rows[1]
    counter.app.opened.open(soon.route, soon.argument)
    counter.settle()
    assert counter.kiosk.context.identity.told == "renewed"
    counter.app.show("counter", "")
    assert not counter.app.opened.frame.banner.text
