"""What is installed here: settings, the territory's pack and its content, opened to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.app.console import ROOT, Place
from kiosk.app.settings import Settings
from kiosk.app.settings import load as load_settings
from kiosk.domain.errors import InputRefused
from kiosk.store.database import ContentReader
from kiosk.store.pack import Pack, load_pack
from kiosk.store.records import RecordStore

DEMO = "orne"
CONTENT = "content.db"
OWN_PACKS = ROOT / "assets" / "territories"


class SystemClock:
    """The machine's clock (implements ports.Clock)."""

    def now(self) -> datetime:
        """Give the present, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        import time

        return time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """Settings, the pack's folder and content, and the database that holds its records."""

    settings: Settings
    folder: Path
    pack: Pack
    content: ContentReader
    cache: RecordStore


def pack_folders(data: Path) -> dict[str, Path]:
    """Give the installed packs by slug; one installed in the data folder hides ours."""
    found: dict[str, Path] = {}
    for home in (OWN_PACKS, data / "territories"):
        found.update({file.parent.name: file.parent for file in home.glob("*/pack.toml")})
    return found


def pack_folder(data: Path, slug: str) -> Path:
    """Give the folder of an installed pack; raises InputRefused when there is none."""
    there = pack_folders(data)
    if slug not in there:
        names = ", ".join(sorted(there))
        raise InputRefused("no such territory is installed", where=slug, todo=f"there: {names}")
    return there[slug]


def installed(place: Place) -> Installed:
    """Open what ``place`` names; raises InputRefused for settings or a pack that can't be used."""
    settings = load_settings(place.data)
    folder = pack_folder(place.data, place.territory or settings.territory or DEMO)
    content = ContentReader(place.data / CONTENT)
    return Installed(
        settings=settings,
        folder=folder,
        pack=load_pack(folder),
        content=content,
        cache=RecordStore(content, SystemClock()),
    )
