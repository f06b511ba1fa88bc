"""Noting an act: in the transaction of what it did, so that neither stands without the other."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.record import Json
from sync.hub.accounts.models import User
from sync.hub.audit.models import Entry
from sync.hub.here import Here

CONSOLE = "console"  # who sits at the server itself


def note(
    hub: Here,
    by: User | None,
    act: tuple[str, str],
    subject: str,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Add a line; ``act`` is the act and its territory, ``by`` None the console."""
    action, territory = act
    Entry.objects.create(
        at=hub.clock.now(),
        actor=by.get_username() if by is not None else CONSOLE,
        action=action,
        territory=territory,
        subject=subject,
        details=dict(details or {}),
    )
