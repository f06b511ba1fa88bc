"""The checker of a pack's seeds: each fault on the line of its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record
from kiosk.domain.text import TITLE_MAX
from kiosk.store.pack import dataset_of
from kiosk.store.pack_format import DatasetEntry, PackFile, RecordLine, Texts
from kiosk.store.pack_records import Line, read_lines, written_out
from kiosk.store.pack_seed import GTFS, gtfs_zip
from kiosk.store.pack_toml import Fault

FAULTS_MAX = 100  # a seed; more would hide what to begin with
# Any day does: relative dates are proven, not used.
SOME_DAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
GTFS_FILES = ("agency.txt", "routes.txt", "stop_times.txt", "stops.txt", "trips.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a record is held against: the pack's own data, icons, an engine of opening hours."""

    head: PackFile
    hours: Callable[[str], bool]
    has_icon: Callable[[str], bool]

    def holds(self, geo_lat: float, geo_lon: float) -> bool:
        """Say whether a position lies in the territory's box."""
        box = self.head.bounds
        return box.south <= geo_lat <= box.north and box.west <= geo_lon <= box.east


def check_seed(folder: Path, entry: DatasetEntry, expected: Expected) -> Iterator[Fault]:
    """Give the faults of one dataset's seed, at most FAULTS_MAX."""
    if entry.connector == GTFS:
        yield from _feed_faults(folder, entry.seed)
        return
    seen: set[str] = set()
    count = 0
    for line in read_lines(folder, entry.seed):
        for what in _line_faults(line, entry, expected, seen):
            if count == FAULTS_MAX:
                yield Fault(file=entry.seed, line=line.number, what="and more")
                return
            count += 1
            yield Fault(file=entry.seed, line=line.number, what=what)


def _feed_faults(folder: Path, seed: str) -> Iterator[Fault]:
    """Check that a folder can be a GTFS feed; its content is the connector's business."""
    try:
        gtfs_zip(folder / seed)
    except InputRefused as wrong:
        yield Fault(file=seed, line=0, what=wrong.what)
        return
    for name in GTFS_FILES:
        if not (folder / seed / name).is_file():
            yield Fault(file=f"{seed}/{name}", line=0, what="GTFS asks for this file")


def _line_faults(
    line: Line, entry: DatasetEntry, expected: Expected, seen: set[str]
) -> Iterator[str]:
    """Give what is wrong with one line."""
    zone = ZoneInfo(expected.head.timezone)
    records: list[Record] = []
    for one in written_out(line.content, dataset_of(entry), SOME_DAY, zone):
        if isinstance(one, str):
            yield one
            return
        records.append(one)
    if isinstance(line.content, RecordLine):
        if line.content.id in seen:
            yield f"record `{line.content.id}` stands twice"
        seen.add(line.content.id)
        yield from _record_faults(line.content, records, expected)


def _record_faults(line: RecordLine, records: list[Record], expected: Expected) -> Iterator[str]:
    yield from title_faults(line.title, expected.head.languages, TITLE_MAX)
    yield from _place_faults(line, expected)
    if (hours := _text(line, "hours")) and not expected.hours(hours):
        yield f"opening hours not understood: {hours[:60]!r}"
    if (topic := _text(line, "topic")) and not expected.has_icon(topic):
        yield f"topic: no icon `{topic[:60]}`"
    if not records:
        yield "its weekly rule gives no day: raise `weeks`, or mind `turn` and `of`"


def _place_faults(line: RecordLine, expected: Expected) -> Iterator[str]:
    if line.geo is not None and not expected.holds(line.geo.lat, line.geo.lon):
        yield f"position {line.geo.lat}, {line.geo.lon} outside of the territory's bounds"


def _text(line: RecordLine, key: str) -> str:
    """Give a text of the line's facts, "" when there is none."""
    value = line.data.get(key)
    return value if isinstance(value, str) else ""


def title_faults(title: Texts, languages: Sequence[str], most: int) -> Iterator[str]:
    """Give what is wrong with a title: a language without it, or over ``most`` characters."""
    for language in languages:
        if not title.get(language, "").strip():
            yield f"no title in `{language}`"
    for language, text in title.items():
        if len(text) > most:
            yield f"title.{language} over {most} characters"
