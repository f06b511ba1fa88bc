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
from payments.provider import Provider, Setup

FOLDER = Path(__file__).resolve().parent / "providers"
PROVIDERS_MAX = 50


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider says of itself; ``title`` by language, French always there.

    ``authorization_days`` is how long its authorizations live; ``staff`` providers are offered
    only in an open till session; ``options`` are what payments.toml must say.
    """

    slug: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    title: Mapping[str, str]
    demo: bool
    production: bool
    manual_capture: bool
    network: bool
    staff: bool = False
    authorization_days: Annotated[int, msgspec.Meta(ge=2, le=30)] = 7
    options: tuple[str, ...] = ()


def discover(folder: Path = FOLDER) -> tuple[Manifest, ...]:
    """Give the manifests of the installed providers by slug; raises InputRefused for a bad one."""
    files = sorted(folder.glob("*/manifest.toml"))[:PROVIDERS_MAX]
    return tuple(_read(file) for file in files)


def manifest_of(slug: str, *, environment: str, folder: Path = FOLDER) -> Manifest:
    """Give a provider's manifest; raises InputRefused when it is absent or may not run here."""
    manifests = {manifest.slug: manifest for manifest in discover(folder)}
    manifest = manifests.get(slug)
    if manifest is None:
        there = ", ".join(manifests) or "none"
        raise InputRefused(f"no payment provider {slug!r}", todo=f"there: {there}")
    if environment == PRODUCTION and not manifest.production:
        raise InputRefused(f"the provider {slug!r} is refused in production", where="ALVEOLE_ENV")
    return manifest


def load(slug: str, setup: Setup, *, folder: Path = FOLDER) -> Provider:
    """Make a provider; raises InputRefused when it is absent, unset or may not run here."""
    manifest_of(slug, environment=setup.environment, folder=folder)
    make = cast("Callable[[Setup], Provider]", import_module(f"payments.providers.{slug}").make)
    return make(setup)


def _read(file: Path) -> Manifest:
    try:
        manifest = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Manifest)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as bad:
        raise InputRefused(f"bad manifest: {bad}", where=str(file)) from bad
    if manifest.slug != file.parent.name or not manifest.title.get("fr"):
        raise InputRefused("slug isn't the folder's name, or no French title", where=str(file))
    return manifest
