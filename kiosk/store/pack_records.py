"""The records of a pack's seed files: one JSON object a line, dates relative to today allowed.

Rules:
1. A record says its ``source``, or that it is ``demo``; one with neither is rejected.
2. ``data`` holds the facts of the dataset's kind (kiosk.domain.facts), decoded strictly.
3. A bad line is rejected alone; a file over its size is rejected whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import cast

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import KINDS
from kiosk.domain.record import Geo, Json, Localised, Record, Reject
from kiosk.domain.territory import Dataset
from kiosk.domain.text import BODY_MAX, TITLE_MAX, clean, clean_line
from kiosk.store.pack_dates import day_of, moment_of, occurrences
from kiosk.store.pack_format import SEED_BYTES_MAX, SEED_LINE_MAX, SEED_RECORDS_MAX, RecordLine
from kiosk.store.pack_toml import said

DEMO_SOURCE = "Démonstration"
_MOMENTS = ("starts_at", "ends_at", "time", "valid_until", "flag_until")
_DAYS = ("day", "sampled_on")
_DEPTH_MAX = 6

_lines = msgspec.json.Decoder(RecordLine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a seed file: its number from 1, and its content or why it has none."""

    number: int
    content: RecordLine | str


def seed_records(
    folder: Path, dataset: Dataset, now: datetime, zone: tzinfo
) -> Iterator[Record | Reject]:
    """Give the records of a dataset's seed file, weekly rules written out over the next weeks.

    ``now`` is aware; the day of seeding is its day in ``zone``. Ids that stand twice are
    rejected the second time.
    """
    seen: set[str] = set()
    found = (
        (line.number, one)
        for line in read_lines(folder, dataset.seed)
        for one in written_out(line.content, dataset, now, zone)
    )
    for number, one in islice(found, SEED_RECORDS_MAX):
        if isinstance(one, str):
            yield Reject(where=f"{dataset.seed}:{number}", why=one)
        elif one.id in seen:
            yield Reject(where=f"{dataset.seed}:{number}", why=f"record `{one.id}` stands twice")
        else:
            seen.add(one.id)
            yield one


def read_lines(folder: Path, seed: str) -> Iterator[Line]:
    """Give the lines of a seed file that aren't blank; line 0 says why there are none."""
    raw = _read(folder / seed)
    if isinstance(raw, str):
        yield Line(number=0, content=raw)
        return
    lines = ((number, line) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip())
    for count, (number, line) in enumerate(lines):
        if count == SEED_RECORDS_MAX:
            yield Line(number=number, content=f"more than {SEED_RECORDS_MAX} records")
            return
        yield Line(number=number, content=_decoded(line))


def _read(path: Path) -> bytes | str:
    """Give the bytes of a seed file, or say why they can't be had."""
    try:
        if path.is_symlink() or path.stat().st_size > SEED_BYTES_MAX:
            return f"a link, or over {SEED_BYTES_MAX} bytes"
        return path.read_bytes()
    except OSError as wrong:
        return f"can't be read: {wrong.strerror}"


def _decoded(line: bytes) -> RecordLine | str:
    """Decode one line strictly, or say why it can't be."""
    if len(line) > SEED_LINE_MAX:
        return f"a record over {SEED_LINE_MAX} bytes"
    try:
        return _lines.decode(line)
    except msgspec.ValidationError as wrong:
        return said(wrong)[1]
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        return f"not JSON: {wrong}"
    except RecursionError:
        return "nested too deeply"


def written_out(
    line: RecordLine | str, dataset: Dataset, now: datetime, zone: tzinfo
) -> Iterator[Record | str]:
    """Give the records that a line stands for, one for each day of its weekly rule."""
    if isinstance(line, str):
        yield line
        return
    if not line.source and not line.demo:
        yield "neither `source` nor `demo`: say where it comes from, or that it is made up"
        return
    for day, record_id in _days_of(line, now.astimezone(zone).date()):
        try:
            yield _record(line, record_id, dataset, _Base(day=day, now=now, zone=zone))
        except InputRefused as wrong:
            yield wrong.what


def _days_of(line: RecordLine, today: date) -> list[tuple[date, str]]:
    """Give the days that the line is written out for, and the record's id of each."""
    if line.every is None:
        return [(today, line.id)]
    return [(day, f"{line.id}-{day.isoformat()}") for day in occurrences(line.every, today)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What relative dates count from."""

    day: date
    now: datetime
    zone: tzinfo

    def moment(self, text: str) -> datetime | None:
        return moment_of(text, self.day, self.zone) if text else None


def _record(line: RecordLine, record_id: str, dataset: Dataset, base: _Base) -> Record:
    """Build one record; raises InputRefused when a date or a fact isn't understood."""
    return Record(
        id=clean_line(record_id),
        dataset=dataset.id,
        kind=dataset.kind,
        title=_texts(line.title, TITLE_MAX),
        body=_texts(line.body, BODY_MAX),
        geo=None if line.geo is None else Geo(lat=line.geo.lat, lon=line.geo.lon),
        source=clean_line(line.source) or DEMO_SOURCE,
        licence=clean_line(line.licence) or dataset.licence,
        observed_at=base.moment(line.observed_at) or base.now,
        valid_from=base.moment(line.valid_from),
        valid_until=base.moment(line.valid_until),
        confidence=line.confidence,
        popularity=line.popularity,
        demo=line.demo,
        data=_facts(line.data, dataset.kind, base),
    )


def _texts(texts: Mapping[str, str], limit: int) -> Localised:
    return {language: clean(text, limit=limit) for language, text in texts.items()}


def _facts(data: Mapping[str, object], kind: str, base: _Base) -> dict[str, Json]:
    """Give the facts with their dates resolved and their text cleaned, proven to be of ``kind``."""
    facts = {key: _dated(key, value, base) for key, value in data.items()}
    model = KINDS[kind]
    for key in facts:
        if key not in model.__struct_fields__:
            raise InputRefused(f"data: unknown field `{key}`")
    try:
        msgspec.convert(facts, model)
    except msgspec.ValidationError as wrong:
        raise InputRefused(f"data: {wrong}") from wrong
    return facts


def _dated(key: str, value: object, base: _Base) -> Json:
    if isinstance(value, str) and key in _MOMENTS:
        return moment_of(value, base.day, base.zone).isoformat()
    if isinstance(value, str) and key in _DAYS:
        return day_of(value, base.day).isoformat()
    return _cleaned(value, _DEPTH_MAX)


def _cleaned(value: object, depth: int) -> Json:
    """Clean every text inside ``value``; raises InputRefused past ``depth`` levels."""
    if depth == 0:
        raise InputRefused("data: nested too deeply")
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one, depth - 1) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {clean_line(key): _cleaned(one, depth - 1) for key, one in pairs}
    return cast("Json", value)
