"""What screens with a field and our keyboard share: what is typed, and the keys.

Rules:
1. What is typed stays in the screen's object, or where the screen's visit keeps it; leaving the
   screen forgets what this object holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.keyboard import CLEAR, ERASE, LAYER, Key, beside, keys_of, rows_of
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel
from ui.views.frame import Frame

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

Builder = Callable[[Context, str, str], Frame]  # from the route's argument and what is typed


@QmlElement
class TypedViewModel(ScreenViewModel):
    """A field; ``press`` takes a key of our keyboard, ``write`` what a real one sent.

    What derives from it says what the field is called (``_name``, ``_hint_words``), what it keeps
    of a text (``_kept``), how much of it (``most``) and, where they aren't letters, its keys.
    """

    textChanged = Signal()
    keysChanged = Signal()
    most = 60
    glyph = "search"

    def __init__(self, context: Context, argument: str, builder: Builder, text: str = "") -> None:
        self._text = text
        self._digits = False
        self._small = False
        self._keys = RowsModel(Key)
        super().__init__(context, argument, lambda to, about: builder(to, about, self._text))
        self._lay()

    def _name(self) -> str:
        return ""

    def _hint_words(self) -> str:
        return ""

    def _kept(self, text: str) -> str:
        return text[: self.most]

    def _layout(self) -> Sequence[Key]:
        return keys_of(self._context.words, digits=self._digits, small=self._small)

    def _typed(self) -> str:
        return self._text

    text = Property(str, _typed, notify=textChanged)

    def _field_name(self) -> str:
        return self._name()

    fieldName = Property(str, _field_name, notify=keysChanged)

    def _hint(self) -> str:
        return self._hint_words()

    hint = Property(str, _hint, notify=keysChanged)

    def _sign(self) -> str:
        return self.glyph

    sign = Property(str, _sign, constant=True)

    def _keys_model(self) -> RowsModel:
        return self._keys

    keys = Property(QObject, _keys_model, notify=keysChanged)

    def _key_rows(self) -> int:
        return rows_of(self._keys.rows)

    keyRows = Property(int, _key_rows, notify=keysChanged)

    def refresh(self) -> None:
        """Answer again, and say the keys in the citizen's language."""
        super().refresh()
        self._lay()

    def leave(self) -> None:
        """Forget what was typed and what it found, untold: the screen makes nothing any more."""
        self._text = ""
        self._frame = self._builder(self._context, self._argument)
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
        if text and text.isprintable() and len(self._text) < self.most:
            self._take(self._kept(self._text + text))

    @Slot()
    def erase(self) -> None:
        """Take the last character back."""
        self._take(self._text[:-1])

    @Slot()
    def openFirst(self) -> None:
        """Do what a tap on the field does: nothing, where a screen doesn't say otherwise."""

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
        self._keys.show(self._layout())
        self.keysChanged.emit()
