"""The kiosk's end of the hub that takes its payments: where it is, who we are there, what it takes.

Rules:
1. ``payments = "hub"`` points every payment at the setting ``hub``; training keeps its stand-in.
2. A hub on this machine knows the kiosk by the token file that both share. Any other one knows it
   by the device's own identity, which enrolment brings: calls are signed, answers verified.
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
    from payments.signed import SignedPost
    from sync.message_signing import Identity

TOKEN = "hub-token"  # noqa: S105  # a file's name
TOLD = "hub-provider"  # the last provider that the hub named
PAGE = "/code"  # the hub's page for offline codes (payments.code_routes)
WAIT_S = 10.0
BYTES_MAX = 200
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLink:
    """A hub at ``url`` whose token, or this kiosk's identity at it, lies in ``folder``."""

    url: str
    folder: Path
    signed: bool = False

    def gateway(self, *, timeout_s: float = WAIT_S) -> RemoteGateway:
        """Give the payments' gateway; raises PaymentUnavailable while there is no identity."""
        if self.signed:
            from payments.signed import SignedGateway

            return SignedGateway(self.url, self._identity(), timeout_s=timeout_s)
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
        """Its page for offline codes; "" where it shares no key of codes with this kiosk."""
        return "" if self.signed else self.url.rstrip("/") + PAGE

    def relay(self) -> tuple[SignedPost, str]:
        """Give what posts steps of a relay, and where to; raises PaymentUnavailable."""
        from payments.signed import SignedPost

        identity = self._identity()
        path = f"/v1/k/{identity.device}/relay"
        return SignedPost(self.url, identity, timeout_s=WAIT_S), path

    def _identity(self) -> Identity:
        from kiosk.store.device_key import DeviceKey
        from kiosk.store.enrolment import EnrolmentStore
        from sync.message_signing import Identity

        store = EnrolmentStore(self.folder)
        let_in, licence = store.let_in(), store.licence()
        if let_in is None:
            raise PaymentUnavailable("this kiosk's enrolment can't be read")
        # the key that signed the last licence: the hub's may have changed since the enrolment
        key = let_in.key if licence is None or not licence.text else licence.key
        signer = DeviceKey(self.folder)
        return Identity(device=let_in.kiosk, signer=signer, hub_key=bytes.fromhex(key))

    def _token(self) -> str:
        token = _read(self.folder / TOKEN)
        if not token:
            raise PaymentUnavailable(f"{self.folder / TOKEN} can't be read: was the hub started?")
        return token


def link_of(settings: Settings, folder: Path) -> HubLink | None:
    """Give the link of a kiosk's settings and data folder; None: its payments are the stand-in's.

    Raises InputRefused for a hub on another machine that hasn't let this kiosk in.
    """
    if settings.training or settings.payments != "hub":
        return None
    from kiosk.store.enrolment import EnrolmentStore
    from payments.http_post import address

    elsewhere = address(settings.hub).trust is not None
    let_in = EnrolmentStore(folder).let_in()
    known = let_in is not None and let_in.hub == settings.hub.rstrip("/")
    if known and (elsewhere or not (folder / TOKEN).exists()):
        return HubLink(url=settings.hub, folder=folder, signed=True)
    if elsewhere:
        raise InputRefused(
            "payments at a hub on another machine need this kiosk's enrolled identity",
            where="settings.toml: hub",
            todo=f'alveole sync enrol {settings.hub} --words "…", or payments = "simulator"',
        )
    return HubLink(url=settings.hub, folder=folder)


def _read(file: Path) -> str:
    """Give a small file's only line, "" when it can't be read."""
    try:
        return file.read_bytes()[:BYTES_MAX].decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
