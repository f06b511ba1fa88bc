from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.freshness import Policy, State
from kiosk.domain.transit import TripUpdate
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader, open_to_write
from kiosk.store.timetable import TimetableStore
from sync.connectors.gtfs.moments import seconds_of
from tests.unit.kiosk.store.contents import NOW
from tests.unit.kiosk.store.timetables import (
    paris,
    publish_feed,
    publish_news,
    timetable,
    told,
)
from tests.unit.sync.connectors.gtfs.feeds import FILES, feed, plus


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "content.db"
    publish_feed(path)
    return path


def list_of(path: Path, stop: str, at: str, limit: int = 10) -> list[tuple[str, str]]:
    return told(list(timetable(path).departures(f"bus/{stop}", paris(at), limit=limit)))


def test_a_station_lists_its_platforms_in_order(path: Path) -> None:
    assert list_of(path, "S", "2026-11-23T07:00") == [("T1", "11-23 08:00"), ("N", "11-23 23:50")]


def test_a_platform_lists_its_own_only(path: Path) -> None:
    assert list_of(path, "P2", "2026-11-23T07:00") == [("N", "11-23 23:50")]


def test_a_departure_is_listed_until_its_second(path: Path) -> None:
    assert list_of(path, "P1", "2026-11-23T08:00:00")[0] == ("T1", "11-23 08:00")
    assert list_of(path, "P1", "2026-11-23T08:00:01", limit=1) == [("T1", "11-24 08:00")]


def test_a_trip_past_midnight_belongs_to_the_evening_before(path: Path) -> None:
    assert list_of(path, "M1", "2026-11-28T00:00", limit=1) == [("N", "11-28 00:10")]
    assert list_of(path, "M1", "2026-11-29T00:00") == []


def test_late_in_the_evening_tomorrow_follows(path: Path) -> None:
    assert list_of(path, "S", "2026-11-23T23:55") == [
        ("T1", "11-24 08:00"),
        ("N", "11-24 23:50"),
    ]


def test_a_day_without_service_lists_nothing(path: Path) -> None:
    assert list_of(path, "S", "2026-11-28T07:00") == []


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-11T07:00", []),  # taken out of the calendar
        ("2026-12-25T07:00", [("X", "12-25 10:20"), ("T1", "12-25 08:11")]),  # added
        ("2027-01-01T07:00", []),  # past the calendar
    ],
)
def test_exceptions_change_the_calendar(path: Path, at: str, found: list[tuple[str, str]]) -> None:
    day = at[5:10]
    listed = [one for one in list_of(path, "M1", at) if one[1].startswith(day)]
    assert sorted(listed) == sorted([*found, *([("T2", "12-25 09:15")] if day == "12-25" else [])])


def test_a_service_of_exceptions_only_runs(tmp_path: Path) -> None:
    publish_feed(tmp_path / "content.db", feed(calendar=None))
    assert list_of(tmp_path / "content.db", "M1", "2026-12-25T07:00") == [("X", "12-25 10:20")]


def test_a_departure_tells_all_that_a_rider_needs(path: Path) -> None:
    one, two = timetable(path).departures("bus/M1", paris("2026-11-23T07:00"), limit=2)
    assert (one.line, one.headsign, one.destination) == ("1", "Église par le pont", "Église")
    assert (one.colour, one.text_colour, one.route_type) == ("#ffcc00", "#000000", 3)
    assert (one.stop, one.platform, one.expected, one.cancelled) == ("M1", "", None, False)
    assert one.scheduled.utcoffset() == timedelta(hours=1)
    assert (two.headsign, two.trip, two.stop) == ("Gare du Bourg", "T2", "M2")


def test_access_needs_the_trip_and_the_stop(path: Path) -> None:
    timetables = timetable(path)
    access = {
        (one.trip, one.stop): one.wheelchair
        for key in ("bus/S", "bus/M1")
        for one in timetables.departures(key, paris("2026-11-23T07:00"))
    }
    assert access["T1", "P1"] is True  # the platform inherits from its station
    assert access["T1", "M1"] is None
    assert access["N", "P2"] is False


def test_the_platform_is_told(path: Path) -> None:
    (one, *_) = timetable(path).departures("bus/S", paris("2026-11-23T07:00"))
    assert (one.stop, one.platform) == ("P1", "A")


@pytest.mark.parametrize(
    ("day", "offset_before", "offset_after"),
    [("2026-03-29", 1, 2), ("2026-10-25", 2, 1)],
)
def test_the_days_on_which_clocks_change_are_right(
    tmp_path: Path, day: str, offset_before: int, offset_after: int
) -> None:
    calendar = plus("calendar", "SU,0,0,0,0,0,0,1,20260101,20261231")
    trips = plus("trips", "R1,SU,D1,Nuit,", "R1,SU,D2,Jour,")
    lines = [
        f"{trip},{at},{at},{stop},{sequence},,"
        for trip, times in (("D1", ("00:30:00", "01:00:00")), ("D2", ("08:00:00", "09:00:00")))
        for sequence, (at, stop) in enumerate(zip(times, ("E", "V"), strict=True))
    ]
    raw = feed(calendar=calendar, trips=trips, stop_times=plus("stop_times", *lines))
    publish_feed(tmp_path / "content.db", raw)
    at = paris(f"{day}T00:00") - timedelta(hours=2)
    found = {
        one.trip: one.scheduled
        for one in timetable(tmp_path / "content.db").departures("bus/E", at)
    }
    # Noon minus 12 h: the day's times after the change are what a wall clock shows.
    assert f"{found['D2']:%H:%M}" == "08:00"
    assert found["D2"].utcoffset() == timedelta(hours=offset_after)
    shown = 30 - (offset_after - offset_before) * 60
    midnight = paris(f"{day}T00:00")
    assert found["D1"].timestamp() - midnight.timestamp() == shown * 60


def test_a_limit_is_kept_and_none_is_given_for_nothing(path: Path) -> None:
    assert len(list_of(path, "M1", "2026-11-23T07:00", limit=2)) == 2
    assert list_of(path, "M1", "2026-11-23T07:00", limit=0) == []


@pytest.mark.parametrize("key", ["", "bus", "bus/", "bus/nope", "nope/S", "S", "bus/S/x", "\x00"])
def test_an_unknown_key_has_no_departures(path: Path, key: str) -> None:
    assert timetable(path).departures(key, NOW) == []
    assert timetable(path).zone(key) is None


def test_an_old_timetable_says_so(path: Path) -> None:
    late = paris("2026-12-31T06:00")
    assert timetable(path).departures("bus/S", late)[0].freshness.state is State.THEORY
    with ContentWriter(path) as writer:
        writer._connection.execute("UPDATE dataset SET observed_at=0")
    assert timetable(path).departures("bus/S", late)[0].freshness.state is State.LAST_GOOD


def test_a_timetable_is_as_old_as_its_dataset_may_be_and_never_live(path: Path) -> None:
    policies = {"bus": Policy(live_s=120, stale_s=3600)}
    dated = TimetableStore(ContentReader(path), policies=policies)
    assert dated.departures("bus/S", NOW)[0].freshness.state is State.THEORY
    late = NOW + timedelta(seconds=3601)
    assert dated.departures("bus/S", late)[0].freshness.state is State.LAST_GOOD


def test_a_new_import_is_seen_by_an_open_reader(path: Path) -> None:
    timetables = timetable(path)
    at = paris("2026-11-23T07:00")
    assert len(timetables.departures("bus/P1", at, limit=1)) == 1
    later = FILES["stop_times.txt"].replace("T1,08:00:00,08:00:00", "T1,07:45:00,07:45:00")
    publish_feed(path, feed(stop_times=later))
    assert told(list(timetables.departures("bus/P1", at, limit=1))) == [("T1", "11-23 07:45")]


def test_two_timetables_live_side_by_side(path: Path) -> None:
    publish_feed(path, feed(agency="agency_timezone\nIndian/Reunion\n"), "other")
    timetables = timetable(path)
    at = paris("2026-11-23T00:20")
    offsets = [
        timetables.departures(key, at, limit=1)[0].scheduled.utcoffset()
        for key in ("bus/S", "other/S")
    ]
    assert offsets == [timedelta(hours=1), timedelta(hours=4)]
    publish_feed(path)
    assert timetables.departures("other/S", at)


@pytest.mark.parametrize(
    "spoiling",
    [
        "UPDATE gtfs_board SET departing=x'00'",
        "UPDATE gtfs_board SET departing='text'",
        "UPDATE gtfs_board SET departing=NULL",
        "UPDATE gtfs_feed SET timezone='Nowhere/At all'",
        "UPDATE gtfs_feed SET timezone=NULL",
        "UPDATE dataset SET observed_at=9e18",
        "DELETE FROM gtfs_trip",
        "DELETE FROM gtfs_stop",
        "DELETE FROM gtfs_route",
        "DROP TABLE gtfs_board",
    ],
)
def test_a_damaged_timetable_lists_nothing(path: Path, spoiling: str) -> None:
    connection = open_to_write(path)
    connection.execute(spoiling)
    connection.close()
    assert timetable(path).departures("bus/S", paris("2026-11-23T07:00")) == []


def test_news_make_a_departure_live(path: Path) -> None:
    at = paris("2026-11-23T07:59")
    publish_news(path, TripUpdate(trip="T1", stop="P1", delay_s=300, observed_at=at))
    (one, other) = timetable(path).departures("bus/S", at)
    assert (one.freshness.state, f"{one.expected:%H:%M}") == (State.LIVE, "08:05")
    assert f"{one.scheduled:%H:%M}" == "08:00"
    assert (other.freshness.state, other.expected) == (State.THEORY, None)


def test_a_late_run_stays_listed_until_it_has_left(path: Path) -> None:
    at = paris("2026-11-23T08:04")
    publish_news(path, TripUpdate(trip="T1", stop="P1", delay_s=300, observed_at=at))
    assert list_of(path, "P1", "2026-11-23T08:04", limit=1) == [("T1", "11-23 08:00")]
    assert list_of(path, "P1", "2026-11-23T08:06", limit=1) == [("T1", "11-24 08:00")]


def test_a_late_run_does_not_hide_a_sooner_one(tmp_path: Path) -> None:
    trips = plus("trips", "R1,WD,U,Église,")
    times = plus("stop_times", "U,08:10:00,08:10:00,P1,1,,", "U,08:30:00,08:30:00,E,2,,")
    publish_feed(tmp_path / "content.db", feed(trips=trips, stop_times=times))
    at = paris("2026-11-23T07:59")
    late = TripUpdate(trip="T1", stop="P1", delay_s=1800, observed_at=at)
    publish_news(tmp_path / "content.db", late)
    assert list_of(tmp_path / "content.db", "P1", "2026-11-23T07:59", limit=1) == [
        ("U", "11-23 08:10")
    ]


def test_a_cancelled_run_stays_listed_as_such(path: Path) -> None:
    at = paris("2026-11-23T07:30")
    publish_news(path, TripUpdate(trip="T1", cancelled=True, observed_at=at, demo=True))
    (one, *_) = timetable(path).departures("bus/S", at)
    assert (one.trip, one.cancelled, one.expected) == ("T1", True, None)
    assert one.freshness.demo


def test_news_are_seen_as_soon_as_they_are_published(path: Path) -> None:
    timetables = timetable(path)
    at = paris("2026-11-23T07:59")
    assert timetables.departures("bus/P1", at)[0].expected is None
    publish_news(path, TripUpdate(trip="T1", delay_s=60, observed_at=at))
    assert timetables.departures("bus/P1", at)[0].expected is not None


def test_news_of_another_timetable_say_nothing(path: Path) -> None:
    at = paris("2026-11-23T07:59")
    publish_news(path, TripUpdate(trip="T1", delay_s=60, observed_at=at), name="other")
    assert timetable(path).departures("bus/P1", at)[0].expected is None


class Reference:
    """The departures of a feed worked out slowly from its raw files."""

    def __init__(self, raw: bytes, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            held = {
                name[:-4]: archive.read(name).decode("utf-8-sig")
                for name in archive.namelist()
                if name in FILES
            }
        sheets = {name: list(csv.DictReader(io.StringIO(text))) for name, text in held.items()}
        self.calendar = sheets.get("calendar", [])
        self.dates = sheets.get("calendar_dates", [])
        self.service = {trip["trip_id"]: trip["service_id"] for trip in sheets["trips"]}
        self.stops = {row["stop_id"]: row for row in sheets["stops"]}
        self.by_stop: dict[str, list[tuple[int, str]]] = defaultdict(list)
        last: dict[str, int] = defaultdict(int)
        for row in sheets["stop_times"]:
            last[row["trip_id"]] = max(last[row["trip_id"]], int(row["stop_sequence"]))
        for row in sheets["stop_times"]:
            boarded = int(row["stop_sequence"]) < last[row["trip_id"]]
            if boarded and row.get("pickup_type") != "1" and row["departure_time"]:
                at = seconds_of(row["departure_time"])
                self.by_stop[row["stop_id"]].append((at, row["trip_id"]))

    def runs(self, service: str, day: datetime) -> bool:
        key, weekday = f"{day:%Y%m%d}", f"{day:%A}".lower()
        for row in self.dates:
            if row["service_id"] == service and row["date"] == key:
                return row["exception_type"] == "1"
        return any(
            row["service_id"] == service
            and row["start_date"] <= key <= row["end_date"]
            and row[weekday] == "1"
            for row in self.calendar
        )

    def departures(self, stop: str, at: datetime) -> set[tuple[str, int]]:
        """The (trip, epoch) of all departures within 24 hours."""
        found: set[tuple[str, int]] = set()
        for back in (1, 0, -1):
            day = datetime.combine(at.date() - timedelta(days=back), datetime.min.time())
            noon = day.replace(hour=12, tzinfo=self.zone)
            start = int(noon.timestamp()) - 43_200
            for seconds, trip in self.by_stop[stop]:
                within = 0 <= start + seconds - at.timestamp() < 86_400
                if within and self.runs(self.service[trip], day):
                    found.add((trip, start + seconds))
        return found


@pytest.mark.parametrize(
    ("name", "zone", "day"),
    [
        ("sncf-intercites-2013", "Europe/Paris", "2013-12-09"),
        ("perigueux-perimouv-2025-12", "Europe/Paris", "2025-12-15"),
    ],
)
def test_real_departures_are_those_of_the_raw_files(
    corpus: Path, tmp_path: Path, name: str, zone: str, day: str
) -> None:
    raw = (corpus / "gtfs" / f"{name}.zip").read_bytes()
    publish_feed(tmp_path / "content.db", raw)
    reference = Reference(raw, zone)
    reader = ContentReader(tmp_path / "content.db")
    timetables = TimetableStore(reader)
    chance = random.Random(11)
    begin = datetime.fromisoformat(day).replace(tzinfo=reference.zone)
    platforms = sorted(
        key
        for key, row in reference.stops.items()
        if row["parent_station"] and reference.by_stop[key]
    )
    compared = 0
    for stop in chance.sample(platforms, 25):
        at = begin + timedelta(minutes=chance.randrange(7 * 1440))
        found = timetables.departures(f"bus/{stop}", at, limit=1000)
        expected = reference.departures(stop, at)
        assert {(one.trip, int(one.scheduled.timestamp())) for one in found} == expected
        compared += len(expected)
    assert compared > 50
    reader.close()
