from __future__ import annotations

import pytest

from kiosk.domain.errors import InputRefused
from tests.unit.sync.connectors.gtfs.feeds import FILES, plus, read, rejects


def test_a_sound_feed_has_no_rejects() -> None:
    assert rejects() == []


@pytest.mark.parametrize("name", ["agency", "stops", "routes", "trips", "stop_times"])
def test_a_feed_without_a_mandatory_file_is_refused(name: str) -> None:
    with pytest.raises(InputRefused, match=f"GTFS without {name}.txt") as refused:
        read(**{name: None})
    assert refused.value.todo


def test_a_feed_without_any_calendar_is_refused() -> None:
    with pytest.raises(InputRefused, match=r"without calendar\.txt"):
        read(calendar=None, calendar_dates=None)


@pytest.mark.parametrize("name", ["calendar", "calendar_dates"])
def test_one_calendar_is_enough(name: str) -> None:
    assert read(**{name: None}).feed.trips


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\x00"])
def test_an_unknown_time_zone_is_said_and_replaced(zone: str) -> None:
    agency = f"agency_name,agency_timezone\nBourg,{zone}\n"
    assert read(agency=agency).feed.timezone == "Europe/Paris"
    (where, why), *_ = rejects(agency=agency)
    assert where == "agency.txt:2"
    assert "Europe/Paris is taken" in why


def test_a_feed_without_agency_rows_takes_the_contexts_zone() -> None:
    assert rejects(agency="agency_name\n") == [
        ("agency.txt:1", "no agency, the time zone Europe/Paris is taken")
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Nulle part,48,0,,,,", "no id"),
        ("M1,Encore,48,0,,,,", "an earlier row bears the id 'M1'"),
        ("Z,,48,0,,,,", "stop 'Z' has no name"),
        ("Z,Zed,x,0,,,,", "stop 'Z' is kept without its position: x, 0"),
        ("Z,Zed,91,0,,,,", "stop 'Z' is kept without its position: 91, 0"),
    ],
)
def test_a_wrong_stop_is_said_with_its_line(line: str, why: str) -> None:
    assert rejects(stops=plus("stops", line)) == [("stops.txt:9", why)]


def test_a_stop_of_a_wrong_position_is_kept_without_it() -> None:
    place = read(stops=plus("stops", "Z,Zed,nan,0,,,,")).feed.places["Z"]
    assert place.geo is None
    assert place.name == "Zed"


@pytest.mark.parametrize("kind", ["2", "3"])
def test_entrances_and_nodes_are_no_stops(kind: str) -> None:
    found = read(stops=plus("stops", f"Z,Entrée,48,0,{kind},S,,"))
    assert "Z" not in found.feed.places
    assert list(found.rejects.all()) == []


def test_hostile_text_is_cleaned_before_it_is_kept() -> None:
    name = read(stops=plus("stops", "Z,\u202eeriaM\x00\x1b[2J,48,0,,,,")).feed.places["Z"].name
    assert name == "eriaM[2J"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("R9,9,Long,3,FFCC00,000000", ("9", "#ffcc00", "#000000", 3)),
        ("R9,,Long,715,,", ("Long", "", "", 715)),
        ("R9,,,0,red,12345", ("R9", "", "", 0)),
    ],
)
def test_a_route_is_called_by_its_short_name_first(
    line: str, expected: tuple[str, str, str, int]
) -> None:
    assert read(routes=plus("routes", line)).feed.routes["R9"][2:] == expected


@pytest.mark.parametrize("kind", ["", "x", "-1", "8", "99999"])
def test_a_route_without_a_type_is_a_bus_and_said(kind: str) -> None:
    changed = plus("routes", f"R9,9,Long,{kind},,")
    assert read(routes=changed).feed.routes["R9"][5] == 3
    assert rejects(routes=changed) == [
        ("routes.txt:4", f"route_type {kind!r} isn't one of GTFS, bus is taken")
    ]


@pytest.mark.parametrize("dates", ["2026-11-01,20261231", "20261101,", "20261101,20261301"])
def test_a_service_of_wrong_dates_takes_its_trips_with_it_in_silence(dates: str) -> None:
    calendar = plus("calendar", f"BAD,1,1,1,1,1,1,1,{dates}")
    trips = plus("trips", "R1,BAD,B1,Nulle part,")
    times = plus("stop_times", "B1,08:00:00,08:00:00,P1,1,,", "B1,09:00:00,09:00:00,E,2,,")
    found = rejects(calendar=calendar, trips=trips, stop_times=times)
    assert [where for where, _ in found] == ["calendar.txt:3"]


def test_a_missing_weekday_column_is_said_and_reads_as_no() -> None:
    calendar = FILES["calendar.txt"].replace("monday", "lundi")
    assert rejects(calendar=calendar) == [("calendar.txt:1", "column missing: monday")]
    (service,) = read(calendar=calendar).feed.services
    assert service[1] == 0b0011110


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("WD,2026-12-25,1", "not a date: '2026-12-25'"),
        ("WD,20261224,3", "exception_type '3' or its service is wrong"),
        (",20261224,1", "exception_type '1' or its service is wrong"),
        ("WD,20261111,1", "service 'WD' has two exceptions on 20261111"),
    ],
)
def test_a_wrong_exception_is_said(line: str, why: str) -> None:
    assert rejects(calendar_dates=plus("calendar_dates", line)) == [("calendar_dates.txt:4", why)]


@pytest.mark.parametrize("line", ["NOPE,WD,B,x,", "R1,NOPE,B,x,"])
def test_a_trip_that_points_nowhere_is_said_once(line: str) -> None:
    times = plus("stop_times", "B,08:00:00,08:00:00,P1,1,,", "B,09:00:00,09:00:00,E,2,,")
    found = rejects(trips=plus("trips", line), stop_times=times)
    assert found == [("trips.txt:6", "trip 'B' names an unknown route or service")]


@pytest.mark.parametrize(
    ("name", "text"),
    [("stops", "stop_name\nx\n"), ("routes", "x\n1\n"), ("trips", "trip_id\nT1\n"), ("stops", "")],
)
def test_a_file_without_its_keys_is_said_and_reads_empty(name: str, text: str) -> None:
    found = read(**{name: text})
    first = next(found.rejects.all())
    assert first.where == f"{name}.txt:1"
    assert len(found.calls) == 0
