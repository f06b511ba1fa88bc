"""The types that we write for qmllint make it find what Python doesn't offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.arch.qml_types import lint, registered, unformatted, write_types

VIEW_MODEL = '''
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class HomeViewModel(QObject):
    changed = Signal()

    def _title(self) -> str:
        return ""

    title = Property(str, _title, notify=changed)

    @Slot(str)
    def open(self, service: str) -> None:
        """Open."""
'''
HEAD = "import QtQuick\nimport Alveole.Models\n\nItem {\n    id: root\n\n"
HEAD += "    required property HomeViewModel vm\n\n"


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    (folder / "home.py").write_text(VIEW_MODEL)
    (folder / "pure.py").write_text("A = 1\n")
    assert registered(folder) == [folder / "home.py"]
    return write_types(registered(folder), folder / "build")


def complaints(qml: str, imports: Path, folder: Path) -> str:
    file = folder / "Home.qml"
    file.write_text(f"{HEAD}    {qml}\n}}\n")
    return lint([file], [imports])


@pytest.mark.parametrize(
    "qml", ["Text { text: root.vm.title }", 'Component.onCompleted: root.vm.open("pool")']
)
def test_what_the_view_model_offers_is_fine(qml: str, imports: Path, tmp_path: Path) -> None:
    assert complaints(qml, imports, tmp_path) == ""


@pytest.mark.parametrize(
    ("qml", "what"),
    [
        ("Text { text: root.vm.titel }", "missing-property"),
        ("Text { text: vm.title }", "unqualified"),
        ("Nope {}", "import"),
        ("Text { widht: 3 }", "missing-property"),
        ("Component.onCompleted: root.vm.shut()", "missing-property"),
    ],
)
def test_what_nobody_offers_is_found(qml: str, what: str, imports: Path, tmp_path: Path) -> None:
    assert f"[{what}]" in complaints(qml, imports, tmp_path)


def test_a_python_file_that_does_not_parse_stops_the_lint(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("class QObject(:\n")
    with pytest.raises(RuntimeError, match="metaobjectdump"):
        write_types([broken], tmp_path / "build")


def test_a_file_in_another_layout_is_named(tmp_path: Path) -> None:
    tidy, untidy = tmp_path / "Tidy.qml", tmp_path / "Untidy.qml"
    tidy.write_text("import QtQuick\n\nItem {\n    width: 3\n}\n")
    untidy.write_text("import QtQuick\nItem {width: 3}\n")
    assert unformatted([tidy, untidy]) == [untidy]
