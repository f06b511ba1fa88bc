"""What a hub publishes: any way through its deltas equals its snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import Json
from sync import publish
from sync.protocol import delta, pyramid
from sync.protocol.blobs import unpack
from sync.protocol.canonical import decode, hex_sum, total
from sync.protocol.manifest import About, Chunk, Detail, live_lines, read

ABOUT = About(title={"fr": "Arrêts"}, kind="stop", source="Région", licence="ODbL")


def _lines(state: Mapping[str, Json]) -> dict[str, bytes]:
    return publish.lines_by_id({"id": name, "data": {"v": value}} for name, value in state.items())


class Shelf:
    """A hub's blobs and the editions of one dataset."""

    def __init__(self, lines: Mapping[str, bytes]) -> None:
        self.blobs: dict[str, bytes] = {}
        self.lines = lines
        self.states = {1: lines}
        self.edition = publish.first("stops", ABOUT, lines, epoch=1, observed_at=1)
        self.blobs.update(self.edition.blobs)

    def publish(self, lines: Mapping[str, bytes]) -> None:
        self.edition = publish.following(
            self.edition.detail, self.lines, lines, self.blobs.__getitem__, observed_at=2
        )
        self.lines = lines
        self.blobs.update(self.edition.blobs)
        self.states[self.edition.head.head] = lines

    def unpacked(self, chunks: tuple[Chunk, ...]) -> list[bytes]:
        return [line for one in chunks for line in unpack(one.name, self.blobs[one.name])]

    def reached(self, position: int | None) -> Mapping[str, bytes]:
        """Give what a kiosk at ``position`` holds after it took what it is offered."""
        detail = self.edition.detail
        whole, way = pyramid.choose(detail, position)
        copy = {} if whole or position is None else dict(self.states[position])
        if whole:
            copy = {str(decode(line)["id"]): line for line in self.unpacked(detail.snapshot.chunks)}
        for step in way:
            for line in self.unpacked(step.chunks):
                operation = delta.read(line)
                after = delta.apply(operation, copy.pop(operation.id, None))
                if after is not None:
                    copy[operation.id] = after
        return copy


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3) | st.none(), max_size=8),
        min_size=1,
        max_size=24,
    )
)
@settings(max_examples=60, deadline=None)
def test_from_any_position_every_way_ends_at_the_same_records(
    states: list[dict[str, Json]],
) -> None:
    shelf = Shelf(_lines(states[0]))
    for state in states[1:]:
        shelf.publish(_lines(state))
    head = shelf.edition.head
    for position in (None, *shelf.states):
        assert shelf.reached(position) == shelf.lines
    assert head.sum == hex_sum(total(shelf.lines.values()))
    assert head.count == len(shelf.lines)


def test_a_small_change_travels_as_deltas_and_a_late_kiosk_by_merged_ones() -> None:
    shelf = Shelf(_lines({f"r{number:05}": number * 7919 % 10_007 for number in range(3000)}))
    for step in range(40):
        shelf.publish({**shelf.lines, **_lines({f"r{step:05}": -1})})
    whole, way = pyramid.choose(shelf.edition.detail, 3)
    assert (whole, len(way)) == (False, 8)
    assert shelf.reached(3) == shelf.lines


def test_the_snapshot_is_made_anew_after_enough_publishes() -> None:
    shelf = Shelf(_lines({f"r{number:05}": number * 7919 % 10_007 for number in range(3000)}))
    for step in range(publish.SNAPSHOT_STEPS_MAX + 1):
        shelf.publish({**shelf.lines, **_lines({"r00001": step})})
    assert shelf.edition.detail.snapshot.head == publish.SNAPSHOT_STEPS_MAX + 2


def test_a_merged_delta_needs_all_that_it_spans() -> None:
    shelf = Shelf(_lines({"a": 1}))
    shelf.edition = publish.Edition(
        head=shelf.edition.head, detail=_at_head(shelf.edition.detail, 7)
    )
    shelf.publish(_lines({"a": 2}))
    assert [(one.since, one.to) for one in shelf.edition.detail.deltas] == [(7, 8)]


def _at_head(detail: Detail, head: int) -> Detail:
    return Detail(
        id=detail.id, schema=detail.schema, epoch=detail.epoch, head=head, about=detail.about,
        snapshot=detail.snapshot,
    )  # fmt: skip


def test_the_detail_in_the_manifest_is_the_one_published() -> None:
    shelf = Shelf(_lines({"a": 1}))
    assert read(shelf.blobs[shelf.edition.head.detail], Detail) == shelf.edition.detail


def test_a_record_named_twice_is_not_published() -> None:
    with pytest.raises(FeedRefused, match="twice"):
        publish.lines_by_id([{"id": "é"}, {"id": "e\u0301"}])


def test_a_live_feed_is_inline_while_it_is_small() -> None:
    small = publish.live("gauges", ABOUT, [b'{"id":"a"}'], observed_at=1, valid_until=2)
    assert small is not None
    assert live_lines(small) == [b'{"id":"a"}']
    many = [str(number * 7919 % 99991).encode() for number in range(20_000)]
    assert publish.live("gauges", ABOUT, many, observed_at=1, valid_until=2) is None


def test_a_detail_without_room_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "BLOB_BYTES_MAX", 10)
    with pytest.raises(FeedRefused, match="detail"):
        publish.first("stops", ABOUT, {}, epoch=1, observed_at=1)
