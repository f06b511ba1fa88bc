"""Loads that were paid elsewhere and wait for their card: DIR/pending-loads.json, from the hub.

::

    {"loads": [{"card": "<tag>", "number": 4, "amount_cents": 2000}]}

The sync process writes it, the kiosk reads it. A stale one does no harm: a card takes only the
load that follows its last one (CARD.md). A file that can't be read holds none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.domain.hub_load import HubLoad
from kiosk.domain.money import Money
from kiosk.store.private_file import read_private_file, write_private_file
from sync.protocol.private import LOADS_MAX, Load

FILE = "pending-loads.json"
BYTES_MAX = 2_000_000


class LoadsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds."""

    loads: tuple[Load, ...]


_DECODER = msgspec.json.Decoder(LoadsFile)


@dataclass(frozen=True, slots=True)
class _Read:
    """The loads by card as they were last read, and the stamp by which newer ones are noticed."""

    stamp: tuple[int, int, int]
    loads: Mapping[str, tuple[HubLoad, ...]]


class PendingLoads:
    """ports.HubLoads over the file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._last: _Read | None = None

    def any(self) -> bool:
        """Say whether any load waits."""
        return bool(self._loads())

    def of(self, card: str) -> Sequence[HubLoad]:
        """Give the loads that wait for a card's tag, the lowest number first."""
        return self._loads().get(card, ())

    def _loads(self) -> Mapping[str, tuple[HubLoad, ...]]:
        try:
            status = self._path.stat()
        except OSError:
            return {}
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._last is None or self._last.stamp != stamp:
            self._last = _Read(stamp, _by_card(read_loads(self._path)))
        return self._last.loads


def read_loads(path: Path) -> tuple[Load, ...]:
    """Give the loads of a file, none when it can't be used."""
    found = read_private_file(path, _DECODER, bytes_max=BYTES_MAX)
    return () if found is None else found.loads[:LOADS_MAX]


def write_loads(path: Path, loads: Sequence[Load]) -> None:
    """Keep what waits now, whole or not at all; raises DataAbsent."""
    write_private_file(path, msgspec.json.encode(LoadsFile(loads=tuple(loads))))


def _by_card(loads: Sequence[Load]) -> Mapping[str, tuple[HubLoad, ...]]:
    found: dict[str, list[HubLoad]] = {}
    for one in sorted(loads, key=lambda load: load.number):
        load = HubLoad(card=one.card, number=one.number, amount=Money(one.amount_cents))
        found.setdefault(one.card, []).append(load)
    return {card: tuple(waiting) for card, waiting in found.items()}
