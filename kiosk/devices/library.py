"""The library's system over SIP2 (3M SIP 2.00): one connection a request, closed after it.

Rules:
1. Each message bears a sequence and a checksum; an answer without the right ones is asked for again
   (message 97), RESEND_MAX times, then the library is unavailable.
2. SIP2 is in clear, passwords too: anything but this very machine is spoken to over TLS.
3. No answer's text is shown or logged: it may name the reader.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused, LibraryUnavailable, LoanRefused
from kiosk.domain.loans import LOANS_MAX, LibraryReader, Loan
from kiosk.domain.text import clean_line
from kiosk.ports import Clock
from sync.connectors.sip2.messages import MESSAGE_BYTES_MAX, Message, date_of, read_message
from sync.connectors.sip2.requests import (
    Desk,
    Reader,
    item_information,
    login,
    patron_information,
    renew,
    resend,
)

TIMEOUT_S = 8.0
RESEND_MAX = 3
LATEST = datetime.max.replace(tzinfo=UTC)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The kiosk's own login at the library's system; no login when ``user`` is empty."""

    desk: Desk
    zone: ZoneInfo
    user: str = ""
    password: str = ""


def connection_to(host: str, port: int) -> Callable[[], socket.socket]:
    """Give what opens a connection: over TLS, in clear only to this machine (rule 2)."""

    def connect() -> socket.socket:
        plain = socket.create_connection((host, port), timeout=TIMEOUT_S)
        if host in LOOPBACK:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise

    return connect


class Sip2Library:
    """ports.Library over SIP2."""

    def __init__(
        self, *, connect: Callable[[], socket.socket], account: Account, clock: Clock
    ) -> None:
        self._connect = connect
        self._account = account
        self._clock = clock

    def loans(self, reader: LibraryReader) -> Sequence[Loan]:
        """Give the reader's loans, soonest due first; raises LoanRefused, LibraryUnavailable."""
        who = Reader(barcode=reader.barcode, pin=reader.pin)
        with self._open() as talk:
            items = dict.fromkeys(self._charged(talk, who))
            found = [self._loan(talk, item) for item in list(items)[:LOANS_MAX]]
        return sorted(found, key=lambda loan: (loan.due or LATEST, loan.title))

    def renew(self, reader: LibraryReader, item: str) -> Loan:
        """Renew one loan; raises LoanRefused, LibraryUnavailable."""
        who = Reader(barcode=reader.barcode, pin=reader.pin)
        with self._open() as talk:
            answer = talk.ask("30", lambda n: renew(talk.desk, who, item, self._now(), n))
        if answer.fixed["ok"] != "1":
            raise LoanRefused("the library doesn't renew this loan")
        return self._read(answer, item)

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._account.zone)

    def _charged(self, talk: _Talk, who: Reader) -> list[str]:
        """Give the barcodes of what the reader has; raises LoanRefused."""
        answer = talk.ask(
            "64", lambda n: patron_information(talk.desk, who, self._now(), sequence=n)
        )
        if answer.first("BL") == "N" or answer.first("CQ") == "N":
            raise LoanRefused("the library doesn't know this reader, or the PIN is wrong")
        return answer.all("AU")

    def _loan(self, talk: _Talk, item: str) -> Loan:
        answer = talk.ask("18", lambda n: item_information(talk.desk, item, self._now(), n))
        return self._read(answer, item)

    def _read(self, answer: Message, item: str) -> Loan:
        text = answer.first("AH")
        due = date_of(text, self._account.zone)
        return Loan(
            item=item,
            title=clean_line(answer.first("AJ")) or item,
            due=due,
            due_text=clean_line(text),
            overdue=due is not None and due < self._now(),
        )

    @contextmanager
    def _open(self) -> Generator[_Talk]:
        try:
            connection = self._connect()
        except OSError as silent:
            raise LibraryUnavailable("no connection to the library's system") from silent
        with closing(connection):
            talk = _Talk(connection, self._account.desk)
            if self._account.user:
                _log_in(talk, self._account)
            yield talk


class _Talk:
    """One connection: a request, its answer, sequences and checksums (rule 1)."""

    def __init__(self, connection: socket.socket, desk: Desk) -> None:
        self.desk = desk
        self._connection = connection
        self._sequence = 0

    def ask(self, code: str, request: Callable[[int], bytes]) -> Message:
        """Send a request and give the answer ``code``; raises LibraryUnavailable."""
        sequence, self._sequence = self._sequence, (self._sequence + 1) % 10
        sent = request(sequence)
        try:
            for _ in range(RESEND_MAX):
                self._connection.sendall(sent)
                answer = self._answer()
                if answer is not None and (answer.code, answer.sequence) == (code, sequence):
                    return answer
                sent = resend()
        except OSError as broken:
            raise LibraryUnavailable("the connection to the library broke") from broken
        raise LibraryUnavailable("the library's answers are damaged")

    def _answer(self) -> Message | None:
        """Read one message; None when it is damaged."""
        raw = bytearray()
        while not raw.endswith(b"\r"):
            part = self._connection.recv(4096)
            if not part or len(raw) > MESSAGE_BYTES_MAX:
                raise LibraryUnavailable("the library's answer ends too soon, or never")
            raw += part
        try:
            return read_message(bytes(raw))
        except InputRefused:
            return None


def _log_in(talk: _Talk, account: Account) -> None:
    answer = talk.ask("94", lambda n: login(account.user, account.password, "", n))
    if answer.fixed["ok"] != "1":
        raise LibraryUnavailable("the library's system refuses this kiosk")
