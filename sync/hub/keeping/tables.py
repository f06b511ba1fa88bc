"""The hub's tables as lines: out of SQLite or PostgreSQL, and into either.

Rules:
1. All tables are read in one snapshot of the database, while others go on writing.
2. A table is one zstd frame of lines: its columns, then a row a line. Bytes are base64, moments
   ISO 8601.
3. Sessions and used nonces aren't kept: both are over by the time of a restore. Nor are images: the
   hub makes them anew.
4. Lines are loaded into the tables as they were at the backup, in one transaction; the migrations
   that have come since run afterwards.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import zstandard
from django.apps import apps as now
from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from kiosk.domain.errors import InputRefused

NOT_KEPT: Final = frozenset({"sessions.session", "devices.nonce", "datasets.prebuiltimage"})
LINE_BYTES_MAX: Final = 64 * 1024 * 1024
ROWS_AT_ONCE: Final = 1_000
_BEGIN: Final = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def snapshot() -> Generator[None]:
    """Let everything that the block reads be of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def schema() -> dict[str, str]:
    """Give the last migration of each application; raises InputRefused when some wait."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    if executor.migration_plan(leaves):
        raise InputRefused("its tables aren't up to date", todo="alveole hub init")
    return dict(leaves)


def dump(folder: Path) -> tuple[dict[str, Path], dict[str, int]]:
    """Write every table into ``folder``; gives the files by name, and the rows of each table."""
    files: dict[str, Path] = {}
    rows: dict[str, int] = {}
    for model in kept(now):
        label = model._meta.label_lower  # noqa: SLF001  # Django's documented way to a model's facts
        file = folder / f"{label}.zst"
        with file.open("wb") as out, zstandard.ZstdCompressor().stream_writer(out) as lines:
            rows[label] = _write(model, lines)
        files[f"tables/{label}.zst"] = file
    return files, rows


def is_empty() -> bool:
    """Say whether the database has no table yet."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def prepare(found: Mapping[str, str]) -> Apps:
    """Make the tables as they were at a backup; gives their models.

    Raises InputRefused for a schema that this programme doesn't know: it is older than the backup.
    """
    executor = MigrationExecutor(connection)
    targets = list(found.items())
    unknown = [f"{app} {name}" for app, name in targets if (app, name) not in _known(executor)]
    if unknown:
        raise InputRefused(
            f"the backup is newer than this programme ({', '.join(unknown)})",
            todo="take the version that made it",
        )
    executor.migrate(targets)
    state: Apps = MigrationExecutor(connection).loader.project_state(targets).apps
    return state


def load(registry: Apps, label: str, piece: IO[bytes]) -> int:
    """Load a table's lines inside the caller's transaction; gives its rows; raises InputRefused."""
    try:
        model = registry.get_model(label)
        reader = zstandard.ZstdDecompressor().stream_reader(piece, closefd=False)
        return _read(model, io.BufferedReader(reader))
    except (LookupError, msgspec.DecodeError, zstandard.ZstdError, ValueError, TypeError) as wrong:
        raise InputRefused(f"a table that can't be read: {wrong}", where=label) from wrong


def finish(registry: Apps) -> None:
    """Count on from the highest id of each table, then bring the tables up to date."""
    statements = connection.ops.sequence_reset_sql(no_style(), kept(registry))
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    call_command("migrate", verbosity=0)


def kept(registry: Apps) -> list[type[models.Model]]:
    """Give the models whose tables are kept."""
    every = registry.get_models(include_auto_created=True)
    return [
        model
        for model in every
        if model._meta.managed  # noqa: SLF001
        and not model._meta.proxy  # noqa: SLF001
        and model._meta.label_lower not in NOT_KEPT  # noqa: SLF001
    ]


def _known(executor: MigrationExecutor) -> set[tuple[str, str]]:
    return set(executor.loader.disk_migrations or {})


def _columns(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    return {one.attname: one for one in model._meta.concrete_fields}  # noqa: SLF001


def _write(model: type[models.Model], out: IO[bytes] | zstandard.ZstdCompressionWriter) -> int:
    names, rows = list(_columns(model)), 0
    out.write(msgspec.json.encode(names) + b"\n")
    found = model._base_manager.order_by().values_list(*names)  # noqa: SLF001
    for row in found.iterator(chunk_size=ROWS_AT_ONCE):
        out.write(msgspec.json.encode(row) + b"\n")
        rows += 1
    return rows


def _read(model: type[models.Model], lines: IO[bytes]) -> int:
    columns = _columns(model)
    names: list[str] = msgspec.json.decode(_line(lines), type=list[str])
    fields = [columns[name] for name in names]
    rows, count = _rows(lines, names, fields), 0
    while some := list(islice(rows, ROWS_AT_ONCE)):
        model._base_manager.bulk_create([model(**row) for row in some])  # noqa: SLF001
        count += len(some)
    return count


def _rows(
    lines: IO[bytes], names: list[str], fields: list[models.Field[Any, Any]]
) -> Iterator[dict[str, Any]]:
    while line := _line(lines):
        values: list[Any] = msgspec.json.decode(line, type=list[Any])
        told = zip(names, fields, values, strict=True)
        yield {name: _value(field, value) for name, field, value in told}


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    return (
        base64.b64decode(value) if isinstance(field, models.BinaryField) else field.to_python(value)
    )


def _line(lines: IO[bytes]) -> bytes:
    line = lines.readline(LINE_BYTES_MAX + 1)
    if len(line) > LINE_BYTES_MAX:
        raise ValueError("a line past its bound")
    return line
