"""A backup's file: whole, private, and refused when a single byte of it has changed."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused, StorageFull
from sync.hub.keeping import archive
from sync.hub.keeping.archive import FORMAT, HEADER, Header, Member, Standing, member_of

NAME = "tables/auth.group.zst"


def header(*files: Member) -> Header:
    return Header(
        format=FORMAT,
        made_at="2026-11-22T09:42:00+00:00",
        schema={"auth": "0001_initial"},
        territories={"orne": Standing(epoch=1, version=3, root="")},
        rows={"auth.group": 1},
        left_out=("hub.secret",),
        files=files,
    )


def made(folder: Path, data: bytes = b"rows" * 1000) -> Path:
    piece = folder / "piece"
    piece.write_bytes(data)
    out = folder / "a.alvbackup"
    archive.write(out, header(member_of(NAME, piece)), {NAME: piece})
    return out


def tar(file: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(file, "w") as out:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return file


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    with archive.opened(made(tmp_path)) as (found, pieces):
        assert found.territories["orne"].version == 3
        assert [(one.name, piece.read()) for one, piece in pieces] == [(NAME, b"rows" * 1000)]


def test_the_file_is_its_owner_s_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = made(tmp_path)
    assert out.stat().st_mode & 0o777 == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"piece", out.name}


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(InputRefused, match="there already"):
        made(tmp_path)


def test_a_piece_that_changed_while_it_was_saved_makes_no_backup(tmp_path: Path) -> None:
    piece = tmp_path / "piece"
    piece.write_bytes(b"before")
    told = header(member_of(NAME, piece))
    piece.write_bytes(b"after!")
    with pytest.raises(InputRefused, match="other bytes"):
        archive.write(tmp_path / "a", told, {NAME: piece})
    piece.write_bytes(b"cut")
    with pytest.raises(StorageFull):
        archive.write(tmp_path / "a", told, {NAME: piece})
    assert {one.name for one in tmp_path.iterdir()} == {"piece"}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_of_what_counts_is_refused(tmp_path: Path, place: int, flip: int) -> None:
    out = tmp_path / "a.alvbackup"
    data = bytearray((out if out.exists() else made(tmp_path)).read_bytes())
    at = bytes(data).index(b"rowsrows") + place % 4000  # within the piece
    data[at] ^= flip
    wrong = tmp_path / "wrong"
    wrong.write_bytes(data)
    with pytest.raises(InputRefused, match="damaged"):
        archive.verify(wrong)


@pytest.mark.parametrize("keep", [0, 10, 600, 2000, 5000])
def test_a_cut_file_is_refused(tmp_path: Path, keep: int) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(made(tmp_path).read_bytes()[:keep])
    with pytest.raises(InputRefused, match="damaged"):
        archive.verify(wrong)


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"nothing of ours" * 100)
    for file in (other, tmp_path / "absent", tar(tmp_path / "t", ("x", b"y"))):
        with pytest.raises(InputRefused, match="no backup"):
            archive.verify(file)


@pytest.mark.parametrize(
    "name", ["../hub.secret", "/etc/passwd", "photos/a/../b", "tables/A.b.zst", "blobs/ab"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    member = Member(name=name, size=1, sha256="0" * 64)
    head = msgspec.json.encode(header(member))
    with pytest.raises(InputRefused, match="a name"):
        archive.verify(tar(tmp_path / "t", (HEADER, head), (name, b"y")))


def test_more_than_the_list_says_is_refused(tmp_path: Path) -> None:
    head = msgspec.json.encode(header())
    with pytest.raises(InputRefused, match="more than"):
        archive.verify(tar(tmp_path / "t", (HEADER, head), ("hub.toml", b"y")))


def test_a_list_that_names_what_is_absent_is_refused(tmp_path: Path) -> None:
    head = msgspec.json.encode(header(Member(name="psp.db", size=1, sha256="0" * 64)))
    with pytest.raises(InputRefused, match="isn't in its place"):
        archive.verify(tar(tmp_path / "t", (HEADER, head)))


def test_a_newer_format_says_to_take_a_newer_programme(tmp_path: Path) -> None:
    head = msgspec.json.encode(msgspec.structs.replace(header(), format=2))
    with pytest.raises(InputRefused, match="newer"):
        archive.verify(tar(tmp_path / "t", (HEADER, head)))
    with pytest.raises(InputRefused, match="its list"):
        archive.verify(tar(tmp_path / "u", (HEADER, b"[]")))
