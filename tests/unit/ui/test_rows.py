"""The list model shows dataclasses and changes as little as it can."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt

from ui.models.rows import RowsModel, camel


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    key: str
    state_text: str = ""


def lines(*keys: str) -> list[Line]:
    return [Line(key=key, state_text=key.upper()) for key in keys]


def shown(model: RowsModel) -> list[object]:
    role = next(r for r, name in model.roleNames().items() if name.data() == b"stateText")
    return [model.data(model.index(row, 0), role) for row in range(model.rowCount())]


def test_python_names_become_qml_names() -> None:
    assert (camel("state_text"), camel("key")) == ("stateText", "key")


def test_every_field_is_a_role() -> None:
    names = {name.data() for name in RowsModel(Line).roleNames().values()}
    assert names == {b"key", b"stateText"}


def test_rows_are_shown_in_order() -> None:
    model = RowsModel(Line)
    model.show(lines("b", "a"))
    assert shown(model) == ["B", "A"]


def test_rows_of_the_same_number_are_changed_in_place() -> None:
    model = RowsModel(Line)
    model.show(lines("a", "b", "c"))
    resets: list[int] = []
    changes: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda top, *_: changes.append(top.row()))
    model.show(lines("a", "x", "c"))
    assert (resets, changes, shown(model)) == ([], [1], ["A", "X", "C"])


def test_another_number_of_rows_resets_the_model() -> None:
    model = RowsModel(Line)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show(lines("a"))
    model.show([])
    assert (len(resets), model.rowCount()) == (2, 0)


def test_nothing_is_read_outside_of_the_model() -> None:
    model = RowsModel(Line)
    model.show(lines("a"))
    first = Qt.ItemDataRole.UserRole + 1
    assert model.data(QModelIndex(), first) is None
    assert model.data(model.index(0, 0), first + 99) is None
    assert model.data(model.index(0, 0)) is None


def test_a_row_has_no_children() -> None:
    model = RowsModel(Line)
    model.show(lines("a"))
    assert model.rowCount(model.index(0, 0)) == 0
