"""What a reader told, waited for."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Condition

from kiosk.ports import CardSession

TOLD_MAX_S = 8.0


@dataclass
class Ear:
    """Keeps what a reader tells, and waits for it."""

    told: list[CardSession | None] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def on_laid(self, session: CardSession) -> None:
        self._take(session)

    def on_lifted(self) -> None:
        self._take(None)

    def _take(self, session: CardSession | None) -> None:
        with self.changed:
            self.told.append(session)
            self.changed.notify_all()

    @property
    def there(self) -> bool:
        """Whether something was laid last."""
        return bool(self.told) and self.told[-1] is not None

    def becomes(self, *, there: bool) -> None:
        """Wait until something lies there, or nothing does."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.there is there, TOLD_MAX_S), self.told

    def wait(self, count: int) -> None:
        """Wait until ``count`` things were told."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.told) >= count, TOLD_MAX_S)
        assert came, f"{len(self.told)} told, {count} expected: {self.told}"

    def laid(self, count: int = 1) -> CardSession:
        """Wait until ``count`` things were told, the last of them a card; give it."""
        self.wait(count)
        session = self.told[count - 1]
        assert session is not None
        return session
