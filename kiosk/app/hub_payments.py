"""The hub's payments on this machine: settings, the device token, the service on loopback.

The secret stands in DIR/payments.toml, which only the hub's user may read; the kiosk's process
never opens it. Without that file the bank's stand-in takes part, loudly, never in production.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import structlog

from kiosk.app.hub_link import TOKEN
from kiosk.domain.errors import InputRefused
from kiosk.domain.payment import SIMULATOR
from kiosk.ports import Clock
from kiosk.store.device_key import HUB_FILE, DeviceKey, code_key, make_private
from kiosk.store.hub_codes import FILE as CODES
from kiosk.store.hub_codes import HubCodes
from kiosk.store.psp import PspStore
from payments.code_routes import CodeRoutes, code_page
from payments.codes import CodeOffice, CodePayments, KnownKiosk
from payments.hub_server import HubPayments, HubServer
from payments.provider import Provider, Setup
from payments.providers.stripe_checkout.checkout import Checkout
from payments.registry import Manifest, load, manifest_of
from payments.service import Counter, PaymentService
from payments.simulator.in_process import InProcess
from payments.simulator.server import SimulatorServer

FILE, STORE, BANK = "payments.toml", "psp.db", "simulated-bank.json"
KIOSK = "borne"  # the kiosk of this machine, unless payments.toml names it
BYTES_MAX = 20_000

log = structlog.get_logger("kiosk.hub_payments")

Url = Annotated[str, msgspec.Meta(pattern=r"^(https://[^\s]{4,200})?$")]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What payments.toml may say; ``options`` are the provider's (docs/add-a-provider.md).

    ``kiosk`` is the name of the kiosk whose offline codes are answered, ``kiosk_key`` its public
    key; "" where hub and kiosk share a folder: the kiosk's own.
    """

    provider: str = SIMULATOR
    secret: str = ""
    webhook_secrets: tuple[str, ...] = ()
    public_url: Url = ""
    kiosk: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,8}$")] = KIOSK
    kiosk_key: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    options: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A running hub: its address, what it takes money with, the stand-in's address or ""."""

    url: str
    provider: str
    bank_url: str


def read_settings(folder: Path) -> Settings:
    """Read payments.toml strictly; raises InputRefused, when others may read a secret too."""
    file = folder / FILE
    try:
        raw = file.read_bytes()
        settings = msgspec.convert(tomllib.loads(raw[:BYTES_MAX].decode()), Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, msgspec.ValidationError) as wrong:
        raise InputRefused(f"can't be read: {wrong}", where=str(file)) from wrong
    if settings.secret and file.stat().st_mode & 0o077:
        raise InputRefused(
            "others may read the secret", where=str(file), todo=f"chmod 600 {file.name}"
        )
    return settings


def device_token(folder: Path) -> str:
    """Give the token that kiosk and hub share, made at the first start for this user only."""
    file = folder / TOKEN
    if not file.exists():
        make_private(file, secrets.token_urlsafe(32).encode())
    return file.read_text(encoding="ascii").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What takes money here: the service, its provider's name, the stand-in's address or ""."""

    service: PaymentService
    provider: str
    bank_url: str


@contextmanager
def taking(folder: Path, clock: Clock, *, environment: str) -> Generator[Taking]:
    """Open the payments of a data folder until the block ends; raises InputRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = read_settings(folder)
    _refuse_training(folder, settings)
    manifest = manifest_of(settings.provider, environment=environment)
    setup = Setup(
        clock=clock, environment=environment, secret=settings.secret, options=settings.options
    )
    with ExitStack() as stack:
        bank_url = ""
        if settings.provider == SIMULATOR:
            server = SimulatorServer(clock=clock, environment=environment, file=folder / BANK)
            bank_url = stack.enter_context(server).url
            provider: Provider = Checkout(
                InProcess(server.answer), return_url=f"{bank_url}/pay/merci"
            )
        else:
            provider = load(settings.provider, setup)
        service = PaymentService(
            store=stack.enter_context(PspStore(folder / STORE)),
            provider=provider,
            clock=clock,
            counter=_counter(settings, manifest),
        )
        yield Taking(service=service, provider=settings.provider, bank_url=bank_url)


@contextmanager
def serving(
    folder: Path, clock: Clock, *, environment: str, port: int = 0, kiosk: str = ""
) -> Generator[Serving]:
    """Run the hub's payments alone until the block ends; raises InputRefused.

    ``kiosk`` is its kiosk's name, "" the one of payments.toml.
    """
    with ExitStack() as stack:
        money = stack.enter_context(taking(folder, clock, environment=environment))
        settings = read_settings(folder)
        codes = CodePayments(
            store=stack.enter_context(HubCodes(folder / CODES)),
            service=money.service,
            clock=clock,
            office=office_of(folder, kiosk or settings.kiosk, settings.kiosk_key),
        )
        routes = CodeRoutes(codes, code_page(demo=settings.provider == SIMULATOR))
        hub = HubPayments(money.service, token=device_token(folder), codes=routes)
        url = stack.enter_context(HubServer(hub, port=port)).url
        yield Serving(url=url, provider=money.provider, bank_url=money.bank_url)


def office_of(folder: Path, kiosk: str, public_key: str = "") -> CodeOffice:
    """Give what one kiosk's codes are given with.

    Raises InputRefused for keys that can't be trusted.
    """
    known = bytes.fromhex(public_key) or DeviceKey(folder).public_key
    device = KnownKiosk(public_key=known, code_key=code_key(folder))
    return CodeOffice(kiosks={kiosk: device}, hub=DeviceKey(folder, HUB_FILE))


def _refuse_training(folder: Path, settings: Settings) -> None:
    """Refuse to take real money beside a kiosk that is in training; raises InputRefused."""
    from kiosk.app.settings import load as load_kiosk_settings

    if settings.provider != SIMULATOR and load_kiosk_settings(folder).training:
        raise InputRefused(
            f"training never meets the provider {settings.provider!r}",
            where="settings.toml: training",
            todo="end the training, or set payments.toml aside",
        )


def _counter(settings: Settings, manifest: Manifest) -> Counter:
    return Counter(
        provider=settings.provider,
        lapses_after=timedelta(days=manifest.authorization_days),
        public_url=settings.public_url.rstrip("/"),
        webhook_secrets=settings.webhook_secrets,
        tell=lambda fact, fields: log.info(fact, **fields),
    )
