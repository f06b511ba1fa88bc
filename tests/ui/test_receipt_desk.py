"""Receipts as they are given: signed for the phone, or on the paper of a printer of software."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.installed import Installed
from kiosk.domain.receipt import Receipt, read_receipt
from kiosk.domain.sealed import PREFIX, known
from kiosk.store.device_key import FILE, DeviceKey
from tests.conftest import MovedClock
from tests.printers import END, PrinterOnTheNetwork, read_slip
from tests.ui.money import MoneyKiosk
from tests.unit.ui.test_qr import painted, read_back
from ui.wallet import Given


class ReceiptKiosk(MoneyKiosk):
    """A kiosk whose top-up is done: its receipt is asked for."""

    def __init__(
        self, qtbot: QtBot, here: Installed, clock: MovedClock, folder: Path, **set_: str
    ) -> None:
        settings = msgspec.structs.replace(here.settings, **set_)
        super().__init__(qtbot, replace(here, settings=settings), clock, folder)
        self.folder = folder
        self.done()

    def done(self) -> None:
        self.ask()
        self.phone()
        self.clock.move(1)

    def wish(self, wish: str) -> Given:
        self.topup.receipt(wish)
        self.settle()
        given = self.wallet.given
        assert given is not None
        return given

    def receipt(self, text: str) -> Receipt:
        """Verify and read the code in ``text``."""
        keys = known((DeviceKey(self.folder).public_key,))
        return read_receipt(text[text.index(PREFIX) :], keys)


@pytest.fixture
def far() -> Iterator[PrinterOnTheNetwork]:
    made = PrinterOnTheNetwork()
    yield made
    made.close()


Make = Callable[..., ReceiptKiosk]


@pytest.fixture
def kiosk_with(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[Make]:
    made: list[ReceiptKiosk] = []

    def make(**set_: str) -> ReceiptKiosk:
        made.append(ReceiptKiosk(qtbot, demo, clock, tmp_path, **set_))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def kiosk(kiosk_with: Make, far: PrinterOnTheNetwork) -> ReceiptKiosk:
    """A kiosk with a printer."""
    return kiosk_with(printer=f"network:{far.address.host}:{far.address.port}")


def test_the_phone_gets_the_words_and_a_signed_code(kiosk: ReceiptKiosk) -> None:
    kiosk.wish("qr")
    scanned = read_back(painted(kiosk.frame.qr))
    assert scanned.startswith("Reçu de recharge\nSIMULATION")
    receipt = kiosk.receipt(scanned)
    assert (receipt.total.cents, receipt.kiosk, receipt.duplicate) == (2000, "borne", False)


def test_a_code_that_was_given_is_shown_again_as_it_is(kiosk: ReceiptKiosk) -> None:
    first = kiosk.wish("qr")
    assert kiosk.wish("qr") == first


def test_with_a_page_the_phone_opens_it(kiosk_with: Make) -> None:
    kiosk = kiosk_with(receipt_page="https://orne.example/recu")
    kiosk.wish("qr")
    assert read_back(painted(kiosk.frame.qr)).startswith("https://orne.example/recu#ALV1:")


def test_paper_carries_the_words_and_a_signed_code(
    kiosk: ReceiptKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.wish("print")
    paper = read_slip(bytes(far.printed))
    assert "Recharge de la carte" in paper.text
    assert "DUPLICATA" not in paper.text
    assert kiosk.receipt(paper.codes[0]).entry == 1
    assert kiosk.frame.waiting == "Prenez votre reçu."


def test_a_reprint_says_duplicata_on_paper_and_in_its_code(
    kiosk: ReceiptKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.wish("print")
    far.printed.clear()
    kiosk.wish("print")
    paper = read_slip(bytes(far.printed))
    assert "DUPLICATA" in paper.text
    assert kiosk.receipt(paper.codes[0]).duplicate
    assert kiosk.frame.waiting == "Prenez votre duplicata."


def test_paper_after_the_phone_is_a_duplicate_too(
    kiosk: ReceiptKiosk, far: PrinterOnTheNetwork
) -> None:
    kiosk.wish("qr")
    kiosk.wish("print")
    assert "DUPLICATA" in read_slip(bytes(far.printed)).text


def test_what_failed_was_not_given(kiosk: ReceiptKiosk, far: PrinterOnTheNetwork) -> None:
    far.paper = END
    kiosk.wish("print")
    assert kiosk.frame.waiting.startswith("Il n’y a plus de papier.")
    kiosk.wish("qr")
    assert not kiosk.receipt(read_back(painted(kiosk.frame.qr))).duplicate


def test_a_second_tap_while_it_is_made_is_dropped(
    kiosk: ReceiptKiosk, far: PrinterOnTheNetwork
) -> None:
    for _ in range(3):
        kiosk.topup.receipt("print")
    assert kiosk.frame.waiting == "Un instant…"
    kiosk.settle()
    assert len(read_slip(bytes(far.printed)).codes) == 1


def test_a_receipt_that_comes_back_after_the_visit_is_dropped(kiosk: ReceiptKiosk) -> None:
    kiosk.topup.receipt("qr")
    kiosk.app.end()
    kiosk.settle()
    assert kiosk.wallet.given_receipt is None


def test_without_a_printer_it_is_said_and_the_phone_still_gets_it(kiosk_with: Make) -> None:
    kiosk = kiosk_with()
    kiosk.wish("print")
    assert kiosk.frame.waiting == "Cette borne n’a pas d’imprimante."
    kiosk.wish("qr")
    assert kiosk.frame.qr
    assert kiosk.frame.waiting == ""


def test_a_key_that_can_t_be_trusted_signs_nothing(kiosk: ReceiptKiosk) -> None:
    DeviceKey(kiosk.folder)
    (kiosk.folder / FILE).chmod(0o644)
    kiosk.wish("qr")
    assert kiosk.frame.qr == ""
    assert "pas possible ici" in kiosk.frame.waiting


def test_the_next_top_up_s_receipt_is_asked_for_anew(kiosk: ReceiptKiosk) -> None:
    kiosk.wish("qr")
    kiosk.desk.again()
    kiosk.topup.choose("1000")
    kiosk.act()
    kiosk.phone()
    assert (kiosk.frame.part, kiosk.frame.qr) == ("receipt", "")
    kiosk.wish("qr")
    assert kiosk.receipt(read_back(painted(kiosk.frame.qr))).entry == 2
