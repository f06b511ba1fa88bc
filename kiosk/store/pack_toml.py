"""Reading a pack's TOML files, so that every fault says its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import msgspec

TOML_BYTES_MAX = 1_000_000

T = TypeVar("T")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_AT = re.compile(r" - at (?:`[^`]+` in )?`\$(?:\.([\w-]+))?[^`]*`\Z")
_FIELD = re.compile(r"(?:unknown|required) field `([^`]+)`")
_HEADER = re.compile(r"\s*\[+\s*([\w.\-]+)\s*\]+")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """What is wrong in a pack: the file inside the pack, the line (from 1; 0: the whole file)."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        """Give ``file:line: what``."""
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toml:
    """A TOML file that could be read: its name inside the pack, its text and its tables."""

    name: str
    text: str
    tables: Mapping[str, object]

    def line(self, key: str = "", *, table: str = "", index: int = 0) -> int:
        """Give the line of ``key`` in the ``index``-th ``table``; of its header if not there."""
        lines = self.text.splitlines()
        start, end = _block(lines, table, index) if table else (0, len(lines))
        inside = rf"{re.escape(table)}\." if table else ""
        wanted = re.compile(rf"""\s*(\[+{inside})?["']?{re.escape(key)}["']?\s*[=.\]]""")
        found = (n for n in range(start, end if key else start) if wanted.match(lines[n]))
        return next(found, max(start, 1) - 1) + 1

    def fault(self, what: str, key: str = "", *, table: str = "", index: int = 0) -> Fault:
        """Give a fault on the line of ``key``."""
        return Fault(file=self.name, line=self.line(key, table=table, index=index), what=what)


def _block(lines: list[str], table: str, index: int) -> tuple[int, int]:
    """Give the lines, from 0, between the ``index``-th header of ``table`` and the next entry."""
    matches = ((n, _HEADER.match(line)) for n, line in enumerate(lines, 1))
    headers = [(n, found[1]) for n, found in matches if found]
    starts = [n for n, name in headers if name == table]
    if index >= len(starts):
        return 0, 0
    others = (n for n, name in headers if not name.startswith(f"{table}."))
    after = next(filter(starts[index].__lt__, others), len(lines) + 1)
    return starts[index], after - 1


def read_toml(folder: Path, name: str) -> Toml | Fault:
    """Read the file ``name`` of the pack ``folder``; links and files over 1 MB are faults."""
    path = folder / name
    try:
        if path.is_symlink() or path.stat().st_size > TOML_BYTES_MAX:
            return Fault(file=name, line=0, what=f"a link, or over {TOML_BYTES_MAX} bytes")
        return parse_toml(name, path.read_bytes())
    except OSError as wrong:
        return Fault(file=name, line=0, what=f"can't be read: {wrong.strerror}")


def parse_toml(name: str, raw: bytes) -> Toml | Fault:
    """Parse the bytes of the file ``name``, or say on which line they aren't TOML."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        return Fault(file=name, line=raw[: wrong.start].count(b"\n") + 1, what="not UTF-8")
    try:
        return Toml(name=name, text=text, tables=tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        found = _SYNTAX_LINE.search(str(wrong))
        line = int(found[1]) if found else text.count("\n") + 1
        return Fault(file=name, line=line, what=_SYNTAX_LINE.sub("", str(wrong)).strip())
    except RecursionError:
        return Fault(file=name, line=0, what="nested too deeply")


def decode(
    toml: Toml, value: object, kind: type[T], *, key: str = "", table: str = "", index: int = 0
) -> T | Fault:
    """Decode ``value`` strictly into ``kind``: unknown fields and lax types are faults.

    The value is that of the top-level ``key``, of the ``index``-th ``table``, or the whole file.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as wrong:
        found, what = said(wrong, key)
        return toml.fault(what, found, table=table, index=index)


def said(wrong: msgspec.ValidationError, key: str = "") -> tuple[str, str]:
    """Give the key that a validation error speaks of (``key`` if it names none) and the words."""
    text = str(wrong)
    at, field = _AT.search(text), _FIELD.search(text)
    key = (at[1] or "" if at else "") or (field[1] if field else key)
    what = _AT.sub("", text)
    return key, f"{key}: {what}" if key and not field else what


def entries(toml: Toml, table: str, kind: type[T], *, most: int) -> Iterator[tuple[int, T | Fault]]:
    """Give (index, entry or its fault) for each ``[[table]]`` of a file, at most ``most``."""
    for key in toml.tables:
        if key != table:
            yield 0, toml.fault(f"unknown table `{key}`", key)
    found = toml.tables.get(table, [])
    if not isinstance(found, list):
        yield 0, toml.fault(f"write [[{table}]]", table)
        return
    values = cast("list[object]", found)
    for index, value in enumerate(values[:most]):
        yield index, decode(toml, value, kind, table=table, index=index)
    if len(values) > most:
        yield most, toml.fault(f"more than {most} entries", table=table, index=most)
