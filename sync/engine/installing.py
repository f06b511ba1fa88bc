"""Installs a hub's image where nothing of a hub stands yet: fetch, check, complete, replace.

The image is a blob that the signed manifest names, and its pieces are blobs that the image names:
nothing is unpacked before its hash holds. What is put together lies aside (``content.db.draft``),
is checked there (kiosk.store.image_check), and replaces the content in one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from kiosk.domain.errors import DataAbsent
from kiosk.store.blob_store import BlobStore
from kiosk.store.copies import CopyWriter
from kiosk.store.image import DRAFT, carry_over
from kiosk.store.image_check import check
from sync import feed
from sync.protocol.image import content
from sync.protocol.manifest import Image, Manifest
from sync.protocol.manifest import read as read_document

Have = Callable[[str], Awaitable[None]]  # has a blob fetched, where it isn't here

log = structlog.get_logger("sync.installing")


class Installer:
    """Brings images into one content database."""

    def __init__(self, database: Path, blobs: BlobStore, writer: CopyWriter) -> None:
        self._database = database
        self._draft = database.with_name(f"{database.name}{DRAFT}")
        self._blobs = blobs
        self._writer = writer

    async def install(self, name: str, manifest: Manifest, have: Have) -> None:
        """Install the image whose blob is ``name``.

        Raises BlobDamaged, FeedRefused (not what was told), HubUnavailable, DataAbsent; the content
        is then what it was.
        """
        image = await self.fetch(name, manifest, have)
        try:
            self._put_together(image)
            check(self._draft, image)
            carry_over(self._draft, self._database)
            self._writer.replace_by(self._draft)
        finally:
            with suppress(OSError):
                self._draft.unlink(missing_ok=True)
        log.info("feed.installed", datasets=len(image.datasets), bytes=image.bytes)

    async def fetch(self, name: str, manifest: Manifest, have: Have) -> Image:
        """Have an image's blobs here; gives what it is; raises like ``install``."""
        await have(name)
        image = read_document(self._blobs.read(name), Image)
        feed.check_image(image, manifest)
        for piece in image.pieces:
            await have(piece.name)
        return image

    def _put_together(self, image: Image) -> None:
        try:
            with self._draft.open("wb") as file:
                for piece in image.pieces:
                    file.write(content(piece, self._blobs.read(piece.name)))
        except OSError as wrong:
            raise DataAbsent(f"an image can't be written: {wrong}") from wrong
