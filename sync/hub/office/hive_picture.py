"""The hive as a kiosk draws it, in shapes of SVG: the same geometry, colours and icons.

A portrait panel of 1080 x 1920 is drawn (ui/qml/Alveole/screens/Hive.qml); a test holds colours and
measures to those of the kiosk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.hive_layout import lay_out, page_size
from sync.hub.office.layouts import Tile

AREA: Final = (1000.0, 1190.0)  # px of the panel: between the alert and the search field
LEAST: Final = 200.0
GAP: Final = 0.04 * LEAST
RESERVE: Final = 90.0  # for turning pages
ICON_SHARE, NAME_SHARE = 0.23, 0.112  # of a cell's width
LINE_CHARS: Final = 15
LINES_MAX: Final = 3
COLOURS: Final[Mapping[str, str]] = {
    "move": "#0b5563",
    "live": "#7a3b0c",
    "school": "#1f4a8a",
    "culture": "#5b2a6e",
    "care": "#8a2432",
    "nature": "#2b5d2e",
    "card": "#ffb81c",
}
INK, LIGHT = "#14202b", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a cell's name: its text and its baseline."""

    text: str
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A cell: its place in the hive (from 1 on), its corner on its page, and what is in it."""

    tile: Tile
    number: int
    x: str
    y: str
    fill: str
    ink: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the hive; all its cells are of one size, given as the page's shapes need it."""

    number: int
    width: str
    height: str
    points: str
    middle: str
    icon: str
    icon_x: str
    icon_y: str
    size: str
    cells: tuple[Drawn, ...]


def pages_of(tiles: Sequence[Tile], accent: str) -> list[Page]:
    """Draw the hive's pages; ``accent`` is the colour of the card's cells (#rrggbb)."""
    width, height = AREA
    size = page_size(len(tiles), (width, height), GAP, LEAST)
    if size < len(tiles):
        height -= RESERVE
        size = page_size(len(tiles), (width, height), GAP, LEAST)
    starts = range(0, len(tiles), size)
    return [
        _page(number, tiles[start : start + size], start, (width, height), accent)
        for number, start in enumerate(starts, start=1)
    ]


def _page(
    number: int, tiles: Sequence[Tile], start: int, area: tuple[float, float], accent: str
) -> Page:
    hive = lay_out(len(tiles), *area, GAP)
    w, h = hive.cell_w, hive.cell_h
    icon, size = w * ICON_SHARE, w * NAME_SHARE
    corners = [(w / 2, 0.0), (w, h / 4), (w, h * 3 / 4), (w / 2, h), (0.0, h * 3 / 4), (0.0, h / 4)]
    cells = tuple(
        Drawn(
            tile=tile,
            number=start + place,
            x=_px(x),
            y=_px(y),
            fill=accent if tile.family == "card" and accent else COLOURS.get(tile.family, INK),
            ink=INK if tile.family == "card" else LIGHT,
            lines=tuple(_lines(tile.title, h, size)),
        )
        for place, (tile, (x, y)) in enumerate(zip(tiles, hive.corners, strict=True), start=1)
    )
    return Page(
        number=number,
        width=_px(area[0]),
        height=_px(area[1]),
        points=" ".join(f"{_px(x)},{_px(y)}" for x, y in corners),
        middle=_px(w / 2),
        icon=_px(icon),
        icon_x=_px((w - icon) / 2),
        icon_y=_px(h * 0.22),
        size=_px(size),
        cells=cells,
    )


def _lines(title: str, height: float, size: float) -> Iterator[Line]:
    """Break a name into lines, as many as fit under the icon."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + len(word) < LINE_CHARS:
            lines[-1] += f" {word}"
        elif len(lines) < LINES_MAX:
            lines.append(word)
        else:
            lines[-1] += "…"
            break
    for number, text in enumerate(lines):
        yield Line(text=text, y=_px(height * 0.55 + number * size))


def _px(value: float) -> str:
    return f"{value:.1f}"
