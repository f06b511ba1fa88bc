"""Things to lay on the virtual reader, and hands to lay them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cardreader.detect import select
from cardreader.layout import AID
from cardreader.monitor import Pace
from cardreader.transport import GET_UID, Transport
from cardreader.virtual.chip.card import DESFIRE_ATR
from cardreader.virtual.vpcd import Picc, VpcdClient
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Load, Prepared, Spend, Written
from tests.stand.pcscd import FIRST_PORT

PACE = Pace(wait_ms=100, retry_min_s=0.05, retry_max_s=0.2)
ANSWER_S = 0.6
UNKNOWN = bytes.fromhex("6A82")


@dataclass
class Thing:
    """A Picc that answers what its table says, else ``otherwise``; it notes what it was asked."""

    uid: bytes = bytes.fromhex("04112233445566")
    atr: bytes = DESFIRE_ATR
    answers: Mapping[bytes, bytes] = field(default_factory=dict)
    otherwise: bytes | None = UNKNOWN
    mute: bool = False
    asked: list[bytes] = field(default_factory=list)
    powered: Callable[[], None] = lambda: None

    def power_on(self) -> None:
        self.powered()

    def power_off(self) -> None:
        pass

    def answer(self, apdu: bytes) -> bytes | None:
        self.asked.append(apdu)
        if self.mute:
            return None
        if apdu == GET_UID:
            return self.uid + b"\x90\x00"
        return self.answers.get(apdu, self.otherwise)


def purse_thing(uid: bytes = bytes.fromhex("04112233445566")) -> Thing:
    """A card that has our application, and nothing in it."""
    return Thing(uid=uid, answers={select(AID): b"\x91\x00"})


class UidPurse:
    """A session that reads nothing but the UID: a purse card whose number it is."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self) -> CardFace:
        uid = self._transport.transmit(GET_UID)[:-2]
        return CardFace(
            number=uid.hex(),
            kind="purse",
            balance=Money(0),
            last_load=0,
            sequence=0,
            books=(),
            entitlements=(),
            log=(),
        )

    def glance(self) -> CardFace:
        return self.read()

    def write_load(self, load: Load) -> CardFace:
        return self.read()

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        raise NotImplementedError


class Hands:
    """Lays things on the two slots of vpcd, one on each."""

    def __init__(self) -> None:
        self._lying: dict[int, VpcdClient] = {}

    def lay(self, thing: Picc, slot: int = 0) -> None:
        """Lay a thing; what lay there is lifted first, without a pause: a swap."""
        self.lift(slot)
        client = self._lying[slot] = VpcdClient(thing, port=FIRST_PORT + slot)
        client.run_apart()

    def lift(self, slot: int = 0) -> None:
        """Lift what lies there."""
        client = self._lying.pop(slot, None)
        if client is not None:
            client.stop()

    def empty(self) -> None:
        """Lift everything."""
        for slot in tuple(self._lying):
            self.lift(slot)
