"""Paper tickets at a gate: a big yes or no, why, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.demo_papers import FORGED, GOOD, USED, YESTERDAYS
from kiosk.app.installed import Installed
from kiosk.domain.ticket import Answer
from kiosk.store.device_key import FILE, DeviceKey
from tests.conftest import MovedClock
from tests.ui.money import CARD, MoneyKiosk
from ui.gate_desk import NO_SHOWN_S, YES_SHOWN_S
from ui.sale import SaleStage
from ui.scan import Scan
from ui.views.telling import ToldFrame

FIRST_PAPER = 8  # behind the cards of the tray
POOL_ENTRY = 101


class GateKiosk(MoneyKiosk):
    """A gate of the demonstration with its papers."""

    def __init__(self, qtbot: QtBot, here: Installed, clock: MovedClock, folder: Path) -> None:
        settings = msgspec.structs.replace(here.settings, role="gate", gate_product=POOL_ENTRY)
        super().__init__(qtbot, replace(here, settings=settings), clock, folder)
        assert self.kiosk.context.gate is not None
        self.gate = self.kiosk.context.gate
        self.gate._timer.stop()
        self.folder = folder

    def show(self, paper: int) -> ToldFrame:
        self.tray.lay(FIRST_PAPER + paper)
        self.settle()
        return self.told

    @property
    def told(self) -> ToldFrame:
        return cast("ToldFrame", self.app.opened.frame)

    @property
    def scan(self) -> Scan:
        return self.kiosk.context.scan

    @property
    def answer(self) -> Answer:
        assert self.scan.scanned is not None
        return self.scan.scanned.answer

    def later(self, seconds: float) -> None:
        self.clock.move(seconds)
        self.gate.poll()
        self.settle()


@pytest.fixture
def gate(qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path) -> Iterator[GateKiosk]:
    made = GateKiosk(qtbot, demo, clock, tmp_path)
    yield made
    made.close()


def test_a_gate_at_rest_asks_for_a_card_or_a_ticket(gate: GateKiosk) -> None:
    assert gate.told.headline == "Posez votre carte"
    assert gate.told.detail == "ou montrez votre billet au lecteur"


def test_a_good_ticket_is_a_yes_with_its_people(gate: GateKiosk) -> None:
    told = gate.show(GOOD)
    assert (told.headline, told.detail) == ("Entrez", "2 personnes")
    assert (told.tone, told.glyph) == ("good", "circle-check")


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (USED, "Billet déjà utilisé aujourd’hui à 10\u00a0h\u00a002."),
        (YESTERDAYS, "Billet valable jusqu’au samedi 21 novembre."),
        (
            FORGED,
            "Ce code a été modifié\u00a0: il n’est pas valable. Allez à l’accueil.",
        ),
    ],
)
def test_a_bad_ticket_is_a_no_and_why(gate: GateKiosk, paper: int, why: str) -> None:
    told = gate.show(paper)
    assert (told.headline, told.detail, told.tone, told.glyph) == ("Non", why, "bad", "x")


def test_the_answer_is_spoken_by_itself(gate: GateKiosk) -> None:
    gate.show(GOOD)
    assert gate.told.spoken == ("Entrez", "2 personnes")
    assert gate.shown("spoken") == "Entrez 2 personnes"
    assert "Entrez" in str(gate.app.property("caption"))


def test_the_same_paper_again_is_counted_already_then_used(gate: GateKiosk) -> None:
    papers = gate.kiosk.counters.gate
    assert papers is not None
    code = papers.papers.code(GOOD)
    answers = []
    for _ in range(3):
        papers.scanner.show(code)
        gate.settle()
        answers.append(gate.answer)
    assert answers == [Answer.YES, Answer.COUNTED, Answer.USED]


def test_already_counted_is_told_apart_from_a_yes(gate: GateKiosk) -> None:
    papers = gate.kiosk.counters.gate
    assert papers is not None
    code = papers.papers.code(GOOD)
    for _ in range(2):
        papers.scanner.show(code)
        gate.settle()
    assert (gate.told.headline, gate.told.tone) == ("Déjà compté, passez", "warn")


def test_a_code_of_anything_else_is_a_no(gate: GateKiosk) -> None:
    gate.gate.read("https://example.org/promo")
    gate.settle()
    assert gate.told.detail == "Ce code n’est pas un code de ce territoire."


def test_a_yes_makes_place_soon_and_a_no_stands_longer(gate: GateKiosk) -> None:
    gate.show(GOOD)
    gate.later(YES_SHOWN_S)
    assert not gate.scan.shown
    gate.show(USED)
    gate.later(YES_SHOWN_S)
    assert gate.scan.shown
    gate.later(NO_SHOWN_S)
    assert gate.told.headline == "Posez votre carte"


def test_a_card_takes_the_ticket_s_place(gate: GateKiosk) -> None:
    gate.show(USED)
    gate.lay(CARD)
    assert gate.kiosk.context.sale.stage is SaleStage.DONE
    assert gate.told.headline == "Entrez"
    assert not gate.scan.shown


def test_a_second_scan_while_one_is_answered_is_dropped(gate: GateKiosk) -> None:
    for _ in range(3):
        gate.tray.lay(FIRST_PAPER + GOOD)
    assert gate.told.headline == "Un instant…"
    gate.settle()
    assert gate.scan.number == 1


def test_a_key_that_can_t_be_trusted_lets_nobody_in(gate: GateKiosk) -> None:
    code = "ALV1:anything"
    DeviceKey(gate.folder)
    (gate.folder / FILE).chmod(0o644)
    gate.gate.read(code)
    gate.settle()
    assert gate.told.headline == "Non"
    assert not gate.scan.lets_in


def test_a_shown_paper_never_lies_on_the_reader(gate: GateKiosk) -> None:
    gate.show(GOOD)
    assert not gate.tray.property("lies")
    assert not gate.wallet.lying


def test_a_kiosk_has_no_papers_on_its_tray(money: MoneyKiosk) -> None:
    assert money.kiosk.counters.gate is None
    assert money.kiosk.context.gate is None


def test_what_a_gate_lets_in_leaves_its_journal_sound(gate: GateKiosk) -> None:
    gate.show(GOOD)
    assert gate.entries() == 0
