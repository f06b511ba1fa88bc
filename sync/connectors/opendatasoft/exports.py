"""Brings the exports of the Explore API (v2.1) to the one shape that its answers have.

=========  ==============================================================
export     becomes
=========  ==============================================================
json       (a list of rows, as it is)
jsonl      a list of its lines; a line that is no JSON becomes null
geojson    a list of records with the properties as fields, and a geometry
csv        a list of rows of texts, without the empty cells; column names
           in lower case
=========  ==============================================================
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json
from sync.connectors.base import Item
from sync.connectors.strict_json import read_json
from sync.connectors.table import Row, Table, read_table

LINES_MAX = 200_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A document in the shape of an answer; ``textual`` when all values are text (CSV).

    ``rejects`` are the lines of a table that can't be read.
    """

    document: Json
    textual: bool = False
    rejects: tuple[Item, ...] = ()


def export_of(raw: bytes) -> Export:
    """Read an answer or an export; raises InputRefused when it is neither JSON nor a table."""
    start = raw.removeprefix(_BOM).lstrip()[:1]
    if start == b"{":
        return Export(document=_lines(raw) if _is_lines(raw) else _plain(read_json(raw)))
    if start in (b"", b"<", b"["):
        return Export(document=read_json(raw))
    return _table(raw)


def _is_lines(raw: bytes) -> bool:
    """Whether the first line is an object of its own, and another one follows it."""
    first, _, rest = raw.strip().partition(b"\n")
    if not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(read_json(first), dict)
    except InputRefused:
        return False


def _lines(raw: bytes) -> Json:
    lines = raw.split(b"\n", LINES_MAX + 1)
    if len(lines) > LINES_MAX:
        raise InputRefused(f"more than {LINES_MAX} lines")
    return [_line(line) for line in lines if line.strip()]


def _line(line: bytes) -> Json:
    try:
        return read_json(line)
    except InputRefused:
        return None


def _plain(document: Json) -> Json:
    """Give a GeoJSON collection as records; any other document as it is."""
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        return document
    return [_feature(feature) for feature in features]


def _feature(feature: Json) -> Json:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return None
    return {"fields": feature["properties"], "geometry": feature.get("geometry")}


def _table(raw: bytes) -> Export:
    if raw.count(b"\n") > LINES_MAX:
        raise InputRefused(f"more than {LINES_MAX} lines")
    table = _read(raw)
    rows: list[Json] = []
    rejects: list[Item] = []
    for row in table.rows():
        if isinstance(row, Row):
            rows.append(_told(row))
        else:
            rejects.append(row)
    return Export(document=rows, textual=True, rejects=tuple(rejects))


def _read(raw: bytes) -> Table:
    what = "not an answer of the Explore API: neither JSON nor a table"
    try:
        table = read_table(raw)
    except InputRefused as wrong:
        raise InputRefused(what) from wrong
    if len(table.columns) < 2:
        raise InputRefused(what)
    return table


def _told(row: Row) -> dict[str, Json]:
    """Give a line's cells that aren't empty, by column."""
    return {name: cell for name, cell in row.cells.items() if name and cell.strip()}
