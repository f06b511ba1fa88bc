"""Opens a GTFS zip within bounds: nothing is unpacked to the disk and no path is believed.

Rules:
1. Not a zip, an encrypted one, a broken member or one past a bound: the whole feed is refused.
2. Members are found by their last name, at the root or all in one folder; others are ignored.
3. A file that is read at most UNPACKED_MAX bytes long, and RATIO_MAX times its packed size
   (a zip bomb packs a thousand times).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from kiosk.domain.errors import InputRefused

UNPACKED_MAX = 200_000_000
RATIO_MAX = 100
SMALL = 1_000_000  # below this a high ratio harms nobody
MEMBERS_MAX = 1000
READ = frozenset(
    f"{name}.txt"
    for name in (
        "agency",
        "stops",
        "routes",
        "trips",
        "stop_times",
        "calendar",
        "calendar_dates",
        "frequencies",
        "feed_info",
    )
)
_ENCRYPTED = 1
# What zipfile lets through for damaged bytes (a fuzz found the last three).
UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    struct.error,
)


def members(raw: bytes) -> dict[str, bytes]:
    """Give the files of READ that the zip holds, by name; raises InputRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            chosen = _chosen(archive.infolist())
            _check(list(chosen.values()))
            return {name: archive.read(entry) for name, entry in chosen.items()}
    except UNSOUND as wrong:
        raise InputRefused(f"not a sound zip: {wrong}", todo="give the feed's .zip") from wrong


def _chosen(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Give the entries to read: those at the root, else those of the one folder that has any."""
    if len(entries) > MEMBERS_MAX:
        raise InputRefused(f"a zip of more than {MEMBERS_MAX} files")
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if _is_read(path) and not entry.is_dir():
            folders.setdefault(str(path.parent), {}).setdefault(path.name, entry)
    if "." not in folders and len(folders) > 1:
        raise InputRefused(
            f"a zip of {len(folders)} feeds: {', '.join(sorted(folders)[:3])}",
            todo="give one feed",
        )
    return folders.get(".") or next(iter([*folders.values(), {}]))


def _is_read(path: PurePosixPath) -> bool:
    return path.name in READ and "__MACOSX" not in path.parts


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what would unpack too large; zipfile never reads past the size a member declares."""
    if sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise InputRefused(f"unpacks to more than {UNPACKED_MAX} bytes")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise InputRefused("encrypted", where=entry.filename)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputRefused("packed in a way that isn't read", where=entry.filename)
        if entry.file_size > max(entry.compress_size * RATIO_MAX, SMALL):
            raise InputRefused("packed too tightly to be a timetable", where=entry.filename)
