"""The demo's reader over chips: ports.CardReader on which one thing at a time is laid."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cardreader.transport import Transport
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.vpcd import Picc
from kiosk.ports import CardSession


class TrayReader:
    """A reader made of software; ``session`` opens a thing by its transport and its ATR."""

    def __init__(self, session: Callable[[Transport, bytes], CardSession]) -> None:
        self._session = session
        self._turn = threading.RLock()
        self._lying: tuple[InMemoryTransport, CardSession] | None = None
        self._on_laid: Callable[[CardSession], None] | None = None
        self._on_lifted: Callable[[], None] | None = None

    def watch(self, on_laid: Callable[[CardSession], None], on_lifted: Callable[[], None]) -> None:
        """Start telling, at once when something lies there."""
        with self._turn:
            self._on_laid, self._on_lifted = on_laid, on_lifted
            lying = self._lying
        if lying is not None:
            on_laid(lying[1])

    def close(self) -> None:
        """Stop telling; what lies there becomes unreachable."""
        with self._turn:
            self._on_laid = self._on_lifted = None
            self._take()

    def lay(self, thing: Picc) -> CardSession:
        """Lay a thing; what lay there before is lifted first."""
        self.lift()
        with self._turn:
            self._take()  # another thread may have laid something in between
            transport = InMemoryTransport(thing)
            session = self._session(transport, thing.atr)
            self._lying = transport, session
            tell = self._on_laid
        if tell is not None:
            tell(session)
        return session

    @property
    def lying(self) -> Transport | None:
        """The transport of what lies there, None for nothing."""
        with self._turn:
            return None if self._lying is None else self._lying[0]

    def lift(self) -> None:
        """Lift what lies there; nothing happens on an empty reader."""
        with self._turn:
            tell = self._on_lifted if self._take() else None
        if tell is not None:
            tell()

    def _take(self) -> bool:
        lying, self._lying = self._lying, None
        if lying is not None:
            lying[0].lift()
        return lying is not None
