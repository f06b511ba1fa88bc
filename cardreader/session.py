"""Card sessions that stand for a state of the reader, or guard another session."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from kiosk.domain.errors import AlveoleError, CardPulled, ReaderAbsent
from kiosk.domain.purse import CardFace, Load, Prepared, Spend, Written
from kiosk.ports import CardSession

_T = TypeVar("_T")


class Answering:
    """ports.CardSession of what can't be used: every call raises the same error."""

    def __init__(self, error: AlveoleError) -> None:
        self.kind, self._words = type(error), str(error)

    def read(self) -> CardFace:
        """Raise the error."""
        raise self.kind(self._words)

    def glance(self) -> CardFace:
        """Raise the error."""
        raise self.kind(self._words)

    def write_load(self, load: Load) -> CardFace:  # noqa: ARG002  # the port's
        """Raise the error."""
        raise self.kind(self._words)

    def spend(
        self,
        spend: Spend,  # noqa: ARG002  # the port's
        prepared: Callable[[Prepared], None],  # noqa: ARG002  # the port's
    ) -> Written:
        """Raise the error."""
        raise self.kind(self._words)


class Guarded:
    """ports.CardSession of a card that lies there: one call at a time, and an end.

    After CardPulled or ReaderAbsent, or once ``end`` was called, every call raises so: whatever
    lies there later is another session's.
    """

    def __init__(self, inner: CardSession) -> None:
        self._inner = inner
        self._turn = threading.Lock()
        self._over: Answering | None = None

    @property
    def over(self) -> type[AlveoleError] | None:
        """What every call raises from now on, None while it answers."""
        return self._over.kind if self._over is not None else None

    def end(self, why: AlveoleError) -> None:
        """Make every later call raise ``why``; a call under way ends by its own error."""
        self._over = self._over or Answering(why)

    def read(self) -> CardFace:
        """Read the face; raises what the inner session raises."""
        return self._guard(lambda session: session.read())

    def glance(self) -> CardFace:
        """Read what a spend needs; raises what the inner session raises."""
        return self._guard(lambda session: session.glance())

    def write_load(self, load: Load) -> CardFace:
        """Write a load; raises what the inner session raises."""
        return self._guard(lambda session: session.write_load(load))

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        """Take a spend; raises what the inner session raises."""
        return self._guard(lambda session: session.spend(spend, prepared))

    def idle(self, work: Callable[[], None]) -> None:
        """Do ``work`` with the card unless a call is under way or it is over."""
        if self._over or not self._turn.acquire(blocking=False):
            return
        try:
            work()
        except (CardPulled, ReaderAbsent) as gone:
            self.end(gone)
        finally:
            self._turn.release()

    def _guard(self, call: Callable[[CardSession], _T]) -> _T:
        with self._turn:
            try:
                return call(self._over or self._inner)
            except (CardPulled, ReaderAbsent) as gone:
                self.end(gone)
                raise
