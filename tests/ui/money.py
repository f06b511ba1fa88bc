"""A kiosk with its reader, journal and bank in a folder of its own, driven without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from kiosk.app.container import build
from kiosk.app.installed import Installed
from kiosk.app.safe import LEDGER
from kiosk.store.database import ContentReader
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from ui.viewmodels.app import AppViewModel
from ui.viewmodels.topup import TopupViewModel
from ui.viewmodels.tray import TrayViewModel
from ui.views.topup_frame import TopupFrame
from ui.wallet import Wallet

CARD, NEW_CARD, BANK_CARD = 0, 1, 2
SETTLED_S = 1.0


class MoneyKiosk:
    """The demo's kiosk; time moves only when it is told to."""

    def __init__(
        self, qtbot: QtBot, here: Installed, clock: MovedClock, folder: Path, *, start: bool = True
    ) -> None:
        self.path = folder / LEDGER
        self.clock = clock
        self._qtbot = qtbot
        own = replace(here, content=ContentReader(folder / "content.db"))
        self.kiosk = build(own, clock, environment="")
        assert self.kiosk.tray is not None
        self.tray: TrayViewModel = self.kiosk.tray
        self.app: AppViewModel = self.kiosk.app
        self.desk = self.kiosk.desk
        if start:
            self.start()

    def start(self) -> None:
        self.kiosk.serve()
        self.desk._timer.stop()
        if self.kiosk.sales is not None:
            self.kiosk.sales._timer.stop()
        self.settle()

    def settle(self) -> None:
        """Let whatever runs in the background come back."""
        self._qtbot.waitUntil(lambda: not self.desk.busy)

    @property
    def wallet(self) -> Wallet:
        return self.desk.wallet

    @property
    def route(self) -> str:
        return str(self.app.property("route"))

    def at(self, stage: Stage) -> bool:
        """Whether the top-up stands at ``stage``."""
        progress = self.wallet.progress
        return progress is not None and progress.stage is stage

    @property
    def frame(self) -> TopupFrame:
        return cast("TopupFrame", self.app.opened.frame)

    @property
    def topup(self) -> TopupViewModel:
        assert isinstance(self.app.opened, TopupViewModel)
        return self.app.opened

    def lay(self, place: int = CARD) -> None:
        self.tray.lay(place)
        self.settle()

    def lift(self) -> None:
        self.tray.lift()
        self.settle()

    def act(self) -> None:
        """Press the main action, once the screen has come to rest."""
        self.clock.move(SETTLED_S)
        self.app.opened.act()
        self.settle()

    def poll(self, seconds: float = 0) -> None:
        self.clock.move(seconds)
        self.desk.poll()
        self.settle()

    def choose(self, key: str = "2000") -> None:
        """Lay the card, go to the top-up and choose a sum."""
        self.lay()
        self.act()
        self.topup.choose(key)

    def ask(self, key: str = "2000") -> None:
        self.choose(key)
        self.act()

    def phone(self, *, pays: bool = True) -> None:
        self.tray.answer(pays)
        self.settle()

    def phone_without_card(self) -> None:
        """Lift the card, then let the phone pay."""
        self.lift()
        self.phone()

    def shown(self, name: str) -> object:
        """Give a property of the open screen as QML reads it."""
        return cast("QObject", self.app.opened).property(name)

    def entries(self) -> int:
        """Close the kiosk and give the number of entries of its sound journal."""
        self.close()
        verdict = verify_file(self.path)
        assert verdict.sound, verdict.reason
        return verdict.entries

    def close(self) -> None:
        self.kiosk.close()
