"""The package's one HTTP server: what it refuses, and what a bug in a handler does."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from payments.loopback import Handler, Loopback


class Echo(Handler):
    def post(self) -> None:
        body = self.body(5)
        self.send(200, body if body is not None else b"unread", {"Content-Type": "text/plain"})


class Broken(Handler):
    def get(self) -> None:
        raise RuntimeError("a bug")


def ask(
    server: Loopback, method: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        connection.request(method, "/", body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        (b"", {}, b""),
        (b"12345", {}, b"12345"),
        (b"123456", {}, b"unread"),
        (b"", {"Content-Length": "-1"}, b"unread"),
        (b"", {"Content-Length": "many"}, b"unread"),
    ],
)
def test_a_body_is_read_when_its_length_is_told_and_bounded(
    body: bytes, headers: dict[str, str], told: bytes
) -> None:
    with Loopback(Echo) as server:
        assert ask(server, "POST", body, headers) == (200, told)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_nobody_serves_isn_t_there(method: str) -> None:
    with Loopback(Handler) as server:
        assert ask(server, method)[0] == 404


def test_a_bug_is_logged_and_the_server_goes_on() -> None:
    with Loopback(Broken) as server, capture_logs() as logged:
        with pytest.raises(http.client.RemoteDisconnected):
            ask(server, "GET")
        assert ask(server, "POST")[0] == 404
    assert [(line["event"], line["why"]) for line in logged] == [
        ("loopback.bug", "RuntimeError('a bug')")
    ]
