"""The library system's stand-in, for the demonstration and the tests: SIP2 on a loopback port.

It knows one invented reader. ``damage`` spoils the checksum of the next answers; ``hang_up`` ends
the next connection without a word.
"""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from kiosk.domain.errors import InputRefused
from sync.connectors.sip2.messages import MESSAGE_BYTES_MAX, Message, build, date_text, read_message

BARCODE, PIN = "2999000000017", "2580"
LOOPBACK = "127.0.0.1"
RENEWAL = timedelta(days=21)
REQUESTS_MAX = 1000  # on one connection


@dataclass(slots=True)
class Book:
    """One loan of the invented reader: ``reserved`` by somebody else, it can't be renewed."""

    item: str
    title: str
    due: datetime
    reserved: bool = False


@dataclass(slots=True)
class Shelf:
    """What stands in the stand-in: the reader's loans, and how it behaves."""

    today: datetime
    books: list[Book]
    damage: int = 0
    hang_up: bool = False
    heard: list[str] = field(default_factory=list[str])

    def answer(self, raw: bytes) -> bytes:
        """Give the answer to one request, or b"" for one that isn't understood."""
        try:
            asked = read_message(raw)
        except InputRefused:
            return b""
        self.heard.append(asked.code)
        reply = self._reply(asked)
        if self.damage:
            self.damage -= 1
            return reply[:-5] + b"0000\r"
        return reply

    def _reply(self, asked: Message) -> bytes:
        date = date_text(self.today)
        match asked.code:
            case "93":
                return build("94", {"ok": "1"}, [], asked.sequence)
            case "63":
                return self._patron(asked, date)
            case "17":
                return self._item(asked, date)
            case "29":
                return self._renewal(asked, date)
            case _:
                return build("96", {}, [])

    def _patron(self, asked: Message, date: str) -> bytes:
        known = asked.first("AA") == BARCODE
        right = known and asked.first("AD") == PIN
        listed = [("AU", book.item) for book in self.books] if right else []
        counts = ("holds", "overdue", "charged", "fines", "recalls", "unavailable_holds")
        fixed = {"patron_status": " " * 14, "language": "002", "date": date}
        said = [("BL", "Y" if known else "N"), ("CQ", "Y" if right else "N")]
        numbers = dict.fromkeys(counts, "0000")
        return build("64", {**fixed, **numbers}, [*said, *listed], asked.sequence)

    def _item(self, asked: Message, date: str) -> bytes:
        fixed = {
            "circulation_status": "04",
            "security_marker": "02",
            "fee_type": "01",
            "date": date,
        }
        return build("18", fixed, self._told(asked.first("AB")), asked.sequence)

    def _renewal(self, asked: Message, date: str) -> bytes:
        book = self._book(asked.first("AB"))
        good = book is not None and not book.reserved and asked.first("AD") == PIN
        if good and book is not None:
            book.due = self.today + RENEWAL
        fixed = {
            "ok": "1" if good else "0",
            "renewal_ok": "Y" if good else "N",
            "magnetic": "N",
            "desensitize": "U",
            "date": date,
        }
        return build("30", fixed, self._told(asked.first("AB")), asked.sequence)

    def _book(self, item: str) -> Book | None:
        return next((book for book in self.books if book.item == item), None)

    def _told(self, item: str) -> list[tuple[str, str]]:
        book = self._book(item)
        title, due = (book.title, date_text(book.due)) if book else ("", "")
        return [("AB", item), ("AJ", title), ("AH", due)]


class LibraryStandIn:
    """A SIP2 server on a free loopback port, until it is closed."""

    def __init__(self, shelf: Shelf) -> None:
        class Handler(socketserver.StreamRequestHandler):
            """One connection."""

            def handle(self) -> None:
                """Answer until the kiosk hangs up; 97 asks for the last answer again."""
                last = b""
                for _ in range(REQUESTS_MAX):
                    raw = self._request()
                    if not raw or shelf.hang_up:
                        return
                    last = last if raw.startswith(b"97") else raw
                    self.wfile.write(shelf.answer(last))

            def _request(self) -> bytes:
                raw = b""
                while not raw.endswith(b"\r") and len(raw) < MESSAGE_BYTES_MAX:
                    byte = self.rfile.read(1)
                    if not byte:
                        return b""
                    raw += byte
                return raw

        self._server = socketserver.ThreadingTCPServer((LOOPBACK, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
