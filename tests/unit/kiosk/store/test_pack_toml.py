"""TOML files of a pack: each fault says its line."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.store.pack_toml import (
    TOML_BYTES_MAX,
    Fault,
    Toml,
    decode,
    entries,
    parse_toml,
    read_toml,
)

TEXT = """\
# a file
slug = "x"
name.fr = "nom"

[[thing]]
id = "a"
title.fr = "A"
cell = [0, 1]

[[thing]]
id = "b"
[thing.title]
fr = "B"

[other]
cell = 3
"""


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: dict[str, str] = {}
    cell: tuple[int, int] = (0, 0)


def parsed(text: str) -> Toml:
    toml = parse_toml("f.toml", text.encode())
    assert isinstance(toml, Toml)
    return toml


@pytest.mark.parametrize(
    ("key", "table", "index", "line"),
    [
        ("slug", "", 0, 2),
        ("name", "", 0, 3),
        ("other", "", 0, 15),
        ("absent", "", 0, 1),
        ("id", "thing", 0, 6),
        ("title", "thing", 0, 7),
        ("cell", "thing", 0, 8),
        ("id", "thing", 1, 11),
        ("title", "thing", 1, 12),
        ("cell", "thing", 1, 10),  # not there: the entry's header, not the next table's cell
        ("", "thing", 1, 10),
    ],
)
def test_a_key_is_found_on_its_line(key: str, table: str, index: int, line: int) -> None:
    assert parsed(TEXT).line(key, table=table, index=index) == line


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a = 1\nb = \n", 2),
        (b"a = 1\na = 2\n", 2),
        (b'a = "x\n', 1),
        (b"a = 1\nb = [1, 2\n", 2),
        (b"ok = 1\nbad = '\xff'\n", 2),
    ],
)
def test_what_is_not_toml_says_where(raw: bytes, line: int) -> None:
    fault = parse_toml("f.toml", raw)
    assert isinstance(fault, Fault)
    assert abs(fault.line - line) <= 1  # at the end of the file the parser points past it
    assert fault.file == "f.toml"
    assert fault.what


def test_a_file_nested_too_deeply_is_a_fault_and_no_crash() -> None:
    fault = parse_toml("f.toml", b"a = " + b"[" * 100_000)
    assert isinstance(fault, Fault)


def test_a_file_that_is_absent_linked_or_huge_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("a = 1\n")
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * (TOML_BYTES_MAX + 1))
    (tmp_path / "folder.toml").mkdir()
    assert isinstance(read_toml(tmp_path, "real.toml"), Toml)
    for name in ("absent.toml", "link.toml", "huge.toml", "folder.toml"):
        assert isinstance(read_toml(tmp_path, name), Fault), name


@pytest.mark.parametrize(
    ("value", "what", "line"),
    [
        ({"id": 3}, "id: Expected `str`, got `int`", 6),
        ({"id": "a", "cell": [0, "1"]}, "cell: Expected `int`, got `str`", 8),
        ({"id": "a", "colour": "red"}, "Object contains unknown field `colour`", 5),
        ({}, "Object missing required field `id`", 6),
        ({"id": "a", "title": {"fr": 1}}, "title: Expected `str`, got `int`", 7),
        ({"id": "a", "title": {1: "x"}}, "title: Expected `str`, got `int`", 7),
        ({"id": True}, "id: Expected `str`, got `bool`", 6),
        ("text", "Expected `object`, got `str`", 5),
    ],
)
def test_an_entry_is_decoded_strictly(value: object, what: str, line: int) -> None:
    fault = decode(parsed(TEXT), value, Thing, table="thing")
    assert fault == Fault(file="f.toml", line=line, what=what)


def test_entries_beside_a_bad_one_are_kept() -> None:
    toml = parsed('[[t]]\nid = "a"\n[[t]]\nid = 2\n[[t]]\nid = "c"\n')
    found = list(entries(toml, "t", Thing, most=5))
    assert [one.id if isinstance(one, Thing) else one.line for _, one in found] == ["a", 4, "c"]


def test_entries_beyond_the_most_are_a_fault() -> None:
    toml = parsed('[[t]]\nid = "a"\n[[t]]\nid = "b"\n[[t]]\nid = "c"\n')
    *_, (_, last) = entries(toml, "t", Thing, most=2)
    assert last == Fault(file="f.toml", line=5, what="more than 2 entries")


def test_a_table_that_is_not_asked_for_is_a_fault() -> None:
    found = entries(parsed("x = 1\n\n[u]\n"), "x", Thing, most=2)
    whats = [one.what for _, one in found if isinstance(one, Fault)]
    assert whats == ["unknown table `u`", "write [[x]]"]


def test_a_fault_reads_like_a_compilers() -> None:
    assert str(Fault(file="a.toml", line=3, what="no")) == "a.toml:3: no"
