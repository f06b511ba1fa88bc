"""Closes the network to the Qt process: screens are fed by the cache alone (TRUST.md, fact 1).

Every request of Qt to another machine goes to a proxy that nobody serves. Qt leaves this
machine itself out of proxies; what keeps a hostile text from reaching it is that no text is
rich and no picture has an address (both are linted, walked and tested).

A QQmlNetworkAccessManagerFactory written in Python is no way to do more: Qt calls it from its
picture reader's thread, and the process crashes (seen with PySide6 6.11 and 6.12).
"""

from __future__ import annotations

from PySide6.QtNetwork import QNetworkProxy

NOBODY, DISCARD_PORT = "127.0.0.1", 9  # RFC 863; nothing listens, and a connection is refused


def close_network() -> None:
    """Send every request of Qt to a proxy that refuses it."""
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, NOBODY, DISCARD_PORT)
    QNetworkProxy.setApplicationProxy(proxy)
