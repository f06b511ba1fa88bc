"""QR codes: what is painted is read back as it was, and nothing else is painted."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from kiosk.domain.takeaway import PAYLOAD_MAX
from ui.pictures import QrProvider
from ui.qr import MODULES_MAX, QUIET, code_of, matrix_of, read_code

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
SIDE_PX = 600


def painted(code: str, side: int = SIDE_PX) -> QImage:
    size = QSize()
    image = QrProvider().requestImage(code, size, QSize(side, side))
    assert (size.width(), size.height()) == (image.width(), image.height())
    return image


def read_back(image: QImage) -> str:
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high, stride = plain.width(), plain.height(), plain.bytesPerLine()
    grey = Image.frombytes("L", (wide, high), bytes(plain.constBits()), "raw", "L", stride)
    found = zxingcpp.read_barcodes(grey, formats=QR)
    assert len(found) == 1
    return str(found[0].text)


@pytest.mark.parametrize(
    "payload",
    [
        "geo:48.4312,0.0915",
        "Gare d’Alençon\n10:46 → Caen\n" * 8,
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Mairie\r\nEND:VCARD\r\n",
        "é" * (PAYLOAD_MAX // 2),
    ],
    ids=["place", "text", "card", "longest"],
)
def test_a_reader_reads_back_what_was_painted(payload: str) -> None:
    assert read_back(painted(code_of(matrix_of(payload)))) == payload


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=150))
def test_no_payload_of_a_screen_needs_more_than_version_20(text: str) -> None:
    matrix = matrix_of(text)
    assert len(matrix) <= MODULES_MAX
    assert read_code(code_of(matrix)) == matrix


def test_the_longest_payload_is_of_version_20() -> None:
    assert len(matrix_of("x" * PAYLOAD_MAX)) == MODULES_MAX


def test_a_lone_surrogate_does_not_stop_the_code() -> None:
    assert len(matrix_of("\ud800")) == 21


def test_modules_are_whole_pixels_and_the_margin_is_white() -> None:
    image = painted(code_of(matrix_of("geo:1,2")), 500)
    step = image.width() // (21 + 2 * QUIET)
    assert image.width() == step * (21 + 2 * QUIET) <= 500
    edge = {image.pixelColor(x, QUIET * step - 1).name() for x in range(image.width())}
    assert edge == {"#ffffff"}
    assert image.pixelColor(QUIET * step, QUIET * step).name() == "#000000"


def test_a_picture_is_bounded_whatever_is_asked_for() -> None:
    assert painted(code_of(matrix_of("x")), 100_000).width() <= 2160


@pytest.mark.parametrize(
    "code",
    ["", "21", "21/", "21/zz", "999/ff", "97/ff", "2/f", "../../etc/passwd", "21/" + "f" * 3000],
)
def test_what_is_no_code_paints_an_empty_picture(code: str) -> None:
    assert read_code(code) is None
    image = painted(code)
    assert {image.pixelColor(x, 0).name() for x in range(image.width())} == {"#ffffff"}


def test_bits_that_are_too_many_for_the_side_are_no_code() -> None:
    assert read_code("21/" + "f" * 111) is None
