"""The demo's tray: virtual things to lay and lift, a phone that pays or refuses, a torn card.

It stands outside of the citizen's screen and is never shown but in the demonstration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.reload_code import grouped
from kiosk.usecases.reload_progress import Stage
from ui.context import Context
from ui.models.rows import RowsModel
from ui.sale import SaleStage

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


class TrayControls(Protocol):
    """What the tray's buttons do to the virtual reader and the bank's stand-in."""

    def things(self) -> Sequence[tuple[str, str]]:
        """Give what can be laid: a card's number and "", or "" and what else it is, in French."""
        ...

    def lay(self, place: int) -> bool:
        """Lay the thing at ``place``, what lay there is lifted first; False: it was only shown."""
        ...

    def lift(self) -> None:
        """Lift what lies there."""
        ...

    def answer(self, *, pays: bool) -> None:
        """Let the phone pay what waits to be paid, or refuse it."""
        ...

    def cut(self, *, cut: bool) -> None:
        """Cut the network between the kiosk and its hub, or mend it."""
        ...

    def phone(self, url: str) -> str:
        """Let the phone pay an offline kiosk's request; gives the code that it shows, or ""."""
        ...

    def tear(self, *, armed: bool) -> None:
        """Let the next write be cut after its commit, or no longer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing of the tray."""

    label: str
    lying: bool


@QmlElement
class TrayViewModel(QObject):
    """The tray; a card that was torn from a write is lifted by itself."""

    changed = Signal()

    def __init__(self, context: Context, controls: TrayControls) -> None:
        super().__init__()
        self._context = context
        self._controls = controls
        self._laid = -1
        self._armed = False
        self._cut = False
        self._code = ""  # what the phone shows
        self._things = RowsModel(Thing, self)
        if context.desk is not None:
            context.desk.changed.connect(self.follow)
        if context.sales is not None:
            context.sales.changed.connect(self.follow)
        self._show()

    def _things_model(self) -> RowsModel:
        return self._things

    things = Property(QObject, _things_model, notify=changed)

    def _lies(self) -> bool:
        return self._laid >= 0

    lies = Property(bool, _lies, notify=changed)

    def _can_pay(self) -> bool:
        wallet = self._context.wallet
        if wallet.code is not None:
            return not wallet.code.end
        return wallet.progress is not None and wallet.progress.stage is Stage.PAY

    canPay = Property(bool, _can_pay, notify=changed)

    def _is_armed(self) -> bool:
        return self._armed

    armed = Property(bool, _is_armed, notify=changed)

    def _is_cut(self) -> bool:
        return self._cut

    cutOff = Property(bool, _is_cut, notify=changed)

    def _shown_code(self) -> str:
        return grouped(self._code)

    phoneShows = Property(str, _shown_code, notify=changed)

    @Slot(int)
    def lay(self, place: int) -> None:
        """Lay a thing; the one that lies there is lifted."""
        if place == self._laid:
            self.lift()
            return
        if self._controls.lay(place):
            self._laid = place
        self._show()

    @Slot()
    def lift(self) -> None:
        """Lift what lies there."""
        self._laid = -1
        self._controls.lift()
        self._show()

    @Slot(bool)
    def answer(self, pays: bool) -> None:  # noqa: FBT001  # QML calls by position
        """Let the phone pay or refuse; the kiosk asks at once how it went."""
        code = self._context.wallet.code
        if code is not None:
            self._code = self._controls.phone(code.url) if pays else ""
        else:
            self._controls.answer(pays=pays)
        if self._context.desk is not None:
            self._context.desk.nudge()
        self._show()

    @Slot()
    def cutNetwork(self) -> None:
        """Cut the network between kiosk and hub, or mend it."""
        self._cut = not self._cut
        self._controls.cut(cut=self._cut)
        self._show()

    @Slot()
    def tear(self) -> None:
        """Have the next write torn, or no longer."""
        self._armed = not self._armed
        self._controls.tear(armed=self._armed)
        self._show()

    @Slot()
    def follow(self) -> None:
        """Lift a card that was torn; show what may be done now."""
        if self._context.wallet.code is None:
            self._code = ""
        progress = self._context.wallet.progress
        torn = progress is not None and progress.stage is Stage.CARD_AGAIN
        torn = torn or self._context.sale.stage is SaleStage.AGAIN
        if self._armed and torn:
            self._armed = False
            self.lift()
        self._show()

    def _show(self) -> None:
        words = self._context.words
        self._things.show(
            [
                Thing(
                    label=words("Carte {number}", number=f"••••\u00a0{number[-4:]}")
                    if number
                    else words(label),
                    lying=place == self._laid,
                )
                for place, (number, label) in enumerate(self._controls.things())
            ]
        )
        self.changed.emit()
