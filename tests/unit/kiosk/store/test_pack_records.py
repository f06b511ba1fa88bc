"""Seed files: one record a line, rejected alone when it is bad."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.facts import Event, Menu, WasteDay, facts_of
from kiosk.domain.record import Record, Reject
from kiosk.domain.territory import Dataset
from kiosk.domain.text import BODY_MAX
from kiosk.store import pack_records
from kiosk.store.pack_format import SEED_BYTES_MAX, SEED_LINE_MAX
from kiosk.store.pack_records import DEMO_SOURCE, read_lines, seed_records

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def dataset(kind: str = "place") -> Dataset:
    return Dataset(
        id="d",
        title={"fr": "D"},
        kind=kind,
        connector="seed",
        source="Mairie",
        licence="Licence Ouverte 2.0",
        seed="seeds/d.ndjson",
    )


def seeded(
    folder: Path, *lines: dict[str, Any] | str, kind: str = "place", now: datetime = NOW
) -> list[Record | Reject]:
    """Write the lines and read them back."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds" / "d.ndjson").write_text("\n".join(texts), encoding="utf-8")
    return list(seed_records(folder, dataset(kind), now, PARIS))


def line(**more: Any) -> dict[str, Any]:
    return {"id": "x", "title": {"fr": "X"}, "demo": True, **more}


def only(found: list[Record | Reject]) -> Record:
    (one,) = found
    assert isinstance(one, Record), one
    return one


def test_a_sourced_record_keeps_what_its_line_says(tmp_path: Path) -> None:
    record = only(
        seeded(
            tmp_path,
            line(
                demo=False,
                source="INSEE",
                licence="ODbL 1.0",
                observed_at="2026-01-02",
                geo={"lat": 48.4, "lon": 0.1},
                popularity=7,
                confidence=0.5,
                body={"fr": "Corps"},
                data={"phone": "02 61 91 00 00"},
            ),
        )
    )
    assert (record.source, record.licence, record.demo) == ("INSEE", "ODbL 1.0", False)
    assert record.observed_at.isoformat() == "2026-01-02T00:00:00+01:00"
    assert (record.popularity, record.confidence, record.kind) == (7, 0.5, "place")
    assert record.geo is not None
    assert (record.geo.lat, record.geo.lon) == (48.4, 0.1)
    assert record.data == {"phone": "02 61 91 00 00"}


def test_a_demonstration_says_so_and_is_observed_now(tmp_path: Path) -> None:
    record = only(seeded(tmp_path, line()))
    assert (record.demo, record.source, record.observed_at) == (True, DEMO_SOURCE, NOW)
    assert record.licence == "Licence Ouverte 2.0"  # its dataset's


def test_a_record_with_neither_source_nor_demo_is_rejected(tmp_path: Path) -> None:
    (reject,) = seeded(tmp_path, line(demo=False))
    assert isinstance(reject, Reject)
    assert reject.where == "seeds/d.ndjson:1"
    assert "neither `source` nor `demo`" in reject.why


def test_a_bad_line_is_rejected_alone(tmp_path: Path) -> None:
    found = seeded(tmp_path, line(id="a"), "{", "", line(id="b", popularity=101), line(id="c"))
    assert [one.id if isinstance(one, Record) else one.where for one in found] == [
        "a",
        "seeds/d.ndjson:2",
        "seeds/d.ndjson:4",
        "c",
    ]


def test_an_id_stands_once(tmp_path: Path) -> None:
    first, second = seeded(tmp_path, line(title={"fr": "un"}), line(title={"fr": "deux"}))
    assert isinstance(first, Record)
    assert second == Reject(where="seeds/d.ndjson:2", why="record `x` stands twice")


def test_dates_of_facts_are_resolved_and_other_texts_are_not(tmp_path: Path) -> None:
    data = {"starts_at": "+3T20:30", "ends_at": "+4T01:00", "place": "+3", "price": "+1T10:00"}
    record = only(seeded(tmp_path, line(data=data), kind="event"))
    event = facts_of(record, Event)
    assert event.starts_at.isoformat() == "2026-11-25T20:30:00+01:00"
    assert event.ends_at is not None
    assert event.ends_at.isoformat() == "2026-11-26T01:00:00+01:00"
    assert (event.place, event.price) == ("+3", "+1T10:00")


@pytest.mark.parametrize(
    ("kind", "data", "field", "meant"),
    [
        (
            "tide",
            {"time": "+1T07:42", "height_m": 12.4, "kind": "high", "datum": "LAT"},
            "time",
            "2026-11-23T07:42:00+01:00",
        ),
        (
            "avalanche",
            {"massif": "A", "level": 3, "valid_until": "+1T18:00"},
            "valid_until",
            "2026-11-23T18:00:00+01:00",
        ),
        ("bathing", {"flag_until": "+0T19:00"}, "flag_until", "2026-11-22T19:00:00+01:00"),
        ("bathing", {"sampled_on": "-9"}, "sampled_on", "2026-11-13"),
    ],
)
def test_dates_of_tides_bulletins_and_beaches_are_resolved(
    tmp_path: Path, kind: str, data: dict[str, Any], field: str, meant: str
) -> None:
    record = only(seeded(tmp_path, line(data=data), kind=kind))
    assert record.data[field] == meant


def test_validity_is_resolved(tmp_path: Path) -> None:
    record = only(seeded(tmp_path, line(valid_from="-1T18:00", valid_until="+2")))
    assert record.valid_from is not None
    assert record.valid_until is not None
    assert record.valid_from.isoformat() == "2026-11-21T18:00:00+01:00"
    assert record.valid_until.isoformat() == "2026-11-24T00:00:00+01:00"


def test_the_day_of_seeding_is_that_of_the_territory(tmp_path: Path) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # past midnight in Paris
    record = only(
        seeded(
            tmp_path,
            line(data={"day": "+0", "commune": "x", "stream": "glass"}),
            kind="waste",
            now=late,
        )
    )
    assert facts_of(record, WasteDay).day == date(2026, 11, 23)


def test_a_weekly_rule_writes_out_a_record_for_each_day(tmp_path: Path) -> None:
    data = {"day": "+0", "canteen": "c", "dishes": []}
    rule = {"days": ["mon", "thu"], "weeks": 2}
    found = seeded(tmp_path, line(every=rule, data=data), kind="menu")
    records = [one for one in found if isinstance(one, Record)]
    assert [record.id for record in records] == [
        "x-2026-11-16",
        "x-2026-11-19",
        "x-2026-11-23",
        "x-2026-11-26",
    ]
    assert [f"x-{facts_of(record, Menu).day}" for record in records] == [r.id for r in records]


def test_text_is_cleaned_at_every_depth(tmp_path: Path) -> None:
    dirty = "a\u202eb\x00c"
    record = only(
        seeded(
            tmp_path,
            line(
                id=f"i{dirty}",
                title={"fr": dirty},
                body={"fr": dirty * 2000},
                data={
                    "address": dirty,
                    "access": {"fr": dirty},
                    "prices": [{"label": {"fr": dirty}, "cents": 1}],
                },
            ),
        )
    )
    assert record.id == "iabc"
    assert record.title == {"fr": "abc"}
    assert len(record.body["fr"]) == BODY_MAX
    assert record.data == {
        "address": "abc",
        "access": {"fr": "abc"},
        "prices": [{"label": {"fr": "abc"}, "cents": 1}],
    }


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ('{"id":"x","title":{"fr":"X"},"demo":1}', "demo: Expected `bool`, got `int`"),
        ('{"id":"x","title":{"fr":"X"},"demo":"true"}', "demo: Expected `bool`, got `str`"),
        ('{"id":"x","title":"X","demo":true}', "title: Expected `object`, got `str`"),
        ('{"id":"x","title":{},"demo":true}', "without a title"),
        ('{"id":"x","title":{"fr":"\\u200b"},"demo":true}', "without a title"),
        ('{"id":"","title":{"fr":"X"},"demo":true}', "id: Expected `str` of length >= 1"),
        ('{"id":"\\u200b","title":{"fr":"X"},"demo":true}', "record without id"),
        ('{"id":"x","title":{"FR!":"X"},"demo":true}', "title: Expected `str` matching"),
        ('{"id":"x","title":{"fr":"\\udc00"},"demo":true}', "not JSON"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"geo":{"lat":91,"lon":0}}', "geo: Expected"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"data":{"hours":NaN}}', "not JSON"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"data":{"hours":5}}', "data: Expected `str`"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"valid_until":"+1234"}', "date not understood"),
        ("[]", "Expected `object`, got `array`"),
        ("null", "Expected `object`, got `null`"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"data":{"access":' + "[" * 30_000,
         "nested too deeply"),
        ('{"id":"x","title":{"fr":"X"},"demo":true,"data":{"access":' + "[" * 30 + "]" * 30 + "}}",
         "nested too deeply"),
        ('{"id":"' + "x" * SEED_LINE_MAX + '"}', f"a record over {SEED_LINE_MAX} bytes"),
    ],
    ids=range(18),
)  # fmt: skip
def test_lax_types_and_malformed_lines_are_rejected(bad: str, why: str, tmp_path: Path) -> None:
    (reject,) = seeded(tmp_path, bad)
    assert isinstance(reject, Reject)
    assert why in reject.why


def test_bytes_that_are_not_utf_8_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(b'{"id":"\xff\xfe","title":{"fr":"x"},"demo":true}\n')
    (found,) = read_lines(tmp_path, "d")
    assert isinstance(found.content, str)


def test_a_seed_over_its_size_a_link_or_an_absent_one_gives_one_reject(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b" " * (SEED_BYTES_MAX + 1))
    (tmp_path / "real").write_text("{}")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("huge", "link", "absent", "."):
        found = list(read_lines(tmp_path, name))
        assert [one.number for one in found] == [0], name
        assert isinstance(found[0].content, str)


def test_records_are_bounded_even_when_rules_multiply_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_records, "SEED_RECORDS_MAX", 5)
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    found = seeded(tmp_path, line(every={"days": days, "weeks": 26}))
    assert len(found) == 5


def test_lines_beyond_the_most_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_records, "SEED_RECORDS_MAX", 2)
    (tmp_path / "d").write_text("{}\n\n{}\n{}\n{}\n")
    found = list(read_lines(tmp_path, "d"))
    assert [one.number for one in found] == [1, 3, 4]
    assert found[-1].content == "more than 2 records"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["id", "title", "body", "geo", "source", "observed_at", "valid_from", "popularity"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    key=st.sampled_from([*FIELDS, "every", "data", "autre"]),
    value=json_values,
    kind=st.sampled_from(["place", "event", "menu", "waste", "step", "duty", "gauge", "notice"]),
)
def test_whatever_stands_in_a_field_ends_in_records_or_rejects(
    key: str, value: object, kind: str, tmp_path: Path
) -> None:
    for one in seeded(tmp_path, {**line(), key: value}, kind=kind):
        assert isinstance(one, Record) or (one.where == "seeds/d.ndjson:1" and one.why)
