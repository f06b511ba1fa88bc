"""Imports files into a content database: read by their connector, published in one transaction.

Rules:
1. Bytes, seconds and items are capped by the connector's manifest; past a cap nothing changes.
2. All files of one import are one dataset: they replace it together or not at all.
3. A GTFS feed brings its timetable and its stops in the same transaction.
4. What a feed says of trips becomes the live news of a timetable, not records: of the one named
   by the context's ``extra["timetable"]``, else of the dataset's own. News never replace that
   timetable's stops: what else their feed holds then goes to the dataset ``<id>-live``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record, Reject
from kiosk.domain.territory import Dataset
from kiosk.domain.transit import TimetableRows, TripUpdate
from kiosk.store.content import ContentWriter, Imported
from sync.connectors.base import Context, Item, guarded, read_bounded
from sync.connectors.registry import load, manifest_of
from sync.engine.updates import KIND, trip_updates_of

FILES_MAX = 1000
TIMETABLE, LIVE = "gtfs", "gtfs_rt"  # the connectors that bring more than records
LIVE_SUFFIX = "-live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an import did; ``updates`` counts live news, ``first_rejects`` holds a thousand."""

    dataset: str
    records: int
    updates: int
    rejects: int
    seconds: float
    first_rejects: tuple[Reject, ...]


def import_files(
    slug: str,
    paths: Sequence[Path],
    dataset: Dataset,
    database: Path,
    context: Context,
    *,
    monotonic: Callable[[], float],
    tick: Callable[[], None] = lambda: None,
) -> Summary:
    """Import files as one dataset; ``monotonic`` measures the caps, ``tick`` is told of each item.

    Raises InputRefused (the files), DataAbsent (the database); nothing is changed then.
    """
    most = 1 if slug == TIMETABLE else FILES_MAX
    if not 0 < len(paths) <= most:
        raise InputRefused(f"{len(paths)} files", where=slug, todo=f"give 1 to {most}")
    started = monotonic()
    timetable: TimetableRows | None = None
    items = _items(slug, paths, context, monotonic)
    if slug == TIMETABLE:
        timetable, items = _timetable(paths[0], context, monotonic)
    with ContentWriter(database) as writer:
        done, updates, name = _publish(
            writer, dataset, context, _ticked(items, tick), timetable=timetable, live=slug == LIVE
        )
    return Summary(
        dataset=name,
        records=done.records,
        updates=updates,
        rejects=done.rejects,
        seconds=round(monotonic() - started, 3),
        first_rejects=tuple(done.first_rejects),
    )


def _items(
    slug: str, paths: Sequence[Path], context: Context, monotonic: Callable[[], float]
) -> Iterator[Item]:
    """Give the files' items; a refusal names the file."""
    manifest, connector = manifest_of(slug), load(slug)
    for path in paths:
        raw = read_bounded(path, manifest)
        try:
            yield from guarded(connector.parse, raw, context, manifest, monotonic)
        except InputRefused as wrong:
            raise _named(wrong, path) from wrong


def _timetable(
    path: Path, context: Context, monotonic: Callable[[], float]
) -> tuple[TimetableRows, Iterator[Item]]:
    from sync.connectors.gtfs.connector import read_timetable

    manifest = manifest_of(TIMETABLE)
    raw = read_bounded(path, manifest)
    started = monotonic()
    try:
        read = read_timetable(raw, context)
    except InputRefused as wrong:
        raise _named(wrong, path) from wrong
    if monotonic() - started > manifest.max_seconds:
        raise InputRefused(f"reading took more than {manifest.max_seconds} s", where=path.name)
    return read


def _named(wrong: InputRefused, path: Path) -> InputRefused:
    where = f"{path.name}: {wrong.where}" if wrong.where else path.name
    return InputRefused(wrong.what, where=where, todo=wrong.todo)


def _ticked(items: Iterator[Item], tick: Callable[[], None]) -> Iterator[Item]:
    for item in items:
        tick()
        yield item


def _publish(
    writer: ContentWriter,
    dataset: Dataset,
    context: Context,
    items: Iterator[Item],
    *,
    timetable: TimetableRows | None,
    live: bool,
) -> tuple[Imported, int, str]:
    """Replace what the import brings, in one swap; gives the news' number and the dataset's id."""
    updates: list[TripUpdate] = []

    def divert(record: Record) -> bool:
        if live and record.kind == KIND:
            updates.extend(trip_updates_of([record]))
            return True
        return False

    target = str(context.extra.get("timetable") or dataset.id)
    with writer.swap():
        if timetable is not None:
            writer.replace_timetable(dataset.id, timetable)
        elif live and target == dataset.id and writer.has_timetable(target):
            dataset = replace(dataset, id=dataset.id + LIVE_SUFFIX)
        done = writer.replace_dataset(
            dataset, items, observed_at=context.observed_at, imported_at=context.now, divert=divert
        )
        if live:
            writer.replace_updates(target, updates)
    return done, len(updates), dataset.id
