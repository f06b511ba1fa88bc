"""A code that a kiosk has given is typed at the till: top-up or entry, filled in, paid in cash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.installed import Installed
from kiosk.app.tour_stage import in_role
from kiosk.domain.counter_code import entry_code, load_code
from kiosk.domain.money import Money
from kiosk.domain.product import FULL, Product
from kiosk.store.database import ContentReader
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.printers import PrinterOnTheNetwork, read_slip
from tests.ui.test_till_screens import OWN, Counter
from ui.viewmodels.till import TillsumViewModel
from ui.views.ticket import TicketFrame

NEW_CARD = 1
LOAD = load_code(Money(2_000), "4821")


@pytest.fixture
def far() -> Iterator[PrinterOnTheNetwork]:
    made = PrinterOnTheNetwork()
    yield made
    made.close()


@pytest.fixture
def till(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, far: PrinterOnTheNetwork
) -> Iterator[Counter]:
    """Give a counter with a printer, its till open."""
    at = f"network:{far.address.host}:{far.address.port}"
    own = in_role(demo, "counter")
    own = replace(own, settings=msgspec.structs.replace(own.settings, printer=at))
    own = replace(own, content=ContentReader(tmp_path / "content.db"))
    made = Counter(qtbot, own, clock, tmp_path)
    made.log_in()
    made.give("open", "150")
    yield made
    made.close()


def pool(till: Counter) -> Product:
    return till.kiosk.context.territory.products.product(101)


def hand_over(till: Counter, code: str) -> None:
    till.give("code", code)
    till.clock.move(1)


def type_in(till: Counter, digits: str) -> None:
    form = till.app.opened
    assert isinstance(form, TillsumViewModel)
    for digit in digits:
        form.press(digit)


def sell(till: Counter, given: str = "10") -> TicketFrame:
    """Sell two pool entries by their code."""
    hand_over(till, entry_code(pool(till), FULL, 2))
    type_in(till, given)
    till.app.opened.act()
    till.settle()
    return cast("TicketFrame", till.frame)


def test_the_till_offers_codes_first(till: Counter) -> None:
    till.show("till")
    assert till.row_keys()[0] == "code"


def test_the_code_is_shown_in_groups_as_it_is_typed(till: Counter) -> None:
    till.fill("code", LOAD + "9")
    assert till.form.figure == f"{LOAD[:4]}\u00a0{LOAD[4:8]}\u00a0{LOAD[8:]}"


def test_a_top_up_s_code_fills_the_sum_in_and_waits_for_its_card(till: Counter) -> None:
    hand_over(till, LOAD)
    assert (till.route, till.form.headline) == ("till-sum", "Posez la carte de la personne")
    assert till.form.before == "Somme à recharger\u00a0: 20,00\u00a0€"
    till.lay(OWN)
    assert till.form.headline == "Espèces reçues"


def test_its_cash_loads_that_card(till: Counter) -> None:
    hand_over(till, LOAD)
    till.lay(OWN)
    before = till.balance()
    type_in(till, "50")
    assert till.form.change == "À rendre\u00a0: 30,00\u00a0€ (trente euros)."
    till.app.opened.act()
    till.settle()
    till.poll(1)
    assert till.at(Stage.DONE)
    assert till.balance() == before + Money(2_000)


def test_another_card_than_the_code_s_is_not_loaded(till: Counter) -> None:
    hand_over(till, LOAD)
    till.lay(NEW_CARD)
    type_in(till, "20")
    assert not till.form.ready
    assert till.form.banner.text.startswith("Ce n’est pas la carte de ce code.")
    till.lay(OWN)
    assert till.form.ready


def test_an_entry_s_code_shows_what_is_asked_and_its_price(till: Counter) -> None:
    hand_over(till, entry_code(pool(till), FULL, 2))
    assert till.form.before.split("\n") == [
        "Entrée piscine",
        "2 personnes, plein tarif",
        "À payer\u00a0: 6,40\u00a0€ (six euros quarante)",
    ]
    type_in(till, "5")
    assert (till.form.ready, till.form.change) == (
        False,
        "Il manque 1,40\u00a0€ (un euro quarante).",
    )


def test_its_cash_gives_the_ticket_to_be_printed(till: Counter, far: PrinterOnTheNetwork) -> None:
    frame = sell(till)
    assert (till.route, frame.part) == ("ticket", "ticket")
    assert till.at(Stage.DONE)
    till.app.opened.print()  # type: ignore[attr-defined]  # the ticket's
    till.settle()
    paper = read_slip(bytes(far.printed))
    assert "2 personnes, plein tarif" in paper.text
    assert "DUPLICATA" not in paper.text
    till.act()
    assert till.route == "counter"


def test_the_ticket_is_printed_again_by_the_number_on_it(
    till: Counter, far: PrinterOnTheNetwork
) -> None:
    number = sell(till).lines[-1].rpartition("\u00a0")[2]
    till.act()
    till.give("duplicate", number)
    assert till.app.opened.frame.banner.text == "Le billet est imprimé."
    first = read_slip(bytes(far.printed))
    far.printed.clear()
    till.give("duplicate", number)
    again = read_slip(bytes(far.printed))
    assert "DUPLICATA" in again.text
    assert again.codes == first.codes


def test_a_number_without_a_ticket_is_told(till: Counter, far: PrinterOnTheNetwork) -> None:
    till.give("duplicate", "1")
    assert till.form.banner.text.startswith("Aucun billet payé ici ne porte ce numéro.")
    assert not far.printed


@pytest.mark.parametrize("code", [LOAD[:-1] + "0", "1", "999999999999"])
def test_a_wrong_code_is_told_in_plain_words(till: Counter, code: str) -> None:
    till.give("code", code)
    assert (till.route, till.app.opened.argument) == ("till-sum", "code")
    assert till.form.banner.text.startswith("Aucune borne n’a donné ce code.")


def test_an_entry_that_isn_t_sold_any_more_is_told(till: Counter) -> None:
    till.give("code", entry_code(replace(pool(till), code=999), FULL, 2))
    assert till.form.banner.text == "Ce produit n’est plus vendu ici. Demandez à l’accueil."


@pytest.mark.parametrize("case", ["", "999/full/2", "101/friend/1", "101/full/0", "x"])
def test_a_form_for_what_isn_t_sold_sells_nothing(till: Counter, case: str) -> None:
    till.show("till-sum", f"entry/{case}")
    type_in(till, "50")
    assert not till.form.ready
    assert till.form.banner.text


def test_a_double_tap_on_the_code_stays_on_the_form(till: Counter) -> None:
    till.give("code", LOAD)
    till.app.opened.act()
    assert till.app.opened.argument.startswith("cash/")


def test_the_session_s_paper_counts_what_was_sold(till: Counter) -> None:
    sell(till)
    till.act()
    till.give("count", "156,40", "0")
    assert till.app.opened.frame.rows[-1].heading == "Aucun écart" or till.view.lines
    till.app.opened.act()
    assert "list" not in till.row_keys()
