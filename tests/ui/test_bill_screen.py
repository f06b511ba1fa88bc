"""A bill on the screen: its issuer, its reference, its sum, the payment, the receipt, the cash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.installed import Installed
from kiosk.app.tour_stage import in_role
from kiosk.domain.receipt import ReceiptKind
from kiosk.store.database import ContentReader
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.ui.money import CARD, MoneyKiosk
from tests.ui.test_till_screens import Counter
from ui.card_desk import ORDER_SHOWN_MAX
from ui.viewmodels.bill import BillViewModel
from ui.views.bill import BillFrame
from ui.views.info import build_info
from ui.views.menus import build_menus
from ui.views.receipt import receipt_of
from ui.views.till_sum import TillSumFrame

CANTEEN = "900001"
REFERENCE = "2026-CANT-000417"


class BillKiosk(MoneyKiosk):
    """A kiosk in front of which somebody holds a bill."""

    @property
    def screen(self) -> BillViewModel:
        assert isinstance(self.app.opened, BillViewModel)
        return self.app.opened

    @property
    def bill(self) -> BillFrame:
        return cast("BillFrame", self.app.opened.frame)

    def copy(self, reference: str = REFERENCE, euros: str = "46,20") -> None:
        """Type what the paper says, up to the check."""
        self.app.show("bill", CANTEEN)
        for key in reference:
            self.screen.press(key)
        self.act()
        for key in euros:
            self.screen.press(key)
        self.act()

    def pay(self) -> None:
        self.copy()
        self.act()
        self.phone()
        self.clock.move(1)


@pytest.fixture
def kiosk(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[BillKiosk]:
    made = BillKiosk(qtbot, demo, clock, tmp_path)
    yield made
    made.close()


def test_the_issuers_stand_with_their_printed_numbers(kiosk: BillKiosk) -> None:
    kiosk.app.show("bills", "")
    rows = kiosk.app.opened.frame.rows
    assert [row.argument for row in rows] == ["900001", "900002", "900003"]
    assert rows[0].detail == "Identifiant 900001"
    assert all(row.demo for row in rows)


def test_the_services_lead_to_their_bills(kiosk: BillKiosk) -> None:
    context = kiosk.kiosk.context
    pays = [row for row in build_info(context, "paiements").rows if row.key == "bills"]
    meals = [row for row in build_menus(context, "cantines").rows if row.key == "bills"]
    assert [(row.route, row.argument) for row in (*pays, *meals)] == [
        ("bills", ""),
        ("bill", CANTEEN),
    ]


def test_a_reference_is_typed_on_our_keyboard(kiosk: BillKiosk) -> None:
    kiosk.app.show("bill", CANTEEN)
    for key in ("2", "0", "A", "-", "erase", "é", " ", "’"):
        kiosk.screen.press(key)
    assert kiosk.bill.typed == "20A"
    kiosk.screen.press("clear")
    assert kiosk.bill.typed == ""
    kiosk.screen.write("b")
    assert kiosk.shown("typed") == "B"


def test_a_reference_has_its_length(kiosk: BillKiosk) -> None:
    kiosk.app.show("bill", CANTEEN)
    for key in "12345":
        kiosk.screen.press(key)
    assert kiosk.bill.action.title == "Annuler"
    for key in "6" * 60:
        kiosk.screen.press(key)
    assert len(kiosk.bill.typed) == 40
    assert kiosk.bill.action.title == "Annuler"  # more than any paper bears


def test_up_and_down_walk_the_keyboard_by_rows(kiosk: BillKiosk) -> None:
    kiosk.app.show("bill", CANTEEN)
    keys = [key.press for key in kiosk.screen._keys.rows]
    assert keys[kiosk.screen.keyBeside(keys.index("1"), 1)] == "A"
    assert kiosk.screen.keyBeside(0, -1) == -1
    assert kiosk.shown("keyRows") == 4


@pytest.mark.parametrize(
    ("euros", "told"),
    [("0,99", "Ce montant n’est pas possible."), ("600,01", "Ce montant n’est pas possible.")],
)
def test_an_impossible_sum_is_told_and_not_paid(kiosk: BillKiosk, euros: str, told: str) -> None:
    kiosk.app.show("bill", CANTEEN)
    for key in REFERENCE:
        kiosk.screen.press(key)
    kiosk.act()
    for key in euros:
        kiosk.screen.press(key)
    assert kiosk.bill.banner.text.startswith(told)
    assert kiosk.bill.action.title == "Annuler"
    kiosk.act()
    assert (kiosk.route, kiosk.entries()) == ("hive", 0)


def test_what_was_copied_is_shown_beside_the_paper_before_it_is_paid(kiosk: BillKiosk) -> None:
    kiosk.copy()
    frame = kiosk.frame
    assert frame.detail == "Cantines scolaires, référence 2026\u00a0CANT\u00a00004\u00a017."
    assert (frame.sum_text, frame.sum_words) == ("46,20\u00a0€", "quarante-six euros vingt")
    assert frame.action.title == "Payer 46,20\u00a0€"


def test_back_goes_to_the_step_before(kiosk: BillKiosk) -> None:
    kiosk.copy()
    kiosk.screen.back()
    assert kiosk.bill.part == "sum"
    kiosk.screen.back()
    assert (kiosk.bill.part, kiosk.bill.typed) == ("reference", REFERENCE)
    kiosk.screen.back()
    assert kiosk.wallet.bill is None


def test_a_bill_is_paid_by_phone_and_has_its_receipt(kiosk: BillKiosk) -> None:
    kiosk.copy()
    kiosk.act()
    assert kiosk.frame.part == "pay"
    assert kiosk.frame.lines[0] == "Facture 2026\u00a0CANT\u00a00004\u00a017"
    assert kiosk.frame.rows[0].detail == "En espèces\u00a0: montrez la facture à l’accueil"
    kiosk.phone()
    assert (kiosk.frame.part, kiosk.frame.headline) == ("receipt", "Votre facture est payée.")
    kiosk.clock.move(1)
    kiosk.screen.receipt("qr")
    kiosk.settle()
    assert "Reçu de paiement" in kiosk.frame.lines
    assert "Facture 2026CANT000417" in kiosk.frame.lines
    progress = kiosk.wallet.progress
    assert progress is not None
    receipt = receipt_of(kiosk.kiosk.context, progress, kiosk="borne", copies=0)
    assert (receipt.kind, receipt.last_four) == (ReceiptKind.INVOICE, "")
    assert kiosk.entries() == 1


def test_a_bill_that_was_paid_says_so_and_takes_nothing(kiosk: BillKiosk) -> None:
    kiosk.pay()
    kiosk.desk.again()
    kiosk.copy("2026 CANT 000417")
    kiosk.act()
    assert kiosk.frame.headline == "Cette facture est déjà payée."
    kiosk.act()
    assert (kiosk.bill.part, kiosk.bill.typed) == ("reference", "")
    assert kiosk.entries() == 1


def test_a_refused_payment_leaves_the_bill_to_be_paid(kiosk: BillKiosk) -> None:
    kiosk.copy()
    kiosk.act()
    kiosk.phone(pays=False)
    kiosk.poll(1)
    assert kiosk.frame.detail == "Rien n’est débité. La facture reste à payer."


def test_a_card_laid_meanwhile_changes_nothing(kiosk: BillKiosk) -> None:
    kiosk.copy()
    kiosk.act()
    kiosk.lay(CARD)
    assert (kiosk.route, kiosk.frame.part) == ("bill", "pay")


def test_a_kiosk_that_restarts_shows_the_bill_again(
    kiosk: BillKiosk, qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk.copy()
    kiosk.act()
    kiosk.close()
    clock.move(ORDER_SHOWN_MAX.total_seconds() / 60)
    again = BillKiosk(qtbot, demo, clock, tmp_path)
    assert again.route == "bill"
    again.close()


def test_what_was_typed_is_forgotten_with_the_visit(kiosk: BillKiosk) -> None:
    kiosk.copy()
    kiosk.desk.leave()
    kiosk.settle()
    assert kiosk.wallet.bill is None


def test_an_unknown_issuer_is_told(kiosk: BillKiosk) -> None:
    kiosk.app.show("bill", "123456")
    assert kiosk.frame.headline == "Cette facture ne se paie pas ici."


@pytest.fixture
def till(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[Counter]:
    own = replace(in_role(demo, "counter"), content=ContentReader(tmp_path / "content.db"))
    made = Counter(qtbot, own, clock, tmp_path)
    made.log_in()
    made.give("open", "150")
    yield made
    made.close()


def test_an_agent_takes_a_bill_s_cash_once(till: Counter) -> None:
    for told in ("Votre facture est payée.", "Cette facture est déjà payée."):
        till.app.show("bill", CANTEEN)
        screen = cast("BillViewModel", till.app.opened)
        for step in (REFERENCE, "46,20"):
            for key in step:
                screen.press(key)
            till.act()
        assert till.frame.action.title == "Encaisser 46,20\u00a0€"
        till.act()
        assert till.route == "till-sum"
        form = cast("TillSumFrame", till.app.opened.frame)
        assert form.before.split("\n")[0] == "Facture 2026CANT000417"
        for key in "50":
            till.app.opened.press(key)  # type: ignore[attr-defined]  # the form's
        till.act()
        till.poll(1)
        assert (till.route, till.frame.headline) == ("bill", told)
        till.act()
    till.close()
    with closing(sqlite3.connect(till.path)) as journal:
        taken = "SELECT count(*), sum(cash_cents) FROM till_event WHERE kind = 'cash'"
        assert journal.execute(taken).fetchone() == (1, 4_620)


def test_the_payment_ends_when_the_money_is_in_the_drawer(till: Counter) -> None:
    till.app.show("till-sum", f"bill/{CANTEEN}/2026CANT000417/4620")
    for key in "50":
        till.app.opened.press(key)  # type: ignore[attr-defined]  # the form's
    till.act()
    till.poll(1)
    assert till.at(Stage.DONE)


@pytest.mark.parametrize("case", ["", "123456/2026CANT000417/4620", f"{CANTEEN}/A/4620"])
def test_a_case_that_is_no_bill_is_told(till: Counter, case: str) -> None:
    till.app.show("till-sum", f"bill/{case}")
    assert not cast("TillSumFrame", till.app.opened.frame).ready
