"""Reads records: by dataset, by id, by place, by words (implements ports.ServiceCache)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from kiosk.domain.distance import metres
from kiosk.domain.errors import InputRefused
from kiosk.domain.freshness import Dated, Policy, State, judge
from kiosk.domain.record import Geo, Record
from kiosk.domain.search import Hit
from kiosk.ports import Clock
from kiosk.store.database import ContentReader
from kiosk.store.search import search

METRES_PER_DEGREE = 111_195.0  # of a great circle on the mean Earth, 6 371 km
_BOX_FIRST = 0.004  # degrees: a few hundred metres
_BOX_GROWTH = 2
_BOX_STEPS_MAX = 16  # the last box spans the Earth
_SELECT = (
    "SELECT r.id, d.id, r.kind, r.title, r.body, r.data, r.source, r.licence, r.observed_at,"
    " r.valid_from, r.valid_until, r.confidence, r.demo, r.lat, r.lon, 100-(r.no>>40), r.no"
    " FROM record AS r JOIN dataset AS d ON d.no=r.dataset_no"
)
_BY_DATASET = f"{_SELECT} WHERE d.id=? ORDER BY r.no LIMIT ?"
_BY_ID = f"{_SELECT} WHERE d.id=? AND r.id=?"
_BY_NUMBERS = f"{_SELECT} WHERE r.no IN (SELECT value FROM json_each(?))"  # noqa: S608  # our own words
# A time past what the platform counts raises OSError or OverflowError.
_UNSOUND = (InputRefused, msgspec.MsgspecError, TypeError, ValueError, OverflowError, OSError)
_IN_BOX = (
    "SELECT no, lat, lon FROM record_geo"
    " WHERE south>=? AND north<=? AND west>=? AND east<=? AND dataset_no=?"
)
_PLACED = "SELECT no, lat, lon FROM record WHERE dataset_no=? AND lat IS NOT NULL"
_KEPT_MAX = 3000  # records kept between two changes of the content: some 5 MB
_FEW = 500  # records: ranking them all costs less than growing a box over everyone's


class RecordStore:
    """The territory's records; an absent or damaged file reads as empty."""

    def __init__(self, reader: ContentReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[Record, ...]] = {}
        self._kept_version = -1

    def records(
        self, dataset: str, policy: Policy, *, limit: int = 1000
    ) -> Sequence[Dated[Record]]:
        """Give the dataset's records, most popular first; withdrawn ones are left out."""
        version = self._reader.version()
        if version != self._kept_version:
            self._kept_version = version
            self._kept.clear()
        key = dataset, limit
        found = self._kept.get(key)
        if found is None:
            found = _records(self._reader.rows(_BY_DATASET, key))
            self._keep(key, found)
        return self._judged(found, policy)

    def record(self, dataset: str, record_id: str, policy: Policy) -> Dated[Record] | None:
        """Give one record, or None when it is absent or withdrawn."""
        found = self._dated(self._reader.rows(_BY_ID, (dataset, record_id)), policy)
        return found[0] if found else None

    def nearest(
        self, dataset: str, here: Geo, policy: Policy, *, limit: int = 10
    ) -> Sequence[Dated[Record]]:
        """Give the records nearest to ``here``, nearest first."""
        numbers = self._reader.rows("SELECT no, records FROM dataset WHERE id=?", (dataset,))
        if not numbers or limit <= 0:
            return []
        number, count = numbers[0]
        look = self._nearest_of_few if int(count) <= _FEW else self._nearest_rows
        found = look(int(number), here, limit)
        rows = {row[-1]: row for row in self._reader.rows(_BY_NUMBERS, (str(found),))}
        return self._dated([rows[no] for no in found if no in rows], policy)

    def search(self, text: str, *, language: str, limit: int = 20) -> Sequence[Hit]:
        """Give what matches each word of ``text`` as a prefix, accents ignored, best first."""
        return search(self._reader, text, self._clock.now(), language=language, limit=limit)

    def observed_at(self, dataset: str) -> datetime | None:
        """Give when the dataset was last observed, None when it is absent."""
        rows = self._reader.rows("SELECT observed_at FROM dataset WHERE id=?", (dataset,))
        return _moment(rows[0][0]) if rows else None

    def count(self, dataset: str) -> int:
        """Give how many records the dataset has."""
        rows = self._reader.rows("SELECT records FROM dataset WHERE id=?", (dataset,))
        return int(rows[0][0]) if rows else 0

    def version(self) -> int:
        """Give a number that changes when another process has written."""
        return self._reader.version()

    def _keep(self, key: tuple[str, int], records: tuple[Record, ...]) -> None:
        """Keep a read dataset until the content changes; the oldest make room."""
        if len(records) > _KEPT_MAX:
            return
        self._kept[key] = records
        while sum(map(len, self._kept.values())) > _KEPT_MAX:
            del self._kept[next(iter(self._kept))]

    def _dated(self, rows: Sequence[tuple[Any, ...]], policy: Policy) -> list[Dated[Record]]:
        return self._judged(_records(rows), policy)

    def _judged(self, records: Sequence[Record], policy: Policy) -> list[Dated[Record]]:
        """Give the records that aren't withdrawn, as fresh as they are now."""
        now = self._clock.now()
        dated: list[Dated[Record]] = []
        for record in records:
            freshness = judge(
                record.observed_at, now, policy, valid_until=record.valid_until, demo=record.demo
            )
            if freshness.state is not State.ABSENT:
                dated.append(Dated(value=record, freshness=freshness))
        return dated

    def _nearest_of_few(self, number: int, here: Geo, limit: int) -> list[int]:
        """Rank all records of a small dataset; give the row numbers of the nearest in order."""
        placed = self._reader.rows(_PLACED, (number,))
        return [no for _, no in sorted((metres(here, lat, lon), no) for no, lat, lon in placed)][
            :limit
        ]

    def _nearest_rows(self, number: int, here: Geo, limit: int) -> list[int]:
        """Grow a box until it surely holds the nearest; give their row numbers in order."""
        half = _BOX_FIRST
        ranked: list[tuple[float, int]] = []
        for _ in range(_BOX_STEPS_MAX):
            ranked = sorted(
                (metres(here, lat, lon), no)
                for no, lat, lon in self._reader.rows(_IN_BOX, _box(here, half, number))
            )
            # Beyond the box's half side something nearer than its corners may lie.
            sure = [no for distance, no in ranked if distance <= half * METRES_PER_DEGREE]
            if len(sure) >= limit:
                return sure[:limit]
            half *= _BOX_GROWTH
        return [no for _, no in ranked[:limit]]


def _box(here: Geo, half: float, number: int) -> tuple[float, ...]:
    """Give the box whose sides lie ``half`` degrees of latitude away, wider in longitude."""
    margin = half * 1.001 + 1e-5  # R-Tree coordinates are 32-bit floats
    width = margin / max(math.cos(math.radians(here.lat)), 0.01)
    return (
        here.lat - margin,
        here.lat + margin,
        here.lon - width,
        here.lon + width,
        number,
    )


def _records(rows: Sequence[tuple[Any, ...]]) -> tuple[Record, ...]:
    """Give the rows' records without the damaged ones."""
    return tuple(record for record in map(_record, rows) if record is not None)


def _record(row: tuple[Any, ...]) -> Record | None:
    """Parse a row; None when it isn't sound (a damaged page, a hand-edited file)."""
    try:
        return Record(
            id=row[0],
            dataset=row[1],
            kind=row[2],
            title=msgspec.json.decode(row[3], type=dict[str, str]),
            body=msgspec.json.decode(row[4], type=dict[str, str]),
            data=msgspec.json.decode(row[5], type=dict[str, Any]),
            source=row[6],
            licence=row[7],
            observed_at=datetime.fromtimestamp(row[8], UTC),
            valid_from=_moment(row[9]),
            valid_until=_moment(row[10]),
            confidence=row[11],
            demo=bool(row[12]),
            geo=None if row[13] is None else Geo(lat=row[13], lon=row[14]),
            popularity=row[15],
        )
    except _UNSOUND:
        return None


def _moment(epoch: int | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
