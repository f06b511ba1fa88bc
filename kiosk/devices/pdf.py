"""A slip as a PDF, by Qt: for whoever wants the receipt in a file instead of on the roll.

It is as wide as the roll and as long as the slip. Qt draws texts with the application's font, so
that a QGuiApplication must be there.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter

from kiosk.domain.printing import Setting, Slip, SlipLine

DPI = 300
MM_PER_INCH = 25.4
WIDTH_MM, MARGIN_MM = 80.0, 4.0
CODE_MM = 44.0  # side of the QR code, its margin not included
QUIET_MM = 6.0
CREATOR = "Alvéole"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """How a setting is drawn: letters and line in millimetres."""

    letter_mm: float
    line_mm: float
    bold: bool
    flag: Qt.AlignmentFlag


_TYPES = {
    Setting.PLAIN: _Type(letter_mm=3.2, line_mm=5.0, bold=False, flag=Qt.AlignmentFlag.AlignLeft),
    Setting.STRONG: _Type(letter_mm=3.2, line_mm=5.5, bold=True, flag=Qt.AlignmentFlag.AlignLeft),
    Setting.TITLE: _Type(letter_mm=5.5, line_mm=9.0, bold=True, flag=Qt.AlignmentFlag.AlignHCenter),
}


def pdf_of(slip: Slip, *, title: str) -> bytes:
    """Give the PDF of a slip; lines longer than the paper are cut at its edge."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setTitle(title)
    writer.setCreator(CREATOR)
    size = QSizeF(WIDTH_MM, height_mm(slip))
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter, "", _EXACT))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.scale(DPI / MM_PER_INCH, DPI / MM_PER_INCH)
    top = MARGIN_MM
    for line in slip.lines:
        top = _draw_line(painter, line, top)
    _draw_code(painter, slip, top + QUIET_MM)
    painter.end()
    return bytes(buffer.data().data())


_EXACT = QPageSize.SizeMatchPolicy.ExactMatch


def height_mm(slip: Slip) -> float:
    """Give how long the paper is, in millimetres."""
    lines = sum(_TYPES[line.setting].line_mm for line in slip.lines)
    code = CODE_MM + 2 * QUIET_MM if slip.matrix else 0.0
    return lines + code + 2 * MARGIN_MM


def _draw_line(painter: QPainter, line: SlipLine, top: float) -> float:
    """Draw a line; gives where the next one begins."""
    kind = _TYPES[line.setting]
    font = QFont(painter.font())
    font.setBold(kind.bold)
    font.setPixelSize(1)  # scaled below: the painter's unit is the millimetre
    painter.save()
    painter.translate(MARGIN_MM, top)
    painter.scale(kind.letter_mm, kind.letter_mm)
    painter.setFont(font)
    width = (WIDTH_MM - 2 * MARGIN_MM) / kind.letter_mm
    box = QRectF(0, 0, width, kind.line_mm / kind.letter_mm)
    painter.drawText(box, int(kind.flag), line.text)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), line.right)
    painter.restore()
    return top + kind.line_mm


def _draw_code(painter: QPainter, slip: Slip, top: float) -> None:
    """Draw the QR code's dark modules, a run of them at a time."""
    if not slip.matrix:
        return
    step = CODE_MM / len(slip.matrix)
    left = (WIDTH_MM - CODE_MM) / 2
    for y, row in enumerate(slip.matrix):
        for x, length in _runs(row):
            box = QRectF(left + x * step, top + y * step, length * step, step)
            painter.fillRect(box, Qt.GlobalColor.black)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Give where each run of dark modules begins, and its length."""
    found: list[tuple[int, int]] = []
    begin = -1
    for x, dark in enumerate((*row, False)):
        if dark and begin < 0:
            begin = x
        elif not dark and begin >= 0:
            found.append((begin, x - begin))
            begin = -1
    return found
