"""The list model shows dataclasses and changes as little as it can."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
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


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("ab", "abc", ["in 2-2"]),
        ("", "ab", ["in 0-1"]),
        ("abc", "a", ["out 1-2"]),
        ("abc", "", ["out 0-2"]),
        ("ab", "xbc", ["in 2-2", "change 0"]),
        ("abc", "xb", ["out 2-2", "change 0"]),
    ],
)
def test_rows_come_and_go_at_the_end_so_that_the_others_stay(
    before: str, after: str, told: list[str]
) -> None:
    model = RowsModel(Line)
    model.show(lines(*before))
    heard: list[str] = []
    model.rowsInserted.connect(lambda _, first, last: heard.append(f"in {first}-{last}"))
    model.rowsRemoved.connect(lambda _, first, last: heard.append(f"out {first}-{last}"))
    model.dataChanged.connect(lambda top, *_: heard.append(f"change {top.row()}"))
    model.modelReset.connect(lambda: heard.append("reset"))
    model.show(lines(*after))
    assert heard == told
    assert shown(model) == [key.upper() for key in after]


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
