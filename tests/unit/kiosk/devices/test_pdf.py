"""The receipt as a PDF: its words can be read out, and its code scanned."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from kiosk.devices.pdf import WIDTH_MM, height_mm, pdf_of
from tests.printers import read_codes
from tests.slips import CODE, a_slip

POPPLER = all(shutil.which(tool) for tool in ("pdftotext", "pdftoppm", "pdfinfo"))
needs_poppler = pytest.mark.skipif(not POPPLER, reason="poppler-utils isn't installed")


@pytest.fixture
def pdf(qtbot: QtBot, tmp_path: Path) -> Path:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(pdf_of(a_slip(), title="Reçu T-1042"))
    return file


def told_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@needs_poppler
def test_the_words_can_be_read_out(pdf: Path) -> None:
    words = " ".join(told_by("pdftotext", "-layout", str(pdf), "-").split())
    assert "L’Orne DUPLICATA Reçu d’été nº 1 – œuvre : cœur…" in words
    assert "Recharge de la carte •••• 4821 20,00 €" in words


@needs_poppler
def test_the_code_can_be_scanned(pdf: Path) -> None:
    told_by("pdftoppm", "-r", "200", "-png", "-singlefile", str(pdf), str(pdf.with_suffix("")))
    with Image.open(pdf.with_suffix(".png")) as picture:
        assert [str(one.text) for one in read_codes(picture)] == [CODE]


@needs_poppler
def test_it_is_one_page_as_wide_as_the_roll(pdf: Path) -> None:
    info = told_by("pdfinfo", str(pdf))
    points = round(WIDTH_MM / 25.4 * 72)
    assert "Pages:           1" in info
    assert f"Page size:       {points} x" in info
    assert "Reçu T-1042" in info


def test_a_slip_without_a_code_is_shorter(qtbot: QtBot) -> None:
    bare = replace(a_slip(), matrix=())
    assert height_mm(bare) < height_mm(a_slip())
    assert pdf_of(bare, title="Reçu").startswith(b"%PDF-")
