"""A wire between two tun devices in two network namespaces: it carries IP packets, and harms them.

Both ends are the kernel's own TCP. What a packet's fate is, a ``Fault`` says; the wire sends what
it gives at its time. It is ours because netem isn't in every kernel, and says what it has done.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import random
import select
import struct
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Protocol, TypeAlias

TUN = Path("/dev/net/tun")
HUB, KIOSK = "192.0.2.1", "192.0.2.2"  # TEST-NET-1 (RFC 5737): nobody's
PACKET_MAX = 65_536
WAIT_S = 0.05
_SET_NAME, _TUN_MODE, _BARE = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h
_IPV4, _TCP = 4, 6
_FIN, _RST, _ACK = 0x01, 0x04, 0x10


def open_tun(name: str = "wire") -> int:
    """Make a tun device in this process' namespace; gives its file number."""
    number = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH", name.encode(), _TUN_MODE | _BARE)
    fcntl.ioctl(number, _SET_NAME, request.ljust(40, b"\x00"))
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """An IP packet; ``down`` goes from the hub to the kiosk."""

    data: bytes
    down: bool

    @property
    def _head(self) -> int:
        return (self.data[0] & 0x0F) * 4

    @property
    def is_tcp(self) -> bool:
        """Whether it is TCP over IPv4."""
        return self.data[0] >> 4 == _IPV4 and self.data[9] == _TCP

    @property
    def flow(self) -> int:
        """The kiosk's port: one connection."""
        at = self._head + (2 if self.down else 0)
        return int.from_bytes(self.data[at : at + 2], "big")

    @property
    def content(self) -> int:
        """How many bytes of the connection's own it carries."""
        return len(self.data) - self._head - (self.data[self._head + 12] >> 4) * 4

    def reset(self) -> bytes:
        """Give it as a reset of its connection, as a middlebox makes one."""
        head, tcp = self.data[: self._head], self.data[self._head :][:20]
        tcp = tcp[:12] + bytes([0x50, _RST | _ACK]) + tcp[14:16] + b"\x00\x00" + tcp[18:]
        head = head[:2] + struct.pack("!H", len(head) + 20) + head[4:10] + b"\x00\x00" + head[12:]
        head = head[:10] + _checksum(head) + head[12:]
        false_head = head[12:20] + struct.pack("!BBH", 0, _TCP, 20)
        return head + tcp[:16] + _checksum(false_head + tcp) + tcp[18:]


def _checksum(data: bytes) -> bytes:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


Sent: TypeAlias = Sequence[tuple[float, bytes]]  # after how many seconds, which bytes


class Fault(Protocol):
    """What happens to each packet; ``bites`` counts what was harmed."""

    bites: int

    def meet(self, packet: Packet) -> Sent:
        """Give what arrives of a packet, and when."""
        ...


def _whole(packet: Packet, delay_s: float = 0.0) -> Sent:
    return [(delay_s, packet.data)]


@dataclass(slots=True)
class Clear:
    """A good line; ``bites`` stays 0."""

    bites: int = 0

    def meet(self, packet: Packet) -> Sent:
        return _whole(packet)


@dataclass(slots=True)
class Loss:
    """A share of all packets is lost."""

    share: float
    bites: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(6))

    def meet(self, packet: Packet) -> Sent:
        if self.chance.random() < self.share:
            self.bites += 1
            return []
        return _whole(packet)


@dataclass(slots=True)
class Delay:
    """Every packet takes this long."""

    seconds: float
    bites: int = 0

    def meet(self, packet: Packet) -> Sent:
        self.bites += 1
        return _whole(packet, self.seconds)


@dataclass(slots=True)
class Reorder:
    """One packet in ``every`` is overtaken by those behind it, and comes twice."""

    every: int
    bites: int = 0
    _seen: int = 0

    def meet(self, packet: Packet) -> Sent:
        self._seen += 1
        if self._seen % self.every:
            return _whole(packet)
        self.bites += 1
        return [(0.01, packet.data), (0.02, packet.data)]


@dataclass(slots=True)
class BlackHole:
    """Packets of more than ``bytes_max`` are dropped and nobody is told (no ICMP)."""

    bytes_max: int
    bites: int = 0

    def meet(self, packet: Packet) -> Sent:
        if len(packet.data) > self.bytes_max:
            self.bites += 1
            return []
        return _whole(packet)


@dataclass(slots=True)
class Cut:
    """A connection that has brought ``after`` bytes is reset, ``times`` of them."""

    after: int
    times: int
    bites: int = 0
    _passed: Counter[int] = field(default_factory=Counter[int])

    def meet(self, packet: Packet) -> Sent:
        if packet.is_tcp and packet.down:
            self._passed[packet.flow] += packet.content
            if self._passed[packet.flow] > self.after and self.bites < self.times:
                self.bites += 1
                self._passed[packet.flow] = 0
                return [(0.0, packet.reset())]
        return _whole(packet)


@dataclass(slots=True)
class HalfOpen:
    """A connection that has carried ``after`` bytes one way falls silent; neither end is told.

    ``down`` is the way that is counted. ``times`` connections are met.
    """

    after: int
    times: int
    down: bool = True
    bites: int = 0
    _passed: Counter[int] = field(default_factory=Counter[int])
    _mute: set[int] = field(default_factory=set[int])

    def meet(self, packet: Packet) -> Sent:
        if not packet.is_tcp:
            return _whole(packet)
        if packet.down == self.down:
            self._passed[packet.flow] += packet.content
            if self._passed[packet.flow] > self.after and len(self._mute) < self.times:
                self._mute.add(packet.flow)
        if packet.flow not in self._mute or (not self.down and not packet.down):
            return _whole(packet)  # upwards: the request arrives, its answer doesn't
        self.bites += 1
        return []


@dataclass(slots=True)
class Dead:
    """Nothing arrives."""

    bites: int = 0

    def meet(self, packet: Packet) -> Sent:
        self.bites += 1
        return []


class Wire:
    """Carries packets between two tun devices in a thread of its own; ``fault`` may be changed."""

    def __init__(self, hub: int, kiosk: int) -> None:
        self.fault: Fault = Clear()
        self._ends = (hub, kiosk)
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._stop = Event()
        self._thread = Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it, and with it both devices."""
        self._stop.set()
        self._thread.join()
        for end in self._ends:
            os.close(end)

    def _run(self) -> None:
        while not self._stop.is_set():
            left = self._waiting[0][0] - time.monotonic() if self._waiting else WAIT_S
            ready, _, _ = select.select(self._ends, (), (), max(0.0, min(left, WAIT_S)))
            for end in ready:
                self._take(end)
            self._deliver()

    def _take(self, end: int) -> None:
        hub, kiosk = self._ends
        packet = Packet(data=os.read(end, PACKET_MAX), down=end == hub)
        other = kiosk if packet.down else hub
        for delay_s, data in self.fault.meet(packet):
            self._count += 1
            heapq.heappush(self._waiting, (time.monotonic() + delay_s, self._count, other, data))

    def _deliver(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, end, data = heapq.heappop(self._waiting)
            os.write(end, data)
