"""Draws pictures for QML: ``image://icon/<name>/<rrggbb>/<side>`` and ``image://qr/<code>``.

Icons come from the bundled SVG files only, QR codes from their own name (ui.qr). QML never
loads a picture from a path or an address (TRUST.md, fact 1).
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from ui.qr import QUIET, read_code

ICONS = Path(__file__).resolve().parent.parent / "assets" / "third_party" / "tabler" / "icons"
SIDE_MAX_PX = 512
BLACK, WHITE = 0, 255
_QR_SIDE_MAX_PX = 2160
_REQUEST = re.compile(r"(?P<name>[a-z0-9-]{1,40})/(?P<colour>[0-9a-f]{6})/(?P<side>[1-9]\d{0,3})")


class IconProvider(QQuickImageProvider):
    """Gives Tabler outline icons in any colour and size; an unknown name gives an empty picture."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, _requested: QSize) -> QImage:  # noqa: A002 - Qt's name
        """Draw the icon ``id`` = name/rrggbb/side; the side, in pixels, is bounded."""
        asked = _REQUEST.fullmatch(id)
        side = min(int(asked["side"]), SIDE_MAX_PX) if asked else 1
        size.setWidth(side)
        size.setHeight(side)
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        memoryview(image.bits())[:] = bytes(image.sizeInBytes())  # fill() would name all of Qt
        path = ICONS / f"{asked['name']}.svg" if asked else None
        if asked and path and path.is_file():
            svg = path.read_bytes().replace(b"currentColor", b"#" + asked["colour"].encode())
            painter = QPainter(image)
            QSvgRenderer(QByteArray(svg)).render(painter)
            painter.end()
        return image


class QrProvider(QQuickImageProvider):
    """Draws QR codes black on white, quiet zone included, whole pixels for each module.

    The picture is as large as fits the side that QML asks for; anything but a code (ui.qr)
    gives an empty picture.
    """

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002 - Qt's name
        """Draw the code ``id``."""
        matrix = read_code(id) or []
        modules = len(matrix) + 2 * QUIET
        wished = min(max(requestedSize.width(), modules), _QR_SIDE_MAX_PX)
        step = wished // modules
        margin = bytes((WHITE,)) * QUIET
        rows = [margin + bytes(BLACK if d else WHITE for d in row) + margin for row in matrix]
        edge = bytes((WHITE,)) * (modules * QUIET)
        grey = edge + b"".join(rows) + edge
        form = QImage.Format.Format_Grayscale8
        # scaled by Qt: a rectangle a module from Python takes ten times as long (bench qr)
        small = QImage(grey, modules, modules, modules, form)
        image = small.scaled(modules * step, modules * step).convertToFormat(
            QImage.Format.Format_RGB32
        )
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image
