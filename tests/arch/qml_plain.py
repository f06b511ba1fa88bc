"""The plain-text lint of QML: hostile text must neither crash nor fetch (TRUST.md, fact 1).

Run as a script it prints ``file:line: what`` for each offence and exits 1.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.arch.qml_tokens import Binding, Token, bindings, blocks, functions, tokens_of

ROOT = Path(__file__).resolve().parents[2]
HANDLER_LINES_MAX = 12  # STYLE.md; shape.py measures the same


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Qt Quick's own texts may only be built inside controls/; so may Qt Quick Controls' types, whose
# names a house control may take (their import is banned, so the name can't mean theirs).
QUICK_TYPES = _names("Text TextInput TextEdit")
CONTROL_TYPES = _names("""
    Label Button AbstractButton ItemDelegate TabButton ToolButton RoundButton DelayButton CheckBox
    CheckDelegate RadioButton RadioDelegate Switch SwitchDelegate SwipeDelegate ToolTip Menu
    MenuItem MenuBar MenuBarItem TextField TextArea SearchField Dialog Popup Drawer GroupBox Frame
    ComboBox SpinBox DoubleSpinBox Slider Tumbler ApplicationWindow MessageDialog
    TreeViewDelegate TableViewDelegate HorizontalHeaderView
""")
NEEDS_PLAIN = _names("Text TextEdit")
PICTURES = _names("Image AnimatedImage BorderImage FontLoader AnimatedSprite")
BANNED = _names("""
    RichText StyledText MarkdownText AutoText XMLHttpRequest openUrlExternally WebView
    WebEngineView WebSocket createQmlObject createComponent eval Function
""")
BANNED_IN_PYTHON = _names("""
    setContextProperty setContextProperties QDesktopServices QLabel QMessageBox QToolTip
    QWebEngineView QWebView
""")
TEXT_PROPERTIES = re.compile(
    r"(?:^|\.)(?:\w*(?:[tT]ext|[tT]itle|[lL]abel|[hH]int|[cC]aption|[pP]laceholder|[dD]etail)"
    r"|Accessible\.name|Accessible\.description)$"
)


@dataclass(frozen=True, slots=True, order=True)
class Offence:
    """What is wrong on which line."""

    line: int
    what: str


def offences(text: str, *, control: bool, house: frozenset[str] = frozenset()) -> list[Offence]:
    """Lint one QML source; ``control``: it lies in controls/; ``house``: our controls' names."""
    tokens = tokens_of(text)
    found = [
        *_imports(tokens, control=control),
        *_words(tokens),
        *_objects(tokens, frozenset() if control else QUICK_TYPES | (CONTROL_TYPES - house)),
        *_handlers(tokens),
        *_untranslated(tokens),
    ]
    return sorted(set(found))


def _imports(tokens: list[Token], *, control: bool) -> Iterator[Offence]:
    for i, token in enumerate(tokens[:-3]):
        if token.text != "import" or tokens[i + 1].text != "QtQuick" or tokens[i + 2].text != ".":
            continue
        module = tokens[i + 3].text
        if module == "Controls":
            yield Offence(token.line, "import of QtQuick.Controls (use house controls)")
        if module == "Templates" and not control:
            yield Offence(token.line, "import of QtQuick.Templates outside controls/")


def _words(tokens: list[Token]) -> Iterator[Offence]:
    for token in tokens:
        if token.kind == "name" and token.text in BANNED:
            yield Offence(token.line, f"{token.text} is banned")
        if token.kind == "string" and re.search(r"(?<!^image)://|^data:", token.text):
            yield Offence(token.line, f"address {token.text!r} (only image:// is local)")


def _objects(tokens: list[Token], raw: frozenset[str]) -> Iterator[Offence]:
    for block in blocks(tokens):
        if block.type in raw:
            yield Offence(block.line, f"raw {block.type} (use a house control)")
        formats = [b for b in block.own if b.name == "textFormat"]
        if block.type in NEEDS_PLAIN and not any(_is_plain(b) for b in formats):
            yield Offence(block.line, f"{block.type} without textFormat: {block.type}.PlainText")
        for binding in block.own:
            if block.type in PICTURES and binding.name == "source" and not _is_local(binding):
                yield Offence(binding.line, f"{block.type} whose source is not image://…")


def _is_plain(binding: Binding) -> bool:
    return [token.text for token in binding.value[1:]] == [".", "PlainText"]


def _is_local(binding: Binding) -> bool:
    """Whether the source is built from image:// addresses (an empty one shows nothing)."""
    strings = [token.text for token in binding.value if token.kind == "string"]
    return any(s.startswith("image://") for s in strings)


def _handlers(tokens: list[Token]) -> Iterator[Offence]:
    code = [b for b in bindings(tokens) if b.value and b.value[0].text == "{"]
    for binding in [*code, *functions(tokens)]:
        if binding.lines > HANDLER_LINES_MAX:
            what = f"{binding.name}: {binding.lines} lines of JavaScript"
            yield Offence(binding.line, f"{what}, at most {HANDLER_LINES_MAX}")


def _untranslated(tokens: list[Token]) -> Iterator[Offence]:
    for binding in bindings(tokens):
        if TEXT_PROPERTIES.search(binding.name):
            for token in _bare_strings(binding.value):
                yield Offence(token.line, f"{binding.name}: {token.text!r} without qsTr")


def _bare_strings(value: tuple[Token, ...]) -> Iterator[Token]:
    """Give the strings with letters that a citizen would read untranslated."""
    padded = [None, None, *value, None]
    for i, token in enumerate(value):
        before, earlier, after = padded[i + 1], padded[i], padded[i + 3]
        called = before is not None and before.text == "("
        translated = called and earlier is not None and earlier.text == "qsTr"
        beside = {side.text for side in (before, after) if side is not None}
        compared = beside & {"===", "!==", "==", "!=", "[", "case"}
        letters = any(letter.isalpha() for letter in token.text)
        if token.kind == "string" and letters and not translated and not compared:
            yield token


def python_offences(text: str) -> list[Offence]:
    """Lint one Python source for what would bring rich text or context properties back."""
    found: list[Offence] = []
    for node in ast.walk(ast.parse(text)):
        name = ""
        if isinstance(node, ast.Name):
            name = node.id
        elif isinstance(node, ast.Attribute):
            name = node.attr
        elif isinstance(node, ast.alias):
            name = node.name
        if name in BANNED_IN_PYTHON:
            line = getattr(node, "lineno", 1)
            found.append(Offence(line, f"{name} is banned"))
    return sorted(found)


def tree_offences(root: Path = ROOT) -> list[str]:
    """Lint every QML file of ui/qml and every Python file of ui/ and kiosk/."""
    lines: list[str] = []
    files = sorted((root / "ui" / "qml").rglob("*.qml"))
    house = frozenset(file.stem for file in files if file.parent.name == "controls")
    for file in files:
        control = file.parent.name == "controls"
        found = offences(file.read_text(encoding="utf-8"), control=control, house=house)
        lines += [f"{file.relative_to(root)}:{one.line}: {one.what}" for one in found]
    for file in sorted([*(root / "ui").rglob("*.py"), *(root / "kiosk").rglob("*.py")]):
        found = python_offences(file.read_text(encoding="utf-8"))
        lines += [f"{file.relative_to(root)}:{one.line}: {one.what}" for one in found]
    return lines


if __name__ == "__main__":
    wrong = tree_offences()
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    sys.exit(bool(wrong))
