"""The hub's composition: out of a data folder, a Here, and Django set up for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.management import CommandError, call_command

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from payments.service import PaymentService
from sync.hub import config, project
from sync.hub.here import Here
from sync.hub.keys import FileKey, make_keys


def is_hub(data: Path) -> bool:
    """Whether ``hub init`` was done in a data folder."""
    return (data / config.SECRET).exists()


def make(data: Path, *, root: bool = True) -> None:
    """Make the secrets of a new hub; without ``root`` its root key lies elsewhere."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        make_keys(data, root=root)
    except OSError as wrong:
        raise InputRefused(f"can't be written: {wrong}", where="--data") from wrong


def opened(
    data: Path,
    clock: Clock,
    *,
    environment: str = "",
    payments: PaymentService | None = None,
    token: str = "",
) -> Here:
    """Open a hub that was made; raises InputRefused for settings or secrets that can't be used."""
    settings = config.load(data)
    if environment == PRODUCTION and not settings.public_url:
        raise InputRefused(
            "a hub in production has a public_url", where=config.FILE, todo="see docs/hub.md"
        )
    alone = not settings.public_url
    hub = Here(
        config=settings,
        clock=clock,
        key=FileKey(data / config.SIGNING_KEY),
        payments=payments,
        token=token if alone else "",
    )
    project.configure(hub)
    return hub


def manage(arguments: Sequence[str]) -> None:
    """Run a command of Django itself; raises InputRefused when it refuses."""
    try:
        call_command(*(arguments or ["help"]))
    except CommandError as wrong:
        raise InputRefused(str(wrong), where="hub manage") from wrong
