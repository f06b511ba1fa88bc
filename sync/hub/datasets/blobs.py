"""The hub's blobs: durable before anything names them; nginx may serve the folder as it is."""

from __future__ import annotations

import os

from kiosk.store.blob_store import BlobStore
from sync.protocol.blobs import name_of


class DurableBlobs(BlobStore):
    """Blobs that outlive a power cut: synced, then renamed to their name."""

    def write(self, name: str, data: bytes) -> None:
        """Keep a blob durably; one that is there already is left as it is."""
        assert name_of(data) == name, "a blob is named by its content"
        file = self.path(name)
        if file.exists():
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            with os.fdopen(handle, "wb", closefd=False) as out:
                out.write(data)
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.replace(file)
