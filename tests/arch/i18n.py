"""Finds the sentences to translate, and compares or updates the catalogues of assets/i18n.

Sentences stand in QML as ``qsTr("…")`` and in Python as ``words("…")``, ``words.n("one", "many",
count)`` and ``N_("…")``; the source language is French. Run as a script it adds what a catalogue
lacks (with an empty translation) and drops what the code no longer says.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.arch.qml_tokens import Token, tokens_of

ROOT = Path(__file__).resolve().parents[2]
_PLACEHOLDER = re.compile(r"\{\w*[^{}]*\}|%L?\d+|%L?n")
# French typography: ’ for the apostrophe, a no-break space before : ; ? ! » and after «.
_UNTIDY = re.compile(r"\w'\w| [:;?!»](?![\w/])|« |\w[;?!»](?!\w)|«\w")
_WORDS = {"words", "N_"}  # the callables whose first argument is a sentence

Id: TypeAlias = "str | tuple[str, str]"  # a sentence, or its singular and plural


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the first place that says it."""

    id: Id
    place: str


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _last_name(node: ast.expr) -> str:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name if name == "N_" else str(name).strip("_")


def python_sentences(text: str) -> Iterator[tuple[Id, int]]:
    """Give the sentences of a Python source with their lines."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        one = _literal(node.args[0])
        plural = isinstance(node.func, ast.Attribute) and node.func.attr == "n"
        if one is None:
            continue
        if plural and isinstance(node.func, ast.Attribute) and len(node.args) > 1:
            many = _literal(node.args[1])
            if many is not None and _last_name(node.func.value) == "words":
                yield (one, many), node.lineno
        elif _last_name(node.func) in _WORDS:
            yield one, node.lineno


def qml_sentences(text: str) -> Iterator[tuple[Id, int]]:
    """Give the sentences of a QML source; raises ValueError for a qsTr of anything but a string."""
    tokens = tokens_of(text)
    for i, token in enumerate(tokens[:-2]):
        if token.kind == "name" and token.text == "qsTr":
            yield _argument(tokens[i + 2 :], token.line), token.line


def _argument(tokens: list[Token], line: int) -> str:
    """Join the string literals up to the first comma or bracket."""
    parts: list[str] = []
    for token in tokens:
        if token.kind == "string":
            parts.append(token.text)
        elif token.text != "+":
            break
    if not parts:
        raise ValueError(f"line {line}: qsTr wants a string literal")
    return "".join(parts)


def sentences(root: Path = ROOT) -> list[Sentence]:
    """Give every sentence of ui/ and kiosk/, each once, in the order of the files."""
    found: dict[Id, Sentence] = {}
    for file in sorted([*(root / "ui").rglob("*"), *(root / "kiosk").rglob("*.py")]):
        if file.suffix not in {".py", ".qml"}:
            continue
        read = python_sentences if file.suffix == ".py" else qml_sentences
        for said, line in read(file.read_text(encoding="utf-8")):
            place = f"{file.relative_to(root)}:{line}"
            found.setdefault(said, Sentence(said, place))
    return list(found.values())


def untidy(said: list[Sentence]) -> list[str]:
    """Give the French sentences that break the typography of the house."""
    return [
        f"{one.place}: typography: {form!r}"
        for one in said
        for form in ((one.id,) if isinstance(one.id, str) else one.id)
        if _UNTIDY.search(form)
    ]


def load(file: Path) -> Catalog:
    """Read a catalogue."""
    with file.open("rb") as stream:
        return read_po(stream, locale=file.stem)


def placeholders(text: str) -> list[str]:
    """Give the placeholders of a sentence, sorted."""
    return sorted(_PLACEHOLDER.findall(text))


def _by_id(catalogue: Catalog) -> Mapping[Id, Message]:
    def key(message: Message) -> Id:
        return (
            message.id if isinstance(message.id, str) else (str(message.id[0]), str(message.id[1]))
        )

    return {key(message): message for message in catalogue if message.id}


def _forms(message: Message) -> list[str]:
    string = message.string
    return [string] if isinstance(string, str) else [str(form) for form in string or ()]


def faults(said: list[Sentence], catalogue: Catalog) -> list[str]:
    """Say what a catalogue lacks, keeps in vain, or translates with other placeholders."""
    known = _by_id(catalogue)
    lines = [f"{one.place}: not translated: {one.id!r}" for one in said if one.id not in known]
    ids = {one.id for one in said}
    lines += [f"nobody says: {there!r}" for there in known if there not in ids]
    lines += [f"obsolete: {there!r}" for there in catalogue.obsolete]
    for there, message in known.items():
        lines += _faults_of(there, message)
    return lines


def _faults_of(said: Id, message: Message) -> Iterator[str]:
    forms = _forms(message)
    sources = [said] if isinstance(said, str) else list(said)
    if message.fuzzy:
        yield f"fuzzy: {said!r}"
    if len(forms) < len(sources) or not all(forms):
        yield f"empty: {said!r}"
    wanted = {name for source in sources for name in placeholders(source)}
    for form in filter(None, forms):
        extra = set(placeholders(form)) - wanted
        missing = set(placeholders(form)) != wanted and form == forms[-1]
        if extra or missing:
            yield f"other placeholders: {said!r}: {form!r}"


def updated(said: list[Sentence], old: Catalog) -> Catalog:
    """Give a catalogue of what is said, with the translations that ``old`` has."""
    known = _by_id(old)
    new = Catalog(locale=old.locale, project="Alvéole", header_comment=old.header_comment)
    for one in said:
        message = known.get(one.id)
        new.add(one.id, message.string if message else "")
    return new


def main(folder: Path = ROOT / "assets" / "i18n") -> None:
    """Update every catalogue of ``folder``."""
    said = sentences()
    for file in sorted(folder.glob("*.po")):
        catalogue = updated(said, load(file))
        with file.open("wb") as stream:
            write_po(stream, catalogue, omit_header=False, width=100, no_location=True)
        empty = sum(1 for message in catalogue if message.id and not all(_forms(message)))
        sys.stdout.write(f"{file.name}: {len(said)} sentences, {empty} to translate\n")


if __name__ == "__main__":
    main()
