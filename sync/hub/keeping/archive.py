"""A backup's file: a tar that begins with what is in it, each piece with its SHA-256.

Rules:
1. The first member, ``backup.json``, lists the others in their order, with size and hash. What it
   doesn't list isn't read; a file that holds less, more or other bytes is refused whole.
2. It is written aside with mode 0600, read back against its own list, and only then renamed.
3. Names come from a closed pattern: none can lead out of the folder that is restored.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Annotated, Final

import msgspec

from kiosk.domain.errors import InputRefused, StorageFull
from kiosk.store.durable import sync_folder
from sync.protocol.manifest import Strict

FORMAT: Final = 1
HEADER: Final = "backup.json"
HEADER_BYTES_MAX: Final = 128 * 1024 * 1024
FILES_MAX: Final = 500_000
_CHUNK: Final = 1024 * 1024
_NAMES: Final = re.compile(
    r"tables/[a-z_]{1,40}\.[a-z_]{1,60}\.zst|blobs/[0-9a-f]{64}|photos/[a-z0-9]{1,32}/[0-9a-f]{64}"
    r"|[a-z][a-z-]{1,30}\.(?:toml|db)"
)

Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Member(Strict, frozen=True, kw_only=True):
    """A piece of a backup."""

    name: str
    size: Count
    sha256: Hex


class Standing(Strict, frozen=True, kw_only=True):
    """A territory at the backup: its manifest, and the root key that its kiosks believe ("")."""

    epoch: Count
    version: Count
    root: str


class Header(Strict, frozen=True, kw_only=True):
    """What is in a backup; ``schema`` is the last migration of each application.

    ``left_out`` names the secrets that lay beside the data and did not travel.
    """

    format: int
    made_at: str
    schema: dict[str, str]
    territories: dict[str, Standing]
    rows: dict[str, Count]
    left_out: tuple[str, ...]
    files: Annotated[tuple[Member, ...], msgspec.Meta(max_length=FILES_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup as it was made; ``sha256`` is the whole file's, to be noted beside it."""

    file: str
    bytes: int
    sha256: str
    made_at: str
    rows: Mapping[str, int]
    blobs: int
    photos: int
    left_out: tuple[str, ...]
    damaged: tuple[str, ...]


def member_of(name: str, file: Path) -> Member:
    """Describe a file under the name that it has in the backup; raises OSError."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as piece:
        while chunk := piece.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Member(name=name, size=size, sha256=digest.hexdigest())


def write(out: Path, header: Header, sources: Mapping[str, Path]) -> None:
    """Write a backup whole or not at all; raises InputRefused (it is there), StorageFull."""
    if out.exists():
        raise InputRefused("it is there already", where=str(out), todo="name a new file")
    draft = out.with_name(f".{out.name}.part")
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            _fill(file, header, sources)
            file.flush()
            os.fsync(handle)
        verify(draft)
        draft.rename(out)
        sync_folder(out.parent)
    except OSError as full:
        raise StorageFull(f"the backup can't be written: {full}") from full
    finally:
        draft.unlink(missing_ok=True)


def verify(file: Path) -> Header:
    """Read a backup to its end against its own list; raises InputRefused."""
    with opened(file) as (header, pieces):
        for _, piece in pieces:
            while piece.read(_CHUNK):
                pass
    return header


@contextmanager
def opened(file: Path) -> Generator[tuple[Header, Iterator[tuple[Member, BufferedReader]]]]:
    """Give a backup's header and its pieces in order; each is checked when it has been read.

    Raises InputRefused for what is no backup, or a damaged one.
    """
    try:
        with tarfile.open(file, "r:") as tar:
            header = _header(tar)
            yield header, _pieces(tar, header)
    except (tarfile.TarError, OSError, EOFError) as wrong:
        raise _damaged(str(wrong), file) from wrong


class _Checked(RawIOBase):
    """What a piece's reader sees: its bytes, hashed on the way."""

    def __init__(self, piece: IO[bytes]) -> None:
        super().__init__()
        self._piece = piece
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """It is only read."""
        return True

    def readinto(self, room: memoryview, /) -> int:  # type: ignore[override]  # io gives these
        """Read what has room."""
        data = self._piece.read(len(room))
        room[: len(data)] = data
        self._digest.update(data)
        return len(data)

    def ends_as(self, member: Member) -> bool:
        """Read what is left; say whether the whole was the member's."""
        while self.read(_CHUNK):
            pass
        return self._digest.hexdigest() == member.sha256


def _fill(file: IO[bytes], header: Header, sources: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        head = msgspec.json.encode(header)
        tar.addfile(_entry(HEADER, len(head)), BytesIO(head))
        for member in header.files:
            with sources[member.name].open("rb") as piece:
                tar.addfile(_entry(member.name, member.size), piece)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _header(tar: tarfile.TarFile) -> Header:
    first = tar.next()
    piece = tar.extractfile(first) if first is not None and first.name == HEADER else None
    if first is None or piece is None or first.size > HEADER_BYTES_MAX:
        raise _damaged("it doesn't begin with its list")
    try:
        header = msgspec.json.decode(piece.read(), type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise _damaged(f"its list: {wrong}") from wrong
    if header.format != FORMAT:
        raise InputRefused(f"a backup of format {header.format}", todo="take a newer Alvéole")
    names = [one.name for one in header.files]
    if len(set(names)) != len(names) or not all(map(_NAMES.fullmatch, names)):
        raise _damaged("a name that no backup has")
    return header


def _pieces(tar: tarfile.TarFile, header: Header) -> Iterator[tuple[Member, BufferedReader]]:
    for member in header.files:
        entry = tar.next()
        found = (entry.name, entry.size, entry.isreg()) if entry is not None else None
        piece = tar.extractfile(entry) if entry is not None and entry.isreg() else None
        if piece is None or found != (member.name, member.size, True):
            raise _damaged(f"{member.name} isn't in its place")
        checked = _Checked(piece)
        yield member, BufferedReader(checked)
        if not checked.ends_as(member):
            raise _damaged(f"{member.name} holds other bytes than those that were saved")
    if tar.next() is not None:
        raise _damaged("more than its list says")


def _damaged(why: str, file: Path | None = None) -> InputRefused:
    place = str(file) if file is not None else "the backup"
    return InputRefused(f"no backup, or a damaged one: {why}", where=place)
