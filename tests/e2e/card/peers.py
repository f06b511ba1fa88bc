"""What the tests of the three independent readers share: cards, keys, our own reader."""

from __future__ import annotations

import importlib.util
import os
import random
from collections.abc import Callable

import pytest

from cardreader.apdu import NativeCard
from cardreader.desfire.commands import DesfireCard
from cardreader.desfire.constants import Status
from cardreader.desfire.messaging import Handshake
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Generation, Memory
from cardreader.virtual.link import InMemoryTransport

UID = bytes.fromhex("04112233445566")
AID = bytes.fromhex("F1414C")
BLANK = bytes(16)
MAKE = Callable[[bytes, Callable[[int], bytes]], Handshake]


def key(number: int) -> bytes:
    """The key that the peers give number ``number``."""
    return bytes((0x10 + number,)) * 16


def nonces(seed: int) -> Callable[[int], bytes]:
    """The same nonces on each run: a peer that trips over some must do so each time or never."""
    return random.Random(seed).randbytes


def blank_card(generation: Generation = 1) -> VirtualDesfire:
    return VirtualDesfire(Memory(uid=UID, generation=generation), random=nonces(1))


def our_reader(chip: VirtualDesfire) -> DesfireCard:
    """Ours, on a card just laid."""
    return DesfireCard(NativeCard(InMemoryTransport(chip)))


def entered(chip: VirtualDesfire, number: int, value: bytes, make: MAKE) -> DesfireCard:
    """Ours, authenticated in the application."""
    card = our_reader(chip)
    card.select(AID)
    assert card.authenticate(number, make(value, nonces(2))) is Status.OK
    return card


def need(*modules: str) -> None:
    """Skip where a referee isn't installed; a deciding run must have it."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        absent(f"{', '.join(missing)}: not installed")


def absent(why: str) -> None:
    """Skip with a reason; fail in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"a referee is absent: {why}")
    pytest.skip(why)
