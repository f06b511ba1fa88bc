"""QML's qsTr reads the same catalogues as Python."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QTranslator

from ui.translation import compile_catalogues, elf_hash, qm_of, sentences_of

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


def translated(compiled: bytes, source: str) -> str:
    translator = QTranslator()
    assert translator.load(compiled)
    return translator.translate("Any", source) or ""


def test_qt_finds_a_sentence_in_any_context() -> None:
    assert translated(qm_of({"Accueil": "Home", "Aide": "Help"}), "Aide") == "Help"


def test_qt_keeps_accents_placeholders_and_emoji() -> None:
    source, said = "Sans réponse, tout s’efface dans %1 s.", "Everything is wiped in %1 s. 🐝"
    assert translated(qm_of({source: said}), source) == said


def test_an_unknown_sentence_is_not_invented() -> None:
    assert not translated(qm_of({"Accueil": "Home"}), "Retour")


@given(st.dictionaries(texts, texts, min_size=1, max_size=12))
def test_every_sentence_is_found_again(sentences: dict[str, str]) -> None:
    compiled = qm_of(sentences)
    for source, said in sentences.items():
        assert translated(compiled, source) == said


@pytest.mark.parametrize(("text", "value"), [(b"", 1), (b"a", 97), (b"printf", 0x077905A6)])
def test_the_hash_is_the_one_of_the_elf_standard(text: bytes, value: int) -> None:
    assert elf_hash(text) == value


def test_the_source_language_has_no_sentences() -> None:
    assert sentences_of("fr") == {}


def test_an_absent_catalogue_compiles_to_nothing(tmp_path: Path) -> None:
    compile_catalogues(["xx"], tmp_path / "i18n")
    assert not (tmp_path / "i18n").exists()


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    compile_catalogues(["en"], tmp_path)
    target = tmp_path / "qml_en.qm"
    if not target.exists():
        pytest.skip("no English catalogue yet")
    first = target.stat().st_mtime_ns
    compile_catalogues(["en"], tmp_path)
    assert target.stat().st_mtime_ns == first
    os.utime(target, (0, 0))
    compile_catalogues(["en"], tmp_path)
    assert target.stat().st_mtime_ns > first - 10**9
    assert [file.name for file in tmp_path.iterdir()] == ["qml_en.qm"]
