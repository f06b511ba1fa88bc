"""What this hub is made of, in one value that Django's settings carry as ``HUB``.

Django knows one project a process; this is the only thing that our code asks its settings for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.conf import settings

from kiosk.domain.sealed import Signer
from kiosk.ports import Clock
from payments.service import PaymentService
from sync.hub.cardkeys.desk import RelayDesk
from sync.hub.config import BLOBS, PHOTOS, HubConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A running hub: settings, clock, its online key, and who takes money (None: nobody).

    ``token`` is what a kiosk on the same machine may use instead of a signature; "": none may.
    ``relays`` are the loads that are being written right now.
    """

    config: HubConfig
    clock: Clock
    key: Signer
    payments: PaymentService | None = None
    token: str = ""
    relays: RelayDesk = field(default_factory=RelayDesk)

    @property
    def blobs(self) -> Path:
        """The folder of the public blobs; nginx may serve it."""
        return self.config.data / BLOBS

    @property
    def photos(self) -> Path:
        """The folder of the citizens' photos; nothing public lies in it."""
        return self.config.data / PHOTOS


def here() -> Here:
    """Give the hub of this process."""
    return cast("Here", settings.HUB)
