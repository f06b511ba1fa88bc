"""A list model over frozen dataclasses: one role a field, changed in place where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
# Qt.ItemDataRole's: the first look at Qt's own names makes 93 enumerations, 45 ms of a start
_DISPLAY, _USER = 0, 0x0100


def camel(name: str) -> str:
    """Give the QML name of a Python field: ``state_text`` → ``stateText``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


class RowsModel(QAbstractListModel):
    """Shows a sequence of one dataclass; ``show`` replaces it with as little change as it can."""

    def __init__(self, kind: type[DataclassInstance], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(field.name for field in fields(kind))
        self._rows: tuple[Any, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def roleNames(self) -> dict[int, QByteArray]:
        """Give one role for each field of the dataclass."""
        first = _USER + 1
        return {first + i: QByteArray(camel(n).encode()) for i, n in enumerate(self._names)}

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Give one field of one row; None outside of the model."""
        place = role - _USER - 1
        if not index.isValid() or not 0 <= place < len(self._names):
            return None
        return getattr(self._rows[index.row()], self._names[place])

    @property
    def rows(self) -> tuple[Any, ...]:
        """The rows as they are shown."""
        return self._rows

    def show(self, rows: Sequence[DataclassInstance]) -> None:
        """Show ``rows``; delegates of rows that stay as they were are left alone."""
        old, new = self._rows, tuple(rows)
        kept = min(len(old), len(new))
        if len(new) < len(old):
            self.beginRemoveRows(_ROOT, kept, len(old) - 1)
            self._rows = old[:kept]
            self.endRemoveRows()
        elif len(new) > len(old):
            self.beginInsertRows(_ROOT, kept, len(new) - 1)
            self._rows = (*old, *new[kept:])
            self.endInsertRows()
        self._rows = new
        for number in range(kept):
            if old[number] != new[number]:
                here = self.index(number, 0)
                self.dataChanged.emit(here, here)
