"""An entry bought without a card: choice, payment, ticket on the screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.context import context_of
from kiosk.app.installed import Installed
from kiosk.domain.receipt import EntryTicket, read_ticket
from kiosk.domain.sealed import PREFIX, known
from kiosk.store.device_key import DeviceKey
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.printers import END, PrinterOnTheNetwork, read_slip
from tests.ui.money import BANK_CARD, CARD, MoneyKiosk
from tests.unit.ui.test_qr import painted, read_back
from ui.card_desk import ORDER_SHOWN_MAX, CardDesk
from ui.viewmodels.ticket import TicketViewModel
from ui.views.place import build_place
from ui.views.shop import entry_row
from ui.views.ticket import TicketFrame

POOL, CINEMA, NOTHING = "101", "301", "999"


class TicketKiosk(MoneyKiosk):
    """A kiosk whose visitor has no card."""

    def __init__(
        self, qtbot: QtBot, here: Installed, clock: MovedClock, folder: Path, **set_: str
    ) -> None:
        settings = msgspec.structs.replace(here.settings, **set_)
        super().__init__(qtbot, replace(here, settings=settings), clock, folder)
        self.folder = folder

    @property
    def screen(self) -> TicketViewModel:
        assert isinstance(self.app.opened, TicketViewModel)
        return self.app.opened

    @property
    def choice(self) -> TicketFrame:
        return cast("TicketFrame", self.app.opened.frame)

    def open(self, product: str = POOL) -> None:
        self.app.show("ticket", product)

    def pay_for(self, persons: int = 1) -> None:
        self.open()
        for _ in range(persons - 1):
            self.screen.more()
        self.act()
        self.phone()
        self.clock.move(1)

    def ticket(self, text: str) -> EntryTicket:
        keys = known((DeviceKey(self.folder).public_key,))
        return read_ticket(text[text.index(PREFIX) :], keys)


@pytest.fixture
def far() -> Iterator[PrinterOnTheNetwork]:
    made = PrinterOnTheNetwork()
    yield made
    made.close()


Make = Callable[..., TicketKiosk]


@pytest.fixture
def make(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[Make]:
    made: list[TicketKiosk] = []

    def one(**set_: str) -> TicketKiosk:
        made.append(TicketKiosk(qtbot, demo, clock, tmp_path, **set_))
        return made[-1]

    yield one
    for kiosk in made:
        kiosk.close()


@pytest.fixture
def kiosk(make: Make, far: PrinterOnTheNetwork) -> TicketKiosk:
    return make(printer=f"network:{far.address.host}:{far.address.port}")


def test_one_person_at_the_full_price_is_proposed(kiosk: TicketKiosk) -> None:
    kiosk.open()
    assert (kiosk.choice.persons, kiosk.choice.sum_text) == ("1 personne", "3,20\u00a0€")
    assert kiosk.choice.limits == "Valable ce jour seulement, dimanche 22 novembre."
    assert [one.key for one in kiosk.choice.choices if one.chosen] == ["full"]


def test_tariff_and_people_make_the_sum(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.screen.choose("child")
    kiosk.screen.more()
    kiosk.screen.more()
    assert (kiosk.choice.persons, kiosk.choice.sum_text) == ("3 personnes", "4,80\u00a0€")
    assert kiosk.choice.sum_words == "quatre euros quatre-vingts"


def test_one_to_nine_people_are_counted(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.screen.fewer()
    assert (kiosk.choice.persons, kiosk.shown("canFewer")) == ("1 personne", False)
    for _ in range(12):
        kiosk.screen.more()
    assert (kiosk.choice.persons, kiosk.shown("canMore")) == ("9 personnes", False)
    kiosk.screen.fewer()
    assert kiosk.shown("persons") == "8 personnes"


def test_a_tariff_that_isn_t_there_changes_nothing(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.screen.choose("friend")
    assert kiosk.choice.sum_text == "3,20\u00a0€"


def test_the_ticket_is_shown_once_it_is_paid_and_read_back(kiosk: TicketKiosk) -> None:
    kiosk.pay_for(persons=2)
    assert (kiosk.frame.part, kiosk.frame.headline) == ("ticket", "Payé. Voici votre billet.")
    ticket = kiosk.ticket(read_back(painted(kiosk.frame.qr)))
    assert (ticket.product, ticket.quantity, ticket.amount.cents) == (POOL, 2, 640)
    assert kiosk.frame.lines[1] == "2 personnes, plein tarif"


def test_while_it_is_paid_no_ticket_is_shown(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.act()
    assert (kiosk.frame.part, kiosk.frame.title) == ("pay", "Entrée piscine")
    assert kiosk.frame.lines[2] == "3. Payez\u00a0: le billet s’affiche ici"
    assert kiosk.wallet.in_flight


def test_a_refused_payment_says_that_no_ticket_was_made(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.act()
    kiosk.phone(pays=False)
    assert kiosk.frame.headline == "Le paiement a été refusé."
    assert "Aucun billet" in kiosk.frame.detail
    kiosk.act()
    assert kiosk.choice.part == "choose"


def test_giving_up_takes_nothing(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.act()
    kiosk.act()
    assert kiosk.frame.headline == "C’est annulé. Rien n’est débité."
    assert kiosk.entries() == 0


def test_a_card_laid_meanwhile_changes_nothing(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.act()
    kiosk.lay(CARD)
    assert (kiosk.route, kiosk.frame.part) == ("ticket", "pay")
    kiosk.phone()
    kiosk.lay(BANK_CARD)
    assert kiosk.frame.part == "ticket"


def test_paper_carries_the_words_and_the_ticket(
    kiosk: TicketKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.pay_for()
    kiosk.screen.print()
    kiosk.settle()
    paper = read_slip(bytes(far.printed))
    assert "Entrée piscine" in paper.text
    assert "DUPLICATA" not in paper.text
    assert kiosk.ticket(paper.codes[0]) == kiosk.ticket(read_back(painted(kiosk.frame.qr)))
    assert kiosk.frame.waiting == "Prenez votre billet."


def test_a_reprint_says_duplicata_and_is_the_same_ticket(
    kiosk: TicketKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.pay_for()
    kiosk.screen.print()
    kiosk.settle()
    first = read_slip(bytes(far.printed)).codes
    far.printed.clear()
    kiosk.screen.print()
    kiosk.settle()
    paper = read_slip(bytes(far.printed))
    assert "DUPLICATA" in paper.text
    assert paper.codes == first
    assert kiosk.frame.waiting == "Prenez votre duplicata."


def test_without_paper_the_ticket_is_still_on_the_screen(
    kiosk: TicketKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.pay_for()
    far.paper = END
    kiosk.screen.print()
    kiosk.settle()
    assert kiosk.frame.waiting == "Il n’y a plus de papier. Photographiez le billet."
    assert kiosk.frame.qr


def test_without_a_printer_it_is_said(make: Make) -> None:
    kiosk = make()
    kiosk.pay_for()
    kiosk.screen.print()
    assert kiosk.frame.waiting == "Cette borne n’a pas d’imprimante."


def test_after_a_crash_the_order_is_shown_to_who_stands_there(make: Make) -> None:
    first = make()
    first.open()
    first.act()
    first.close()
    again = make()
    assert again.route == "ticket"
    assert again.frame.part in {"pay", "told"}


def test_an_old_order_is_shown_to_nobody(make: Make, clock: MovedClock) -> None:
    first = make()
    first.open()
    first.act()
    first.close()
    clock.move(ORDER_SHOWN_MAX.total_seconds() + 1)
    assert make().route == "hive"


def test_the_end_of_the_visit_forgets_what_was_chosen(kiosk: TicketKiosk) -> None:
    kiosk.open()
    kiosk.screen.more()
    kiosk.app.end()
    kiosk.open()
    assert kiosk.choice.persons == "1 personne"


@pytest.mark.parametrize("product", [CINEMA, NOTHING, "", "x"])
def test_what_is_no_entry_is_not_sold_without_a_card(kiosk: TicketKiosk, product: str) -> None:
    kiosk.open(product)
    assert kiosk.frame.headline == "Ce produit n’est plus vendu ici. Demandez à l’accueil."
    assert kiosk.frame.does == "end"


def test_the_shop_and_the_place_lead_there(kiosk: TicketKiosk) -> None:
    kiosk.app.show("shop", "")
    assert kiosk.app.opened.frame.rows[0].route == "entries"
    kiosk.app.show("entries", "")
    assert [(row.route, row.argument) for row in kiosk.app.opened.frame.rows] == [("ticket", POOL)]
    (row,) = entry_row(kiosk.kiosk.context, "piscine")
    assert (row.route, row.argument, row.trailing) == ("ticket", POOL, "3,20\u00a0€")
    assert entry_row(kiosk.kiosk.context, "cinema") == ()


def test_an_order_is_booked_as_income_once(kiosk: TicketKiosk) -> None:
    kiosk.pay_for()
    assert kiosk.at(Stage.DONE)
    assert kiosk.entries() == 1


def test_a_place_sells_its_entry_first(demo: Installed, clock: MovedClock) -> None:
    context = context_of(demo, clock)
    context.desk = cast("CardDesk", object())
    path = "piscine/piscines/piscine-tilleuls"
    assert build_place(context, path).rows[0].key == "without-card"
    context.desk = None
    assert build_place(context, path).rows[0].key != "without-card"
