"""Finds stops by id or name: what a citizen or an operator types, not what the feed wrote."""

from __future__ import annotations

from typing import Any

from kiosk.domain.text import fold
from kiosk.domain.transit import StopFound
from kiosk.store.database import ContentReader

NAME_MAX = 200
CANDIDATES_MAX = 2000
_SAME, _WORDS, _BEGINNINGS, _NO_MATCH = range(4)
_BY_ID = (
    "SELECT d.id, s.id, s.name, b.lat, b.lon FROM gtfs_stop AS s"
    " JOIN dataset AS d ON d.no=s.dataset_no JOIN gtfs_board AS b ON b.no=s.board"
    " WHERE s.id=? OR d.id || '/' || s.id=? ORDER BY d.no LIMIT ?"
)
_BY_NAME = (
    "SELECT d.id, b.id, b.name, b.lat, b.lon, b.folded, b.departures FROM gtfs_board AS b"
    " JOIN dataset AS d ON d.no=b.dataset_no"
    " WHERE b.folded LIKE '%' || ? || '%' ORDER BY b.departures DESC LIMIT ?"
)


def find_stops(reader: ContentReader, name: str, limit: int) -> list[StopFound]:
    """Give the stops of that id or key, else of that name, best first.

    The same name beats the name among other words ("Argentan" finds "gare de Argentan") beats
    beginnings of words; then the shorter name, then the busier stop.
    """
    name = name[:NAME_MAX].strip()
    rows = reader.rows(_BY_ID, (name, name, limit)) if name else []
    return [_found(row) for row in rows] or _named(reader, name, limit)


def _named(reader: ContentReader, name: str, limit: int) -> list[StopFound]:
    wanted = fold(name)
    if not wanted:
        return []
    rows = reader.rows(_BY_NAME, (max(wanted.split(), key=len), CANDIDATES_MAX))
    ranked = sorted((*_rank(wanted, row[5]), -row[6], row[0], row[1], row) for row in rows)
    return [_found(row) for rank, *_, row in ranked if rank < _NO_MATCH][:limit]


def _rank(wanted: str, folded: str) -> tuple[int, int]:
    """Give how the name answers (lower is better) and how many words it has."""
    words, names = wanted.split(), folded.split()
    if wanted == folded:
        rank = _SAME
    elif set(words) <= set(names):
        rank = _WORDS
    elif all(any(name.startswith(word) for name in names) for word in words):
        rank = _BEGINNINGS
    else:
        rank = _NO_MATCH
    return rank, len(names)


def _found(row: tuple[Any, ...]) -> StopFound:
    dataset, stop, name, lat, lon, *_ = row
    return StopFound(key=f"{dataset}/{stop}", name=name, dataset=dataset, lat=lat, lon=lon)
