"""The commands on the content database: ``import``, ``departures``, ``search``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import Place, complain, place_of, print_json, write
from kiosk.domain.errors import InputRefused
from kiosk.domain.record import text_in

if TYPE_CHECKING:
    from kiosk.domain.search import Hit
    from kiosk.domain.territory import Dataset, Territory
    from kiosk.domain.transit import Departure
    from kiosk.store.database import ContentReader

CONTENT = "content.db"
ROWS_MAX = 1000
REJECTS_SHOWN = 5
DATASET_ID_MAX = 64

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Limit = Annotated[int, typer.Option(min=0, max=ROWS_MAX, help="How many at most.")]
Database = Annotated[
    Path | None, typer.Option(help="Content database (default: content.db in the data folder).")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "import",
        epilog="Example: alveole import gtfs trains.zip --dataset trains",
    )(import_files)
    app.command(epilog="Example: alveole departures --stop Argentan --at 2013-12-16T08:00 --json")(
        departures
    )
    app.command(epilog="Example: alveole search piscine --lang fr --limit 5 --json")(search)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureLine:
    """A departure as the command tells it; ``scheduled`` and ``expected`` with their offset."""

    line: str
    headsign: str
    destination: str
    platform: str
    scheduled: datetime
    expected: datetime | None
    cancelled: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    """A search result as the command tells it; ``service`` is "" when none shows its dataset."""

    id: str
    service: str
    dataset: str
    title: str
    snippet: str
    score: float


def import_files(
    context: typer.Context,
    slug: Annotated[str, typer.Argument(help="The connector (see: connector list).")],
    files: Annotated[list[Path], typer.Argument(help="Files to read.", show_default=False)],
    *,
    dataset: Annotated[str, typer.Option(help="Id of the dataset that they replace.")],
    database: Database = None,
    source: Annotated[str, typer.Option(help="Who publishes the data.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA zone of times without one.")] = "",
    json: Json = False,
) -> None:
    """Replace a dataset by what files hold, in one transaction; a bad file changes nothing."""
    import time

    from sync.connectors.base import Context
    from sync.engine.importing import import_files as run

    place = place_of(context)
    now = datetime.now(UTC)
    territory = _territory(place)
    what = _dataset(slug, dataset, territory, source, licence)
    path = _to_write(place, database)
    given = Context(
        dataset=what.id,
        source=what.source,
        licence=what.licence,
        observed_at=_written(files[0], now),
        now=now,
        timezone=timezone or (territory.timezone if territory else "Europe/Paris"),
        demo=what.demo,
    )
    with _progress() as tick:
        done = run(slug, files, what, path, given, monotonic=time.monotonic, tick=tick)
    if json:
        print_json(done)
        return
    write(
        f"{done.dataset}: {done.records} records, {done.updates} live updates,"
        f" {done.rejects} rejects in {done.seconds} s"
    )
    for reject in done.first_rejects[:REJECTS_SHOWN]:
        complain(f"rejected {reject.where}: {reject.why}")


def departures(
    context: typer.Context,
    *,
    stop: Annotated[str, typer.Option(help="Id or name of the stop.")],
    at: Annotated[str, typer.Option(help="ISO time; without offset, the agency's zone.")],
    limit: Limit = 10,
    database: Database = None,
    json: Json = False,
) -> None:
    """List the next departures from a stop; exit 1 when no stop answers to the name."""
    from kiosk.store.timetable import TimetableStore

    moment = _moment(at)
    reader = _to_read(place_of(context), database)
    timetable = TimetableStore(reader)
    found = timetable.stops(stop, limit=1)
    if not found:
        complain(f"no stop answers to {stop[:80]!r} (try: alveole search, or import a timetable)")
        raise typer.Exit(1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timetable.zone(found[0].key) or UTC)
    lines = [
        _departure_line(one) for one in timetable.departures(found[0].key, moment, limit=limit)
    ]
    reader.close()
    if json:
        print_json(lines)
    else:
        _show_departures(found[0].name, lines)


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words, or beginnings of words.")],
    *,
    lang: Annotated[str, typer.Option(help="Language of titles and snippets.")] = "fr",
    limit: Limit = 20,
    database: Database = None,
    json: Json = False,
) -> None:
    """Search the territory's records; nothing found is an empty list."""
    from kiosk.app.installed import SystemClock
    from kiosk.store.records import RecordStore

    place = place_of(context)
    reader = _to_read(place, database)
    hits = RecordStore(reader, SystemClock()).search(text, language=lang, limit=limit)
    reader.close()
    services = _services(_territory(place))
    lines = [_hit_line(hit, services, lang) for hit in hits]
    if json:
        print_json(lines)
        return
    for line in lines:
        write(f"{line.score:5.2f}  {line.title}  ({line.service or line.dataset}/{line.id})")


def _to_read(place: Place, database: Path | None) -> ContentReader:
    """Open the database to read; our own is made from the pack when it is missing or damaged.

    Raises InputRefused for a ``--database`` that can't be read.
    """
    from kiosk.store.database import ContentReader

    reader = ContentReader(database or place.data / CONTENT)
    fault = reader.trouble()
    if fault and database is not None:
        todo = "alveole import makes one"
        raise InputRefused(f"no content database: {fault}", where=str(database), todo=todo)
    if fault:
        _prepare(place)
    return reader


def _prepare(place: Place) -> None:
    from kiosk.app.content import prepare
    from kiosk.app.installed import installed

    prepare(installed(place), datetime.now(UTC))


def _to_write(place: Place, database: Path | None) -> Path:
    """Give where to write; raises InputRefused when its folder can't be made."""
    path = database or place.data / CONTENT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        reason = wrong.strerror or "can't be made"
        raise InputRefused(reason, where=str(path.parent), todo="give --database") from wrong
    return path


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as wrong:
        todo = "for instance 2026-11-22T08:00"
        raise InputRefused(f"not an ISO time: {text[:40]!r}", where="--at", todo=todo) from wrong


def _written(path: Path, now: datetime) -> datetime:
    """Give when a file was last written; ``now`` when it isn't there (its reader will say so)."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return now


def _territory(place: Place) -> Territory | None:
    """Give the territory; None when none that can be used is installed and none was asked for."""
    from kiosk.app.installed import installed

    try:
        return installed(place).pack.territory
    except InputRefused:
        if place.territory:
            raise
        return None


def _dataset(
    slug: str, dataset_id: str, territory: Territory | None, source: str, licence: str
) -> Dataset:
    """Give the dataset: as its pack declares it for this connector, else from the manifest."""
    from dataclasses import replace

    from kiosk.domain.territory import Dataset
    from sync.connectors.registry import manifest_of

    manifest = manifest_of(slug)
    _check_id(dataset_id)
    known = territory.datasets.get(dataset_id) if territory else None
    # What strangers publish must not inherit a demonstration's name: only the same connector's.
    if known is None or known.connector != slug or known.demo:
        known = Dataset(
            id=dataset_id,
            title={"fr": dataset_id},
            kind=manifest.kind,
            connector=slug,
            source=manifest.attribution,
            licence=manifest.licence,
        )
    return replace(known, source=source or known.source, licence=licence or known.licence)


def _check_id(dataset_id: str) -> None:
    if not dataset_id.strip() or len(dataset_id) > DATASET_ID_MAX or "/" in dataset_id:
        todo = f"give 1 to {DATASET_ID_MAX} characters, no slash"
        raise InputRefused("not a dataset's id", where="--dataset", todo=todo)


@contextmanager
def _progress() -> Generator[Callable[[], None]]:
    """Show how many items were read, on a terminal's stderr only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.completed} items"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("import", total=None)
        yield lambda: bar.advance(task)


def _departure_line(one: Departure) -> DepartureLine:
    return DepartureLine(
        line=one.line,
        headsign=one.headsign,
        destination=one.destination,
        platform=one.platform,
        scheduled=one.scheduled,
        expected=one.expected,
        cancelled=one.cancelled,
        state=one.freshness.state,
    )


def _show_departures(name: str, lines: Sequence[DepartureLine]) -> None:
    write(name)
    for line in lines:
        live = f"{line.expected:%H:%M}" if line.expected else "     "
        gone = "  cancelled" if line.cancelled else ""
        write(f"{line.scheduled:%Y-%m-%d %H:%M}  {live}  {line.line}  {line.headsign}{gone}")


def _services(territory: Territory | None) -> dict[str, str]:
    """Give by dataset the first service that shows it."""
    found: dict[str, str] = {}
    for service in territory.services if territory else ():
        for dataset in service.datasets:
            found.setdefault(dataset, service.id)
    return found


def _hit_line(hit: Hit, services: dict[str, str], language: str) -> HitLine:
    return HitLine(
        id=hit.id,
        service=services.get(hit.dataset, ""),
        dataset=hit.dataset,
        title=text_in(hit.title, language)[0],
        snippet=text_in(hit.snippet, language)[0],
        score=hit.score,
    )
