"""Reads one CSV file of a feed row by row, tolerant of what publishers get wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from kiosk.domain.record import Reject
from sync.connectors.base import reject_of

REJECTS_MAX = 1000
CHUNK = 256  # rows held as text at a time: they stay in the processor's cache
ABSENT = 1 << 30  # the place of a column that isn't there
CELL_MAX = 100_000  # characters; a longer cell is an unclosed quote


@dataclass(slots=True, kw_only=True)
class Rejects:
    """What could not be read: the first REJECTS_MAX are kept, the rest is counted."""

    kept: list[Reject] = field(default_factory=list[Reject])
    uncounted: int = 0

    def add(self, where: str, why: str) -> None:
        """Note one reject."""
        if len(self.kept) < REJECTS_MAX:
            self.kept.append(reject_of(where, why))
        else:
            self.uncounted += 1

    def all(self) -> Iterator[Reject]:
        """Yield the kept ones, then how many more there were."""
        yield from self.kept
        if self.uncounted:
            yield reject_of("feed", f"and {self.uncounted} more rejects")


class Sheet:
    """A CSV file: its columns by name, its rows with their line numbers.

    UTF-8 (with or without its mark); a file in another encoding is read as Latin-1 and said.
    """

    def __init__(self, name: str, raw: bytes, rejects: Rejects) -> None:
        self.name = name
        self.rejects = rejects
        csv.field_size_limit(CELL_MAX)
        self._line = 0
        self._reader = csv.reader(io.StringIO(self._decoded(raw), newline=""))
        self.columns = {
            title.strip().lower(): index for index, title in reversed([*enumerate(self._header())])
        }

    def reject(self, why: str, line: int = 0) -> None:
        """Note that a line (0: the last one read) could not be used."""
        self.rejects.add(f"{self.name}:{line or max(self._line, 1)}", why)

    def has(self, *needed: str) -> bool:
        """Say whether the columns are there; the missing ones are a reject of line 1."""
        missing = [column for column in needed if column not in self.columns]
        if missing:
            self.reject(f"column missing: {', '.join(missing)}", 1)
        return not missing

    def chunks(self) -> Iterator[tuple[int, list[list[str]]]]:
        """Yield the raw rows by CHUNK, with the number of the line before the first.

        A row that isn't CSV is a reject; the reader goes on with the next line.
        """
        going = True
        while going:
            before = self._reader.line_num
            chunk: list[list[str]] = []
            try:
                chunk.extend(islice(self._reader, CHUNK))
                going = bool(chunk)
            except csv.Error as wrong:  # what was read before it stands in the chunk
                self.reject(str(wrong), self._reader.line_num)
            yield before, chunk

    def cells(self, *names: str) -> Iterator[tuple[str, ...]]:
        """Yield of each row that isn't blank the named cells, stripped, "" where one lacks."""
        at = [self.columns.get(name, ABSENT) for name in names]
        for before, chunk in self.chunks():
            # Columns are picked and stripped faster than cells.
            columns = list(zip_longest(*chunk, fillvalue=""))
            blank = ("",) * len(chunk)
            picked = (columns[index] if index < len(columns) else blank for index in at)
            stripped = [list(map(str.strip, column)) for column in picked]
            for self._line, cells in enumerate(zip(*stripped, strict=True), before + 1):
                if any(cells):
                    yield cells

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.rejects.add(f"{self.name}:1", "not UTF-8, read as Latin-1")
            return raw.decode("latin-1")

    def _header(self) -> list[str]:
        with suppress(csv.Error):
            for row in self._reader:
                return row
        self.reject("empty file", 1)
        return []
