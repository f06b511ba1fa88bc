"""What a connector is: the context it reads in, its manifest, its caps and its tolerance.

Rules:
1. A connector's ``parse`` is pure: bytes and a context in, records and rejects out. No I/O.
2. A file that isn't of the format at all raises InputRefused; a bad item becomes a Reject.
3. Bytes, seconds and records are capped; past a cap the whole file is refused, so that half
   a feed is never published as if it were the whole.
4. An id stands once in a file; the second item that bears it is rejected.
5. Text is cleaned here (kiosk.domain.text) on its way into a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias, TypeGuard, TypeVar

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import ID_MAX, Geo, Json, Localised, Record, Reject
from kiosk.domain.text import clean, clean_line

Item: TypeAlias = Record | Reject
Raw = TypeVar("Raw")

WHY_MAX = 300
_ID_KEPT = ID_MAX - 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the bytes can't say of themselves.

    ``observed_at`` (aware) is when the source was read, for files that carry no date;
    ``now`` (aware) centres windows of time; ``timezone`` is an IANA name for local times;
    ``language`` is that of texts without one; ``extra`` holds a connector's own settings.
    """

    dataset: str
    source: str
    licence: str
    observed_at: datetime
    now: datetime
    timezone: str = "Europe/Paris"
    language: str = "fr"
    demo: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict[str, Json])


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A connector's ``manifest.toml``; sizes in bytes, durations in seconds."""

    slug: str
    title: str
    kind: str
    licence: str
    attribution: str
    refresh_s: int
    stale_s: int
    max_bytes: int = 10_000_000
    max_seconds: int = 20
    max_records: int = 200_000


class Connector(Protocol):
    """A reader of one format."""

    def parse(self, raw: bytes, context: Context) -> Iterator[Item]:
        """Give the file's records and rejects; raises InputRefused on another format."""
        ...


Parse: TypeAlias = Callable[[bytes, Context], Iterator[Item]]


def stable_id(text: str) -> str:
    """Give ``text`` as a record's id: cleaned; an over-long one ends with its own digest."""
    tidy = clean_line(text, limit=len(text) + 1)
    if len(tidy) <= ID_MAX:
        return tidy
    digest = hashlib.blake2b(tidy.encode(), digest_size=8).hexdigest()
    return f"{tidy[:_ID_KEPT]}~{digest}"


def geo_of(lat: object, lon: object) -> Geo | None:
    """Give the position, or None when these aren't WGS 84 degrees or are an empty form's 0, 0."""
    if not (is_number(lat) and is_number(lon)) or (lat, lon) == (0, 0):
        return None
    try:
        return Geo(lat=float(lat), lon=float(lon))
    except InputRefused:
        return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether ``value`` is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def first_of(texts: Iterable[str]) -> str:
    """Give the first text that isn't empty, "" when all are."""
    return next(filter(None, texts), "")


def record_of(
    context: Context,
    *,
    id: str,  # noqa: A002 - the field's name in the envelope
    kind: str,
    title: str | Localised,
    body: str | Localised = "",
    geo: Geo | None = None,
    observed_at: datetime | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    popularity: int = 0,
    data: Mapping[str, Json] | None = None,
) -> Record:
    """Give a record with the context's envelope and cleaned text; raises InputRefused."""
    named = _tidied(context, title, clean_line)
    if not named:
        raise InputRefused("no title to call it by")
    return Record(
        id=stable_id(id),
        dataset=context.dataset,
        kind=kind,
        title=named,
        body=_tidied(context, body, clean),
        source=context.source,
        licence=context.licence,
        observed_at=observed_at or context.observed_at,
        geo=geo,
        valid_from=valid_from,
        valid_until=valid_until,
        popularity=popularity,
        demo=context.demo,
        data=data or {},
    )


def _tidied(context: Context, texts: str | Localised, tidy: Callable[[str], str]) -> dict[str, str]:
    localised = {context.language: texts} if isinstance(texts, str) else texts
    tidied = {tag: tidy(text) for tag, text in localised.items()}
    return {tag: text for tag, text in tidied.items() if text}


def reject_of(where: str, wrong: Exception | str) -> Reject:
    """Give the reject of one item, both texts cleaned and bounded."""
    why = wrong.what if isinstance(wrong, InputRefused) else str(wrong)
    return Reject(
        where=clean_line(where),
        why=clean_line(why, limit=WHY_MAX) or "unreadable",
    )


def each(items: Iterable[tuple[str, Raw]], build: Callable[[Raw], Record]) -> Iterator[Item]:
    """Build a record of each (where, item); a refused or impossible value is a reject."""
    for where, item in items:
        try:
            yield build(item)
        except (InputRefused, ValueError, OverflowError) as wrong:
            yield reject_of(where, wrong)


def read_bounded(path: Path, manifest: Manifest) -> bytes:
    """Read at most ``manifest.max_bytes`` of a regular file; raises InputRefused."""
    if not path.is_file():
        raise InputRefused("no such file", where=path.name, todo="give the path of a file")
    try:
        with path.open("rb") as file:
            raw = file.read(manifest.max_bytes + 1)
    except OSError as wrong:
        reason = wrong.strerror or "unreadable"
        raise InputRefused(reason, where=path.name, todo="check the file's rights") from wrong
    if len(raw) > manifest.max_bytes:
        raise InputRefused(
            f"larger than {manifest.max_bytes} bytes", where=path.name, todo="split the file"
        )
    return raw


def guarded(
    parse: Parse,
    raw: bytes,
    context: Context,
    manifest: Manifest,
    monotonic: Callable[[], float],
) -> Iterator[Item]:
    """Run ``parse`` under the manifest's caps of bytes, seconds and items.

    A ValueError that a library lets through ends the file with a reject that says after which
    item; before the first item it refuses the file. Raises InputRefused.
    """
    if len(raw) > manifest.max_bytes:
        raise InputRefused(f"larger than {manifest.max_bytes} bytes")
    deadline = monotonic() + manifest.max_seconds
    seen: set[str] = set()
    count = 0
    try:
        for item in parse(raw, context):
            count += 1
            _check(manifest, count, late=monotonic() > deadline)
            yield _once(item, seen)
    except ValueError as wrong:
        if count == 0:
            raise InputRefused(f"not {manifest.title}: {wrong}") from wrong
        yield reject_of(f"after item {count}", wrong)


def _check(manifest: Manifest, count: int, *, late: bool) -> None:
    if count > manifest.max_records:
        raise InputRefused(f"more than {manifest.max_records} items")
    if late:
        raise InputRefused(f"reading took more than {manifest.max_seconds} s")


def _once(item: Item, seen: set[str]) -> Item:
    if isinstance(item, Reject):
        return item
    if item.id in seen:
        return reject_of(item.id, "an earlier item bears the same id")
    seen.add(item.id)
    return item
