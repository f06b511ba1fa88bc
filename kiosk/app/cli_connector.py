"""The command ``connector``: lists the connectors, and shows what one reads in a file."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import print_json, print_ndjson, write
from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from kiosk.domain.record import Json, Reject
    from sync.connectors.base import Context, Manifest, Parse

FILES_MAX = 1_000
# What ``--context`` says of the envelope; any other name is a setting of the connector's own.
_ENVELOPE = ("dataset", "source", "licence", "timezone", "language", "demo", "observed_at", "now")
_LIST_EXAMPLE = "Example: alveole connector list --json"
_PARSE_EXAMPLE = (
    "Example: alveole connector parse icalendar agenda.ics "
    '--context \'{"dataset": "agenda", "from": "2026-11-01", "to": "2026-12-31"}\''
)


def register(app: typer.Typer) -> None:
    """Add ``connector list`` and ``connector parse``."""
    group = typer.Typer(
        help="The readers of open data: which there are, what they make of a file.",
        epilog=_PARSE_EXAMPLE,
    )
    group.command("list", epilog=_LIST_EXAMPLE)(list_connectors)
    group.command("parse", epilog=_PARSE_EXAMPLE)(parse)
    app.add_typer(group, name="connector")


def list_connectors(
    *, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False
) -> None:
    """List the connectors with the licence and the caps of each."""
    from sync.connectors.registry import available

    manifests = available()
    if json:
        print_json(manifests)
        return
    for manifest in manifests:
        write(f"{manifest.slug:14} {manifest.kind:12} {manifest.title}")


def parse(
    slug: Annotated[str, typer.Argument(help="The connector (see: connector list).")],
    files: Annotated[list[Path], typer.Argument(help="Files to read.", show_default=False)],
    context: Annotated[
        str, typer.Option(help="JSON object: dataset, source, licence, observed_at, timezone …")
    ] = "{}",
) -> None:
    """Read files and print a line a record or reject, then a summary (NDJSON)."""
    from sync.connectors.registry import load, manifest_of

    manifest, connector = manifest_of(slug), load(slug)
    given = _given(context)
    if len(files) > FILES_MAX:
        raise InputRefused(f"more than {FILES_MAX} files", todo="call it several times")
    started = time.monotonic()
    counts = {"records": 0, "rejects": 0}
    try:
        for path in files:
            for item in _items(connector.parse, path, manifest, given):
                counts["records" if isinstance(item, Record) else "rejects"] += 1
                print_ndjson(_line(item))
        seconds = round(time.monotonic() - started, 3)
        print_ndjson({"summary": {**counts, "seconds": seconds}})
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough (| head): not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _given(text: str) -> dict[str, Json]:
    from sync.connectors.strict_json import read_json

    try:
        given = read_json(text.encode("utf-8", "surrogateescape"))
    except InputRefused as wrong:
        raise InputRefused(wrong.what, where="--context", todo="give a JSON object") from wrong
    if not isinstance(given, dict):
        raise InputRefused("not an object", where="--context", todo="give a JSON object")
    return given


def _items(
    read: Parse, path: Path, manifest: Manifest, given: dict[str, Json]
) -> Iterator[Record | Reject]:
    """Give the file's items; a refusal names the file."""
    from sync.connectors.base import guarded, read_bounded

    raw = read_bounded(path, manifest)
    context = _context(path, manifest, given)
    try:
        yield from guarded(read, raw, context, manifest, time.monotonic)
    except InputRefused as wrong:
        where = f"{path.name}: {wrong.where}" if wrong.where else path.name
        raise InputRefused(wrong.what, where=where, todo=wrong.todo) from wrong


def _context(path: Path, manifest: Manifest, given: dict[str, Json]) -> Context:
    """Make the context: what ``--context`` gives, else the manifest's and the file's own date."""
    from sync.connectors.base import Context
    from sync.connectors.times import zone_of

    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    bare = Context(
        dataset=_text(given, "dataset", manifest.slug),
        source=_text(given, "source", manifest.attribution),
        licence=_text(given, "licence", manifest.licence),
        timezone=_text(given, "timezone", "Europe/Paris"),
        language=_text(given, "language", "fr"),
        observed_at=written,
        now=datetime.now(UTC),
        demo=given.get("demo") is True,
        extra={name: value for name, value in given.items() if name not in _ENVELOPE},
    )
    zone = zone_of(bare)
    return replace(
        bare,
        observed_at=_moment(given, "observed_at", zone) or written,
        now=_moment(given, "now", zone) or bare.now,
    )


def _moment(given: dict[str, Json], name: str, zone: ZoneInfo) -> datetime | None:
    from sync.connectors.times import moment_of

    if name not in given:
        return None
    try:
        return moment_of(_text(given, name, ""), zone)
    except InputRefused as wrong:
        raise InputRefused(wrong.what, where=f"--context: {name}", todo=wrong.todo) from wrong


def _text(given: dict[str, Json], name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise InputRefused(f"{name} isn't a text", where="--context")
    return value


def _line(item: Record | Reject) -> dict[str, dict[str, object]]:
    """Give the line's object: the whole envelope, times with their offset."""
    if isinstance(item, Record):
        return {"record": {field.name: _plain(getattr(item, field.name)) for field in fields(item)}}
    return {"reject": {"where": item.where, "why": item.why}}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return {"lat": value.lat, "lon": value.lon} if isinstance(value, Geo) else value
