"""What lies on which reader: the monitor's rules, without its thread.

Four stages: ``SERVICE`` (pcscd doesn't answer) → ``READER`` (no reader is plugged in) → ``CARD``
(readers, no card) → ``PRESENT`` (a card on at least one).

Rules:
1. Each reader is followed by itself; a look gives every reader's flags and event counter.
2. Empty → card: laid. Card → empty, or the reader is gone: lifted.
3. Card → card with another counter: lifted, then laid. The card may be another one.
4. Empty → empty with another counter: laid, then lifted. It was too quick to be read.
5. The counter turns over at 16 bits and begins anew with pcscd: only "the same" counts.
6. When the service is lost, every card is lifted; what lies there is laid again on its return.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

PRESENT = 0x20  # SCARD_STATE_PRESENT
EVENTS_SHIFT, EVENTS_MASK = 16, 0xFFFF  # the counter is the flags' upper half


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What PC/SC says of one reader; ``flags`` is handed back in order to wait for its change."""

    name: str
    flags: int
    atr: bytes = b""

    @property
    def present(self) -> bool:
        """Whether something lies there."""
        return bool(self.flags & PRESENT)

    @property
    def events(self) -> int:
        """The counter of insertions and removals."""
        return self.flags >> EVENTS_SHIFT & EVENTS_MASK


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A card was laid on ``reader``; ``atr`` is what it answered to its reset."""

    reader: str
    atr: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """The card left ``reader``."""

    reader: str


Happening: TypeAlias = Laid | Lifted


class Stage(Enum):
    """What is waited for."""

    SERVICE = "waiting for the service"
    READER = "waiting for a reader"
    CARD = "waiting for a card"
    PRESENT = "card present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What was seen last; ``slots`` None: the service doesn't answer."""

    slots: tuple[Slot, ...] | None = None

    @property
    def stage(self) -> Stage:
        """The machine's state."""
        if self.slots is None:
            return Stage.SERVICE
        if not self.slots:
            return Stage.READER
        return Stage.PRESENT if any(slot.present for slot in self.slots) else Stage.CARD

    def happenings(self, slots: Sequence[Slot] | None) -> tuple[Happening, ...]:
        """Give what happened between this and a newer look; None: the service was lost."""
        before = {slot.name: slot for slot in self.slots or ()}
        now = {slot.name: slot for slot in slots or ()}
        gone = [slot for name, slot in before.items() if name not in now]
        lifted = [Lifted(reader=slot.name) for slot in gone if slot.present]
        told = [one for slot in now.values() for one in _of(before.get(slot.name), slot)]
        return (*lifted, *told)


def _of(old: Slot | None, new: Slot) -> Iterator[Happening]:
    """Give what happened on one reader."""
    stirred = old is not None and old.events != new.events
    if old is not None and old.present:
        yield from _on_a_full_one(new, stirred=stirred)
    else:
        yield from _on_an_empty_one(new, stirred=stirred)


def _on_a_full_one(new: Slot, *, stirred: bool) -> Iterator[Happening]:
    if stirred or not new.present:
        yield Lifted(reader=new.name)
    if stirred and new.present:
        yield Laid(reader=new.name, atr=new.atr)


def _on_an_empty_one(new: Slot, *, stirred: bool) -> Iterator[Happening]:
    if stirred or new.present:
        yield Laid(reader=new.name, atr=new.atr)
    if stirred and not new.present:
        yield Lifted(reader=new.name)
