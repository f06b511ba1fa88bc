"""The cells of the hive lie in rows of n and n-1, as large as they can be."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.hive_layout import HEIGHT_TO_WIDTH, Hive, lay_out, page_size, rows_of

counts = st.integers(min_value=1, max_value=60)
sides = st.floats(min_value=200, max_value=4000)


def centres(hive: Hive) -> list[tuple[float, float]]:
    return [(x + hive.cell_w / 2, y + hive.cell_h / 2) for x, y in hive.corners]


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    [
        (18, 4, [4, 3, 4, 3, 4]),
        (21, 4, [4, 3, 4, 3, 4, 3]),
        (5, 4, [4, 1]),
        (4, 1, [1, 1, 1, 1]),
        (1, 6, [1]),
    ],
)
def test_rows_alternate_between_n_and_n_minus_one(
    count: int, columns: int, rows: list[int]
) -> None:
    assert rows_of(count, columns) == rows


def test_the_portrait_panel_of_the_design_has_four_columns() -> None:
    hive = lay_out(18, 1000, 1190, 8)
    assert [
        sum(1 for c in hive.corners if c[1] == y) for y in sorted({c[1] for c in hive.corners})
    ] == [4, 3, 4, 3, 4]


def test_a_landscape_panel_has_more_columns_than_rows() -> None:
    hive = lay_out(21, 1400, 830, 8)
    rows = {round(y) for _, y in hive.corners}
    assert len(hive.corners) / len(rows) > len(rows)


@pytest.mark.parametrize(("count", "width", "height"), [(0, 100, 100), (3, 0, 100), (3, 100, -1)])
def test_no_cell_and_no_room_give_an_empty_hive(count: int, width: float, height: float) -> None:
    assert lay_out(count, width, height, 8) == Hive(cell_w=0, cell_h=0, corners=())


@given(counts, sides, sides)
def test_every_cell_lies_inside_the_area(count: int, width: float, height: float) -> None:
    hive = lay_out(count, width, height, 8)
    assert len(hive.corners) == count
    for x, y in hive.corners:
        assert -0.5 <= x <= width - hive.cell_w + 0.5
        assert -0.5 <= y <= height - hive.cell_h + 0.5


@given(counts, sides, sides)
def test_cells_keep_the_hexagon_and_never_overlap(count: int, width: float, height: float) -> None:
    hive = lay_out(count, width, height, 8)
    assert hive.cell_h == pytest.approx(hive.cell_w * HEIGHT_TO_WIDTH)
    middles = centres(hive)
    for index, one in enumerate(middles):
        for other in middles[index + 1 :]:
            assert hypot(one[0] - other[0], one[1] - other[1]) >= hive.cell_w + 8 - 0.5


@given(counts, sides, sides)
def test_cells_keep_the_order_of_the_pack(count: int, width: float, height: float) -> None:
    places = [(round(y, 3), round(x, 3)) for x, y in lay_out(count, width, height, 8).corners]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize(
    ("count", "least", "size"),
    [(18, 200, 18), (21, 200, 21), (34, 200, 17), (34, 100, 34), (60, 200, 20), (0, 200, 1)],
)
def test_cells_too_small_to_read_are_spread_over_pages(count: int, least: float, size: int) -> None:
    assert page_size(count, (1000, 1190), 8, least) == size


@given(counts, sides, sides)
def test_a_hive_has_six_pages_at_most(count: int, width: float, height: float) -> None:
    size = page_size(count, (width, height), 8, 10_000)
    assert 6 * size >= count
    assert size >= 1


def test_a_hexagon_is_as_high_as_its_width_says() -> None:
    assert pytest.approx(2 / sqrt(3)) == HEIGHT_TO_WIDTH
