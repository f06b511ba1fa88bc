"""The search's view model: what is typed, the keyboard, and what answers.

Rules:
1. What is typed stays in this object alone; leaving the screen forgets it.
2. A suggestion or a tour may open the search with a text; that text is the route's argument.
"""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.keyboard import CLEAR, ERASE, LAYER, Key, beside, keys_of, rows_of
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel
from ui.views.search import TYPED_MAX, build_search, typed

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class SearchViewModel(ScreenViewModel):
    """The search; ``press`` takes a key of our keyboard, ``write`` what a real one sent."""

    textChanged = Signal()
    keysChanged = Signal()

    def __init__(self, context: Context, argument: str = "") -> None:
        self._text = typed(argument)
        self._digits = False
        self._small = False
        self._keys = RowsModel(Key)
        super().__init__(context, argument, lambda context, _: build_search(context, self._text))
        self._lay()

    def _typed(self) -> str:
        return self._text

    text = Property(str, _typed, notify=textChanged)

    def _keys_model(self) -> RowsModel:
        return self._keys

    keys = Property(QObject, _keys_model, notify=keysChanged)

    def _key_rows(self) -> int:
        return rows_of(self._keys.rows)

    keyRows = Property(int, _key_rows, notify=keysChanged)

    def refresh(self) -> None:
        """Search again, and say the keys in the citizen's language."""
        super().refresh()
        self._lay()

    def leave(self) -> None:
        """Forget what was typed and what it found, untold: the screen makes nothing any more."""
        self._text = ""
        self._frame = build_search(self._context, "")
        self._rows.show([])

    @Slot(str)
    def press(self, key: str) -> None:
        """Take a key of our keyboard: a character or a command."""
        if key == ERASE:
            self.erase()
        elif key == CLEAR:
            self._take("")
        elif key == LAYER:
            self._digits = not self._digits
            self._lay()
        else:
            self.write(key)

    @Slot(str)
    def write(self, text: str) -> None:
        """Append what was typed; what can't be printed changes nothing."""
        if text and text.isprintable() and len(self._text) < TYPED_MAX:
            self._take(typed(self._text + text))

    @Slot()
    def erase(self) -> None:
        """Take the last character back."""
        self._take(self._text[:-1])

    @Slot()
    def openFirst(self) -> None:
        """Open the best answer to what was typed."""
        row = next(iter(self._frame.rows), None)
        if row is not None and self._text.strip():
            self.open(row.route, row.argument)

    @Slot(bool)
    def fit(self, small: bool) -> None:  # noqa: FBT001 - QML has no keyword arguments
        """Choose the keyboard's form: ``small`` where there is little height."""
        if small != self._small:
            self._small = small
            self._lay()

    @Slot(int, int, result=int)
    def keyBeside(self, index: int, down: int) -> int:
        """Give the index of the key in the next row down (1) or up (-1), -1 for none."""
        return beside(self._keys.rows, index, down)

    def _take(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.textChanged.emit()
            super().refresh()

    def _lay(self) -> None:
        self._keys.show(keys_of(self._context.words, digits=self._digits, small=self._small))
        self.keysChanged.emit()
