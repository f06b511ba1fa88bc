"""The record as it travels, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import Geo, Json, Record
from sync.protocol.canonical import encode
from sync.protocol.envelope import record_of, wire_of
from tests.alv1 import wire

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLAIN = Record(
    id="a", dataset="d", kind="stop", title={"fr": "Gare"}, source="s", licence="l", observed_at=AT
)
FULL = Record(
    id="a",
    dataset="d",
    kind="stop",
    title={"fr": "Gare d’Alençon"},
    body={"fr": "Quai\n2"},
    source="s",
    licence="l",
    observed_at=AT,
    valid_from=AT,
    valid_until=AT,
    geo=Geo(lat=48.4, lon=0.1),
    confidence=0.5,
    popularity=7,
    demo=True,
    data={"lines": ["1"], "none": None},
)


@pytest.mark.parametrize("record", [PLAIN, FULL])
def test_a_record_comes_back_as_it_went(record: Record) -> None:
    assert record_of(encode(wire_of(record)), "d") == record


def test_what_stands_at_its_default_is_left_out() -> None:
    assert set(wire_of(PLAIN)) == {"id", "kind", "title", "source", "licence", "observed_at"}


def test_a_hostile_text_is_cleaned_on_the_way_in() -> None:
    line = encode(wire("a", title={"fr": "Gare\u202e\x07 <b>"}, body={"fr": "x" * 5000}))
    record = record_of(line, "d")
    assert record.title["fr"] == "Gare <b>"
    assert len(record.body["fr"]) <= 4000


@pytest.mark.parametrize(
    "changes",
    [{"title": "Gare"}, {"title": {}}, {"observed_at": 3}, {"geo": {"lat": 91, "lon": 0}},
     {"popularity": 101}, {"kind": None}, {"data": []}],
)  # fmt: skip
def test_what_is_no_record_is_refused(changes: dict[str, Json]) -> None:
    with pytest.raises(FeedRefused):
        record_of(encode({**wire("a"), **changes}), "d")
