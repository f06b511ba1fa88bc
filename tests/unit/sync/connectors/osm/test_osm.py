from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.osm.connector import CREDIT, parse
from sync.connectors.osm.names import name_of_sort
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="osm", source="OSM", licence="ODbL 1.0", observed_at=NOW, now=NOW)


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("osm"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "osm" / "fixtures" / name).read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def overpass(**element: Json) -> list[Item]:
    """Read an Overpass answer of one element, a node at 48, 0.5 unless said."""
    node: dict[str, Json] = {"type": "node", "id": 1, "lat": 48, "lon": 0.5}
    return read(msgspec.json.encode({"elements": [node | element]}))


def one(**tags: Json) -> Record:
    (record,) = records(overpass(tags={"amenity": "cafe", **tags})).values()
    return record


def test_a_tagged_node_is_a_place_with_its_facts() -> None:
    library = records(fixture("overpass.json"))["node/101"]
    assert library.geo == Geo(lat=48.61, lon=0.11)
    assert facts_of(library, Place) == Place(
        address="4 rue du Four, 61999 Val-Inventé",
        commune="Val-Inventé",
        phone="+33 2 33 00 00 11",
        hours="Tu-Sa 10:00-18:00",
        access={"fr": "Rampe rue du Four"},
        website="https://media.example.org",
        sort="amenity=library",
        wheelchair="limited",
    )


def test_a_place_credits_the_map_and_links_to_it() -> None:
    data = records(fixture("overpass.json"))["node/101"].data
    assert data["credit"] == CREDIT
    assert data["map"] == "https://www.openstreetmap.org/node/101"
    assert data["edited"] == "2026-05-01T10:00:00Z"


def test_a_place_is_called_by_its_name_in_each_language() -> None:
    found = records(fixture("overpass.json"))
    assert found["node/101"].title == {"fr": "Médiathèque du Val", "en": "Val Library"}
    assert found["relation/104"].title == {"fr": "Mairie du Val"}
    castle = records(fixture("extract.osm"))["relation/20"]
    assert castle.title == {"fr": "Château du Val", "de": "Burg Val"}


def test_a_nameless_place_is_called_by_what_it_is() -> None:
    found = records(fixture("overpass.json"))
    assert found["way/102"].title == {"fr": "Boulangerie", "en": "Bakery"}
    assert found["way/103"].title == {"en": "miniature golf"}


def test_a_description_is_the_body_in_each_language() -> None:
    bakery = records(fixture("overpass.json"))["way/102"]
    assert bakery.body == {"fr": "Pain au levain", "en": "Sourdough bread"}


@pytest.mark.parametrize(
    ("file", "id", "lat", "lon"),
    [
        ("overpass.json", "way/102", 48.62, 0.12),  # its center
        ("overpass.json", "way/103", 48.1, 0.2),  # the middle of its bounds
        ("overpass.json", "relation/104", 48.6, 0.2),  # of its members' geometry
        ("overpass.json", "way/105", 48.5, 0.3),  # of the nodes that it names
        ("extract.osm", "way/10", 48.51, 0.12),
        ("extract.osm", "way/11", 48.7, 0.3),
        ("extract.osm", "way/12", 48.2, 0.3),
        ("extract.osm", "relation/20", 48.3, 0.3),
        ("extract.osm", "relation/21", 48.2, 0.1),
    ],
)
def test_each_form_of_geometry_has_a_middle(file: str, id: str, lat: float, lon: float) -> None:  # noqa: A002 - the envelope's name
    geo = records(fixture(file))[id].geo
    assert geo is not None
    assert (geo.lat, geo.lon) == pytest.approx((lat, lon))


def test_the_state_of_the_map_is_when_it_was_observed() -> None:
    assert {record.observed_at for record in records(fixture("overpass.json")).values()} == {
        datetime(2026, 11, 20, 8, tzinfo=UTC)
    }
    assert {record.observed_at for record in records(fixture("extract.osm")).values()} == {
        datetime(2026, 11, 19, 7, 30, tzinfo=UTC)
    }


def test_a_file_without_state_is_of_the_reading() -> None:
    assert one().observed_at == NOW


def test_corners_are_no_items() -> None:
    assert overpass() == []
    assert overpass(tags={}) == []


def test_what_is_no_place_is_rejected_with_its_number() -> None:
    assert rejects(fixture("overpass.json")) == {
        "element 8 (way/106)": "none of the tags of a place",
        "element 9 (node/107)": "disused: it is no more",
        "element 10 (way/108)": "no position",
        "node/101": "an earlier item bears the same id",
        "element 12 (area/109)": "neither a node, nor a way, nor a relation",
        "element 13 (node/n110)": "no number",
        "element 14 (None/None)": "neither a node, nor a way, nor a relation",
    }


def test_deleted_and_impossible_elements_of_xml_are_rejected() -> None:
    assert rejects(fixture("extract.osm")) == {
        "element 4 (node/4)": "deleted from the map",
        "element 5 (node/5)": "no position",
        "element 9 (way/13)": "none of the tags of a place",
    }


def test_xml_keeps_its_characters_and_tags() -> None:
    found = records(fixture("extract.osm"))
    assert found["way/11"].title == {"fr": "Épicerie & café"}
    assert found["node/3"].title == {"fr": "Défibrillateur", "en": "Defibrillator"}
    assert found["node/3"].data["tags"] == {
        "emergency": "defibrillator",
        "opening_hours": "24/7",
        "indoor": "no",
    }


@pytest.mark.parametrize("word", ["disused", "abandoned", "demolished", "removed"])
def test_what_is_gone_is_no_place(word: str) -> None:
    (why,) = rejects(overpass(tags={"shop": "bakery", word: "yes"})).values()
    assert why == f"{word}: it is no more"


def test_unknown_stays_unknown() -> None:
    assert facts_of(one(), Place) == Place(sort="amenity=cafe")


def test_a_named_element_without_sort_is_a_place_of_unknown_sort() -> None:
    (doctor,) = records(overpass(tags={"name": "Dr Lefèvre"})).values()
    assert doctor.title == {"fr": "Dr Lefèvre"}
    assert facts_of(doctor, Place).sort == ""


@pytest.mark.parametrize("tag", ["highway", "boundary", "route", "waterway", "place", "landuse"])
def test_a_named_road_border_or_river_is_no_place(tag: str) -> None:
    items = overpass(tags={"name": "Quelque chose", tag: "some"})
    assert list(rejects(items).values()) == ["none of the tags of a place"]


@pytest.mark.parametrize("id", [None, True, 1.5, "", "1e3", -1])
def test_an_element_without_number_is_rejected(id: Json) -> None:  # noqa: A002 - the envelope's name
    assert list(rejects(overpass(id=id, tags={"shop": "bakery"})).values()) == ["no number"]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type": "FeatureCollection", "features": 7}',
        b"[]",
        b'{"elements": {}}',
        b"<gpx/>",
        b"<osm>",
        b'<!DOCTYPE o [<!ENTITY e "x">]><osm><node id="1"/>&e;</osm>',
        b"amenity,name\ncafe,x",
    ],
)
def test_another_format_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_an_export_as_geojson_gives_the_same_ids() -> None:
    found = records(fixture("export.geojson"))
    assert found.keys() == {"node/301", "way/302"}
    assert found["way/302"].title == {"fr": "Parc", "en": "Park"}
    assert found["node/301"].data["tags"] == {"amenity": "cinema", "name": "Le Rex"}
    assert found["node/301"].observed_at == datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_a_feature_without_geometry_or_name_of_its_own_is_rejected() -> None:
    assert rejects(fixture("export.geojson")) == {
        "element 3 (node/303)": "no position",
        "element 4 (/)": "neither a node, nor a way, nor a relation",
        "element 5 (None/None)": "neither a node, nor a way, nor a relation",
    }


def test_an_empty_answer_is_no_place() -> None:
    assert read(b'{"elements": []}') == []
    assert read(b"<osm/>") == []


@pytest.mark.parametrize("sort", ["amenity=toilets", "shop=bakery", "tourism=viewpoint"])
def test_a_known_sort_has_french_and_english_words(sort: str) -> None:
    assert name_of_sort(sort).keys() == {"fr", "en"}
