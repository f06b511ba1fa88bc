"""The plain-text lint finds what it must find, and the product's own QML is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.arch.qml_plain import Offence, offences, python_offences, tree_offences
from tests.arch.qml_tokens import bindings, blocks, tokens_of

PLAIN = "textFormat: Text.PlainText"


def found_in(qml: str, *, control: bool = False) -> list[str]:
    return [one.what for one in offences(qml, control=control)]


def test_the_products_own_sources_are_clean() -> None:
    assert tree_offences() == []


@pytest.mark.parametrize(
    "kind",
    ["Text", "Label", "Button", "ItemDelegate", "ToolTip", "CheckBox", "Dialog", "TextField"],
)
def test_a_raw_control_on_a_screen_is_found(kind: str) -> None:
    assert f"raw {kind} (use a house control)" in found_in(f"Item {{ {kind} {{ id: a }} }}")


def test_a_raw_control_behind_a_qualifier_is_found() -> None:
    assert "raw Button (use a house control)" in found_in("import X as C\nC.Button { }")


def test_a_raw_text_given_as_a_delegate_is_found() -> None:
    qml = f"ListView {{ delegate: Text {{ {PLAIN} }} }}"
    assert found_in(qml) == ["raw Text (use a house control)"]


def test_a_house_control_may_take_the_name_of_a_banned_one() -> None:
    assert offences("Switch { }", control=False, house=frozenset({"Switch"})) == []


def test_no_house_control_may_be_called_text() -> None:
    assert offences(f"Text {{ {PLAIN} }}", control=False, house=frozenset({"Text"}))


def test_a_text_without_a_format_is_found_inside_controls_too() -> None:
    qml = "Item { Text { text: root.title } }"
    assert found_in(qml, control=True) == ["Text without textFormat: Text.PlainText"]


def test_the_format_of_a_nested_text_does_not_count_for_its_parent() -> None:
    qml = f"Text {{\n text: a.b\n Text {{ {PLAIN} }}\n}}"
    assert offences(qml, control=True) == [Offence(1, "Text without textFormat: Text.PlainText")]


def test_a_plain_text_in_a_control_is_fine() -> None:
    assert found_in(f"Text {{\n    {PLAIN}\n    text: root.title\n}}", control=True) == []


@pytest.mark.parametrize("kind", ["RichText", "StyledText", "MarkdownText", "AutoText"])
def test_another_text_format_is_found(kind: str) -> None:
    assert f"{kind} is banned" in found_in(f"Text {{ textFormat: Text.{kind} }}", control=True)


@pytest.mark.parametrize(
    "code",
    [
        "onTapped: Qt.openUrlExternally(x)",
        "onTapped: { var r = new XMLHttpRequest(); }",
        "onTapped: eval(x)",
        "onTapped: Qt.createQmlObject(x, y)",
        "WebView { }",
    ],
)
def test_a_way_out_of_the_kiosk_is_found(code: str) -> None:
    assert any("is banned" in what for what in found_in(f"Item {{ {code} }}"))


def test_a_banned_word_in_a_comment_is_no_offence() -> None:
    assert found_in("Item { // no RichText here\n/* nor eval( */ }") == []


@pytest.mark.parametrize(
    "source", ['"http://x.fr/a.png"', "root.picture", '"a.png"', '""', '"file:///etc/passwd"']
)
def test_a_picture_from_anywhere_but_the_pack_is_found(source: str) -> None:
    assert "Image whose source is not image://…" in found_in(f"Image {{ source: {source} }}")


@pytest.mark.parametrize(
    "source",
    ['"image://pack/abc"', '"image://icon/" + root.icon', 'root.i ? "image://icon/" + root.i : ""'],
)
def test_a_picture_from_an_image_provider_is_fine(source: str) -> None:
    assert found_in(f"Image {{ source: {source} }}") == []


def test_an_address_in_any_string_is_found() -> None:
    assert found_in('Loader { source: "http://x.fr/A.qml" }') == [
        "address 'http://x.fr/A.qml' (only image:// is local)"
    ]


@pytest.mark.parametrize("control", [True, False])
def test_qt_quick_controls_is_imported_nowhere(control: bool) -> None:
    assert found_in("import QtQuick.Controls.Basic\nItem { }", control=control)


def test_templates_are_for_controls_only() -> None:
    qml = "import QtQuick.Templates as T\nT.Control { }"
    assert found_in(qml, control=True) == []
    assert found_in(qml) == ["import of QtQuick.Templates outside controls/"]


@pytest.mark.parametrize(("lines", "wrong"), [(10, False), (11, True)])
def test_a_handler_has_at_most_twelve_lines(lines: int, wrong: bool) -> None:
    body = "\n".join(["root.a = 1"] * lines)
    assert bool(found_in(f"Item {{ onTapped: {{\n{body}\n}} }}")) is wrong


def test_a_long_function_is_found() -> None:
    body = "\n".join(["root.a = 1"] * 20)
    assert found_in(f"Item {{ function far(a: int): int {{\n{body}\n}} }}") == [
        "far: 22 lines of JavaScript, at most 12"
    ]


@pytest.mark.parametrize(
    "binding",
    [
        'text: "Bonjour"',
        'title: root.open ? qsTr("Ouvert") : "Fermé"',
        'Accessible.name: "Retour"',
        'property string emptyText: "Rien"',
        'text: "a" +\n  root.b',
        "text: `Bonjour ${root.name}`",
    ],
)
def test_a_text_that_is_not_translated_is_found(binding: str) -> None:
    assert any("without qsTr" in what for what in found_in(f"Tile {{ {binding} }}"))


@pytest.mark.parametrize(
    "binding",
    [
        'text: qsTr("Bonjour")',
        'Accessible.name: qsTr("Retour")',
        'text: root.state === "open" ? root.title : ""',
        'text: root.labels["open"]',
        'text: root.a + " · " + root.b',
        'objectName: "home"',
        'state: "open"',
    ],
)
def test_a_translated_or_invisible_text_is_fine(binding: str) -> None:
    assert found_in(f"Tile {{ {binding} }}") == []


def test_the_property_after_a_text_is_not_part_of_it() -> None:
    assert found_in('Tile {\n text: root.title\n objectName: "home"\n}') == []


@pytest.mark.parametrize(
    "code",
    [
        "engine.rootContext().setContextProperty('a', b)",
        "from PySide6.QtGui import QDesktopServices",
        "QLabel('x')",
    ],
)
def test_python_that_brings_rich_text_back_is_found(code: str) -> None:
    assert len(python_offences(code)) == 1


def test_offences_carry_their_line() -> None:
    assert offences('Item {\n\n  Tile { text: "Oui" }\n}', control=False) == [
        Offence(3, "text: 'Oui' without qsTr")
    ]


def test_a_file_of_the_tree_is_linted_by_its_folder(tmp_path: Path) -> None:
    controls = tmp_path / "ui" / "qml" / "Alveole" / "controls"
    screens = tmp_path / "ui" / "qml" / "Alveole" / "screens"
    for folder in (controls, screens):
        folder.mkdir(parents=True)
        (folder / "A.qml").write_text(f"Text {{ {PLAIN} }}")
    (tmp_path / "ui" / "x.py").write_text("setContextProperty = 1")
    assert tree_offences(tmp_path) == [
        "ui/qml/Alveole/screens/A.qml:1: raw Text (use a house control)",
        "ui/x.py:1: setContextProperty is banned",
    ]


def test_escapes_in_strings_are_resolved() -> None:
    tokens = tokens_of(r'"Ouvert\u00a0: \"oui\"" ' + r"'l\'eau'")
    assert [token.text for token in tokens] == ['Ouvert\u00a0: "oui"', "l'eau"]


def test_dotted_and_nested_bindings_are_named_in_full() -> None:
    tokens = tokens_of("Item { anchors.fill: parent; Row { x: a ? b : c } }")
    assert [binding.name for binding in bindings(tokens)] == ["anchors.fill", "x"]


def test_an_objects_own_bindings_are_apart_from_its_childrens() -> None:
    outer, inner = blocks(tokens_of("Item { a: 1\n Row { b: 2 }\n c: 3 }"))
    assert [binding.name for binding in outer.own] == ["a", "c"]
    assert [binding.name for binding in inner.own] == ["b"]
