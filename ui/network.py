"""Closes the network to the Qt process: screens are fed by the cache alone.

A QQmlNetworkAccessManagerFactory written in Python is no way to do it: Qt calls it from the
QML loader's thread while the main thread waits with the interpreter's lock held (seen with
PySide6 6.12: the process hangs). A proxy that nobody serves needs no Python.
"""

from __future__ import annotations

from PySide6.QtNetwork import QNetworkProxy

NOBODY, DISCARD_PORT = "127.0.0.1", 9  # RFC 863; nothing listens, and a connection is refused


def close_network() -> None:
    """Send every request of Qt, loopback included, to a proxy that refuses it."""
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, NOBODY, DISCARD_PORT)
    QNetworkProxy.setApplicationProxy(proxy)
