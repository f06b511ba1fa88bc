from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from kiosk.domain.errors import DataAbsent, InputRefused
from kiosk.store.database import ContentReader
from sync.connectors.base import Context
from sync.engine.importing import Summary, import_files
from tests.unit.kiosk.store.contents import dataset
from tests.unit.kiosk.store.timetables import timetable
from tests.unit.sync.connectors.gtfs.feeds import FILES, context, feed

AT = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//bourg//\r
BEGIN:VEVENT\r
UID:{uid}\r
SUMMARY:Marché\r
DTSTART:20261125T080000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def stopped_clock() -> Callable[[], float]:
    return lambda: 0.0


class Bench:
    """A folder with files, and a database to import them into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "content.db"
        self.reader = ContentReader(self.database)

    def file(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(
        self,
        slug: str,
        *paths: Path,
        name: str = "bus",
        given: Context | None = None,
        monotonic: Callable[[], float] | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> Summary:
        return import_files(
            slug,
            paths,
            dataset(name, connector=slug),
            self.database,
            given or context(dataset=name, observed_at=AT, now=AT),
            monotonic=monotonic or stopped_clock(),
            tick=tick,
        )

    def counts(self) -> dict[str, int]:
        return dict(self.reader.rows("SELECT id, records FROM dataset"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def news(trip: str = "T1", alert: str = "") -> bytes:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = int(AT.timestamp())
    entity = message.entity.add(id="1")
    entity.trip_update.trip.trip_id = trip
    entity.trip_update.stop_time_update.add(stop_id="P1").departure.delay = 240
    if alert:
        entity = message.entity.add(id="2")
        entity.alert.header_text.translation.add(text=alert)
    return message.SerializeToString()


def test_a_timetable_and_its_stops_come_together(bench: Bench) -> None:
    done = bench.run("gtfs", bench.file("feed.zip", feed()))
    assert (done.dataset, done.records, done.updates, done.rejects) == ("bus", 4, 0, 0)
    assert timetable(bench.database).departures("bus/S", AT)
    assert bench.reader.rows("SELECT count(*) FROM record WHERE kind='stop'") == [(4,)]


def test_a_calendar_becomes_records(bench: Bench) -> None:
    done = bench.run("icalendar", bench.file("a.ics", CALENDAR.format(uid="1")), name="agenda")
    assert (done.records, done.rejects) == (1, 0)
    assert bench.counts() == {"agenda": 1}


def test_several_files_are_one_dataset(bench: Bench) -> None:
    files = [bench.file(f"{uid}.ics", CALENDAR.format(uid=uid)) for uid in "ab"]
    assert bench.run("icalendar", *files, name="agenda").records == 2


def test_one_bad_file_among_several_changes_nothing(bench: Bench) -> None:
    good = bench.file("a.ics", CALENDAR.format(uid="1"))
    bench.run("icalendar", good, name="agenda")
    bad = bench.file("b.ics", "no calendar")
    with pytest.raises(InputRefused) as refused:
        bench.run("icalendar", bench.file("c.ics", CALENDAR.format(uid="2")), bad, name="agenda")
    assert refused.value.where.startswith("b.ics")
    assert bench.counts() == {"agenda": 1}


@pytest.mark.parametrize(
    "spoiled",
    [b"", b"not a zip", feed(stops=None), feed()[:-30]],
    ids=["empty", "text", "no stops", "cut"],
)
def test_a_bad_timetable_keeps_the_last_good_one(bench: Bench, spoiled: bytes) -> None:
    bench.run("gtfs", bench.file("feed.zip", feed()))
    before = timetable(bench.database).departures("bus/S", AT)
    with pytest.raises(InputRefused) as refused:
        bench.run("gtfs", bench.file("bad.zip", spoiled))
    assert refused.value.where.startswith("bad.zip")
    assert timetable(bench.database).departures("bus/S", AT) == before
    assert bench.counts() == {"bus": 4}


def test_a_timetable_without_one_sound_stop_keeps_the_last_good_one(bench: Bench) -> None:
    bench.run("gtfs", bench.file("feed.zip", feed()))
    empty = feed(stops=FILES["stops.txt"].partition("\n")[0] + "\n")
    with pytest.raises(InputRefused, match="none of its"):
        bench.run("gtfs", bench.file("empty.zip", empty))
    assert timetable(bench.database).departures("bus/S", AT)


def test_rejects_are_told_and_the_rest_is_imported(bench: Bench) -> None:
    spoiled = feed(stop_times=FILES["stop_times.txt"] + "NOPE,08:00:00,08:00:00,P1,1,,\n")
    done = bench.run("gtfs", bench.file("feed.zip", spoiled))
    assert (done.records, done.rejects) == (4, 1)
    assert done.first_rejects[0].where == "stop_times.txt:14"


def test_live_news_reach_the_timetable_and_its_stops_stay(bench: Bench) -> None:
    bench.run("gtfs", bench.file("feed.zip", feed()))
    done = bench.run("gtfs_rt", bench.file("live.pb", news(alert="Grève")))
    assert (done.dataset, done.updates, done.records) == ("bus-live", 1, 1)
    assert bench.counts() == {"bus": 4, "bus-live": 1}
    (first, *_) = timetable(bench.database).departures("bus/P1", AT)
    assert first.expected == first.scheduled + timedelta(minutes=4)


def test_live_news_may_name_their_timetable(bench: Bench) -> None:
    bench.run("gtfs", bench.file("feed.zip", feed()))
    given = context(dataset="delays", observed_at=AT, now=AT, extra={"timetable": "bus"})
    done = bench.run("gtfs_rt", bench.file("live.pb", news()), name="delays", given=given)
    assert (done.dataset, done.updates) == ("delays", 1)
    assert timetable(bench.database).departures("bus/P1", AT)[0].expected is not None


def test_live_news_replace_the_former_ones(bench: Bench) -> None:
    bench.run("gtfs", bench.file("feed.zip", feed()))
    bench.run("gtfs_rt", bench.file("live.pb", news("T1")))
    bench.run("gtfs_rt", bench.file("live.pb", news("T2")))
    assert bench.reader.rows("SELECT trip FROM gtfs_update") == [("T2",)]


@pytest.mark.parametrize(("slug", "number"), [("gtfs", 0), ("gtfs", 2), ("icalendar", 1001)])
def test_the_number_of_files_is_bounded(bench: Bench, slug: str, number: int) -> None:
    with pytest.raises(InputRefused, match=f"{number} files"):
        bench.run(slug, *[bench.folder / "x"] * number)


@pytest.mark.parametrize("slug", ["gtfs", "icalendar"])
def test_a_missing_file_is_refused(bench: Bench, slug: str) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        bench.run(slug, bench.folder / "none")


@pytest.mark.parametrize("slug", ["", "nope", "../gtfs"])
def test_an_unknown_connector_is_refused(bench: Bench, slug: str) -> None:
    with pytest.raises(InputRefused, match="no such connector"):
        bench.run(slug, bench.file("x", "y"))


@pytest.mark.parametrize(
    ("slug", "name", "content"),
    [("gtfs", "feed.zip", feed()), ("icalendar", "a.ics", CALENDAR.format(uid="1").encode())],
)
def test_reading_that_takes_too_long_is_refused(
    bench: Bench, slug: str, name: str, content: bytes
) -> None:
    hours = itertools.count(0, 3600)
    with pytest.raises(InputRefused, match="took more than"):
        bench.run(slug, bench.file(name, content), monotonic=lambda: float(next(hours)))
    assert bench.counts() == {}


def test_each_item_is_told_to_the_progress_bar(bench: Bench) -> None:
    ticks: list[int] = []
    bench.run("gtfs", bench.file("feed.zip", feed()), tick=lambda: ticks.append(1))
    assert len(ticks) == 4


def test_a_database_that_is_none_is_told(bench: Bench) -> None:
    bench.file("content.db", "precious notes" * 100)
    with pytest.raises(DataAbsent, match="not a database"):
        bench.run("gtfs", bench.file("feed.zip", feed()))


def test_the_seconds_are_those_of_the_clock(bench: Bench) -> None:
    seconds = itertools.count()
    done = bench.run("gtfs", bench.file("f.zip", feed()), monotonic=lambda: float(next(seconds)))
    assert done.seconds > 0


CORPUS = {
    "icalendar": "ics/**/*.ics",
    "scdl": "scdl/*.csv",
    "geojson": "geo/*.geojson",
    "gtfs": "gtfs*/**/*.zip",
}


@pytest.mark.parametrize("slug", sorted(CORPUS))
def test_every_real_file_is_imported_or_refused(bench: Bench, corpus: Path, slug: str) -> None:
    files = sorted(corpus.glob(CORPUS[slug]))
    assert files
    imported = 0
    for path in files:
        try:
            imported += bench.run(slug, path).records
        except InputRefused as refused:
            assert refused.where, path.name  # noqa: PT017  # many files, some are refused
    assert imported > 0
