"""Fetching: the checked address is the one connected to; caps hold; redirects are checked."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

import pytest

from kiosk.domain.errors import AddressRefused, SourceUnavailable
from sync.hub.fetching.fetch import REDIRECTS_MAX, Fetcher, Limits, RealNet

PUBLIC = "93.184.216.34"
LIMITS = Limits(bytes_max=1000, seconds_max=10)
URL = "http://data.orne.fr/feed"

Answer = Callable[[socket.socket, str], None]


class TestNet:
    """Resolves from a table; every connection leads to the test's own server."""

    __test__ = False

    def __init__(self, port: int, names: dict[str, list[Sequence[str]]]) -> None:
        self._port = port
        self._names = names
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        answers = self._names.get(host)
        if not answers:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self._port), timeout_s)


@contextmanager
def serving(answer: Answer) -> Iterator[int]:
    """Answer each connection by ``answer`` (its socket, the request's first line)."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    wire, _ = server.accept()
                except OSError:
                    return
                with wire:
                    try:
                        asked = wire.recv(10_000).decode("latin-1")
                        if asked:
                            answer(wire, asked.partition("\r\n")[0])
                    except OSError:
                        continue

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def plain(body: bytes, status: str = "200 OK", more: str = "") -> Answer:
    def answer(wire: socket.socket, _asked: str) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        wire.sendall(head.encode() + body)

    return answer


def fetched(
    answer: Answer, names: dict[str, list[Sequence[str]]] | None = None
) -> tuple[bytes, TestNet]:
    with serving(answer) as port:
        net = TestNet(port, names or {"data.orne.fr": [[PUBLIC]]})
        return Fetcher(monotonic=time.monotonic, net=net).fetch(URL, LIMITS), net


def test_a_source_is_fetched_from_the_address_that_was_checked() -> None:
    body, net = fetched(plain(b"hello"))
    assert body == b"hello"
    assert net.looked_up == ["data.orne.fr"]
    assert net.connected == [PUBLIC]


def test_a_name_that_leads_inside_is_refused_unconnected() -> None:
    with pytest.raises(AddressRefused):
        fetched(plain(b"secret"), {"data.orne.fr": [["10.0.0.1"]]})


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused):
        fetched(plain(b"secret"), {"data.orne.fr": [[PUBLIC, "127.0.0.1"]]})


def test_a_name_that_rebinds_is_asked_once_and_connected_to_as_it_was_checked() -> None:
    body, net = fetched(plain(b"x"), {"data.orne.fr": [[PUBLIC], ["127.0.0.1"]]})
    assert body == b"x"
    assert net.connected == [PUBLIC]


def to(where: str, status: str = "302 Found") -> Answer:
    def answer(wire: socket.socket, asked: str) -> None:
        if "/feed" in asked:
            plain(b"", status, f"Location: {where}\r\n")(wire, asked)
        else:
            plain(b"there")(wire, asked)

    return answer


@pytest.mark.parametrize("where", ["/other", "http://data.orne.fr/other", "//data.orne.fr/other"])
def test_a_redirect_to_a_public_source_is_followed(where: str) -> None:
    assert fetched(to(where))[0] == b"there"


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
        "http://2130706433/", "file:///etc/passwd", "http://localhost/", "gopher://x.fr/", "",
    ],
)  # fmt: skip
def test_a_redirect_into_our_network_is_refused(where: str) -> None:
    with pytest.raises(AddressRefused):
        fetched(to(where))


def test_a_redirect_to_a_name_that_leads_inside_is_refused() -> None:
    names: dict[str, list[Sequence[str]]] = {
        "data.orne.fr": [[PUBLIC]], "inner.orne.fr": [["192.168.0.1"]]
    }  # fmt: skip
    with pytest.raises(AddressRefused):
        fetched(to("http://inner.orne.fr/"), names)


def test_redirects_end() -> None:
    with pytest.raises(SourceUnavailable, match=str(REDIRECTS_MAX)):
        fetched(to("/feed"))


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oh", "204 No Content", "206 Part"])
def test_another_answer_than_200_is_none(status: str) -> None:
    with pytest.raises(SourceUnavailable):
        fetched(plain(b"", status))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(SourceUnavailable, match="bytes"):
        fetched(plain(b"x" * 1001))
    assert len(fetched(plain(b"x" * 1000))[0]) == 1000


def test_endless_chunks_are_refused() -> None:
    def endless(wire: socket.socket, _asked: str) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(1000):
            wire.sendall(b"10\r\n" + b"x" * 16 + b"\r\n")

    with pytest.raises(SourceUnavailable):
        fetched(endless)


def test_an_answer_that_ends_early_isn_t_taken() -> None:
    def short(wire: socket.socket, _asked: str) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

    with pytest.raises(SourceUnavailable):
        fetched(short)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_source_that_drips_is_cut_at_the_deadline(head: bytes) -> None:
    def drip(wire: socket.socket, _asked: str) -> None:
        wire.sendall(head)
        for _ in range(100):
            wire.sendall(b"x")
            time.sleep(0.05)

    with serving(drip) as port:
        net = TestNet(port, {"data.orne.fr": [[PUBLIC]]})
        fetcher = Fetcher(monotonic=time.monotonic, net=net)
        with pytest.raises(SourceUnavailable):
            fetcher.fetch(URL, Limits(bytes_max=1000, seconds_max=0.5))


def test_garbage_is_no_answer() -> None:
    with pytest.raises(SourceUnavailable):
        fetched(lambda wire, _asked: wire.sendall(b"\x00\xff garbage\r\n\r\n"))


def test_a_server_without_a_certificate_is_refused() -> None:
    with serving(plain(b"x")) as port:
        net = TestNet(port, {"data.orne.fr": [[PUBLIC]]})
        with pytest.raises(SourceUnavailable):
            Fetcher(monotonic=time.monotonic, net=net).fetch("https://data.orne.fr/", LIMITS)


def test_an_unknown_name_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable):
        fetched(plain(b""), {"other.fr": [[PUBLIC]]})


def test_the_machine_s_network_finds_loopback_and_connects() -> None:
    net = RealNet()
    assert "127.0.0.1" in net.resolve("localhost", 80) or "::1" in net.resolve("localhost", 80)
    with serving(plain(b"")) as port, net.connect("127.0.0.1", port, 5) as wire:
        assert wire.getpeername()[1] == port
