"""Finds the connectors: each folder beside this file that holds a manifest.toml."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import cast

import msgspec

from kiosk.domain.errors import InputRefused
from sync.connectors.base import Connector, Manifest

FOLDER = Path(__file__).resolve().parent


def manifest_of(slug: str, folder: Path = FOLDER) -> Manifest:
    """Read a connector's manifest; raises InputRefused when there is no such connector."""
    path = folder / slug / "manifest.toml"
    if not slug.isidentifier() or not path.is_file():
        todo = "alveole connector list names them"
        raise InputRefused("no such connector", where=slug, todo=todo)
    try:
        manifest = msgspec.toml.decode(path.read_bytes(), type=Manifest)
    except msgspec.DecodeError as wrong:
        raise InputRefused(str(wrong), where=f"{slug}/manifest.toml") from wrong
    if manifest.slug != slug:
        raise InputRefused("the slug isn't the folder's name", where=f"{slug}/manifest.toml")
    return manifest


def available(folder: Path = FOLDER) -> list[Manifest]:
    """Give the manifests of all connectors, by slug."""
    return [
        manifest_of(path.parent.name, folder) for path in sorted(folder.glob("*/manifest.toml"))
    ]


def load(slug: str) -> Connector:
    """Import a connector; raises InputRefused when there is no such one."""
    manifest_of(slug)
    return cast("Connector", importlib.import_module(f"sync.connectors.{slug}.connector"))
