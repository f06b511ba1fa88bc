"""How feeds are found in a document, and what odd values in them mean."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, Place, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.gbfs.connector import parse
from sync.connectors.gbfs.feeds import count_of, feeds_of, line_of, truth_of
from sync.connectors.registry import manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
STATION: dict[str, Json] = {"station_id": "s", "name": "Gare", "lat": 48.4, "lon": 0.1}
STATUS: dict[str, Json] = {"station_id": "s", "num_bikes_available": 1}


def feed(name: str, *items: Json) -> dict[str, Json]:
    return {"last_updated": 1795340520, "ttl": 60, "data": {name: list(items)}}


def read(document: Json) -> list[Item]:
    context = Context(dataset="b", source="Pays", licence="LO", observed_at=NOW, now=NOW)
    raw = json.dumps(document).encode()
    return list(guarded(parse, raw, context, manifest_of("gbfs"), time.monotonic))


def only(document: Json) -> Record:
    (record,) = (item for item in read(document) if isinstance(item, Record))
    return record


def why(document: Json) -> list[str]:
    return [item.why for item in read(document) if isinstance(item, Reject)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"stations": [STATION]}, "station_information"),
        ({"stations": [STATUS]}, "station_status"),
        ({"stations": []}, "station_status"),
        ({"bikes": []}, "bikes"),
        ({"vehicles": []}, "vehicles"),
        ({"alerts": []}, "alerts"),
        ({"vehicle_types": []}, "vehicle_types"),
        ({"system_id": "x"}, "system_information"),
    ],
)
def test_a_feed_is_known_by_what_it_holds(data: Json, name: str) -> None:
    (found,) = feeds_of(json.dumps({"data": data}).encode())
    assert (found.name, found.observed_at, found.ttl_s) == (name, None, 0)


def test_feeds_come_alone_by_name_or_in_a_list() -> None:
    one: Json = feed("stations", STATUS)
    documents: list[Json] = [one, {"station_status": one}, [one], {"en": one, "odd": 7}]
    for document in documents:
        assert only(document).id == "status:s"


def test_feeds_help_each_other_in_any_order() -> None:
    feeds: list[Json] = [
        feed("stations", STATUS),
        feed("stations", {**STATION, "capacity": 9}),
    ]
    for document in (feeds, feeds[::-1]):
        gauge = next(
            item for item in read(document) if isinstance(item, Record) and item.kind == "gauge"
        )
        assert gauge.title == {"fr": "Gare"}
        assert facts_of(gauge, Gauge).capacity == 9


def test_types_alone_have_no_records() -> None:
    with pytest.raises(InputRefused, match="no records of its own"):
        read(feed("vehicle_types"))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"station_id": ""}, "no station_id"),
        ({"station_id": 7}, "no station_id"),
        ({"name": ""}, "no title to call it by"),
        ({"name": None}, "no title to call it by"),
        ({"lat": "48.4"}, "a station without position"),
        ({"lat": 99}, "a station without position"),
        ({"lat": 0, "lon": 0}, "a station without position"),
    ],
)
def test_a_station_that_lacks_something_is_rejected(told: dict[str, Json], reason: str) -> None:
    assert why(feed("stations", {**STATION, **told})) == [reason]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"bike_id": ""}, "no vehicle_id"),
        ({"is_reserved": True}, "reserved or out of order"),
        ({"is_disabled": 1}, "reserved or out of order"),
        ({"station_id": "s"}, "docked: its station counts it"),
        ({"lat": None}, "a vehicle without position"),
    ],
)
def test_a_vehicle_that_nobody_can_take_is_rejected(told: dict[str, Json], reason: str) -> None:
    bike: dict[str, Json] = {"bike_id": "b", "lat": 48.4, "lon": 0.1, **told}
    assert why(feed("bikes", bike)) == [reason]


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("bicycle", "Vélo"),
        ("cargo_bicycle", "Vélo cargo"),
        ("scooter_standing", "Trottinette"),
        ("moped", "Cyclomoteur"),
        ("car", "Voiture"),
        ("hovercraft", "Véhicule partagé"),
    ],
)
def test_a_vehicle_is_called_by_its_form(form: str, title: str) -> None:
    types = feed("vehicle_types", {"vehicle_type_id": "t", "form_factor": form})
    bike: Json = {"bike_id": "b", "vehicle_type_id": "t", "lat": 48.4, "lon": 0.1}
    record = only([types, feed("bikes", bike)])
    assert (record.title["fr"], record.data["form"]) == (title, form)


def test_a_system_speaks_its_own_language() -> None:
    data: Json = {"system_id": "x", "name": "Bikes", "language": "en-GB", "email": "a@b.example"}
    record = only({"data": data})
    assert record.title == {"en": "Bikes"}
    assert facts_of(record, Place) == Place()
    assert (record.data["licence"], record.data["attribution"]) == ("", "")
    assert why({"data": {"system_id": "x"}}) == ["no title to call it by"]


@pytest.mark.parametrize(
    ("times", "until"),
    [
        (None, None),
        ([], None),
        ([7, {}], None),
        ([{"end": 1795400000}], 1795400000),
        ([{"end": 1795400000}, {"end": 1795500000}], 1795500000),
        ([{"end": 1795400000}, {"start": 1795300000}], None),
        ([{"end": 1795400000}, {"end": 0}], None),
    ],
)
def test_an_alert_holds_until_its_last_end_unless_one_is_open(
    times: Json, until: int | None
) -> None:
    alert = only(feed("alerts", {"alert_id": "a", "summary": "S", "times": times}))
    expected = datetime.fromtimestamp(until, UTC) if until else None
    assert alert.valid_until == expected


def test_stations_of_an_alert_that_are_no_names_are_left_out() -> None:
    alert = only(feed("alerts", {"alert_id": "a", "summary": "S", "station_ids": ["1", 2, None]}))
    assert alert.data["stations"] == ["station:1"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/x", "", "velos.example"])
def test_an_address_that_is_none_is_left_out(url: str) -> None:
    alert = only(feed("alerts", {"alert_id": "a", "summary": "S", "url": url}))
    assert alert.data["url"] == ""
    system = only({"data": {"system_id": "x", "name": "Vélos", "url": url}})
    assert facts_of(system, Place).website == ""


def test_a_feed_without_time_is_of_the_moment_it_was_read() -> None:
    record = only({"data": {"stations": [STATUS]}})
    assert record.observed_at == NOW
    assert record.valid_until == NOW + timedelta(seconds=300)


@pytest.mark.parametrize(
    ("value", "count"), [(0, 0), (3, 3), (3.7, 3), (-1, None), ("3", None), (True, None)]
)
def test_a_count_is_a_number_of_things(value: Json, count: int | None) -> None:
    assert count_of({"n": value}, "missing", "n") == count


@pytest.mark.parametrize(
    ("value", "truth"), [(True, True), (False, False), (1, True), (0, False), ("no", True)]
)
def test_a_truth_may_be_written_as_a_number(value: Json, *, truth: bool) -> None:
    assert truth_of({"t": value}, "t", default=True) is truth


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=5) | st.integers()))
def test_a_line_is_the_first_text_that_is_not_empty(item: dict[str, Json]) -> None:
    line = line_of(item, "a", "b")
    assert line == line.strip()
    assert "\n" not in line
