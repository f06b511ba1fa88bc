"""A QR code as the path of an SVG: squares of one unit, quiet zone included."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """``path`` is an SVG path in a square of ``size`` units."""

    size: int
    path: str


def painted(text: str) -> Painted:
    """Paint ``text``; runs of dark squares are one rectangle each."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    parts: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return Painted(size=len(rows), path="".join(parts))
