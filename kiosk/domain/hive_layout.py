"""Where the cells of the hive lie: pointy-top hexagons in rows of n and n-1.

Rules:
1. Cells keep the order that the pack gives them.
2. Rows alternate between ``columns`` and ``columns - 1`` cells, shifted by half a cell.
3. Of all possible numbers of columns the one with the largest cells wins.
4. Cells narrower than can be read are spread over pages of the same number of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

HEIGHT_TO_WIDTH = 2 / sqrt(3)
COLUMNS_MIN, COLUMNS_MAX = 2, 12  # in one column rows would not interlock
PAGES_MAX = 6
LAYOUT = "ruche"  # the dataset of an order that the hub says, and its one record


@dataclass(frozen=True, slots=True, kw_only=True)
class Hive:
    """Cell width and height, and each cell's left-top corner; pixels."""

    cell_w: float
    cell_h: float
    corners: tuple[tuple[float, float], ...]


def rows_of(count: int, columns: int) -> list[int]:
    """Give the number of cells of each row."""
    rows: list[int] = []
    left = count
    while left > 0:
        wish = max(columns - len(rows) % 2, 1)
        rows.append(min(wish, left))
        left -= rows[-1]
    return rows


def _cell_width(count: int, columns: int, width: float, height: float, gap: float) -> float:
    rows = len(rows_of(count, columns))
    by_width = (width - gap * (columns - 1)) / columns
    # rows overlap by a quarter of their height; the gap is measured across the slanted side
    pitch = (height - gap * (rows - 1) * sqrt(3) / 2) / (0.75 * (rows - 1) + 1)
    return min(by_width, pitch / HEIGHT_TO_WIDTH)


def page_size(count: int, area: tuple[float, float], gap: float, least: float) -> int:
    """Give how many cells a page holds, so that none is narrower than ``least`` pixels."""
    width, height = area
    for pages in range(1, PAGES_MAX):
        size = ceil(count / pages)
        if lay_out(size, width, height, gap).cell_w >= least:
            return max(size, 1)
    return max(ceil(count / PAGES_MAX), 1)


def lay_out(count: int, width: float, height: float, gap: float) -> Hive:
    """Give the hive of ``count`` cells that fills ``width`` x ``height`` pixels best, centred."""
    if count < 1 or width <= 0 or height <= 0:
        return Hive(cell_w=0, cell_h=0, corners=())
    columns = max(
        range(min(count, COLUMNS_MIN), max(min(count, COLUMNS_MAX), 1) + 1),
        key=lambda n: _cell_width(count, n, width, height, gap),
    )
    cell_w = _cell_width(count, columns, width, height, gap)
    cell_h = cell_w * HEIGHT_TO_WIDTH
    rows = rows_of(count, columns)
    step_x, step_y = cell_w + gap, 0.75 * cell_h + gap * sqrt(3) / 2
    left = (width - (columns * step_x - gap)) / 2
    top = (height - (step_y * (len(rows) - 1) + cell_h)) / 2
    corners = [
        (left + row % 2 * step_x / 2 + column * step_x, top + row * step_y)
        for row, cells in enumerate(rows)
        for column in range(cells)
    ]
    return Hive(cell_w=cell_w, cell_h=cell_h, corners=tuple(corners))
