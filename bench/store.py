"""Measures the content store: import against bare csv + executemany, search, nearest, departures.

The feeds are the corpus' real ones where ALVEOLE_CORPUS (default: beside the checkout) has them,
else an invented one. Each figure named p99 is the 99th percentile over questions in random order,
most of which the store has not been asked before; ratios are of the best of ROUNDS runs, the two
sides in turn. All times are the process' CPU time, so that a busy machine weighs on nothing.

The bare import that ours is held against reads every file of the feed with csv.reader and puts it
with executemany into a plain table of its own, without types, keys or indexes, then commits: no
row is checked and no question could be answered from it. Ours checks each row, sorts the departures
by board, fills the search index and the R-Tree, commits and checkpoints.
"""

from __future__ import annotations

import csv
import io
import os
import random
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from kiosk.app.cli_bench import Figure, Options
from kiosk.app.console import ROOT
from kiosk.app.installed import SystemClock
from kiosk.domain.freshness import Policy
from kiosk.domain.record import Geo, Record
from kiosk.domain.territory import Dataset
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.records import RecordStore
from kiosk.store.timetable import TimetableStore
from sync.connectors.base import Context
from sync.connectors.gtfs.connector import read_timetable

GATES = {
    "import_ratio": 1.3,
    "departures_p99_ms": 1.0,  # the goal is 0.1
    "search_p99_ms": 5.0,
    "nearest_p99_ms": 1.0,
}
RECORDS = 100_000
ROUNDS = 7
QUESTIONS = 4000
FEEDS = {
    "cairns_gtfs": "2014-06-05",
    "perigueux-perimouv-2025-12": "2025-12-15",
    "sncf-intercites-2013": "2013-12-09",
}
KINDS = """piscine mairie cinéma médiathèque école marché gare théâtre salle stade musée collège
pharmacie boulangerie atelier jardin forêt rivière place maison foyer centre club association
bibliothèque garderie crèche déchèterie fontaine église château moulin"""
SYLLABLES = """al ar bel bou ca cé cham dor é fer fon gran la lé lon ma mor nant or pé pont ra ré
ro saint sée sur ta tou val ver vi"""
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A zipped timetable, and a day on which it runs."""

    name: str
    raw: bytes
    day: datetime


def run(_options: Options) -> Mapping[str, Figure]:
    """Measure; gives times in milliseconds (``_ms``), seconds (``_s``) and ratios."""
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for feed in feeds():
            figures |= of_feed(folder, feed)
        figures |= of_records(folder)
    for summary in ("import_ratio", "departures_p99_ms"):
        values = [v for key, v in figures.items() if key.endswith(summary)]
        figures[summary] = max(float(value) for value in values)
    return figures


def feeds() -> Iterator[Feed]:
    """Give the real feeds that are there, else the invented one."""
    corpus = Path(os.environ.get("ALVEOLE_CORPUS") or ROOT.parent / "shared" / "data")
    there = [name for name in FEEDS if (corpus / "gtfs" / f"{name}.zip").is_file()]
    for name in there:
        raw = (corpus / "gtfs" / f"{name}.zip").read_bytes()
        yield Feed(name=name.partition("-")[0], raw=raw, day=datetime.fromisoformat(FEEDS[name]))
    if not there:
        yield Feed(name="invented", raw=invented(), day=datetime(2026, 11, 23))  # noqa: DTZ001  # local


def invented() -> bytes:
    """Make a feed of 20 lines, 400 stops and 1200 trips (seeded)."""
    chance = random.Random(61)
    stops = [f"s{n},Arrêt {n},{48 + n / 1000},{chance.random()}" for n in range(400)]
    trips: list[str] = []
    calls: list[str] = []
    for trip in range(1200):
        trips.append(f"r{trip % 20},d,t{trip},Terminus {trip % 20}")
        at = chance.randrange(5 * 3600, 22 * 3600)
        for sequence in range(30):
            at += chance.randrange(30, 240)
            clock = f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}"
            calls.append(f"t{trip},{clock},{clock},s{(trip * 7 + sequence) % 400},{sequence},0,0")
    sheets = {
        "agency": ["agency_name,agency_timezone", "Bourg,Europe/Paris"],
        "stops": ["stop_id,stop_name,stop_lat,stop_lon", *stops],
        "routes": ["route_id,route_short_name,route_type", *(f"r{n},{n},3" for n in range(20))],
        "calendar_dates": ["service_id,date,exception_type", *_days()],
        "trips": ["route_id,service_id,trip_id,trip_headsign", *trips],
        "stop_times": [
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
            *calls,
        ],
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in sheets.items():
            archive.writestr(f"{name}.txt", "\n".join(lines))
    return held.getvalue()


def _days() -> list[str]:
    return [f"d,{datetime(2026, 11, 23) + timedelta(days=n):%Y%m%d},1" for n in range(9)]  # noqa: DTZ001  # local


def of_feed(folder: Path, feed: Feed) -> dict[str, Figure]:
    """Measure the import of a feed, and its departures over a week."""
    bare: list[float] = []
    ours: list[float] = []
    paths = [folder / f"{feed.name}-{number}.db" for number in range(ROUNDS)]
    for path in paths:
        bare.append(timed(partial(bare_import, path.with_suffix(".bare"), feed)))
        with ContentWriter(path) as writer:
            ours.append(timed(partial(our_import, writer, feed)))
    return {
        f"{feed.name}_import_s": min(ours),
        f"{feed.name}_bare_s": min(bare),
        f"{feed.name}_import_ratio": min(ours) / min(bare),
        **of_departures(paths[-1], feed),
    }


def bare_import(path: Path, feed: Feed) -> None:
    """Put every file of the feed into a table of its own, unchecked."""
    connection = sqlite3.connect(path)
    with zipfile.ZipFile(io.BytesIO(feed.raw)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            rows = csv.reader(io.StringIO(text, newline=""))
            head = next(rows, list[str]())
            columns = ",".join(f'"{column.strip()}"' for column in head)
            connection.execute(f'CREATE TABLE "{name[:-4]}" ({columns})')
            places = ",".join("?" * len(head))
            connection.executemany(f'INSERT INTO "{name[:-4]}" VALUES({places})', rows)
    connection.commit()
    connection.close()


def our_import(writer: ContentWriter, feed: Feed) -> None:
    """Import the feed as the sync process does, from its bytes to the commit."""
    context = Context(dataset="d", source="s", licence="l", observed_at=NOW, now=NOW)
    rows, items = read_timetable(feed.raw, context)
    with writer.swap():
        writer.replace_timetable("d", rows)
        writer.replace_dataset(dataset("d", "stop"), items, observed_at=NOW, imported_at=NOW)


def dataset(name: str, kind: str) -> Dataset:
    """Give a dataset for the writer."""
    return Dataset(
        id=name, title={"fr": name}, kind=kind, connector="bench", source="s", licence="l"
    )


def of_departures(path: Path, feed: Feed) -> dict[str, Figure]:
    """Ask for the next ten departures at random stops and moments of a week."""
    reader = ContentReader(path)
    keys = [f"d/{stop}" for (stop,) in reader.rows("SELECT id FROM gtfs_board")]
    zone = ZoneInfo(reader.rows("SELECT timezone FROM gtfs_feed")[0][0])
    timetable = TimetableStore(reader)
    chance = random.Random(7)
    begin = feed.day.replace(tzinfo=zone)
    taken: list[float] = []
    for _ in range(QUESTIONS):
        key, at = chance.choice(keys), begin + timedelta(seconds=chance.randrange(7 * 86_400))
        taken.append(timed(partial(timetable.departures, key, at)))
    reader.close()
    return {
        f"{feed.name}_departures_p50_ms": percentile(taken, 0.5),
        f"{feed.name}_departures_p99_ms": percentile(taken, 0.99),
    }


def of_records(folder: Path) -> dict[str, Figure]:
    """Measure a full copy of 100 000 records, searches by 1 to 6 letters, and the nearest ten."""
    town = Town(61)
    path = folder / "records.db"
    records = list(town.records())
    places = dataset("places", "place")
    with ContentWriter(path) as writer:
        copy = partial(writer.replace_dataset, places, records, observed_at=NOW, imported_at=NOW)
        copy_s = timed(copy)
    reader = ContentReader(path)
    cache = RecordStore(reader, SystemClock())
    searches: list[float] = []
    nearest: list[float] = []
    for _ in range(QUESTIONS // 2):
        searches.append(timed(partial(cache.search, town.typed(), language="fr")))
        nearest.append(timed(partial(cache.nearest, "places", town.position(), Policy())))
    reader.close()
    return {
        "copy_100k_s": copy_s,
        "search_p50_ms": percentile(searches, 0.5),
        "search_p99_ms": percentile(searches, 0.99),
        "nearest_p99_ms": percentile(nearest, 0.99),
    }


class Town:
    """Invented records: a kind of place, a name and a commune, and bodies of common words."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.kinds = KINDS.split()
        syllables = SYLLABLES.split()
        made = {"".join(self.chance.choices(syllables, k=3)) for _ in range(3000)}
        self.names = sorted(made)
        self.communes = self.names[:381]

    def records(self) -> Iterator[Record]:
        """Yield RECORDS records."""
        chance = self.chance
        for number in range(RECORDS):
            title = f"{chance.choice(self.kinds)} {chance.choice(self.names)}"
            yield Record(
                id=f"r{number}",
                dataset="places",
                kind="place",
                title={"fr": f"{title} {chance.choice(self.communes)}".title()},
                body={"fr": " ".join(chance.choices(self.names, k=12))},
                source="s",
                licence="l",
                observed_at=NOW,
                geo=self.position(),
                popularity=int(100 * chance.random() ** 4),
                data={"commune": chance.choice(self.communes)},
            )

    def position(self) -> Geo:
        """Give a place in a county of 90 by 130 km."""
        return Geo(lat=self.chance.uniform(48.2, 48.9), lon=self.chance.uniform(-0.9, 0.9))

    def typed(self) -> str:
        """Give what somebody has typed so far: one or two words, the last one begun."""
        words = [self.chance.choice(self.kinds), self.chance.choice(self.names)]
        kept = words[: self.chance.choice((1, 2))]
        kept[-1] = kept[-1][: self.chance.randint(1, 6)]
        return " ".join(kept)


def timed(work: Callable[[], object]) -> float:
    """Give how many seconds of CPU time ``work`` takes."""
    started = process_time()
    work()
    return process_time() - started


def percentile(seconds: Sequence[float], share: float) -> float:
    """Give the percentile in milliseconds."""
    return sorted(seconds)[int(len(seconds) * share)] * 1000
