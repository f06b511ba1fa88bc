"""Refuses every network request of the QML engine: screens are fed by the cache alone."""

from __future__ import annotations

from PySide6.QtCore import QIODevice, QObject, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlNetworkAccessManagerFactory

_NOWHERE = QUrl("about:blank")


class DenyingManager(QNetworkAccessManager):
    """Answers each request with an error, without opening a socket; counts them for tests."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setTransferTimeout(1)

    def createRequest(
        self,
        op: QNetworkAccessManager.Operation,
        request: QNetworkRequest,
        outgoingData: QIODevice | None = None,
    ) -> QNetworkReply:
        """Send every request nowhere: ``about:`` is a protocol that Qt refuses at once."""
        nowhere = QNetworkRequest(request)
        nowhere.setUrl(_NOWHERE)
        return super().createRequest(op, nowhere, outgoingData)


class DenyingFactory(QQmlNetworkAccessManagerFactory):
    """Gives the QML engine managers that refuse."""

    def create(self, parent: QObject | None) -> QNetworkAccessManager:
        """Give a refusing manager."""
        return DenyingManager(parent)
