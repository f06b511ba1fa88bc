"""The card and the top-up as a citizen touches them, in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.steps import NAMES, play
from tests.ui.kiosks import LANDSCAPE, PORTRAIT, Kiosk
from tests.ui.money import SETTLED_S, MoneyKiosk
from ui.comfort import Comfort

KEYPAD = [*"0123456789", "Virgule", "Effacer"]
MODES = ["normal", "large", "contrast", "low"]


class Citizen(Kiosk):
    """Somebody in front of a kiosk that has money and a window."""

    def __init__(self, qtbot: QtBot, money: MoneyKiosk) -> None:
        self.money = money
        self.open_over(qtbot, money.app, money.kiosk.context, money.clock)

    def touch(self, name: str) -> None:
        """Touch a target once the screen has come to rest, and wait for what it asks for."""
        self.clock.move(SETTLED_S)
        self.tap(name)
        self.money.settle()
        self.settle()


@pytest.fixture
def citizen(qtbot: QtBot, money: MoneyKiosk) -> Iterator[Citizen]:
    made = Citizen(qtbot, money)
    yield made
    made.close()


def test_a_citizen_reloads_by_touch_alone(citizen: Citizen) -> None:
    citizen.money.lay()
    citizen.settle()
    for name in ("Recharger", "20,00\u00a0€", "Payer 20,00\u00a0€"):
        citizen.touch(name)
    assert "paiement-simule.example" in citizen.texts()
    citizen.money.phone()
    citizen.settle()
    assert "C’est fait." in citizen.texts()
    citizen.touch("Téléphone")
    assert "Écriture n°\u00a01" in " ".join(citizen.texts())
    citizen.touch("Rien")
    assert citizen.route == "hive"


def test_a_free_sum_is_typed_on_our_own_pad(citizen: Citizen) -> None:
    citizen.money.lay()
    citizen.settle()
    for name in ("Recharger", "Autre montant", "1", "2", "Virgule", "5", "Effacer", "4"):
        citizen.touch(name)
    assert set(KEYPAD) <= set(citizen.targets())
    assert "Payer 12,40\u00a0€" in citizen.targets()


def test_the_figures_are_masked_by_a_touch(citizen: Citizen) -> None:
    citizen.money.lay()
    citizen.settle()
    citizen.touch("Masquer")
    assert "12,40" not in " ".join(citizen.texts())
    citizen.touch("Montrer")
    assert "12,40\u00a0€" in citizen.texts()


def test_cancelling_says_that_nothing_is_taken(citizen: Citizen) -> None:
    citizen.money.ask()
    citizen.settle()
    assert "Rien n’est débité" in citizen.texts()
    citizen.touch("Annuler")
    assert "C’est annulé. Rien n’est débité." in citizen.texts()


def test_how_to_pay_at_the_counter_is_one_touch_away(citizen: Citizen) -> None:
    citizen.money.ask()
    citizen.settle()
    citizen.touch("Payer au guichet")
    assert any("Donnez ce code" in text for text in citizen.texts())


def test_a_kiosk_without_a_printer_says_so(citizen: Citizen) -> None:
    citizen.money.ask()
    citizen.money.phone()
    citizen.settle()
    citizen.touch("Imprimer")
    assert "Cette borne n’a pas d’imprimante." in citizen.texts()


def test_the_three_receipts_have_equal_buttons(citizen: Citizen) -> None:
    citizen.money.ask()
    citizen.money.phone()
    citizen.settle()
    targets = citizen.targets()
    sizes = {
        (targets[name].width(), targets[name].height())
        for name in ("Imprimer", "Téléphone", "Rien")
    }
    assert len(sizes) == 1


def test_the_simulation_is_marked_loudly_from_pay_to_receipt(citizen: Citizen) -> None:
    mark = "Démo\u00a0: paiement simulé, aucune somme réelle"
    citizen.money.ask()
    citizen.settle()
    assert mark in citizen.texts()
    citizen.money.phone()
    citizen.settle()
    assert mark in citizen.texts()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_no_step_cuts_its_text_or_shrinks_its_targets(
    kiosk_of: Callable[[tuple[int, int]], Kiosk], mode: str, size: tuple[int, int]
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(Comfort.of(mode))
    least = 12 * kiosk.screen.window.property("pxPerMm")
    for name in NAMES:
        kiosk.show(play(name, kiosk.context))
        truncated = [
            item.property("text")
            for item in kiosk.items()
            if item.inherits("QQuickText") and item.property("truncated")
        ]
        small = [
            label
            for label, item in kiosk.targets().items()
            if min(item.width(), item.height()) < least
        ]
        assert (name, truncated, small) == (name, [], [])
