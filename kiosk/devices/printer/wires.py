"""The wires to a printer: a device file, a TCP connection. Every call ends by its deadline."""

from __future__ import annotations

import os
import re
import select
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Self

from kiosk.domain.errors import PrinterUnavailable
from kiosk.domain.printing import AddressKind, PrinterAddress

WRITE_S = 8.0  # a whole receipt
CONNECT_S = 2.0
ANSWER_S = 0.5
CHUNK_BYTES = 4096
USB_PRINTERS = Path("/sys/class/usbmisc")
USB_PRINTERS_MAX = 32
DEVICES = Path("/dev/usb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long the calls may take, in seconds."""

    write_s: float = WRITE_S
    connect_s: float = CONNECT_S
    answer_s: float = ANSWER_S


class Wire:
    """An open way to a printer; raises PrinterUnavailable, and is closed by ``with``.

    ``answers``: whether the far side can tell its state.
    """

    def __init__(self, handle: int, close: Callable[[], None], limits: Limits) -> None:
        self._handle = handle
        self._close = close
        self._limits = limits
        self.answers = stat.S_ISCHR(mode := os.fstat(handle).st_mode) or stat.S_ISSOCK(mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write(self, data: bytes) -> None:
        """Send all bytes, or raise once the time is over."""
        deadline = monotonic() + self._limits.write_s
        left = memoryview(data)
        while left:
            wait_s = deadline - monotonic()
            if wait_s <= 0 or not select.select([], [self._handle], [], wait_s)[1]:
                raise PrinterUnavailable(f"{len(left)} bytes were not taken in time")
            try:
                left = left[os.write(self._handle, left[:CHUNK_BYTES]) :]
            except BlockingIOError:
                continue
            except OSError as wrong:
                raise PrinterUnavailable(str(wrong)) from wrong

    def ask(self, question: bytes) -> int | None:
        """Send a question and give the byte that answers it, None when none comes."""
        if not self.answers:
            return None
        self.write(question)
        if not select.select([self._handle], [], [], self._limits.answer_s)[0]:
            return None
        try:
            answer = os.read(self._handle, 1)
        except OSError as wrong:
            raise PrinterUnavailable(str(wrong)) from wrong
        return answer[0] if answer else None


def wire_to(address: PrinterAddress, limits: Limits) -> Wire:
    """Open the way to a printer; raises PrinterUnavailable."""
    try:
        if address.kind is AddressKind.NETWORK:
            return _tcp(address, limits)
        path = Path(address.path) if address.kind is AddressKind.FILE else usb_path(address)
        return _file(path, limits)
    except OSError as wrong:
        raise PrinterUnavailable(str(wrong)) from wrong


def _tcp(address: PrinterAddress, limits: Limits) -> Wire:
    link = socket.create_connection((address.host, address.port), limits.connect_s)
    link.setblocking(False)  # select waits
    return Wire(link.fileno(), link.close, limits)


def _file(path: Path, limits: Limits) -> Wire:
    device = path.exists() and stat.S_ISCHR(path.stat().st_mode)
    flags = os.O_RDWR if device else os.O_WRONLY | os.O_APPEND | os.O_CREAT
    handle = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o600)
    return Wire(handle, lambda: os.close(handle), limits)


def usb_path(address: PrinterAddress, printers: Path = USB_PRINTERS) -> Path:
    """Find the device file of the USB printer with these ids; raises PrinterUnavailable.

    The kernel's usblp driver gives each printer a file: no library and no root are needed.
    """
    there = sorted(printers.glob("lp*"))[:USB_PRINTERS_MAX]
    for entry in there:
        # device is the interface; the ids are those of the device above it
        ids = [_word(entry / "device" / ".." / name) for name in ("idVendor", "idProduct")]
        if ids == [address.vendor, address.product] and re.fullmatch(r"lp\d+", entry.name):
            return DEVICES / entry.name
    raise PrinterUnavailable(f"no USB printer {address.vendor}:{address.product}")


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeDecodeError):
        return ""
