"""ESC/POS: what is composed is read back as it was, accents and QR code included."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.printer.escpos import PAPERS, commands, rows, spelled
from kiosk.domain.printing import SlipLine
from tests.printers import read_slip
from tests.slips import CODE, a_slip


@pytest.mark.parametrize("paper_mm", PAPERS)
def test_the_text_comes_back_with_its_accents_and_euro_sign(paper_mm: int) -> None:
    text = read_slip(commands(a_slip(), PAPERS[paper_mm])).text
    words = " ".join(text.split())
    assert words.startswith("L'Orne DUPLICATA Reçu d'été nº 1 - oeuvre : coeur... Recharge")
    assert "Recharge de la carte **** 4821" in text
    assert "20,00 €\nvingt euros\n" in text


@pytest.mark.parametrize("paper_mm", PAPERS)
def test_the_qr_code_is_read_back_from_the_dots(paper_mm: int) -> None:
    assert read_slip(commands(a_slip(), PAPERS[paper_mm])).codes == [CODE]


def test_no_picture_is_wider_than_the_paper() -> None:
    for paper in PAPERS.values():
        for picture in read_slip(commands(a_slip("x" * 600), paper)).pictures:
            assert picture.width <= paper.dots


def test_a_slip_ends_with_a_cut_and_none_has_a_picture_without_a_code() -> None:
    paper = read_slip(commands(a_slip(""), PAPERS[80]))
    assert paper.cut
    assert paper.pictures == ()


def test_a_sum_stands_at_the_right_end() -> None:
    line = SlipLine(text="Montant", right="20,00\u00a0€")
    assert rows(line, 20) == ["Montant      20,00 €"]


def test_a_sum_that_doesn_t_fit_stands_on_a_line_of_its_own() -> None:
    line = SlipLine(text="Entrée à la piscine", right="20,00\u00a0€")
    assert rows(line, 20) == ["Entrée à la piscine", "             20,00 €"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("Dvořák", "Dvorák"), ("日本", "??"), ("ﬁn", "fin"), ("a\tb\x1b@", "a?b?@"), ("Ÿ", "Y")],
)
def test_what_the_code_page_lacks_is_spelled_or_marked(text: str, told: str) -> None:
    assert spelled(text) == told


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_a_command(text: str) -> None:
    assert all(char >= " " and char.encode("cp858") for char in spelled(text))


def test_the_library_leaves_no_folder_and_no_log_handler(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    commands(a_slip(), PAPERS[80])
    from escpos import capabilities

    assert not Path(capabilities.pickle_dir).exists()
    assert Path(capabilities.pickle_dir).parent == Path(tempfile.gettempdir())
    assert logging.getLogger().handlers == handlers
