"""A disk that loses what was not synced: files in memory under SQLite, through an APSW VFS.

Rules of the model:

1. A write stays in the cache until its file is synced; a sync makes all of the file's writes
   durable. Names are durable at once (SQLite syncs the folder where it must).
2. The power may go before any write or sync. What an image then holds of each file's unsynced
   writes is drawn: none, all, the first few, or any of them, whole sectors at a time (a write is
   torn at 512 bytes).
3. Locks do nothing: there is one connection, in exclusive mode, so that no memory is shared.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

apsw: Any = import_module("apsw")  # of the dev group; whoever imports this has looked for it
SECTOR = 512
Change = tuple[int, bytes] | int  # a write at an offset, or a new length


@dataclass(slots=True)
class Stored:
    """A file: what is durable, and what was written since the last sync."""

    durable: bytearray = field(default_factory=bytearray)
    seen: bytearray = field(default_factory=bytearray)
    unsynced: list[Change] = field(default_factory=list[Change])

    def change(self, change: Change) -> None:
        """Write or cut, in the cache."""
        _apply(self.seen, change)
        self.unsynced.append(change)

    def sync(self) -> None:
        """Make everything durable."""
        self.durable, self.unsynced = bytearray(self.seen), []

    def image(self, chance: random.Random) -> bytes:
        """Give what the disk may hold when the power goes now (rule 2)."""
        content, fate = bytearray(self.durable), chance.randrange(4)
        kept = self.unsynced if fate else []
        if fate == 1:
            kept = kept[: chance.randint(0, len(kept))]
        for change in kept:
            if fate < 3 or isinstance(change, int):
                _apply(content, change)
            else:
                for sector in _sectors(change):
                    if chance.random() < 0.5:
                        _apply(content, sector)
        return bytes(content)


class Disk(apsw.VFS):  # type: ignore[misc]  # apsw is Any here
    """The VFS; ``on_event`` is called before each write and sync."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, Stored] = {}
        self.on_event: Callable[[], None] = lambda: None
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802
        """Open or make a file."""
        flags[1] = flags[0]
        key = name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary"
        return File(self, self.files.setdefault(Path(key).name, Stored()))

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        """Say whether a file is there."""
        return Path(pathname).name in self.files

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Remove a file."""
        self.files.pop(Path(filename).name, None)

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        """Give the name as it is."""
        return name

    def image(self, folder: Path, chance: random.Random) -> None:
        """Write what the disk may hold now into ``folder``."""
        for name, stored in self.files.items():
            (folder / name).write_bytes(stored.image(chance))


class File:
    """An open file as APSW calls it."""

    def __init__(self, disk: Disk, stored: Stored) -> None:
        self._disk, self._stored = disk, stored

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._stored.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.on_event()
        self._stored.change((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.on_event()
        self._stored.change(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.on_event()
        self._stored.sync()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._stored.seen)

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        pass

    def xUnlock(self, level: int) -> None:  # noqa: N802
        pass

    def xClose(self) -> None:  # noqa: N802
        pass


def _apply(content: bytearray, change: Change) -> None:
    if isinstance(change, int):
        del content[change:]
        return
    offset, data = change
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _sectors(change: tuple[int, bytes]) -> Iterator[tuple[int, bytes]]:
    offset, data = change
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        yield offset + start, data[start:end]
        start = end
