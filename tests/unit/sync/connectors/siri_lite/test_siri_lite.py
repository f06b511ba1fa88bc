from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.siri_lite.connector import parse

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
EXPECTED = int(datetime(2026, 11, 22, 9, 52, tzinfo=UTC).timestamp())


def read(raw: bytes, **extra: Json) -> list[Item]:
    context = Context(
        dataset="s", source="Réseau", licence="LO", observed_at=NOW, now=NOW, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("siri_lite"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str, **extra: Json) -> list[Item]:
    return read((FOLDER / "siri_lite" / "fixtures" / name).read_bytes(), **extra)


def visit(call: Json, **journey: Json) -> bytes:
    told: Json = {"LineRef": "L", **journey, "MonitoredCall": call}
    one: Json = {"MonitoringRef": "s", "MonitoredVehicleJourney": told}
    delivery: Json = {"StopMonitoringDelivery": {"MonitoredStopVisit": one}}
    return json.dumps({"ServiceDelivery": delivery}).encode()


def only(raw: bytes) -> Record:
    (record,) = records(read(raw)).values()
    return record


def test_a_departure_says_when_and_how_late() -> None:
    bus = records(fixture("passages.json"))["v1"]
    assert (bus.kind, bus.title) == ("trip_update", {"fr": "1 Halles inventées"})
    assert bus.data == {
        "trip": "T1",
        "route": "L1",
        "start_day": "20261122",
        "stop": "gare",
        "stop_sequence": None,
        "delay_s": 120,
        "expected": EXPECTED,
        "cancelled": False,
        "line": "1",
        "destination": "Halles inventées",
        "aimed": EXPECTED - 120,
        "platform": "2",
        "at_stop": False,
    }


def test_a_departure_is_believed_for_a_minute_and_a_half() -> None:
    bus = records(fixture("passages.json"))["v1"]
    assert bus.observed_at == NOW - timedelta(seconds=30)
    assert bus.valid_until == NOW + timedelta(seconds=90)
    bus = records(fixture("passages.json", valid_s=10))["v1"]
    assert bus.valid_until == NOW + timedelta(seconds=10)
    for odd in (0, -1, 10**9, "x", 1.5):
        with pytest.raises(InputRefused, match="valid_s"):
            fixture("passages.json", valid_s=odd)


def test_an_arrival_counts_where_no_departure_is_told() -> None:
    bus = records(fixture("passages.json"))["L2|@gare#2026-11-22T09:55:00+00:00"]
    assert (bus.title, bus.data["stop"]) == ({"fr": "L2"}, "gare")
    assert (bus.data["delay_s"], bus.data["aimed"], bus.data["start_day"]) == (None, None, "")
    assert (bus.data["cancelled"], bus.data["at_stop"]) == (True, True)


def test_a_disturbance_is_an_alert_with_its_lines() -> None:
    works = records(fixture("passages.json"))["message:m1"]
    assert works.kind == "notice"
    assert works.title == {"fr": "Travaux inventés : arrêt Gare non desservi."}
    assert facts_of(works, Notice).level == "yellow"
    assert (works.data["lines"], works.data["stops"]) == (["L1"], [])
    assert works.valid_until == datetime(2026, 11, 22, 20, tzinfo=UTC)


def test_what_is_wrong_or_over_is_rejected() -> None:
    assert rejects(fixture("passages.json")) == {
        "visit 3": "neither an aimed nor an expected time",
        "visit 4": "no title to call it by",
        "visit 5": "not an ISO time: bientôt",
        "message 2": "withdrawn: it ended at 2026-11-21T20:00:00+00:00",
        "message 3": "withdrawn: it was cancelled",
        "message 4": "no title to call it by",
    }


def test_xml_says_the_same_in_several_languages() -> None:
    items = fixture("passages.xml")
    bus = records(items)["1|@gare#2026-11-22T10:50:00+01:00"]
    assert bus.title == {"fr": "1 Halles inventées", "en": "1 Invented market"}
    assert (bus.data["delay_s"], bus.data["route"]) == (-60, "L1")
    market = records(items)["message:g1"]
    assert market.title == {"fr": "Marché inventé dimanche."}
    assert facts_of(market, Notice).level == "info"
    assert (market.valid_from, market.valid_until, market.observed_at) == (None, None, NOW)


@pytest.mark.parametrize("day", ["any", "", "2026-1-2", "20261122x", "２０２６１１２２"])
def test_a_frame_that_is_no_day_is_unknown(day: str) -> None:
    framed: Json = {"DataFrameRef": day, "DatedVehicleJourneyRef": "T"}
    raw = visit({"AimedDepartureTime": "2026-11-22T10:00:00Z"}, FramedVehicleJourneyRef=framed)
    assert only(raw).data["start_day"] == ""


def test_a_single_object_stands_for_a_list_of_one() -> None:
    record = only(visit({"AimedDepartureTime": "2026-11-22T11:00:00"}))
    assert record.data["aimed"] == int(datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp())
    assert (record.data["expected"], record.observed_at) == (None, NOW)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"<rss/>", b"<Siri/>", b'{"Siri": 1}', b'{"ServiceDelivery": []}',
        b'{"ServiceDelivery": {"VehicleMonitoringDelivery": []}}',
        b"<Siri><ServiceRequest><a/></ServiceRequest></Siri>",
    ],
)  # fmt: skip
def test_what_is_no_such_delivery_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "lang", "LineRef"]), inner)
    ),
    max_leaves=8,
)


@given(json_values, json_values)
def test_whatever_a_visit_tells_it_is_a_record_or_a_reject(name: Json, stop: Json) -> None:
    call: Json = {"AimedDepartureTime": "2026-11-22T10:00:00Z", "StopPointRef": stop}
    assert len(read(visit(call, DestinationName=name))) == 1


@pytest.mark.parametrize(
    ("name", "kept", "rejected"),
    [
        ("siri_exm_SM/exs_stopMonitoring_response_simple.xml", 2, 0),
        ("siri_exm_SM/exs_stopMonitoring_response.xml", 2, 0),
        ("siri_exm_SM/exs_stopMonitoring_response_complex.xml", 2, 0),
        ("siri_exm_GM/exm_generalMessage_response.xml", 0, 1),
    ],
)
def test_the_examples_of_the_standard_are_read(
    corpus: Path, name: str, kept: int, rejected: int
) -> None:
    items = read((corpus / "siri" / name).read_bytes())
    assert (len(records(items)), len(rejects(items))) == (kept, rejected)
