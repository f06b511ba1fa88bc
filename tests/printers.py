"""A printer of the tests: listens on TCP, keeps what it was sent, answers how it stands.

``read_slip`` reads ESC/POS back: the text in its code page, and the raster pictures.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image

from kiosk.domain.printing import AddressKind, PrinterAddress

ASK = b"\x10\x04"
READY, NEAR_END, END, OFFLINE = 0x12, 0x12 | 0x0C, 0x12 | 0x60, 0x12 | 0x08
# how many argument bytes follow the commands that a slip is made of
ARGUMENTS = {b"\x1bt": 1, b"\x1b!": 1, b"\x1bE": 1, b"\x1ba": 1, b"\x1b{": 1, b"\x1db": 1}
ARGUMENTS |= {b"\x1b-": 1, b"\x1bM": 1, b"\x1dB": 1, b"\x1d!": 1, b"\x1bd": 1, b"\x1dV": 1}
ARGUMENTS |= {b"\x1b@": 0, b"\x1b2": 0, b"\x1b3": 1}


@dataclass
class PrinterOnTheNetwork:
    """``paper`` and ``online`` are the answers, None: it doesn't answer; ``runs_out``: on the way.

    ``deaf``: it takes the connection and reads nothing.
    """

    paper: int | None = READY
    online: int | None = READY
    runs_out: bool = False
    deaf: bool = False
    printed: bytearray = field(default_factory=bytearray)
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ended = threading.Event()
        self._thread.start()

    @property
    def address(self) -> PrinterAddress:
        port = int(self._listener.getsockname()[1])
        return PrinterAddress(kind=AddressKind.NETWORK, host="127.0.0.1", port=port)

    def close(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with link:
                if self.deaf:
                    self._ended.wait(timeout=30)
                else:
                    self._listen(link)

    def _listen(self, link: socket.socket) -> None:
        while data := link.recv(65_536):
            while ASK in data:
                before, _, after = data.partition(ASK)
                self._take(before)
                answer = self.paper if after[:1] == b"\x04" else self.online
                if answer is not None:
                    link.sendall(bytes((answer,)))
                data = after[1:]
            self._take(data)

    def _take(self, data: bytes) -> None:
        self.printed += data
        if data and self.runs_out:
            self.paper = END


@dataclass(frozen=True)
class Paper:
    """What came out: the text, line by line, its pictures, and whether it was cut."""

    text: str
    pictures: tuple[Image.Image, ...]
    cut: bool

    @property
    def codes(self) -> list[str]:
        """What the QR codes on the pictures say."""
        return [str(one.text) for picture in self.pictures for one in read_codes(picture)]


def read_codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(picture.convert("L")))


def read_slip(data: bytes) -> Paper:
    """Read ESC/POS; a command that no slip is made of is an error."""
    text, pictures, cut, at = bytearray(), [], False, 0
    while at < len(data):
        command = data[at : at + 2]
        if data[at : at + 3] == b"\x1dv0":
            picture, at = _picture(data, at + 4)
            pictures.append(picture)
        elif data[at] in b"\x1b\x1d":
            cut = cut or command == b"\x1dV"
            fed = data[at : at + 3] == b"\x1dVB"  # the one with a second argument
            at += 2 + ARGUMENTS[command] + fed
        else:
            text.append(data[at])
            at += 1
    return Paper(text.decode("cp858"), tuple(pictures), cut)


def _picture(data: bytes, at: int) -> tuple[Image.Image, int]:
    """Read a raster picture: bytes a row and rows (least byte first), then a bit a dot."""
    width, height = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (0, 2))
    dots = data[at + 4 : at + 4 + width * height]
    picture = Image.frombytes("1", (width * 8, height), bytes(255 - dot for dot in dots))
    return picture, at + 4 + width * height


Made = Callable[[], PrinterOnTheNetwork]
