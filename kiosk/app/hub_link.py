"""The kiosk's end of the hub that takes its payments: where it is, who we are there, what it takes.

Rules:
1. ``payments = "hub"`` points every payment at the setting ``hub``; training keeps its stand-in.
2. Only a hub on this machine for now: it knows the kiosk by the token file that both share. A hub
   elsewhere wants the device's own identity, which enrolment brings.
3. What the hub last said it takes money with is kept: a kiosk that starts beside a silent hub must
   not call real money simulated, nor the other way round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import InputRefused, PaymentUnavailable
from kiosk.domain.payment import SIMULATOR

if TYPE_CHECKING:
    from kiosk.app.settings import Settings
    from payments.remote import RemoteGateway

TOKEN = "hub-token"  # noqa: S105  # a file's name
TOLD = "hub-provider"  # the last provider that the hub named
PAGE = "/code"  # the hub's page for offline codes (payments.code_routes)
WAIT_S = 10.0
BYTES_MAX = 200
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLink:
    """A hub at ``url`` whose token lies in ``folder``."""

    url: str
    folder: Path

    def gateway(self, *, timeout_s: float = WAIT_S) -> RemoteGateway:
        """Give the payments' gateway; raises PaymentUnavailable while there is no token."""
        from payments.remote import RemoteGateway

        return RemoteGateway(self.url, token=self._token(), timeout_s=timeout_s)

    def ask(self) -> str:
        """Ask what the hub takes money with, and keep it; raises PaymentUnavailable."""
        provider = self.gateway().provider()
        if provider != self.last_told and _SLUG.fullmatch(provider):
            aside = (self.folder / TOLD).with_suffix(".new")
            aside.write_text(provider, encoding="ascii")
            aside.replace(self.folder / TOLD)
        return provider

    @property
    def last_told(self) -> str:
        """What it last took money with, "" when it never said."""
        said = _read(self.folder / TOLD)
        return said if _SLUG.fullmatch(said) else ""

    @property
    def simulated(self) -> bool:
        """Whether no real money is moved, as far as the hub has said."""
        return self.last_told in {"", SIMULATOR}

    @property
    def page(self) -> str:
        """Its page for offline codes."""
        return self.url.rstrip("/") + PAGE

    def _token(self) -> str:
        token = _read(self.folder / TOKEN)
        if not token:
            raise PaymentUnavailable(f"{self.folder / TOKEN} can't be read: was the hub started?")
        return token


def link_of(settings: Settings, folder: Path) -> HubLink | None:
    """Give the link of a kiosk's settings and data folder; None: its payments are the stand-in's.

    Raises InputRefused for a hub on another machine.
    """
    if settings.training or settings.payments != "hub":
        return None
    from payments.http_post import address

    if address(settings.hub).trust is not None:
        raise InputRefused(
            "payments at a hub on another machine need this kiosk's enrolled identity",
            where="settings.toml: hub",
            todo='serve the hub on this machine (http://127.0.0.1:…), or payments = "simulator"',
        )
    return HubLink(url=settings.hub, folder=folder)


def _read(file: Path) -> str:
    """Give a small file's only line, "" when it can't be read."""
    try:
        return file.read_bytes()[:BYTES_MAX].decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
