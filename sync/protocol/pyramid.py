"""Which deltas a publisher makes, and which a kiosk takes (SYNC.md, "Delta pyramid").

Rules:
1. ``head`` counts the publishes of a dataset in its epoch. Each publish makes the delta of one
   step, and one of BASE^k steps wherever BASE^k divides the new head.
2. A kiosk goes from its position to the head by the longest delta that begins where it stands and
   doesn't pass the head: O(log N) of them for N steps, no more than STEPS_MAX.
3. Past half a snapshot's bytes the snapshot is cheaper than what it costs to apply deltas: it is
   taken, and the deltas that lead on from it.
4. Deltas are offered for DELTAS_MAX steps; who is further behind takes the snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.errors import FeedRefused
from sync.protocol.manifest import Delta, Detail, bytes_of

BASE = 4
LEVELS_MAX = 4
STEPS_MAX = 2 * BASE * (LEVELS_MAX + 1)
DELTAS_MAX = BASE**LEVELS_MAX  # a detail of some 15 KB, that each publish has every kiosk fetch
SNAPSHOT_SHARE = 0.5


def spans(head: int) -> list[tuple[int, int]]:
    """Give the deltas (from, to) that the publish of ``head`` makes, the shortest first."""
    made: list[tuple[int, int]] = []
    step = 1
    for _ in range(LEVELS_MAX + 1):
        if head % step or head < step:
            break
        made.append((head - step, head))
        step *= BASE
    return made


def path(deltas: Sequence[Delta], position: int, head: int) -> list[Delta] | None:
    """Give the deltas from ``position`` to ``head``, None when there is no such way."""
    longest: dict[int, Delta] = {}
    for delta in deltas:
        known = longest.get(delta.since)
        if delta.to <= head and (known is None or delta.to > known.to):
            longest[delta.since] = delta
    way: list[Delta] = []
    while position != head:
        step = longest.get(position)
        if step is None or len(way) == STEPS_MAX:
            return None
        way.append(step)
        position = step.to
    return way


def choose(detail: Detail, position: int | None) -> tuple[bool, list[Delta]]:
    """Give whether to take the snapshot, and the deltas to take then.

    ``position`` is the head that the kiosk holds in this epoch, None when it holds nothing.
    Raises FeedRefused when the hub offers no way at all.
    """
    if position is not None and position <= detail.head:
        way = path(detail.deltas, position, detail.head)
        if way is not None and _cheap(way, detail):
            return False, way
    way = path(detail.deltas, detail.snapshot.head, detail.head)
    if way is None:
        raise FeedRefused(f"{detail.id}: nothing leads from its snapshot to its head")
    return True, way


def _cheap(way: Sequence[Delta], detail: Detail) -> bool:
    cost = sum(bytes_of(delta.chunks) for delta in way)
    return cost <= SNAPSHOT_SHARE * bytes_of(detail.snapshot.chunks)


def kept(deltas: Sequence[Delta], head: int) -> list[Delta]:
    """Give the deltas that are still worth offering at ``head``."""
    return [delta for delta in deltas if delta.since >= head - DELTAS_MAX]
