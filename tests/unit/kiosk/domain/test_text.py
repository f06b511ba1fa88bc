"""Text from outside is cleaned at one boundary, and names are compared folded."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.domain.text import BODY_MAX, TITLE_MAX, clean, clean_line, fold


@pytest.mark.parametrize(
    ("dirty", "said"),
    [
        ("  Piscine  ", "Piscine"),
        ("a\x00b\x07c", "abc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066isolé\u2069", "isolé"),
        ("\ufeffBOM", "BOM"),
        ("zéro\u200blargeur", "zérolargeur"),
        ("e\u0301té", "été"),
        ("seul \ud800 reste", "seul reste"),
        ("trop   de \t blancs", "trop de blancs"),
        ("ligne\r\nsuivante\rfin", "ligne\nsuivante\nfin"),
        ("privé \ue000", "privé"),
        ("\ufffe\uffff", ""),
    ],
)
def test_what_breaks_screens_and_logs_is_taken_out(dirty: str, said: str) -> None:
    assert clean(dirty) == said


def test_a_pile_of_marks_keeps_three() -> None:
    said = clean("Z" + "\u0334" * 60 + "algo")
    assert sum(1 for c in unicodedata.normalize("NFD", said) if unicodedata.combining(c)) == 3


def test_a_cut_text_says_so() -> None:
    said = clean("x" * 10_000)
    assert len(said) == BODY_MAX
    assert said.endswith("…")


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\r\n", "\u2028", "\x85", "   \n "])
def test_a_line_has_no_line_breaks(space: str) -> None:
    assert clean_line(f"Un{space}mot") == "Un mot"


def test_a_line_keeps_the_no_break_spaces_of_french() -> None:
    assert clean_line("Ouvert\u00a0?  «\u202foui\u202f»") == "Ouvert\u00a0? «\u202foui\u202f»"


def test_a_line_is_short() -> None:
    assert len(clean_line("x " * 5000)) <= TITLE_MAX


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(st.characters()))
def test_a_clean_text_can_be_stored_and_printed(text: str) -> None:
    said = clean(text)
    assert said.encode().decode() == said
    assert not any(unicodedata.category(c) == "Cc" for c in said if c not in "\n\t")
    assert len(said) <= BODY_MAX


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Alençon", "alencon"),
        ("L’Aigle", "l aigle"),
        ("Cœur-de-Ville", "coeur de ville"),
        ("GARE  de Flers", "gare de flers"),
        ("ÆSOP", "aesop"),
        ("n° 12bis", "n 12bis"),
        ("…", ""),
    ],
)
def test_names_are_compared_without_accents_case_and_marks(name: str, key: str) -> None:
    assert fold(name) == key


@given(st.text())
@example("ꟹ")  # a letter whose compatibility form is a ligature
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
