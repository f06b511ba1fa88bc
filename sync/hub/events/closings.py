"""What the kiosks' closings prove to the hub: the heads of their journals, anchored here.

Rules:
1. A closing comes as the event ``closing.day``, ``.month`` or ``.year`` with its canonical bytes,
   its hash and its signature (kiosk.domain.closing); each stream of events is one journal.
2. Numbers rise from 1 without a gap; each hash is that of the bytes after the hash before; the
   signature is the key's with which the kiosk was enrolled.
3. Nothing is corrected here: what doesn't hold is said. The hub's own copy is the proof that a
   journal was cut or written anew (MONEY.md, "The ledger").
4. Events of kiosks that tell the hash alone, as older ones do, are anchors without totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from kiosk.domain.closing import Closing, read, to_sign
from kiosk.domain.errors import LedgerTampered
from kiosk.domain.ledger import GENESIS, link
from sync.hub.devices.models import Algorithm, Device
from sync.hub.events.models import Event
from sync.protocol.events import Event as Told

KIND: Final = "closing."
CLOSINGS_MAX: Final = 5_000  # of one kiosk: more than ten years of days, months and years
_Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Fault(StrEnum):
    """What doesn't hold of a closing."""

    UNREADABLE = "unreadable"
    GAP = "gap"
    TWICE = "twice"
    BROKEN = "broken"
    UNSIGNED = "unsigned"
    BACKWARDS = "backwards"


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    closing: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    last: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    hash: _Hash
    canonical: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    previous: _Hash = ""
    signature: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A closing that was taken in; ``closing`` None tells its hash alone."""

    number: int
    digest: str
    at: str
    closing: Closing | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A kiosk's closings in the order of their events, all journals that it has had."""

    device: Device
    anchors: tuple[Anchor, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that doesn't hold."""
        return tuple(fault for one in self.anchors for fault in one.faults)

    @property
    def last(self) -> Anchor | None:
        """The newest closing."""
        return self.anchors[-1] if self.anchors else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What the next closing of a journal must follow."""

    number: int = 0
    digest: str = GENESIS.hex()
    cents: int = 0


def chain_of(device: Device) -> Chain:
    """Give the closings of a kiosk, judged."""
    found = Event.objects.filter(device=device, kind__startswith=KIND, code="")
    rows = list(found.order_by("epoch", "seq")[:CLOSINGS_MAX])
    anchors: list[Anchor] = []
    for epoch in dict.fromkeys(row.epoch for row in rows):
        anchors += _judged(device, [row for row in rows if row.epoch == epoch])
    return Chain(device=device, anchors=tuple(sorted(anchors, key=lambda one: one.at)))


def _judged(device: Device, rows: Sequence[Event]) -> Iterator[Anchor]:
    """Judge one journal's closings."""
    before, numbers = _Before(), set[int]()
    for row in rows:
        told = msgspec.json.decode(bytes(row.body), type=Told)
        try:
            payload = msgspec.json.decode(told.payload.encode(), type=_Payload)
            closing = read(payload.canonical.encode()) if payload.canonical else None
        except (msgspec.DecodeError, LedgerTampered):
            number, digest = before.number + 1, ""
            yield Anchor(
                number=number, digest=digest, at=told.at, closing=None, faults=(Fault.UNREADABLE,)
            )
            continue
        faults = _faults(payload, closing, before, numbers)
        if closing is not None and not _is_signed(device, payload):
            faults.append(Fault.UNSIGNED)
        numbers.add(payload.closing)
        cents = closing.now.cents if closing is not None else before.cents
        before = _Before(number=payload.closing, digest=payload.hash, cents=cents)
        yield Anchor(
            number=payload.closing,
            digest=payload.hash,
            at=told.at,
            closing=closing,
            faults=tuple(faults),
        )


def _faults(
    payload: _Payload, closing: Closing | None, before: _Before, numbers: set[int]
) -> list[Fault]:
    faults: list[Fault] = []
    if payload.closing in numbers:
        faults.append(Fault.TWICE)
    elif payload.closing != before.number + 1:
        faults.append(Fault.GAP)
    if closing is None:
        return faults
    chained = link(bytes.fromhex(payload.previous), payload.canonical.encode()).hex()
    follows = payload.previous == before.digest or bool(faults)  # a gap has no hash to follow
    if chained != payload.hash or not follows or closing.number != payload.closing:
        faults.append(Fault.BROKEN)
    if closing.now.cents < before.cents:
        faults.append(Fault.BACKWARDS)
    return faults


def _is_signed(device: Device, payload: _Payload) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if device.algorithm != Algorithm.ED25519:
        return False
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(device.public_key))
    try:
        key.verify(bytes.fromhex(payload.signature), to_sign(bytes.fromhex(payload.hash)))
    except InvalidSignature:
        return False
    return True
