"""Every sentence is translated into every language, and French keeps its typography."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.arch import i18n
from tests.arch.i18n import Sentence, faults, python_sentences, qml_sentences, sentences, untidy

CATALOGUES = sorted((i18n.ROOT / "assets" / "i18n").glob("*.po"))
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; '
HEADER += 'plural=(n != 1);\\n"\n\n'


def catalogue(po: str) -> Catalog:
    return read_po(io.BytesIO((HEADER + po).encode()), locale="en")


def said(*ids: i18n.Id) -> list[Sentence]:
    return [Sentence(one, "a.py:1") for one in ids]


def test_there_is_a_catalogue_for_english() -> None:
    assert "en" in {file.stem for file in CATALOGUES}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_the_products_sentences_are_all_translated(file: Path) -> None:
    assert faults(sentences(), i18n.load(file)) == []


def test_the_products_french_is_well_set() -> None:
    assert untidy(sentences()) == []


@pytest.mark.parametrize(
    "code",
    ['words("Ouvert")', 'self._words("Ouvert")', 'context.words("Ouvert", a=1)', 'N_("Ouvert")'],
)
def test_a_sentence_of_python_is_found(code: str) -> None:
    assert list(python_sentences(f"x = 1\n{code}")) == [("Ouvert", 2)]


def test_a_plural_of_python_is_found() -> None:
    assert list(python_sentences('self.words.n("{n} lit", "{n} lits", 3)')) == [
        (("{n} lit", "{n} lits"), 1)
    ]


@pytest.mark.parametrize(
    "code", ['print("Ouvert")', "words(name)", 'other.n("a", "b", 3)', "words()", 'words.n("a")']
)
def test_other_calls_are_no_sentences(code: str) -> None:
    assert list(python_sentences(code)) == []


@pytest.mark.parametrize(
    ("qml", "sentence"),
    [
        ('text: qsTr("Ouvert")', "Ouvert"),
        ('text: qsTr("Ouvert\\u00a0: %1").arg(a)', "Ouvert\u00a0: %1"),
        ('text: qsTr("Ouvert, " +\n "entrez")', "Ouvert, entrez"),
        ('text: qsTr("%n lit(s)", "", root.n)', "%n lit(s)"),
    ],
)
def test_a_sentence_of_qml_is_found(qml: str, sentence: str) -> None:
    assert [one for one, _ in qml_sentences(qml)] == [sentence]


def test_a_qstr_of_a_variable_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(qml_sentences("Item {\ntext: qsTr(root.title) }"))


def test_a_complete_catalogue_has_no_fault() -> None:
    po = 'msgid "Ouvert {a}"\nmsgstr "Open {a}"\n'
    po += '\nmsgid "{n} lit"\nmsgid_plural "{n} lits"\nmsgstr[0] "{n} bed"\nmsgstr[1] "{n} beds"\n'
    assert faults(said("Ouvert {a}", ("{n} lit", "{n} lits")), catalogue(po)) == []


@pytest.mark.parametrize(
    ("po", "fault"),
    [
        ("", "not translated"),
        ('msgid "Ouvert {a}"\nmsgstr ""\n', "empty"),
        ('#, fuzzy\nmsgid "Ouvert {a}"\nmsgstr "Open {a}"\n', "fuzzy"),
        ('msgid "Ouvert {a}"\nmsgstr "Open"\n', "other placeholders"),
        ('msgid "Ouvert {a}"\nmsgstr "Open {b}"\n', "other placeholders"),
        ('msgid "Ouvert {a}"\nmsgstr "Open {a} {b}"\n', "other placeholders"),
        ('#~ msgid "Ouvert {a}"\n#~ msgstr "Open {a}"\n', "obsolete"),
    ],
)
def test_a_fault_of_a_catalogue_is_found(po: str, fault: str) -> None:
    assert any(fault in line for line in faults(said("Ouvert {a}"), catalogue(po)))


def test_a_sentence_that_nobody_says_is_found() -> None:
    assert faults([], catalogue('msgid "Ouvert"\nmsgstr "Open"\n')) == ["nobody says: 'Ouvert'"]


def test_a_singular_without_its_number_is_fine() -> None:
    po = 'msgid "{n} lit"\nmsgid_plural "{n} lits"\nmsgstr[0] "one bed"\nmsgstr[1] "{n} beds"\n'
    assert faults(said(("{n} lit", "{n} lits")), catalogue(po)) == []


@pytest.mark.parametrize(
    "french",
    ["l'eau", "Quoi ?", "Quoi?", "Source : x", "« Oui »", "Oui !", "Non;"],
)
def test_typewriter_typography_is_found(french: str) -> None:
    assert len(untidy(said(french))) == 1


@pytest.mark.parametrize(
    "french",
    ["l’eau", "Quoi\u00a0?", "Source\u00a0: x", "«\u00a0Oui\u00a0»", "10:42", "{time}", "a;b"],
)
def test_french_typography_is_fine(french: str) -> None:
    assert untidy(said(french)) == []


def test_an_update_keeps_translations_and_adds_what_lacks() -> None:
    old = catalogue('msgid "Ouvert"\nmsgstr "Open"\n\nmsgid "Vieux"\nmsgstr "Old"\n')
    new = i18n.updated(said("Ouvert", ("{n} lit", "{n} lits")), old)
    assert {str(m.id): m.string for m in new if m.id} == {
        "Ouvert": "Open",
        "('{n} lit', '{n} lits')": ("", ""),
    }


def test_updating_the_catalogues_of_a_folder_tells_what_is_to_translate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "en.po").write_text(HEADER, encoding="utf-8")
    i18n.main(tmp_path)
    number = len(sentences())
    assert capsys.readouterr().out == f"en.po: {number} sentences, {number} to translate\n"
    assert len(i18n.load(tmp_path / "en.po")) == number


def test_both_kinds_of_file_are_read_once_each(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "a.py").write_text('words("Oui")\nwords("Non")\n')
    (tmp_path / "ui" / "b.qml").write_text('Item { text: qsTr("Oui") }')
    assert sentences(tmp_path) == [Sentence("Oui", "ui/a.py:1"), Sentence("Non", "ui/a.py:2")]
