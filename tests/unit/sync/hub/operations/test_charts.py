"""Bars a day: within their frame, the tallest at the top, none that is hidden."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.hub.operations.charts import BASE, drawn

FIRST = date(2026, 11, 1)


def days(*counts: int) -> list[tuple[date, int]]:
    return [(FIRST + timedelta(days=place), count) for place, count in enumerate(counts)]


@given(st.lists(st.integers(0, 10**9), max_size=60))
def test_every_bar_stands_in_the_frame(counts: list[int]) -> None:
    chart = drawn(days(*counts))
    assert chart.total == sum(counts)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= chart.width
        assert bar.y + bar.height == BASE
        assert bar.y >= 0
        assert (bar.height > 0) == (bar.count > 0)
    heights = [bar.height for bar in chart.bars]
    assert max(heights, default=0) in {0, BASE}


def test_the_last_day_and_every_seventh_before_it_are_named() -> None:
    labels = [bar.label for bar in drawn(days(*range(28))).bars]
    assert [one for one in labels if one] == ["07/11", "14/11", "21/11", "28/11"]


def test_nothing_draws_nothing() -> None:
    assert drawn([]).bars == ()
