"""A slip in ESC/POS, the language of receipt printers, by python-escpos.

The library only composes here: what it makes is sent by kiosk.devices.printer.wires, whose calls
have time-outs. It is imported at the first receipt (1 s), never on the screen's thread.
"""

from __future__ import annotations

import logging
import shutil
import unicodedata
from dataclasses import dataclass
from textwrap import wrap
from typing import Protocol, cast

from kiosk.domain.printing import Setting, Slip, SlipLine

CODE_PAGE = "CP858"  # Western Europe with the euro sign; every printer of the profile has it
PROFILE = "TM-T88V"
MODULE_DOTS_MAX = 6  # of a QR module: 0.75 mm at 203 dots an inch
QUIET = 4  # modules of white around a QR code (ISO/IEC 18004, 5.3.8)
FEED_LINES = 5  # from the print head to the knife
# What the code page lacks, as a French reader expects it.
SPELLED = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "œ": "oe", "Œ": "OE", "•": "*", "…": "...", "–": "-"}
    | {"—": "-", "→": "->"}
    | dict.fromkeys("\u00a0\u202f\u2009", " ")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A roll: characters a line, and dots across."""

    columns: int
    dots: int


PAPERS = {80: Paper(columns=48, dots=576), 58: Paper(columns=32, dots=384)}  # by width in mm


class _Composer(Protocol):
    """What is used of python-escpos."""

    output: bytes

    def hw(self, hw: str) -> None: ...
    def set(self, **how: object) -> None: ...
    def text(self, txt: str) -> None: ...
    def image(self, img_source: object, **how: object) -> None: ...
    def ln(self, count: int) -> None: ...
    def cut(self, mode: str = ..., feed: bool = ...) -> None: ...  # noqa: FBT001  # the library's


def commands(slip: Slip, paper: Paper) -> bytes:
    """Give the bytes that print a slip on this paper and cut it."""
    composer = _composer()
    composer.hw("INIT")
    for line in slip.lines:
        _set(composer, line, paper)
    if slip.matrix:
        composer.set(align="center")
        composer.image(_raster(slip, paper), impl="bitImageRaster")
    composer.ln(FEED_LINES)
    composer.cut(feed=False)
    return composer.output


def spelled(text: str) -> str:
    """Give the text with what the code page lacks spelled in what it has."""
    out = text.translate(SPELLED)
    return "".join(char if _encodes(char) else _bare(char) for char in out)


def _encodes(char: str) -> bool:
    try:
        char.encode("cp858")
    except UnicodeEncodeError:
        return False
    return char >= " "


def _bare(char: str) -> str:
    """Give a letter without its marks, "?" for what has none."""
    letters = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return "".join(c for c in letters if c >= " ") or "?"


def _set(composer: _Composer, line: SlipLine, paper: Paper) -> None:
    title = line.setting is Setting.TITLE
    composer.set(
        align="center" if title else "left",
        bold=line.setting is not Setting.PLAIN,
        double_width=title,
        double_height=title,
        normal_textsize=not title,
    )
    for row in rows(line, paper.columns // 2 if title else paper.columns):
        composer.text(f"{row}\n")


def rows(line: SlipLine, columns: int) -> list[str]:
    """Give a line in as many rows as it takes; what stands right stands on the last one."""
    text, right = spelled(line.text), spelled(line.right)[:columns]
    parts = wrap(text, columns) or [""]
    if not right:
        return parts
    if len(parts[-1]) + 1 + len(right) > columns:
        parts.append("")
    return [*parts[:-1], parts[-1].ljust(columns - len(right)) + right]


def _raster(slip: Slip, paper: Paper) -> object:
    """Give the QR code as a picture of whole dots; Pillow comes with python-escpos."""
    from PIL import Image

    side = len(slip.matrix) + 2 * QUIET
    scale = max(min(MODULE_DOTS_MAX, paper.dots // side), 1)
    white, margin = b"\xff" * scale, (False,) * QUIET
    rows_ = [(False,) * side] * QUIET
    rows_ = [*rows_, *((*margin, *row, *margin) for row in slip.matrix), *rows_]
    dots = b"".join(b"".join(bytes(scale) if d else white for d in row) * scale for row in rows_)
    return Image.frombytes("L", (side * scale, side * scale), dots)


def _composer() -> _Composer:
    """Make a composer; the library's traces of being imported are taken away.

    It makes a folder for a cache that it never reads again, and a handler of the root logger.
    """
    root = logging.getLogger()
    before = list(root.handlers)
    from escpos import capabilities
    from escpos.printer import Dummy

    shutil.rmtree(str(capabilities.pickle_dir), ignore_errors=True)
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
    dummy = Dummy(profile=PROFILE, magic_encode_args={"encoding": CODE_PAGE})
    return cast("_Composer", dummy)
