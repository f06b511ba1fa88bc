"""What anybody may fetch: manifests and blobs."""

from __future__ import annotations

import re
from typing import Final

from kiosk.domain.errors import BlobDamaged, NothingThere
from sync.hub.api.operation import BYTES, Answer, Call
from sync.hub.datasets.blobs import DurableBlobs
from sync.hub.datasets.models import SignedManifest

MANIFEST_CACHE: Final = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"
BLOB_CACHE: Final = "public, max-age=31536000, immutable"
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def manifest(call: Call) -> Answer:
    """Give a territory's signed manifest, or 304 to who holds it."""
    found = SignedManifest.objects.filter(territory=call.path["territory"]).first()
    if found is None:
        raise NothingThere("no such territory is published")
    etag = f'"{found.etag}"'
    headers = {"ETag": etag}
    if etag in call.request.headers.get("If-None-Match", ""):
        return Answer(status=304, headers=headers, cache=MANIFEST_CACHE, media=BYTES)
    return Answer(body=bytes(found.body), media=BYTES, headers=headers, cache=MANIFEST_CACHE)


def notice(call: Call) -> Answer:
    """Give the notice that names a territory's online key, signed by its root key."""
    found = SignedManifest.objects.filter(territory=call.path["territory"]).first()
    if found is None or not found.notice:
        raise NothingThere("no such territory is published")
    return Answer(body=bytes(found.notice), media=BYTES, cache=MANIFEST_CACHE)


def blob(call: Call) -> Answer:
    """Give a blob or a range of it; a web server in front serves the same files."""
    try:
        data = DurableBlobs(call.hub.blobs).read(call.path["sha256"])
    except BlobDamaged as absent:
        raise NothingThere("no such blob") from absent
    headers = {"ETag": f'"{call.path["sha256"]}"', "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(call.request.headers.get("Range", ""))
    if asked is None:
        return Answer(body=data, media=BYTES, headers=headers, cache=BLOB_CACHE)
    begin, end = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
    if begin > end:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return Answer(status=416, headers=headers, media=BYTES)
    headers["Content-Range"] = f"bytes {begin}-{end}/{len(data)}"
    part = data[begin : end + 1]
    return Answer(status=206, body=part, media=BYTES, headers=headers, cache=BLOB_CACHE)
