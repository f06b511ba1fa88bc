"""The delta pyramid: what is made, and what a kiosk takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from sync.protocol import pyramid
from sync.protocol.manifest import About, Chunk, Delta, Detail, Snapshot

ABOUT = About(title={}, kind="stop", source="s", licence="l")


def _chunk(size: int) -> Chunk:
    return Chunk(name="ab" * 32, bytes=size, lines=0)


def _deltas(head: int, size: int = 1) -> list[Delta]:
    made = [span for step in range(2, head + 1) for span in pyramid.spans(step) if span[0]]
    told = [Delta(since=since, to=to, chunks=(_chunk(size),)) for since, to in made]
    return pyramid.kept(told, head)


def _detail(head: int, deltas: list[Delta], snapshot_head: int, size: int = 10_000) -> Detail:
    snapshot = Snapshot(head=snapshot_head, count=0, sum="0" * 32, chunks=(_chunk(size),))
    return Detail(
        id="stops", schema=1, epoch=1, head=head, about=ABOUT, snapshot=snapshot,
        deltas=tuple(deltas),
    )  # fmt: skip


def test_each_publish_makes_one_step_and_the_longer_ones_that_end_there() -> None:
    assert pyramid.spans(5) == [(4, 5)]
    assert pyramid.spans(16) == [(15, 16), (12, 16), (0, 16)]
    assert pyramid.spans(0) == []


@given(st.integers(2, 400), st.data())
def test_whoever_is_within_reach_needs_few_deltas(head: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(max(1, head - pyramid.DELTAS_MAX), head))
    way = pyramid.path(_deltas(head), position, head)
    assert way is not None
    assert len(way) <= 2 * (pyramid.BASE - 1) * (pyramid.LEVELS_MAX + 1)
    assert [step.since for step in way] == [position, *(step.to for step in way)][: len(way)]


def test_whoever_is_out_of_reach_takes_the_snapshot() -> None:
    head = pyramid.DELTAS_MAX + 50
    detail = _detail(head, _deltas(head), head - 3)
    whole, way = pyramid.choose(detail, 2)
    assert whole
    assert [step.to for step in way][-1] == head


def test_whoever_has_the_head_takes_nothing() -> None:
    assert pyramid.choose(_detail(9, _deltas(9), 9), 9) == (False, [])


def test_whoever_stands_past_the_head_takes_the_snapshot() -> None:
    assert pyramid.choose(_detail(9, _deltas(9), 9), 12) == (True, [])


def test_deltas_past_half_a_snapshot_are_dearer_than_it() -> None:
    deltas = _deltas(9, size=600)
    assert pyramid.choose(_detail(9, deltas, 9, size=1200), 8) == (False, [deltas[-1]])
    assert pyramid.choose(_detail(9, deltas, 9, size=1199), 8) == (True, [])


def test_a_snapshot_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(FeedRefused):
        pyramid.choose(_detail(9, [], 8), None)


def test_a_way_that_would_never_end_is_none() -> None:
    steps = [Delta(since=at, to=at + 1, chunks=()) for at in range(100)]
    assert pyramid.path(steps, 0, 100) is None
