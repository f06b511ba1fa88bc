"""Reads a CSV table whose author chose the encoding and the delimiter, with typed cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo
from kiosk.domain.text import BODY_MAX, clean_line
from sync.connectors.base import Item, geo_of, reject_of
from sync.connectors.decoding import decode
from sync.connectors.times import day_of, moment_of

COLUMNS_MAX = 200
_DELIMITERS = (",", ";", "\t")
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,20})?", re.ASCII)
_TRUE, _FALSE = ("true", "1", "oui", "vrai", "yes"), ("false", "0", "non", "faux", "no")
_INSEE = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its number in the file (the header is 1) and its cells by column name.

    Each accessor raises InputRefused, "column: why"; names are compared without case.
    """

    line: int
    cells: Mapping[str, str]

    def text(self, column: str, *, required: bool = False) -> str:
        """Give a cell on one line, "" when it is empty or its column is absent."""
        value = clean_line(self.cells.get(column.casefold(), ""), limit=BODY_MAX)
        if required and not value:
            raise InputRefused(f"{column}: empty")
        return value

    def matching(self, column: str, pattern: re.Pattern[str], what: str) -> str:
        """Give a cell that has the form of ``what``."""
        value = self.text(column, required=True)
        if not pattern.fullmatch(value):
            raise InputRefused(f"{column}: not {what}: {value[:40]}")
        return value

    def insee(self, column: str) -> str:
        """Give the INSEE code of a commune."""
        return self.matching(column, _INSEE, "an INSEE code")

    def one_of(self, column: str, values: tuple[str, ...], *, required: bool = False) -> str:
        """Give a cell that is one of ``values`` (case ignored), "" when it may be empty."""
        value = self.text(column, required=required).casefold()
        if value and value not in values:
            raise InputRefused(f"{column}: not one of {', '.join(values)}: {value[:40]}")
        return value

    def number(self, column: str) -> float | None:
        """Give a decimal number, point or comma; None when the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            raise InputRefused(f"{column}: not a number: {value[:40]}")
        return float(value.replace(",", "."))

    def whole(self, column: str) -> int | None:
        """Give a count (0 or more); None when the cell is empty."""
        value = self.number(column)
        if value is None:
            return None
        if value < 0 or not value.is_integer():
            raise InputRefused(f"{column}: not a count: {value:g}")
        return int(value)

    def flag(self, column: str) -> bool | None:
        """Give a yes or no; None when the cell is empty."""
        value = self.one_of(column, (*_TRUE, *_FALSE))
        return value in _TRUE if value else None

    def day(self, column: str) -> date:
        """Give a date."""
        try:
            return day_of(self.text(column, required=True))
        except InputRefused as wrong:
            raise InputRefused(f"{column}: {wrong.what}") from wrong

    def moment(self, column: str, zone: ZoneInfo) -> datetime | None:
        """Give an ISO 8601 time, of ``zone`` when it has no offset; None when the cell is empty."""
        value = self.text(column)
        try:
            return moment_of(value, zone) if value else None
        except InputRefused as wrong:
            raise InputRefused(f"{column}: {wrong.what}") from wrong

    def geo(self, lat: str, lon: str) -> Geo | None:
        """Give the position; None when both cells are empty."""
        values = self.number(lat), self.number(lon)
        found = geo_of(*values)
        if found is None and values != (None, None):
            raise InputRefused(f"{lat}, {lon}: not a position: {values[0]}, {values[1]}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decoded table: the names of its columns in lower case, and its text from line 2 on."""

    columns: tuple[str, ...]
    delimiter: str
    encoding: str
    text: str

    def needs(self, columns: tuple[str, ...], what: str) -> None:
        """Accept a table that has these columns; raises InputRefused, "not a table of what"."""
        for column in columns:
            if column not in self.columns:
                raise InputRefused(f"not a table of {what}: no column {column}", where="line 1")

    def rows(self) -> Iterator[Row | Item]:
        """Give the rows, and a reject for each line that hasn't the header's width."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        try:
            next(reader, None)
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield self._row(line, cells)
                line = reader.line_num + 1
        except csv.Error as wrong:
            yield reject_of(f"line {reader.line_num}", f"unreadable from here on: {wrong}")

    def _row(self, line: int, cells: list[str]) -> Row | Item:
        if len(cells) != len(self.columns):
            width = f"{len(cells)} cells under {len(self.columns)} columns"
            return reject_of(f"line {line}", width)
        return Row(line=line, cells=dict(zip(self.columns, cells, strict=True)))


def attempt(rows: Iterable[Row | Item], take: Callable[[Row], Iterable[Item]]) -> Iterator[Item]:
    """Give what ``take`` makes of each row; a row that it refuses is a reject with its line."""
    for row in rows:
        if isinstance(row, Row):
            yield from _attempted(row, take)
        else:
            yield row


def _attempted(row: Row, take: Callable[[Row], Iterable[Item]]) -> Iterable[Item]:
    try:
        return take(row)
    except InputRefused as wrong:
        return [reject_of(f"line {row.line}", wrong)]


def read_table(raw: bytes) -> Table:
    """Give the table in ``raw``; raises InputRefused when it can't be one."""
    text, encoding = decode(raw)
    lines = text.split("\n", 1)
    header = lines[0].rstrip("\r")
    delimiter = max(_DELIMITERS, key=header.count)
    if not header.strip() or len(lines) == 1 or header.count(delimiter) >= COLUMNS_MAX:
        raise InputRefused("not a CSV table: no header with lines under it")
    try:
        names = next(csv.reader([header], delimiter=delimiter))
    except csv.Error as wrong:
        raise InputRefused(f"not a CSV table: {wrong}") from wrong
    columns = tuple(clean_line(name).casefold() for name in names)
    return Table(columns=columns, delimiter=delimiter, encoding=encoding, text=text)
