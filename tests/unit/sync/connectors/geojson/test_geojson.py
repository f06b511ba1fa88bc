from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Commune, Place, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors import shapes
from sync.connectors.base import Context, Item, guarded
from sync.connectors.geojson.connector import parse
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.shapes import position_of
from sync.connectors.tags import TAGS_MAX

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURES = FOLDER / "geojson" / "fixtures"
CONTEXT = Context(dataset="d", source="Bourg", licence="ODbL", observed_at=NOW, now=NOW)
SQUARE = [[0.0, 48.0], [0.2, 48.0], [0.2, 48.2], [0.0, 48.2], [0.0, 48.0]]
HERE: dict[str, Json] = {"type": "Point", "coordinates": [0.1, 48.4]}

degrees = st.tuples(st.floats(-179, 179), st.floats(-89, 89))


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("geojson"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FIXTURES / name).read_bytes())


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def feature(properties: Any, **more: Any) -> bytes:
    one = {"type": "Feature", "properties": properties, "geometry": HERE, **more}
    return json.dumps({"type": "FeatureCollection", "features": [one]}).encode()


def place(properties: Any, **more: Any) -> Record:
    (record,) = records(read(feature(properties, **more)))
    return record


def degrees_of(geo: Geo | None) -> tuple[float, float]:
    assert geo is not None
    return geo.lat, geo.lon


def geometry(kind: str, coordinates: Any) -> Json:
    built: Json = {"type": kind, "coordinates": coordinates}
    return built


def test_osm_words_become_the_facts_of_a_place() -> None:
    cinema = records(fixture("places.geojson"))[0]
    facts = facts_of(cinema, Place)
    assert (cinema.id, cinema.title) == ("node/1", {"fr": "Cinéma du Val"})
    assert cinema.geo == Geo(lat=48.43, lon=0.09)
    assert facts.address == "3 Rue du Val, 61999 Bourg inventé"
    assert (facts.commune, facts.hours) == ("Bourg inventé", "We-Su 14:00-23:00")
    assert (facts.phone, facts.website) == ("+33 2 61 91 00 01", "https://cine.example")


def test_a_place_without_name_is_called_by_what_it_is() -> None:
    shed = records(fixture("places.geojson"))[1]
    assert shed.title == {"fr": "bicycle parking"}
    assert shed.data["tags"] == {"@id": "way/2", "amenity": "bicycle_parking", "capacity": "12"}


def test_what_can_not_be_a_place_is_rejected_with_its_number() -> None:
    assert rejects(fixture("places.geojson")) == {
        "feature 5": "no name",
        "feature 6": "no geometry",
        "feature 7": "position out of range: 384.4, 0.1",
        "feature 8": "not a Feature",
    }


def test_an_export_carries_its_own_date() -> None:
    assert records(fixture("places.geojson"))[0].observed_at == datetime(2026, 11, 1, 8, tzinfo=UTC)


def test_a_broken_date_of_the_file_leaves_the_contexts() -> None:
    raw = feature({"name": "X"}).replace(
        b'{"type": "FeatureC', b'{"timestamp": "x", "type": "FeatureC'
    )
    assert records(read(raw))[0].observed_at == NOW


def test_a_feature_with_an_insee_code_is_a_commune() -> None:
    (commune,) = records(fixture("communes.geojson"))
    facts = facts_of(commune, Commune)
    assert (commune.kind, commune.id, facts.insee) == ("commune", "61999", "61999")
    assert facts.population == 0  # not said
    assert degrees_of(commune.geo) == pytest.approx((48.1, 0.1))


def test_a_list_of_communes_is_read() -> None:
    items = fixture("communes.json")
    (commune,) = records(items)
    assert facts_of(commune, Commune) == Commune(
        insee="61999", population=1234, postcodes=("61999",)
    )
    assert rejects(items)["entry 2"] == "a commune-deleguee isn't a commune of today"
    assert rejects(items)["entry 3"].startswith("neither a feature nor a commune")


def test_the_381_communes_of_the_orne_are_found(corpus: Any) -> None:
    items = read((corpus / "geo" / "communes_61_73_50.json").read_bytes())
    orne = [record for record in records(items) if record.id.startswith("61")]
    assert len(orne) == 381
    assert all(facts_of(record, Commune).postcodes for record in orne)


@pytest.mark.parametrize(
    ("more", "properties", "expected"),
    [
        ({"id": "node/7"}, {"@id": "node/8", "name": "X"}, "node/7"),
        ({"id": 7}, {"name": "X"}, "7"),
        ({}, {"@id": "node/8", "name": "X"}, "node/8"),
        ({}, {"code": "61", "nom": "Orne"}, "61"),
        ({}, {"name": "X"}, "X@48.40000,0.10000"),
        ({"id": True}, {"name": "X"}, "X@48.40000,0.10000"),
        ({"id": [1]}, {"name": "X"}, "X@48.40000,0.10000"),
    ],
)
def test_a_place_has_the_best_id_there_is(
    more: dict[str, Any], properties: dict[str, Any], expected: str
) -> None:
    assert place(properties, **more).id == expected


def test_of_many_properties_some_are_kept() -> None:
    many = {f"p{number}": number for number in range(100)}
    tags = place({"name": "X", **many, "list": [1], "text": "y" * 9_000}).data["tags"]
    assert isinstance(tags, dict)
    assert len(tags) == TAGS_MAX


def test_a_lone_feature_is_a_file_too() -> None:
    raw = json.dumps({"type": "Feature", "properties": {"name": "X"}, "geometry": HERE}).encode()
    assert len(records(read(raw))) == 1


@pytest.mark.parametrize("properties", [None, [], "x", {"name": 3.5}, {"name": ""}, {"name": " "}])
def test_a_feature_without_name_is_rejected(properties: Any) -> None:
    assert rejects(read(feature(properties))) == {"feature 1": "no name"}


@pytest.mark.parametrize(
    "raw", [b"{}", b"7", b'"x"', b"[1]", b'{"type":"Point","coordinates":[1,2]}',
            b'{"type":"FeatureCollection","features":{}}', b'{"type":"Topology"}'],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not GeoJSON"):
        read(raw)


@pytest.mark.parametrize(
    ("shape", "lat", "lon"),
    [
        (geometry("Point", [0.1, 48.4, 120]), 48.4, 0.1),
        (geometry("MultiPoint", [[1, 2], [3, 4]]), 2, 1),
        (geometry("LineString", [[0, 48], [0.1, 48.1], [0.3, 48.1]]), 48.1, 0.1),
        (geometry("MultiLineString", [[[9, 9], [9, 8]], [[0, 1], [2, 3], [4, 5]]]), 3, 2),
        (geometry("Polygon", [SQUARE]), 48.1, 0.1),
        (geometry("Polygon", [SQUARE[::-1]]), 48.1, 0.1),
        (geometry("Polygon", [[[0, 0.1], [1, 0.1], [2, 0.1], [0, 0.1]]]), 0.1, 0.75),
        (geometry("MultiPolygon", [[[[1, 47], [2, 47], [1, 47.01]]], [SQUARE]]), 48.1, 0.1),
    ],
)  # fmt: skip
def test_a_shape_has_one_position(shape: Json, lat: float, lon: float) -> None:
    assert degrees_of(position_of(shape)) == pytest.approx((lat, lon))


@pytest.mark.parametrize(
    "shape",
    [
        None, [], geometry("Circle", [1, 2]), geometry("Point", None), geometry("Point", [1]),
        geometry("Point", ["1", "2"]), geometry("Point", [True, False]),
        geometry("LineString", [[1, 2]]), geometry("Polygon", []), geometry("Polygon", [[]]),
        geometry("Polygon", [[[0, 0], [1, 1]]]), geometry("MultiPolygon", [[]]),
        geometry("Point", [200, 10]), geometry("Point", [1e308, 1e308]),
        geometry("MultiPolygon", [1, 2]), {"type": "GeometryCollection", "geometries": []},
    ],
)  # fmt: skip
def test_a_shape_that_is_none_is_refused(shape: Json) -> None:
    with pytest.raises(InputRefused):
        position_of(shape)


def test_a_shape_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "PARTS_MAX", 2)
    with pytest.raises(InputRefused, match="more than 2 parts"):
        position_of(geometry("MultiPolygon", [[SQUARE]] * 3))


def test_a_line_of_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "POINTS_MAX", 4)
    with pytest.raises(InputRefused, match="2 to 4 points"):
        position_of(geometry("LineString", SQUARE))


@given(st.lists(degrees, min_size=3, max_size=3, unique=True))
def test_the_centroid_of_a_triangle_is_the_mean_of_its_corners(
    corners: list[tuple[float, float]],
) -> None:
    ring = [[x, y] for x, y in [*corners, corners[0]]]
    (x1, y1), (x2, y2), (x3, y3) = corners
    area = abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1))
    if area < 1e-3:  # a needle: its vertices' mean is good enough
        return
    found = position_of(geometry("Polygon", [ring]))
    assert found.lat == pytest.approx((y1 + y2 + y3) / 3, abs=1e-6)
    assert found.lon == pytest.approx((x1 + x2 + x3) / 3, abs=1e-6)
