"""Deltas: writing, reading, applying, merging."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import Json
from sync.protocol import delta
from sync.protocol.canonical import encode
from sync.protocol.delta import Delete, Operation, Patch, Put

VALUES = st.none() | st.booleans() | st.sampled_from([0, 1, 1.5, "a", "é"])
MEMBERS = st.dictionaries(st.sampled_from(["x", "y", "z/z"]), VALUES, max_size=3)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "data", "geo", "kind"]), VALUES | MEMBERS, max_size=4
)
STATES = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), FIELDS, max_size=4)


def _lines(state: Mapping[str, Mapping[str, Json]]) -> dict[str, bytes]:
    long = "so long that a change of a few fields is shorter than the whole record" * 2
    return {name: encode({**fields, "id": name, "long": long}) for name, fields in state.items()}


def _applied(before: Mapping[str, bytes], operations: list[Operation]) -> dict[str, bytes]:
    after = dict(before)
    for operation in operations:
        line = delta.apply(operation, after.get(operation.id))
        if line is None:
            after.pop(operation.id, None)
        else:
            after[operation.id] = line
    return after


@given(STATES, STATES)
def test_a_difference_leads_from_one_state_to_the_other(
    one: Mapping[str, Mapping[str, Json]], other: Mapping[str, Mapping[str, Json]]
) -> None:
    before, after = _lines(one), _lines(other)
    written = [delta.write(operation) for operation in delta.difference(before, after)]
    assert _applied(before, [delta.read(line) for line in written]) == after


@given(st.lists(STATES, min_size=3, max_size=6))
@settings(max_examples=60, deadline=None)
def test_merged_deltas_do_what_they_do_in_a_row(
    states: list[Mapping[str, Mapping[str, Json]]],
) -> None:
    versions = [_lines(state) for state in states]
    whole: list[Operation] = []
    for before, after in pairwise(versions):
        whole = delta.merged(whole, list(delta.difference(before, after)))
    again = [delta.read(delta.write(operation)) for operation in whole]
    assert _applied(versions[0], again) == versions[-1]


def test_a_small_change_is_written_as_its_fields() -> None:
    before = encode(
        {"id": "a", "title": {"fr": "Parking de la gare"}, "data": {"value": 3, "of": 9}}
    )
    after = encode(
        {"id": "a", "title": {"fr": "Parking de la gare"}, "data": {"value": 4, "of": 9}}
    )
    (change,) = delta.difference({"a": before}, {"a": after})
    assert delta.write(change) == b'{"id":"a","set":{"data/value":4}}'


def test_one_and_true_are_not_the_same() -> None:
    one, true = encode({"id": "a", "n": 1}), encode({"id": "a", "n": True})
    (change,) = delta.difference({"a": one}, {"a": true})
    assert delta.apply(change, one) == true


@pytest.mark.parametrize(
    ("first", "then", "both"),
    [
        ({"data": {"x": 1}}, {"data/x": 2, "data/y": 3}, {"data": {"x": 2, "y": 3}}),
        ({"data": {"x": 1}}, {"data/x": delta.GONE}, {"data": {}}),
        ({"data/x": 1, "kind": "a"}, {"data": 5}, {"kind": "a", "data": 5}),
        ({"data/x": 1}, {"data/x": 2}, {"data/x": 2}),
    ],
)
def test_a_patch_is_laid_over_another(
    first: dict[str, Json], then: dict[str, Json], both: dict[str, Json]
) -> None:
    whole = delta.merged([Patch(id="a", fields=first)], [Patch(id="a", fields=then)])
    assert whole == [Patch(id="a", fields=both)]


def test_deleting_what_is_not_there_changes_nothing() -> None:
    assert delta.apply(Delete(id="a"), None) is None


def test_cutting_what_is_not_there_changes_nothing() -> None:
    line = encode({"id": "a", "data": {}})
    cut = Patch(id="a", fields={"title": delta.GONE, "data/x": delta.GONE})
    assert delta.apply(delta.read(delta.write(cut)), line) == line


def test_a_change_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(FeedRefused, match="isn't there"):
        delta.apply(Patch(id="a", fields={"n": 1}), None)


def test_a_member_of_what_is_no_object_is_refused() -> None:
    with pytest.raises(FeedRefused, match="isn't an object"):
        delta.apply(Patch(id="a", fields={"n/x": 1}), encode({"id": "a", "n": 1}))


def test_the_longest_record_has_room_in_an_operation() -> None:
    line = encode({"id": "a", "t": "x" * 65_510})
    assert delta.read(delta.write(Put(id="a", line=line))) == Put(id="a", line=line)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"id":"a"}',
        b'{"del":false,"id":"a"}',
        b'{"del":1,"id":"a"}',
        b'{"del":true,"id":""}',
        b'{"del":true,"id":"a","set":{}}',
        b'{"del":true,"id":"a","rec":{"id":"a"}}',
        b'{"id":"a","rec":{"id":"b"}}',
        b'{"id":"a","rec":[]}',
        b'{"id":"a","set":{"id":"b"}}',
        b'{"cut":["n"],"id":"a","set":{"n":1}}',
        b'{"cut":[1],"id":"a"}',
        b'{"id":"a","other":1,"set":{}}',
        b'{"id":"a", "set":{}}',
        b'{"id":"a","id":"b","set":{}}',
        b'{"id":"a","set":{"n":NaN}}',
        b'{"id":"a","set":{' + b",".join(b'"%04d":1' % n for n in range(501)) + b"}}",
        b'{"id":"a","set":{"n":"' + b"x" * 70_000 + b'"}}',
    ],
)
def test_what_is_no_operation_is_refused(line: bytes) -> None:
    with pytest.raises(FeedRefused):
        delta.read(line)
