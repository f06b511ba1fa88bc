from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.protobuf import text_format
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.gtfs_rt import connector
from sync.connectors.gtfs_rt.connector import DELAY_MAX_S, VALID_S, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FED_AT = datetime.fromtimestamp(1795340520, UTC)
FIXTURES = FOLDER / "gtfs_rt" / "fixtures"


def read(raw: bytes, **extra: Json) -> list[Item]:
    context = Context(
        dataset="bus", source="Bourg", licence="LO", observed_at=NOW, now=NOW, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("gtfs_rt"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str) -> list[Item]:
    return read((FIXTURES / name).read_bytes())


def feed(*entities: str, header: str = 'gtfs_realtime_version: "2.0"') -> bytes:
    text = f"header {{ {header} }}" + "".join(f"entity {{ {entity} }}" for entity in entities)
    return text_format.Parse(text, pb.FeedMessage()).SerializeToString()


def test_a_late_stop_says_by_how_much_and_when() -> None:
    record = records(fixture("delays.pb"))["T1|20261122@gare#1"]
    assert record.kind == "trip_update"
    assert record.data == {
        "trip": "T1",
        "route": "L1",
        "start_day": "20261122",
        "stop": "gare",
        "stop_sequence": 1,
        "delay_s": 120,
        "expected": 1795341000,
        "cancelled": False,
    }


def test_an_arrival_counts_where_no_departure_is_told() -> None:
    data = records(fixture("delays.pb"))["T1|20261122@halles#2"].data
    assert (data["delay_s"], data["expected"]) == (60, None)


def test_a_skipped_stop_is_cancelled_and_an_unknown_one_left_out() -> None:
    found = records(fixture("delays.pb"))
    assert found["T1|20261122@val#3"].data["cancelled"] is True
    assert not any("bois" in key for key in found)


def test_a_whole_trip_may_be_cancelled_or_late() -> None:
    found = records(fixture("delays.pb"))
    assert (found["T2"].data["cancelled"], found["T2"].data["stop"]) == (True, "")
    assert found["T3"].data["delay_s"] == 300


def test_what_is_said_holds_for_a_minute_and_a_half() -> None:
    record = records(fixture("delays.pb"))["T2"]
    assert record.observed_at == FED_AT
    assert record.valid_until == FED_AT + timedelta(seconds=VALID_S)


def test_how_long_it_holds_may_be_given() -> None:
    raw = (FIXTURES / "delays.pb").read_bytes()
    assert records(read(raw, valid_s=30))["T2"].valid_until == FED_AT + timedelta(seconds=30)
    for odd in (0, -1, 10**9, "x", 2.5):
        with pytest.raises(InputRefused, match="valid_s"):
            read(raw, valid_s=odd)


def test_a_feed_without_time_is_of_the_moment_it_was_read() -> None:
    entity = 'id: "1" trip_update { trip { trip_id: "T" } delay: 5 }'
    assert records(read(feed(entity)))["T"].observed_at == NOW
    odd = 'gtfs_realtime_version: "2.0" timestamp: 18446744073709551615'
    assert records(read(feed(entity, header=odd)))["T"].observed_at == NOW


def test_a_vehicle_is_where_it_was_last_seen() -> None:
    bus = records(fixture("delays.pb"))["bus-7"]
    assert bus.kind == "vehicle"
    assert bus.geo is not None
    assert (bus.geo.lat, bus.geo.lon) == pytest.approx((48.43, 0.09), abs=1e-5)
    assert bus.observed_at == FED_AT - timedelta(seconds=20)
    assert (bus.data["trip"], bus.data["stop"], bus.data["bearing"]) == ("T1", "gare", 90)


def test_an_alert_speaks_each_of_its_languages() -> None:
    works = records(fixture("alerts.pb"))["alert:works"]
    assert works.kind == "notice"
    assert works.title == {
        "fr": "Travaux inventés rue du Val",
        "en": "Invented works in rue du Val",
    }
    assert works.body == {"fr": "L’arrêt Gare n’est pas desservi."}
    assert facts_of(works, Notice).level == "yellow"
    assert (works.data["routes"], works.data["stops"]) == (["L1"], ["gare"])
    assert (works.data["cause"], works.data["effect"]) == ("construction", "detour")
    assert works.data["url"] == "https://bus.example/travaux"


def test_an_alert_holds_for_its_periods() -> None:
    works = records(fixture("alerts.pb"))["alert:works"]
    assert works.valid_from == datetime.fromtimestamp(1795300000, UTC)
    assert works.valid_until == datetime.fromtimestamp(1795400000, UTC)


def test_an_alert_with_an_open_period_has_no_end() -> None:
    periods = "active_period { start: 1795300000 end: 1795400000 } active_period { start: 1 }"
    text = 'header_text { translation { text: "X" } }'
    alert = records(read(feed(f'id: "a" alert {{ {periods} {text} }}')))["alert:a"]
    assert alert.valid_until is None


def test_no_service_is_worth_an_alert() -> None:
    assert facts_of(records(fixture("alerts.pb"))["alert:strike"], Notice).level == "yellow"


def test_what_is_wrong_in_a_feed_is_said_by_entity() -> None:
    assert rejects(fixture("delays.pb")) == {
        "entity 4": "a trip update without trip_id",
        "entity 5": "a delay of 1000000 s",
        "entity 7": "a vehicle without position",
        "entity 9": "no trip update, vehicle or alert in it",
    }
    assert rejects(fixture("alerts.pb")) == {"entity 3": "no title to call it by"}


def test_a_stop_without_id_and_sequence_is_rejected() -> None:
    raw = feed('id: "1" trip_update { trip { trip_id: "T" } stop_time_update { arrival {} } }')
    assert rejects(read(raw)) == {"entity 1": "a stop without stop_id and stop_sequence"}


def test_a_text_that_is_not_utf8_is_rejected() -> None:
    raw = feed('id: "1" trip_update { trip { trip_id: "TRIP" } delay: 5 }')
    assert rejects(read(raw.replace(b"TRIP", b"\xffRIP"))) == {
        "entity 1": "a text that isn't UTF-8"
    }


def test_a_trip_of_endless_stops_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "STOPS_MAX", 1)
    assert "more than 1 stops in one trip" in rejects(fixture("delays.pb")).values()


def test_a_feed_of_endless_entities_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "ENTITIES_MAX", 1)
    with pytest.raises(InputRefused, match="more than 1 entities"):
        fixture("delays.pb")


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"\x0a\x00", b"{}", b"\xff" * 50, b"\x12\x00", feed()[:-1]]
)
def test_what_is_no_feed_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not GTFS-Realtime"):
        read(raw)


def test_the_text_form_is_read_by_tests_only(corpus: Path) -> None:
    text = (corpus / "gtfs-rt" / "alerts.asciipb").read_text()
    with pytest.raises(InputRefused):
        read(text.encode())
    raw = text_format.Parse(text, pb.FeedMessage()).SerializeToString()
    (alert,) = records(read(raw)).values()
    assert set(alert.title) == {"en"}
    assert alert.data["routes"] == ["219", "100"]


def test_the_real_alerts_of_brest_are_notices(corpus: Path) -> None:
    found = records(read((corpus / "gtfs-rt" / "bibus-brest-alerts.pb").read_bytes()))
    assert len(found) == 12
    assert all(record.valid_until for record in found.values())


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_delay_is_within_a_day_or_rejected(delay: int) -> None:
    raw = feed(f'id: "1" trip_update {{ trip {{ trip_id: "T" }} delay: {delay} }}')
    items = read(raw)
    if abs(delay) <= DELAY_MAX_S:
        assert records(items)["T"].data["delay_s"] == delay
    else:
        assert rejects(items) == {"entity 1": f"a delay of {delay} s"}
