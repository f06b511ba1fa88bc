from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, Place, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.opendatasoft.connector import FIELDS_MAX, VALID_S_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURES = FOLDER / "opendatasoft" / "fixtures"
MAPPING: dict[str, Json] = {
    "kind": "gauge",
    "id": "id",
    "title": "nom",
    "observed_at": "mesure",
    "valid_s": 300,
    "facts": {"value": "libres", "capacity": "places", "open": "ouvert"},
    "constants": {"what": "free_places"},
}


def read(raw: bytes, mapping: Json = None) -> list[Item]:
    context = Context(
        dataset="d",
        source="Bourg",
        licence="LO",
        observed_at=NOW,
        now=NOW,
        extra={} if mapping is None else {"mapping": mapping},
    )
    return list(guarded(parse, raw, context, manifest_of("opendatasoft"), time.monotonic))


def rows(*fields: Any) -> bytes:
    return json.dumps({"total_count": len(fields), "results": fields}).encode()


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def only(raw: bytes, mapping: Json = None) -> Record:
    (record,) = records(read(raw, mapping))
    return record


def test_a_mapping_makes_gauges_of_rows() -> None:
    market = only(fixture("v2.1.json"), MAPPING)
    assert (market.kind, market.id) == ("gauge", "p1")
    assert market.title == {"fr": "Parking inventé du Marché"}
    assert facts_of(market, Gauge) == Gauge(what="free_places", value=32, capacity=120, open=True)
    assert market.geo == Geo(lat=48.43, lon=0.09)
    assert market.observed_at == datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
    assert market.valid_until == market.observed_at + timedelta(minutes=5)


def test_a_row_that_lacks_a_fact_is_rejected() -> None:
    found = rejects(read(fixture("v2.1.json"), MAPPING))
    assert found["record 2"].startswith("gauge: Expected `int`, got `null`")
    assert found["record 3"] == "id: empty"


def test_without_a_mapping_rows_are_places() -> None:
    items = read(fixture("v2.1.json"))
    market, val = records(items)
    assert (market.kind, val.id, val.geo) == ("place", "p2", None)
    assert market.data["fields"] == {
        "id": "p1",
        "nom": "Parking inventé du Marché",
        "libres": 32.0,
        "places": 120,
        "ouvert": True,
        "mesure": "2026-11-22T10:40:00+01:00",
    }
    assert facts_of(market, Place) == Place()
    assert rejects(items) == {"record 3": "no text to call it by"}


def test_version_2_0_is_read() -> None:
    fountain = only(fixture("v2.0.json"))
    assert (fountain.id, fountain.title) == ("abc", {"fr": "Fontaine inventée"})
    assert fountain.observed_at == datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
    assert fountain.data["fields"] == {"nom": "Fontaine inventée"}  # the picture is left out


def test_version_1_is_read() -> None:
    items = read(fixture("v1.json"))
    (square,) = records(items)
    assert (square.id, square.geo) == ("r1", Geo(lat=48.43, lon=0.09))
    assert square.title == {"fr": "Place inventée"}  # neither the link nor the phone number
    assert rejects(items) == {"record 2": "no fields in it", "record 3": "no fields in it"}


def test_the_real_car_parks_of_nantes_are_gauges(corpus: Path) -> None:
    mapping: Json = {
        "kind": "gauge",
        "id": "idobj",
        "title": "grp_nom",
        "observed_at": "grp_horodatage",
        "geo": "location",
        "facts": {"value": "disponibilite", "capacity": "grp_exploitation"},
        "constants": {"what": "free_places"},
    }
    raw = (corpus / "opendatasoft" / "nantes_parcs_relais_v1.json").read_bytes()
    parks = records(read(raw, mapping))
    assert len(parks) == 5
    assert facts_of(parks[0], Gauge).value == 147  # written 147.0
    assert parks[0].geo == Geo(lat=47.17545322799998, lon=-1.5930964770000173)


def test_titles_may_come_by_language() -> None:
    mapping: Json = {"title": {"fr": "nom", "en": "name"}}
    both = only(rows({"id": "1", "nom": "Piscine", "name": "Pool"}), mapping)
    assert both.title == {"fr": "Piscine", "en": "Pool"}
    assert rejects(read(rows({"id": "1", "x": "y"}), mapping)) == {"record 1": "nom, name: empty"}


def test_popularity_and_body_may_be_mapped() -> None:
    mapping: Json = {"title": "nom", "body": "texte", "popularity": "rang"}
    found = only(rows({"id": "1", "nom": "X", "texte": "Ouvert", "rang": 40}), mapping)
    assert (found.popularity, found.body) == (40, {"fr": "Ouvert"})
    for rank in (True, "7", 101, None):
        assert rejects(read(rows({"id": "1", "nom": "X", "rang": rank}), mapping))


def test_a_number_may_be_an_id() -> None:
    assert only(rows({"gid": 12, "nom": "X"})).id == "12"
    assert only(rows({"k": 12.0, "nom": "X"}), {"id": "k"}).id == "12"


def test_a_row_without_id_is_known_by_its_content() -> None:
    one, same, other = (only(rows({"nom": name})).id for name in ("X", "X", "Y"))
    assert one == same != other


def test_a_row_with_a_broken_time_is_rejected() -> None:
    found = rejects(read(rows({"id": "1", "nom": "X", "le": "hier"}), {"observed_at": "le"}))
    assert found == {"record 1": "not an ISO time: hier"}


def test_a_wide_row_is_cut() -> None:
    wide = {f"f{number}": number for number in range(200)}
    fields = only(rows({"nom": "X", **wide})).data["fields"]
    assert isinstance(fields, dict)
    assert len(fields) == FIELDS_MAX


@pytest.mark.parametrize(
    "place", [[48.4], [91, 0.1], ["48", "0"], {"lat": 48.4}, {"type": "Point", "coordinates": 3}, 7]
)
def test_a_position_that_is_none_is_left_out(place: Any) -> None:
    assert only(rows({"nom": "X", "geo_point_2d": place})).geo is None


@pytest.mark.parametrize(
    "mapping",
    [
        {"colour": "x"}, {"kind": "poem"}, {"facts": [1]}, {"valid_s": -1}, {"valid_s": True},
        {"valid_s": VALID_S_MAX + 1}, "nom", [1], {"id": 7},
    ],
)  # fmt: skip
def test_a_mapping_that_can_not_be_understood_is_refused(mapping: Json) -> None:
    with pytest.raises(InputRefused, match="context: mapping"):
        read(rows({"nom": "X"}), mapping)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{}", "not an answer"),
        (b"7", "not an answer"),
        (b"[1, 2]", "not an answer"),
        (b'{"results": {}}', "not an answer"),
        (b'{"error_code": "X", "message": "no"}', "answered with an error"),
        (b'{"results": [NaN]}', "not JSON"),
    ],
)
def test_what_is_no_answer_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read(raw)


def test_an_empty_answer_is_an_answer() -> None:
    assert read(b'{"total_count": 0, "results": []}') == []


@pytest.mark.parametrize(
    ("place", "lat", "lon"),
    [
        ({"lon": 0.1, "lat": 48.4}, 48.4, 0.1),
        ([48.4, 0.1], 48.4, 0.1),
        ({"type": "Point", "coordinates": [0.1, 48.4]}, 48.4, 0.1),
        ({"type": "Point", "coordinates": [0.1, 48.4, 12.0]}, 48.4, 0.1),
    ],
)
def test_a_position_is_read_in_each_of_its_forms(place: Any, lat: float, lon: float) -> None:
    assert only(rows({"nom": "X", "geo_point_2d": place})).geo == Geo(lat=lat, lon=lon)


def test_the_geometry_stands_in_for_an_absent_position() -> None:
    record = {
        "recordid": "r",
        "fields": {"nom": "X", "geo_point_2d": None},
        "geometry": {"type": "Point", "coordinates": [0.1, 48.4]},
    }
    assert only(json.dumps([record]).encode()).geo == Geo(lat=48.4, lon=0.1)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"libelle": "Le nom", "x": "Autre"}, "Le nom"),
        ({"lien": "https://x.example", "quoi": "Fontaine"}, "Fontaine"),
        ({"tel": "02 61 91 00 00", "quoi": "Fontaine"}, "Fontaine"),
        ({"le": "2026-11-22T10:00:00+01:00", "quoi": "Fontaine"}, "Fontaine"),
        ({"vide": " ", "quoi": "Fontaine"}, "Fontaine"),
    ],
)
def test_a_title_is_the_first_text_that_names(fields: dict[str, str], title: str) -> None:
    assert only(rows(fields)).title == {"fr": title}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "Expected `int`, got `null`"),
        ("12", "Expected `int`, got `str`"),
        (1.5, "Expected `int`, got `float`"),
        (True, "Expected `int`, got `bool`"),
    ],
)
def test_a_count_is_a_whole_number_and_nothing_else(value: Any, why: str) -> None:
    row = {
        "id": "1",
        "nom": "X",
        "libres": value,
        "places": 10,
        "ouvert": True,
        "mesure": "2026-11-22",
    }
    assert why in rejects(read(rows(row), MAPPING))["record 1"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "nom", "geo_point_2d", "fields", "x"]), json_values))
def test_any_row_is_a_record_or_a_reject(fields: dict[str, Any]) -> None:
    try:
        items = read(rows(fields))
    except InputRefused as refused:
        assert "JSON" in str(refused)  # noqa: PT017 - numbers too large for JSON
        return
    assert len(items) == 1
