"""Citizens' photos: taken piece by piece, private, whole and verified or not at all.

Rules:
1. A photo is named by its SHA-256; pieces come in order, and the one that is due is told.
2. It has PHOTO_BYTES_MAX bytes at most, WAITING_MAX of a kiosk are unfinished, and it is a JPEG, a
   PNG or a WebP by its first bytes; anything else is deleted and refused.
3. It lies outside the folder of public blobs, readable by the hub's user alone.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from kiosk.domain.errors import InputRefused, LimitReached
from sync.hub.devices.models import Device
from sync.hub.events.models import Photo
from sync.hub.here import Here

PHOTO_BYTES_MAX = 8_000_000
PIECE_BYTES_MAX = 256 * 1024
WAITING_MAX = 100
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes of a photo: where they begin, and how many the whole has."""

    offset: int
    total: int
    data: bytes


def take(hub: Here, device: Device, sha256: str, piece: Piece) -> Photo:
    """Add a piece when it is the one that is due; gives how far the photo is.

    Raises InputRefused (not a photo, not those bytes, too large), LimitReached.
    """
    if not 0 < piece.total <= PHOTO_BYTES_MAX or piece.offset + len(piece.data) > piece.total:
        raise InputRefused(f"a photo has 1 to {PHOTO_BYTES_MAX} bytes")
    with transaction.atomic():
        photo = _locked(hub, device, sha256, piece.total)
        due = photo.complete_at is None and piece.offset == photo.size and bool(piece.data)
        if due:
            _add(_file(hub, photo), piece)
            photo.size += len(piece.data)
            if photo.size == photo.total and _sound(_file(hub, photo), sha256):
                photo.complete_at = hub.clock.now()
            photo.save(update_fields=["size", "complete_at"])
    if photo.size == photo.total and photo.complete_at is None:
        _file(hub, photo).unlink(missing_ok=True)
        photo.delete()
        raise InputRefused("not a photo, or not the one of that name")
    return photo


def find(device: Device, sha256: str) -> Photo | None:
    """Give how far a photo is, None when none of its bytes is here."""
    return Photo.objects.filter(device=device, sha256=sha256).first()


def _locked(hub: Here, device: Device, sha256: str, total: int) -> Photo:
    known = Photo.objects.select_for_update().filter(device=device, sha256=sha256).first()
    if known is not None:
        if known.total != total:
            raise InputRefused("a photo has one size")
        return known
    if Photo.objects.filter(device=device, complete_at=None).count() >= WAITING_MAX:
        raise LimitReached("too many photos are unfinished")
    return Photo.objects.create(device=device, sha256=sha256, total=total, began_at=hub.clock.now())


def _file(hub: Here, photo: Photo) -> Path:
    return hub.photos / photo.device_id / photo.sha256


def _add(file: Path, piece: Piece) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, piece.offset)  # what a cut piece has left behind
        os.pwrite(handle, piece.data, piece.offset)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sound(file: Path, sha256: str) -> bool:
    digest = hashlib.sha256()
    with file.open("rb") as photo:
        head = photo.read(_READ_BYTES)
        digest.update(head)
        for _ in range(PHOTO_BYTES_MAX // _READ_BYTES + 1):
            digest.update(photo.read(_READ_BYTES))
    return digest.hexdigest() == sha256 and head.startswith(_MAGIC)
