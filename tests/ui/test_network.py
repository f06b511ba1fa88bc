"""Qt can't reach another machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlComponent, QQmlEngine
from pytestqt.qtbot import QtBot

from ui.network import close_network

ELSEWHERE = "http://192.0.2.1/x.png"  # RFC 5737: no such machine


@pytest.fixture
def closed() -> Iterator[None]:
    """Qt's network closed for one test."""
    before = QNetworkProxy.applicationProxy()
    close_network()
    yield
    QNetworkProxy.setApplicationProxy(before)


@pytest.mark.parametrize("address", [ELSEWHERE, ELSEWHERE.replace("http", "https", 1)])
def test_a_request_ends_at_a_proxy_that_refuses(qtbot: QtBot, closed: None, address: str) -> None:
    manager = QNetworkAccessManager()
    reply = manager.get(QNetworkRequest(QUrl(address)))
    qtbot.waitUntil(reply.isFinished, timeout=5000)
    assert reply.error() is QNetworkReply.NetworkError.ProxyConnectionRefusedError


@pytest.mark.qt_log_ignore("Connection to proxy refused")
def test_a_picture_from_elsewhere_stays_empty(qtbot: QtBot, closed: None) -> None:
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(f"import QtQuick\nImage {{ source: '{ELSEWHERE}' }}".encode(), QUrl())
    picture = component.create()
    qtbot.waitUntil(lambda: picture.property("progress") in (0, 1), timeout=5000)
    qtbot.wait(50)
    assert picture.property("implicitWidth") == 0
