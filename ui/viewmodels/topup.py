"""The top-up's view model: the frame, its steps and sums, and what the citizen asks the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.money import Money
from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import Builder, shown
from ui.viewmodels.told import ToldViewModel
from ui.views.frame import Frame
from ui.views.topup import COUNTER, OTHER_SUM, build_topup
from ui.views.topup_code import AWAITED, OFFLINE
from ui.views.topup_frame import (
    AGAIN,
    CANCEL,
    END,
    PAY,
    REDEEM,
    TYPE,
    Choice,
    StepMark,
    TopupFrame,
)

if TYPE_CHECKING:
    from ui.card_desk import CardDesk
    from ui.code_desk import CodeDesk

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class TopupViewModel(ToldViewModel):
    """The top-up, from the sum to the receipt; the desk does what may wait."""

    updated = Signal()

    def __init__(self, context: Context, argument: str, builder: Builder = build_topup) -> None:
        self._steps = RowsModel(StepMark)
        self._choices = RowsModel(Choice)
        super().__init__(context, argument, builder)
        self.changed.connect(self.updated)
        if context.desk is not None and context.wallet.lying and context.wallet.reading is None:
            context.desk.look()

    @property
    def _topup(self) -> TopupFrame:
        return cast("TopupFrame", self._frame)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        topup = cast("TopupFrame", frame)
        self._steps.show(topup.steps)
        self._choices.show(topup.choices)

    def _means(self, frame: Frame) -> str:
        return cast("TopupFrame", frame).part

    _part = shown("part")
    part = Property(str, _part, notify=updated)
    _sumText = shown("sum_text")
    sumText = Property(str, _sumText, notify=updated)
    _sumWords = shown("sum_words")
    sumWords = Property(str, _sumWords, notify=updated)
    _pad = shown("pad")
    pad = Property(bool, _pad, notify=updated)
    _limits = shown("limits")
    limits = Property(str, _limits, notify=updated)
    _qr = shown("qr")
    qr = Property(str, _qr, notify=updated)
    _host = shown("host")
    host = Property(str, _host, notify=updated)
    _code = shown("code")
    code = Property(str, _code, notify=updated)
    _waiting = shown("waiting")
    waiting = Property(str, _waiting, notify=updated)
    _wish = shown("wish")
    wish = Property(str, _wish, notify=updated)

    def _lines_text(self) -> str:
        return "\n".join(self._topup.lines)

    lines = Property(str, _lines_text, notify=updated)

    def _steps_model(self) -> RowsModel:
        return self._steps

    steps = Property(QObject, _steps_model, notify=updated)

    def _choices_model(self) -> RowsModel:
        return self._choices

    choices = Property(QObject, _choices_model, notify=updated)

    @Slot(str)
    def choose(self, key: str) -> None:
        """Choose a proposed sum, or to type a free one."""
        desk = self._context.desk
        usable = {choice.key for choice in self._topup.choices if choice.usable}
        if desk is None or key not in usable:
            return
        if key == OTHER_SUM:
            desk.type_sum()
        else:
            desk.choose(Money(int(key)))

    @Slot(str)
    def press(self, key: str) -> None:
        """Press a key of the number pad."""
        desk = self._context.desk
        if desk is not None and self._topup.pad:
            desk.press(key)
        elif desk is not None and desk.codes is not None and self._topup.part == "code":
            desk.codes.press(key)

    @Slot(str)
    def receipt(self, wish: str) -> None:
        """Take the receipt as it is wished: print, qr or none; none ends the visit."""
        desk = self._context.desk
        if desk is None or self._topup.part != "receipt":
            return
        if wish != "none":
            desk.receipt(wish)
        elif self._settled():
            self._end()

    @Slot(str, str)
    def open(self, route: str, argument: str) -> None:
        """Tell how to pay at the counter or by a code; anything else opens its screen."""
        desk = self._context.desk
        if route not in {COUNTER, OFFLINE, AWAITED}:
            super().open(route, argument)
        elif desk is not None and route == COUNTER:
            desk.counter()
        elif desk is not None and route == OFFLINE:
            desk.pay_by_code()
        elif desk is not None and desk.codes is not None:
            desk.codes.resume()

    @Slot()
    def act(self) -> None:
        """Do what the main action says; a tap that comes just after it changed is dropped."""
        desk = self._context.desk
        if desk is None or not self._settled():
            return
        does = self._topup.does
        if desk.codes is not None and self._context.wallet.code is not None:
            self._act_on_code(desk, desk.codes)
        elif does == PAY:
            desk.pay()
        elif does == CANCEL:
            self._cancel()
        elif does == AGAIN:
            desk.again()
        elif does == END:
            self._end()

    def _act_on_code(self, desk: CardDesk, codes: CodeDesk) -> None:
        does = self._topup.does
        if does == TYPE:
            codes.type_(typing=True)
        elif does == REDEEM:
            codes.redeem()
        elif does == CANCEL:
            codes.close()
        else:
            desk.again()

    @Slot()
    def back(self) -> None:
        """Leave; while a payment waits that is the same as giving it up."""
        wallet, desk = self._context.wallet, self._context.desk
        if wallet.code is not None and desk is not None and desk.codes is not None:
            if wallet.code.typing and not wallet.code.end:
                desk.codes.type_(typing=False)
            else:
                desk.codes.close()
        elif not wallet.in_flight:
            if wallet.receipt_shown and self._context.desk is not None:
                self._context.desk.again()
            super().back()
        elif self._topup.does == CANCEL and self._settled():
            self._cancel()

    def _end(self) -> None:
        """End the visit; staff stay at their counter."""
        if self._context.identity.staff is None:
            self.endAsked.emit()
        else:
            self.homeAsked.emit()

    def _cancel(self) -> None:
        if self._context.wallet.in_flight and self._context.desk is not None:
            self._context.desk.cancel()
        else:
            super().back()
