from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, Notice, Place, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.gbfs import feeds
from sync.connectors.gbfs.connector import parse
from sync.connectors.gbfs.feeds import texts_of, time_of
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FED_AT = datetime.fromtimestamp(1795340520, UTC)


def read(raw: bytes, **extra: Json) -> list[Item]:
    context = Context(
        dataset="bikes", source="Pays", licence="LO", observed_at=NOW, now=NOW, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("gbfs"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str, **extra: Json) -> list[Item]:
    return read((FOLDER / "gbfs" / "fixtures" / name).read_bytes(), **extra)


def feed(name: str, *items: Json, **header: Json) -> bytes:
    return json.dumps({"version": "2.3", **header, "data": {name: list(items)}}).encode()


def status(**told: Json) -> bytes:
    return feed("stations", {"station_id": "s", "num_bikes_available": 1, **told})


def test_a_station_is_a_place_that_names_its_gauge() -> None:
    station = records(fixture("v2.json"))["station:1"]
    assert (station.kind, station.title) == ("place", {"fr": "Gare inventée"})
    assert station.geo == Geo(lat=48.43, lon=0.09)
    place = facts_of(station, Place)
    assert (place.address, place.gauge) == ("1 rue du Val", "status:1")
    assert station.data["capacity"] == 20


def test_a_status_counts_the_vehicles_to_rent() -> None:
    gauge = records(fixture("v2.json"))["status:1"]
    assert facts_of(gauge, Gauge) == Gauge(
        what="vehicles", value=5, capacity=20, open=True, place="station:1"
    )
    assert gauge.title == {"fr": "Gare inventée"}
    assert gauge.geo == Geo(lat=48.43, lon=0.09)
    assert (gauge.data["docks"], gauge.data["returning"]) == (14, False)


def test_vehicles_are_counted_by_form_where_their_type_is_known() -> None:
    found = records(fixture("v2.json"))
    assert found["status:1"].data["by_form"] == {"bicycle": 5}
    assert found["status:2"].data["by_form"] == {}


def test_a_status_is_of_its_own_moment_and_holds_for_some_minutes() -> None:
    found = records(fixture("v2.json"))
    assert found["status:1"].observed_at == datetime.fromtimestamp(1795340400, UTC)
    assert found["status:2"].observed_at == FED_AT
    assert found["status:1"].valid_until == FED_AT + timedelta(seconds=300)
    assert found["vehicle:a"].valid_until == FED_AT + timedelta(seconds=900)


def test_how_long_a_status_holds_may_be_given() -> None:
    found = records(fixture("v2.json", valid_s=60))
    assert found["status:1"].valid_until == FED_AT + timedelta(seconds=60)
    for odd in (0, -5, 10**9, "x", 1.5):
        with pytest.raises(InputRefused, match="valid_s"):
            fixture("v2.json", valid_s=odd)


def test_a_capacity_that_is_not_told_is_what_stands_there() -> None:
    found = records(fixture("v2.json"))
    assert facts_of(found["status:2"], Gauge).capacity == 8
    assert facts_of(found["status:5"], Gauge).capacity == 0
    assert found["status:5"].data["docks"] is None


def test_a_station_that_does_not_rent_is_closed_also_in_the_words_of_version_1() -> None:
    found = records(fixture("v2.json"))
    assert facts_of(found["status:2"], Gauge).open is False
    assert found["status:2"].data["returning"] is True


def test_a_free_vehicle_is_a_place_of_its_form() -> None:
    scooter = records(fixture("v2.json"))["vehicle:a"]
    assert scooter.title == {"fr": "Trottinette", "en": "Scooter"}
    assert (scooter.data["form"], scooter.data["range_m"]) == ("scooter", 1431)
    assert facts_of(scooter, Place) == Place()


def test_the_system_tells_its_phone_and_licence() -> None:
    system = records(fixture("v2.json"))["system:invente"]
    assert system.title == {"fr": "Vélos inventés"}
    assert facts_of(system, Place).phone == "02 61 91 00 00"
    assert system.data["licence"] == "etalab-2.0"
    assert system.data["attribution"] == "Pays inventé"


def test_an_alert_is_a_notice_for_its_period() -> None:
    alert = records(fixture("v2.json"))["alert:1"]
    assert facts_of(alert, Notice) == Notice()
    assert alert.title == {"fr": "Halles fermées"}
    assert alert.valid_until == datetime.fromtimestamp(1795400000, UTC)
    assert alert.data["stations"] == ["station:2"]
    assert alert.data["url"] == "https://velos.example/halles"


def test_what_is_wrong_is_said_by_feed() -> None:
    assert rejects(fixture("v2.json")) == {
        "station_information 3": "a station without position",
        "station_information 4": "no title to call it by",
        "station_information 5": "no station_id",
        "station_status 4": "a station that isn't installed",
        "station_status 5": "no count of vehicles",
        "bikes 2": "reserved or out of order",
        "bikes 3": "docked: its station counts it",
        "bikes 4": "a vehicle without position",
        "alerts 2": "withdrawn: it ended at 2026-11-21T22:26:40+00:00",
    }


def test_version_3_speaks_several_languages_and_writes_its_times() -> None:
    found = records(fixture("v3.json"))
    assert found["station:z"].title == {"fr": "Place inventée", "en": "Invented square"}
    assert facts_of(found["station:z"], Place).hours == "24/7"
    assert facts_of(found["status:z"], Gauge).value == 3
    assert found["status:z"].observed_at == NOW - timedelta(minutes=1)
    assert found["vehicle:w"].title["fr"] == "Véhicule partagé"
    assert found["alert:q"].valid_until is None


def test_a_status_alone_is_called_by_its_number() -> None:
    (gauge,) = records(fixture("station_status.json")).values()
    assert gauge.title == {"fr": "seule"}
    assert facts_of(gauge, Gauge).capacity == 4


@pytest.mark.parametrize("count", [-1, None, "3", True, 10**9, [], 1e308])
def test_a_count_that_is_none_is_rejected(count: Json) -> None:
    assert rejects(read(status(num_bikes_available=count))) == {
        "station_status 1": "no count of vehicles"
    }


@pytest.mark.parametrize("range_m", [-1, "far", None, True, 10**9])
def test_a_range_that_is_none_is_unknown(range_m: Json) -> None:
    bike: Json = {"bike_id": "b", "lat": 48.4, "lon": 0.1, "current_range_meters": range_m}
    assert records(read(feed("bikes", bike)))["vehicle:b"].data["range_m"] is None


@pytest.mark.parametrize("ttl", [-1, 10**9, "x", None, True])
def test_a_ttl_that_is_none_is_overlooked(ttl: Json) -> None:
    station: Json = {"station_id": "s", "num_bikes_available": 1}
    (gauge,) = records(read(feed("stations", station, last_updated=1795340520, ttl=ttl))).values()
    assert gauge.valid_until == FED_AT + timedelta(seconds=300)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"null", b"7", b'{"data": {}}', b'{"data": []}', b"[[]]",
        b'{"data": {"stations": {}}}', b'{"data": {"en": {"feeds": []}}}',
        b'{"data": {"vehicle_types": []}}',
    ],
)  # fmt: skip
def test_what_has_no_records_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_endless_feeds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ITEMS_MAX", 2)
    with pytest.raises(InputRefused, match="more than 2 vehicle_types"):
        fixture("v2.json")
    monkeypatch.setattr(feeds, "FEEDS_MAX", 3)
    with pytest.raises(InputRefused, match="more than 3 feeds"):
        fixture("v3.json")


@pytest.mark.parametrize("value", [0, -1, 10**15, "soon", "", None, True, [], 1e300])
def test_a_time_that_is_none_is_unknown(value: Json) -> None:
    assert time_of(value) is None


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Gare", {"fr": "Gare"}),
        (" ", {}),
        (None, {}),
        ([{"text": "Gare"}], {"fr": "Gare"}),
        ([{"text": "Station", "language": "en"}, {"language": "de"}, 7], {"en": "Station"}),
        ([{"text": 5, "language": "en"}], {}),
    ],
)
def test_a_text_is_read_in_either_form(value: Json, texts: dict[str, str]) -> None:
    assert texts_of(value, "fr") == texts


@given(st.integers() | st.floats(allow_nan=False) | st.text(max_size=12))
def test_whatever_the_time_it_is_aware_or_unknown(value: Json) -> None:
    moment = time_of(value)
    assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize(
    ("name", "kept", "rejected"),
    [
        ("station_information", 2, 0),
        ("station_status", 2, 0),
        ("free_bike_status", 0, 1),
        ("system_information", 1, 0),
        ("system_alerts", 0, 1),
    ],
)
def test_the_real_samples_are_read(corpus: Path, name: str, kept: int, rejected: int) -> None:
    items = read((corpus / "gbfs" / "v2.3" / f"{name}.json").read_bytes())
    assert (len(records(items)), len(rejects(items))) == (kept, rejected)
