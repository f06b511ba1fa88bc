"""What goes on paper, and where the printer is: values that no printer's language shows in.

A printer's address is a word of the settings::

    none                no printer: receipts go to the phone or nowhere
    file:PATH           a device file (/dev/usb/lp0) or a plain file
    network:HOST:PORT   a printer that listens on TCP (port 9100 as a rule)
    usb:VID:PID         a USB printer by its ids, four hexadecimal digits each
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LINES_MAX = 60
TEXT_MAX = 200  # characters of a line: longer ones are wrapped by the printer
MATRIX_MAX = 177  # modules of a side of the largest QR code (ISO/IEC 18004)
PORT_MAX = 65_535
_USB = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})")
_NETWORK = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]{0,252}):([0-9]{1,5})")


class PrinterState(StrEnum):
    """What a printer tells of itself."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    ABSENT = "absent"  # none, or it doesn't answer

    @property
    def prints(self) -> bool:
        """Whether a receipt may be sent."""
        return self in {PrinterState.READY, PrinterState.PAPER_LOW}


class Setting(StrEnum):
    """How a line is set."""

    PLAIN = "plain"
    STRONG = "strong"
    TITLE = "title"  # centred, twice as large


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """A line of paper; ``right`` stands at its right end."""

    text: str
    right: str = ""
    setting: Setting = Setting.PLAIN

    def __post_init__(self) -> None:
        if len(self.text) + len(self.right) > TEXT_MAX:
            raise ValueError(f"a line of more than {TEXT_MAX} characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A receipt on paper: its lines, then a QR code (True is dark, no margin; empty: none)."""

    lines: tuple[SlipLine, ...]
    matrix: tuple[tuple[bool, ...], ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= LINES_MAX:
            raise ValueError(f"a slip of {len(self.lines)} lines")
        side = len(self.matrix)
        if side > MATRIX_MAX or any(len(row) != side for row in self.matrix):
            raise ValueError("a QR code is a square of at most 177 modules")


class AddressKind(StrEnum):
    """How a printer is reached."""

    NONE = "none"
    FILE = "file"
    NETWORK = "network"
    USB = "usb"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterAddress:
    """Where the printer is; only the fields of its kind are set."""

    kind: AddressKind
    path: str = ""
    host: str = ""
    port: int = 0
    vendor: str = ""
    product: str = ""


def printer_address(word: str) -> PrinterAddress:
    """Read the setting ``printer``; raises ValueError with what is wrong."""
    name, _, rest = word.partition(":")
    if word == AddressKind.NONE:
        return PrinterAddress(kind=AddressKind.NONE)
    if name == AddressKind.FILE and rest.startswith("/") and "\0" not in rest:
        return PrinterAddress(kind=AddressKind.FILE, path=rest)
    if name == AddressKind.NETWORK and (found := _NETWORK.fullmatch(rest)):
        port = int(found[2])
        if 0 < port <= PORT_MAX:
            return PrinterAddress(kind=AddressKind.NETWORK, host=found[1], port=port)
    if name == AddressKind.USB and (found := _USB.fullmatch(rest)):
        return PrinterAddress(kind=AddressKind.USB, vendor=found[1], product=found[2])
    raise ValueError("none, file:/PATH, network:HOST:PORT or usb:VID:PID is expected")
