from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Stop, facts_of
from kiosk.domain.record import Record
from sync.connectors.gtfs.connector import parse, read_timetable
from tests.unit.sync.connectors.gtfs.feeds import FILES, NOW, context, feed, parsed, plus, times


def test_every_stop_and_station_is_a_record() -> None:
    records, rejects = parsed(feed())
    assert set(records) == {"S", "P1", "P2", "M1", "M2", "E", "V"}
    assert rejects == []


def test_a_stop_tells_its_lines_access_and_position() -> None:
    record = parsed(feed())[0]["M1"]
    assert facts_of(record, Stop) == Stop(lines=("1", "Bourg - Ville"), accessible=None)
    assert record.geo is not None
    assert (record.title["fr"], record.geo.lat, record.kind) == ("Mairie", 48.44, "stop")


def test_a_record_bears_the_contexts_envelope() -> None:
    (record, *_) = parse(feed(), context(demo=True, language="en"))
    assert isinstance(record, Record)
    assert (record.source, record.licence, record.observed_at) == ("Bourg inventé", "CC0", NOW)
    assert record.demo
    assert record.title == {"en": "Gare du Bourg"}


def test_busier_stops_are_more_popular() -> None:
    records = parsed(feed())[0]
    assert records["M1"].popularity > records["M2"].popularity > records["S"].popularity == 0


def test_rejects_come_after_the_records() -> None:
    items = list(parse(feed(stops=plus("stops", ",x,,,,,,")), context()))
    assert [isinstance(item, Record) for item in items] == [True] * 7 + [False]


def test_the_import_has_one_record_a_board() -> None:
    _, items = read_timetable(feed(), context())
    found = {item.id: item for item in items if isinstance(item, Record)}
    assert set(found) == {"S", "M1", "E", "V"}
    assert facts_of(found["S"], Stop).lines == ("1", "Bourg - Ville")


def test_departures_are_listed_by_board_then_time() -> None:
    assert times() == [
        ("T1", "P1", "8:00:00"),
        ("N", "P2", "23:50:00"),
        ("T1", "M1", "8:11:00"),
        ("T2", "M2", "9:15:00"),
        ("X", "M1", "10:20:00"),
        ("N", "M1", "24:10:00"),
        ("T2", "E", "9:00:00"),
    ]


def test_a_trip_without_headsign_goes_where_it_ends() -> None:
    rows, _ = read_timetable(feed(), context())
    found = {key: (headsign, end) for _, key, _, headsign, end, _ in rows.trips}
    assert found["T2"] == ("Gare du Bourg", "Gare du Bourg")
    assert found["N"] == ("Ville", "Mairie")


def test_a_stops_own_headsign_goes_with_the_departure() -> None:
    rows, _ = read_timetable(feed(), context())
    shown = [headsign for *_, headsign in rows.times if headsign]
    assert shown == ["Église par le pont"]


def test_services_and_exceptions_are_days() -> None:
    rows, _ = read_timetable(feed(), context())
    first, last = date(2026, 11, 1).toordinal(), date(2026, 12, 31).toordinal()
    assert rows.services == [(0, 0b0011111, first, last)]
    assert sorted(rows.exceptions) == [
        (date(2026, 11, 11).toordinal(), 0, 0),
        (date(2026, 12, 25).toordinal(), 1, 1),
    ]


def test_the_timetable_knows_its_zone_and_its_latest_departure() -> None:
    rows, _ = read_timetable(feed(), context())
    assert (rows.timezone, rows.last_s) == ("Europe/Paris", 24 * 3600 + 600)


def test_a_feed_of_headers_only_is_empty_but_read() -> None:
    bare = {name[:-4]: text.partition("\n")[0] + "\n" for name, text in FILES.items()}
    rows, items = read_timetable(feed(**bare), context())
    assert (list(rows.times), rows.boards, rows.last_s) == ([], [], 0)
    assert [item for item in items if isinstance(item, Record)] == []


GOOD = {
    "sncf-intercites-2013.zip": (800, 0),
    "perigueux-perimouv-2025-12.zip": (1300, 0),
    "cairns_gtfs.zip": (416, 0),
    "google_sample.zip": (9, 0),
    "bullrunner-gtfs.zip": (120, 0),
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_real_feeds_are_read_whole(corpus: Path, name: str) -> None:
    records, rejects = parsed((corpus / "gtfs" / name).read_bytes())
    least, most_rejects = GOOD[name]
    assert len(records) >= least
    assert len(rejects) <= most_rejects


def test_every_broken_feed_ends_in_records_rejects_or_a_refusal(corpus: Path) -> None:
    files = sorted((corpus / "gtfs-broken").rglob("*.zip"))
    assert files
    silent: list[str] = []
    for path in files:
        with suppress(InputRefused):
            records, rejects = parsed(path.read_bytes())
            silent += [] if records or rejects else [path.name]
    assert silent == []


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("gtfsvtor/duplicate_ids.zip", "stops.txt"),
        ("gtfsvtor/duplicate_stop_sequence.zip", "stop_times.txt"),
        ("gtfsvtor/bad_utf8.zip", ".txt:1"),
        ("gtfsvtor/missing_endpoint_times.zip", "stop_times.txt"),
        ("gtfsvtor/missing_weekday_column.zip", "calendar.txt:1"),
        ("transport-validator/route_type_invalid.zip", "routes.txt"),
    ],
)
def test_a_named_defect_is_found_where_it_is(corpus: Path, name: str, where: str) -> None:
    _, rejects = parsed((corpus / "gtfs-broken" / name).read_bytes())
    assert any(where in reject.where for reject in rejects)


@pytest.mark.parametrize(
    "name",
    ["missing_agency", "missing_calendar", "missing_stops", "missing_stop_times", "unknown_format"],
)
def test_a_feed_that_lacks_what_matters_is_refused(corpus: Path, name: str) -> None:
    with pytest.raises(InputRefused):
        parsed((corpus / "gtfs-broken" / "gtfsvtor" / f"{name}.zip").read_bytes())
