"""The canonical encoding: its golden vectors, and what it refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import Json
from sync.protocol import canonical

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "alv1.json").read_text())
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-canonical.NUMBER_MAX, canonical.NUMBER_MAX) | st.floats(
    -1e15, 1e15, allow_nan=False
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
FIELDS = TEXTS.filter(lambda name: "/" not in name and name != "id")
RECORDS = st.builds(
    lambda fields, name: {**fields, "id": name},
    st.dictionaries(FIELDS, VALUES, max_size=5),
    st.text("abcdé", min_size=1, max_size=5),
)


@pytest.mark.parametrize("vector", VECTORS["records"], ids=lambda one: one["name"])
def test_a_golden_record_is_written_as_it_always_was(vector: dict[str, str]) -> None:
    line = canonical.encode(json.loads(vector["json"]))
    assert line.decode() == vector["line"]
    assert f"{canonical.digest(line):032x}" == vector["digest"]


def test_the_golden_sum_is_that_of_all_its_records() -> None:
    lines = [one["line"].encode() for one in VECTORS["records"]]
    assert canonical.hex_sum(canonical.total(lines)) == VECTORS["sum"]


@given(RECORDS)
@settings(deadline=None, max_examples=60)
def test_what_is_written_reads_back_and_is_written_the_same(record: dict[str, Json]) -> None:
    line = canonical.encode(record)
    assert canonical.encode(canonical.decode(line)) == line


@given(RECORDS)
@settings(deadline=None, max_examples=60)
def test_another_encoder_agrees(record: dict[str, Json]) -> None:
    value = canonical.decode(canonical.encode(record))
    assert canonical.encode(value) == _plain(value).encode()


def _plain(value: Json) -> str:
    """Write canonical JSON with the standard library alone, slowly."""
    if isinstance(value, dict):
        inner = ",".join(f"{_plain(key)}:{_plain(value[key])}" for key in sorted(value))
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_plain, value))}]"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return json.dumps(value, ensure_ascii=False)


@given(st.floats(canonical.FRACTION_MIN, 1.0))
def test_a_fraction_has_no_exponent(value: float) -> None:
    assert b"e" not in canonical.encode({"id": "x", "n": value}).split(b'"n"')[1]


@given(st.lists(RECORDS, max_size=6, unique_by=lambda one: str(one["id"])))
@settings(deadline=None, max_examples=40)
def test_the_sum_knows_no_order_and_is_kept_up(records: list[dict[str, Json]]) -> None:
    lines = [canonical.encode(one) for one in records]
    whole = canonical.total(lines)
    assert canonical.total(reversed(lines)) == whole
    assert canonical.changed(whole, gone=lines[:2]) == canonical.total(lines[2:])
    assert canonical.changed(canonical.total(lines[2:]), come=lines[:2]) == whole


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": ""},
        {"id": 3},
        {"id": "x" * 201},
        {"id": "x", "a/b": 1},
        {"id": "x", "n": float("nan")},
        {"id": "x", "n": float("inf")},
        {"id": "x", "n": 2**53},
        {"id": "x", "t": "\ud800é"},
        {"id": "x", "t": "a" * 70_000},
    ],
)
def test_an_unsound_record_is_not_written(record: dict[str, Json]) -> None:
    with pytest.raises(FeedRefused):
        canonical.encode(record)


def _nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_record_nests_twelve_deep_and_no_deeper() -> None:
    line = canonical.encode({"id": "x", "deep": _nested(canonical.DEPTH_MAX - 1)})
    assert canonical.decode(line)["id"] == "x"
    with pytest.raises(FeedRefused, match="deeper"):
        canonical.encode({"id": "x", "deep": _nested(canonical.DEPTH_MAX)})
    deeper = msgspec.json.encode({"deep": _nested(canonical.DEPTH_MAX), "id": "x"})
    with pytest.raises(FeedRefused, match="deeper"):
        canonical.decode(deeper)


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "x"}',
        b'{"b":1,"a":1,"id":"x"}',
        b'{"id":"x","id":"x"}',
        b'{"id":"x","n":1e2}',
        b'{"id":"x","n":NaN}',
        b'{"id":"x"',
        b'{"id":"\xff"}',
        b'["x"]',
        b'{"a":1}',
        b"[" * 100_000,
        b"[" * 60_000,
        b'{"id":"' + b"x" * 70_000 + b'"}',
    ],
)
def test_a_line_that_is_not_canonical_is_refused(line: bytes) -> None:
    with pytest.raises(FeedRefused):
        canonical.decode(line)
