"""The demo's tray: a second window, outside of the citizen's, that does as it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.usecases.reload_progress import Stage
from tests.ui.money import BANK_CARD, CARD, MoneyKiosk
from ui.application import Screen, make_application
from ui.inspection import visible_items


class Tray:
    """The tray's window over a kiosk."""

    def __init__(self, qtbot: QtBot, money: MoneyKiosk) -> None:
        make_application()
        self._qtbot = qtbot
        self.money = money
        self.screen = Screen(money.app, size=(1080, 1920))
        self.screen.window.show()
        self.window: QQuickWindow = self.screen.open_tray(money.tray)
        self.window.show()
        qtbot.waitExposed(self.window)
        qtbot.wait(30)

    def buttons(self) -> dict[str, QQuickItem]:
        return {
            str(item.property("targetName")): item
            for item, _ in visible_items(self.window)
            if item.property("targetName") and item.isEnabled()
        }

    def tap(self, name: str) -> None:
        item = self.buttons()[name]
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self.window, button, none, middle)
        self.money.settle()
        self._qtbot.wait(30)

    def texts(self) -> str:
        texts = (str(item.property("text")) for item, _ in visible_items(self.window))
        return " ".join(texts)


@pytest.fixture
def tray(qtbot: QtBot, money: MoneyKiosk) -> Iterator[Tray]:
    made = Tray(qtbot, money)
    yield made
    made.screen.close()


def test_it_is_marked_as_the_demonstration_and_not_the_citizen_s(tray: Tray) -> None:
    assert tray.window is not tray.screen.window
    assert "démo" in tray.window.title()
    assert "Hors de l’écran du public" in tray.texts()


def test_its_buttons_lay_pay_and_write_a_card(tray: Tray) -> None:
    tray.tap("Poser\u00a0: Carte ••••\u00a04821")
    assert tray.money.route == "card"
    tray.money.act()
    tray.money.topup.choose("2000")
    assert "Le téléphone paie" not in tray.buttons()
    tray.money.act()
    tray.tap("Le téléphone paie")
    assert tray.money.at(Stage.DONE)


def test_what_lies_there_is_lifted_by_the_same_button(tray: Tray) -> None:
    tray.tap("Poser\u00a0: Carte bancaire")
    tray.tap("Retirer\u00a0: Carte bancaire")
    assert not tray.money.wallet.lying


def test_its_phone_can_refuse(tray: Tray) -> None:
    tray.money.ask()
    tray._qtbot.wait(30)
    tray.tap("Le téléphone refuse")
    assert tray.money.at(Stage.CANCELED)


def test_it_tears_a_card_at_the_wrong_moment(tray: Tray) -> None:
    tray.money.ask()
    tray._qtbot.wait(30)
    tray.tap("Arracher au mauvais moment")
    assert "Prêt à arracher…" in tray.buttons()
    tray.tap("Le téléphone paie")
    assert tray.money.at(Stage.CARD_AGAIN)
    assert "Arracher au mauvais moment" in tray.buttons()


def test_folded_it_is_only_its_handle(tray: Tray) -> None:
    tall = tray.window.height()
    tray.tap("démo – plateau ▴")
    assert tray.window.height() < tall / 3
    assert "démo ▾" in tray.buttons()


def test_it_speaks_the_language_of_the_screen(tray: Tray, qtbot: QtBot) -> None:
    tray.money.app.setLanguage("en")
    qtbot.wait(30)
    assert "outside" in tray.texts().lower()


# without its window


def test_an_armed_tear_can_be_taken_back(money: MoneyKiosk) -> None:
    money.tray.tear()
    money.tray.tear()
    money.ask()
    money.phone()
    assert money.at(Stage.DONE)


def test_things_lie_there_one_at_a_time(money: MoneyKiosk) -> None:
    money.lay(CARD)
    money.lay(BANK_CARD)
    rows = money.tray._things.rows
    assert [row.lying for row in rows].index(True) == BANK_CARD
    assert sum(row.lying for row in rows) == 1


def test_it_never_shows_a_whole_card_number(money: MoneyKiosk) -> None:
    assert [row.label for row in money.tray._things.rows] == [
        "Carte ••••\u00a04821",
        "Carte ••••\u00a07306",
        "Carte bancaire",
        "Téléphone",
        "Badge d’agent",
        "Carte vierge",
        "Badge de médiathèque",
        "Badge du second agent",
    ]
