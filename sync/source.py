"""Where alv1's bytes come from: a hub, a stick, a neighbour; the same bytes, verified the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A manifest's answer: its bytes (None: unchanged), its ETag, and the clock's skew in s."""

    data: bytes | None
    etag: str = ""
    skew_s: float | None = None


class Source(Protocol):
    """What gives manifests, notices of keys and blobs, none of which is believed yet."""

    async def manifest(self, etag: str) -> Polled:
        """Give the manifest; raises HubUnavailable, FeedRefused."""
        ...

    async def notice(self) -> bytes:
        """Give the notice of keys; raises HubUnavailable, FeedRefused."""
        ...

    async def blob(self, name: str, *, fresh: bool = False) -> bytes:
        """Give a blob, ``fresh`` past every cache; raises HubUnavailable, BlobDamaged."""
        ...
