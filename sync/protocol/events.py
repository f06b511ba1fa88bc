"""Events, from a kiosk up to its hub, and the hub's answers (SYNC.md, "alv1, upstream").

Rules:
1. An event's identity is (kiosk, epoch, seq): the epoch names the outbox that numbered it without
   gaps from 1. The same identity with other bytes is a fork: two kiosks with one name.
2. A batch is one zstd frame of lines, EVENTS_MAX of them and BATCH_BYTES_MAX at most, all of one
   epoch, their numbers rising by one.
3. ``ack`` is the highest number up to which the hub holds every event durably, rejected ones
   included; it may be lower than what it told before: then the hub was restored.
4. A rejected event names its reason; the ones behind it go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, TypeAlias

import msgspec

from kiosk.domain.errors import FeedRefused
from sync.protocol.blobs import compress, decompress
from sync.protocol.manifest import NUMBER_MAX, Strict

EVENTS_MAX = 500
BATCH_BYTES_MAX = 256 * 1024  # as it travels
BATCH_LINES_BYTES_MAX = 4 * 1024 * 1024
EVENT_BYTES_MAX = 32 * 1024
ANSWER_BYTES_MAX = 64 * 1024

Seq: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=NUMBER_MAX)]
Epoch: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}$")]
Short: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Event(Strict, frozen=True, kw_only=True):
    """A fact that a kiosk tells; ``at`` is its moment in words, ``payload`` its JSON as text."""

    epoch: Epoch
    seq: Seq
    kind: Short
    subject: Annotated[str, msgspec.Meta(max_length=200)]
    at: Short
    payload: Annotated[str, msgspec.Meta(max_length=EVENT_BYTES_MAX)]


class Rejected(Strict, frozen=True, kw_only=True):
    """An event that the hub holds but can't use, and why (a message key)."""

    seq: Seq
    code: Short


class Answer(Strict, frozen=True, kw_only=True):
    """What the hub says to a batch; ``forks`` are numbers that it knows with other bytes."""

    ack: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
    rejected: Annotated[tuple[Rejected, ...], msgspec.Meta(max_length=EVENTS_MAX)] = ()
    forks: Annotated[tuple[Seq, ...], msgspec.Meta(max_length=EVENTS_MAX)] = ()


def line_of(event: Event) -> bytes:
    """Give an event's line, without its line end."""
    return msgspec.json.encode(event, order="sorted")


def body_hash(event: Event) -> bytes:
    """Give what tells a fork: the SHA-256 of the event's line."""
    return sha256(line_of(event)).digest()


def write_batch(events: Sequence[Event]) -> tuple[bytes, int]:
    """Give a batch's bytes, and how many of ``events`` are in it; raises FeedRefused for none."""
    taken, size = 0, 0
    lines: list[bytes] = []
    for event in events[:EVENTS_MAX]:
        line = line_of(event) + b"\n"
        # a frame is never longer than what it holds by more than its header
        if len(line) > EVENT_BYTES_MAX or (lines and size + len(line) > BATCH_BYTES_MAX - 64):
            break
        lines.append(line)
        size += len(line)
        taken += 1
    if not taken:
        raise FeedRefused("no event, or one that has no room in a batch")
    return compress(b"".join(lines)), taken


def read_batch(data: bytes) -> list[Event]:
    """Give the events of a batch (the hub's side); raises FeedRefused, and then takes none."""
    if len(data) > BATCH_BYTES_MAX:
        raise FeedRefused(f"a batch of {len(data)} bytes")
    content = decompress(data, BATCH_LINES_BYTES_MAX)
    lines = content.split(b"\n")
    if not 1 < len(lines) <= EVENTS_MAX + 1 or lines[-1] or max(map(len, lines)) > EVENT_BYTES_MAX:
        raise FeedRefused("a batch without events, or past its bounds")
    events = [_event(line) for line in lines[:-1]]
    first = events[0]
    if any(
        event.epoch != first.epoch or event.seq != first.seq + place
        for place, event in enumerate(events)
    ):
        raise FeedRefused("a batch of several epochs, or with a gap in its numbers")
    return events


def _event(line: bytes) -> Event:
    try:
        event = msgspec.json.decode(line, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise FeedRefused(f"not an event: {wrong}") from wrong
    if line_of(event) != line:
        raise FeedRefused("an event that isn't in its canonical form")
    return event


def write_answer(answer: Answer) -> bytes:
    """Give an answer's JSON (the hub's side)."""
    return msgspec.json.encode(answer, order="sorted")


def read_answer(data: bytes) -> Answer:
    """Give the answer of verified bytes; raises FeedRefused."""
    if len(data) > ANSWER_BYTES_MAX:
        raise FeedRefused(f"an answer of {len(data)} bytes")
    try:
        return msgspec.json.decode(data, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise FeedRefused(f"not an answer: {wrong}") from wrong
