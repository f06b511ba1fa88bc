"""The providers that are installed: a folder with a manifest each, loaded only when chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, cast

import msgspec

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock, PaymentGateway

FOLDER = Path(__file__).resolve().parent / "providers"
PROVIDERS_MAX = 50


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider says of itself; ``title`` by language, French always there."""

    slug: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    title: Mapping[str, str]
    demo: bool
    production: bool
    manual_capture: bool
    network: bool


def discover(folder: Path = FOLDER) -> tuple[Manifest, ...]:
    """Give the manifests of the installed providers by slug; raises InputRefused for a bad one."""
    files = sorted(folder.glob("*/manifest.toml"))[:PROVIDERS_MAX]
    return tuple(_read(file) for file in files)


def load(slug: str, *, clock: Clock, environment: str, folder: Path = FOLDER) -> PaymentGateway:
    """Make a provider's gateway; raises InputRefused when it is absent or may not run here."""
    manifests = {manifest.slug: manifest for manifest in discover(folder)}
    manifest = manifests.get(slug)
    if manifest is None:
        there = ", ".join(manifests) or "none"
        raise InputRefused(f"no payment provider {slug!r}", todo=f"there: {there}")
    if environment == PRODUCTION and not manifest.production:
        raise InputRefused(f"the provider {slug!r} is refused in production", where="ALVEOLE_ENV")
    make = cast("Callable[..., PaymentGateway]", import_module(f"payments.providers.{slug}").make)
    return make(clock=clock, environment=environment)


def _read(file: Path) -> Manifest:
    try:
        manifest = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Manifest)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as bad:
        raise InputRefused(f"bad manifest: {bad}", where=str(file)) from bad
    if manifest.slug != file.parent.name or not manifest.title.get("fr"):
        raise InputRefused("slug isn't the folder's name, or no French title", where=str(file))
    return manifest
