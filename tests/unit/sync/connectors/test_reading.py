from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.base import Context
from sync.connectors.decoding import decode
from sync.connectors.registry import available, load, manifest_of
from sync.connectors.strict_json import DEPTH_MAX, read_json
from sync.connectors.times import day_of, hour_of, midnight, moment_of, observed, zone_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
MANIFEST = """slug = "words"
title = "Words"
kind = "place"
licence = "CC0"
attribution = "us"
refresh_s = 1
stale_s = 2
"""

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@given(values)
def test_json_comes_back_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


def test_a_byte_order_mark_before_json_is_overlooked() -> None:
    assert read_json(b"\xef\xbb\xbf{}") == {}


def test_of_two_equal_keys_the_last_one_stands() -> None:
    assert read_json(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b'"\\ud800"', b'"\xff"', b"{'a': 1}",
        b"[1,]", b'"\xed\xa0\x80"', b"\xff\xfe[\x00]\x00", b"{} {}", b"9" * 5_000, nested(100_000),
    ],
)  # fmt: skip
def test_json_that_is_not_strict_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="JSON"):
        read_json(raw)


def test_nesting_is_allowed_as_far_as_the_limit() -> None:
    assert read_json(nested(DEPTH_MAX))
    with pytest.raises(InputRefused, match="nested deeper"):
        read_json(nested(DEPTH_MAX + 1))


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Été".encode(), "utf-8"),
        ("Été".encode("utf-8-sig"), "utf-8"),
        ("Été".encode("cp1252"), "windows-1252"),
        ("Été".encode("utf-16"), "utf-16"),
    ],
)
def test_french_text_is_read_in_the_encodings_of_offices(raw: bytes, encoding: str) -> None:
    assert decode(raw) == ("Été", encoding)


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x00\x00", b"\x00", "Été".encode("utf-32-le")])
def test_binary_data_is_no_text(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="binary"):
        decode(raw)


def test_half_a_utf16_pair_is_refused() -> None:
    with pytest.raises(InputRefused, match="binary"):
        decode(b"\xff\xfea\x00b")


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(raw: bytes) -> None:
    try:
        text, _ = decode(raw)
    except InputRefused:
        return
    assert isinstance(text, str)


@pytest.mark.parametrize("text", ["2026-11-22", "22/11/2026", " 2026-11-22 "])
def test_a_day_is_read_in_both_common_forms(text: str) -> None:
    assert day_of(text) == date(2026, 11, 22)


@pytest.mark.parametrize(
    "text", ["", "hier", "2026-02-30", "22/13/2026", "1899-12-31", "2201-01-01", "0001-01-01"]
)
def test_an_impossible_day_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        day_of(text)


def test_a_time_without_offset_is_of_the_zone() -> None:
    assert moment_of("2026-11-22T10:42", PARIS) == NOW
    assert moment_of("2026-11-22T09:42:00Z", PARIS) == NOW


@pytest.mark.parametrize("text", ["", "10:42", "2026-11-22T25:00", "9999-12-31T23:59Z"])
def test_an_impossible_time_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        moment_of(text, PARIS)


def test_midnight_is_the_zones_own() -> None:
    assert midnight(date(2026, 7, 14), PARIS).isoformat() == "2026-07-14T00:00:00+02:00"


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "../../etc/passwd", "x" * 5_000, "a\x00b"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    context = Context(dataset="d", source="s", licence="l", observed_at=NOW, now=NOW, timezone=name)
    with pytest.raises(InputRefused, match="no such time zone"):
        zone_of(context)


def test_the_connectors_are_the_folders_with_a_manifest() -> None:
    slugs = [manifest.slug for manifest in available()]
    assert slugs == sorted(slugs)
    assert {"geojson", "gtfs_rt", "icalendar", "opendatasoft", "scdl"} <= set(slugs)


def test_a_new_folder_is_a_connector_without_registration(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "manifest.toml").write_text(MANIFEST)
    (tmp_path / "not_one").mkdir()
    assert [manifest.title for manifest in available(tmp_path)] == ["Words"]


@pytest.mark.parametrize(
    "spoiled",
    [
        MANIFEST.replace('"words"', '"other"'),
        MANIFEST.replace("refresh_s = 1", 'refresh_s = "often"'),
        MANIFEST.replace("stale_s = 2", ""),
        f"{MANIFEST}colour = 1",
        "[",
    ],
    ids=["another slug", "wrong type", "missing", "unknown field", "not toml"],
)
def test_a_wrong_manifest_is_refused_with_its_place(tmp_path: Path, spoiled: str) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "manifest.toml").write_text(spoiled)
    with pytest.raises(InputRefused, match=r"words/manifest\.toml"):
        manifest_of("words", tmp_path)


@pytest.mark.parametrize("slug", ["nope", "", "..", "icalendar/..", "os.path", "base", "a b"])
def test_what_is_no_connector_is_refused(slug: str) -> None:
    with pytest.raises(InputRefused, match="no such connector"):
        load(slug)


def test_a_loaded_connector_can_parse() -> None:
    context = Context(dataset="d", source="s", licence="l", observed_at=NOW, now=NOW)
    assert list(load("geojson").parse(b"[]", context)) == []


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2026-11-20T10:00:00+01:00", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("2026-11-20T10:00:00", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("2026-11-23T10:00:00Z", NOW),
        ("yesterday", NOW),
        ("", NOW),
        (None, NOW),
        (7, NOW),
    ],
)
def test_a_datum_is_never_later_than_its_reading(stamp: object, moment: datetime) -> None:
    context = Context(dataset="d", source="s", licence="l", observed_at=NOW, now=NOW)
    assert observed(stamp, context) == moment


@pytest.mark.parametrize(
    ("text", "hour"), [("", None), ("09:30", time(9, 30)), ("21:00:00", time(21))]
)
def test_an_hour_is_a_time_of_day_or_nothing(text: str, hour: time | None) -> None:
    assert hour_of(text) == hour


@pytest.mark.parametrize("text", ["25:00", "9h", "09:60", "x"])
def test_an_impossible_hour_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        hour_of(text)
