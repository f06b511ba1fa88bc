"""The view model of a bill: its reference on our keyboard, its sum on the pad, then the top-up's.

What is typed stands in the wallet: leaving the visit forgets it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.bill import TYPED_MAX
from ui.context import Context
from ui.keyboard import CLEAR, Key, beside, reference_keys, rows_of
from ui.models.rows import RowsModel
from ui.viewmodels.topup import TopupViewModel
from ui.views.bill import (
    CASH,
    CHECK,
    NEXT,
    REFERENCE,
    SUM,
    BillFrame,
    build_bill,
    case_of,
    draft_of,
    order_of,
)
from ui.views.topup_frame import AGAIN, PAY
from ui.wallet import ERASE, BillDraft, typed_sum

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1
_BEFORE = {SUM: REFERENCE, CHECK: SUM}


@QmlElement
class BillViewModel(TopupViewModel):
    """A bill, from its reference to the receipt; the desk does what may wait."""

    copied = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str) -> None:
        self._keys = RowsModel(Key)
        super().__init__(context, argument, build_bill)
        self.changed.connect(self.copied)
        self._lay()

    def refresh(self) -> None:
        """Build the frame again, and say the keys in the citizen's language."""
        super().refresh()
        self._lay()

    def _typed_text(self) -> str:
        frame = self._frame
        return frame.typed if isinstance(frame, BillFrame) else ""

    typed = Property(str, _typed_text, notify=copied)

    def _hint_text(self) -> str:
        frame = self._frame
        return frame.hint if isinstance(frame, BillFrame) else ""

    hint = Property(str, _hint_text, notify=copied)

    def _keys_model(self) -> RowsModel:
        return self._keys

    keys = Property(QObject, _keys_model, notify=copied)

    def _key_rows(self) -> int:
        return rows_of(self._keys.rows)

    keyRows = Property(int, _key_rows, notify=copied)

    @Slot(int, int, result=int)
    def keyBeside(self, index: int, down: int) -> int:
        """Give the index of the key in the next row down (1) or up (-1), -1 for none."""
        return beside(self._keys.rows, index, down)

    @Slot(str)
    def press(self, key: str) -> None:
        """Take a key of our keyboard or of the pad."""
        draft = self._draft
        if self._topup.part == SUM:
            self._note(replace(draft, euros=typed_sum(draft.euros, key)))
        elif self._topup.part == REFERENCE and key == CLEAR:
            self._note(replace(draft, reference=""))
        elif self._topup.part == REFERENCE and key == ERASE:
            self._note(replace(draft, reference=draft.reference[:-1]))
        elif self._topup.part == REFERENCE:
            self.write(key)

    @Slot(str)
    def write(self, text: str) -> None:
        """Append what a real keyboard sent; what no reference holds changes nothing."""
        draft = self._draft
        if self._topup.part == SUM:
            self.press(text)
        elif self._topup.part == REFERENCE and len(draft.reference) < TYPED_MAX:
            fine = text.isascii() and (text.isalnum() or text == "-")
            self._note(replace(draft, reference=draft.reference + text.upper()) if fine else draft)

    @Slot()
    def act(self) -> None:
        """Go to the next step, or pay what was checked; anything else as the top-up does it."""
        desk, does = self._context.desk, self._topup.does
        if does not in {NEXT, PAY, CASH, AGAIN}:
            super().act()
        elif desk is None or not self._settled():
            return
        elif does == NEXT:
            self._note(replace(self._draft, step=SUM if self._draft.step == REFERENCE else CHECK))
        elif does == PAY:
            desk.pay_bill(*order_of(self._context, self._draft))
        elif does == CASH:
            self.routeAsked.emit("till-sum", case_of(self._context, self._draft))
        else:
            desk.copy_bill(None)
            desk.again()

    @Slot()
    def back(self) -> None:
        """Go to the step before; from the first one leave."""
        draft, copying = self._draft, self._context.wallet.progress is None
        if copying and draft.step in _BEFORE and not self._context.wallet.problem:
            self._note(replace(draft, step=_BEFORE[draft.step]))
        else:
            if copying:
                self._note(None)
            super().back()

    @property
    def _draft(self) -> BillDraft:
        return draft_of(self._context, self._argument)

    def _note(self, draft: BillDraft | None) -> None:
        if self._context.desk is not None:
            self._context.desk.copy_bill(draft)

    def _lay(self) -> None:
        keys = reference_keys(self._context.words)
        if tuple(cast("list[Key]", self._keys.rows)) != keys:
            self._keys.show(keys)
            self.copied.emit()
