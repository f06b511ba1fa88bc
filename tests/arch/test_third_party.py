"""What is not ours stands apart, with its licence and source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LICENCES = ("LICENSE", "OFL.txt")
ICON_USES = re.compile(
    r'glyph: (?:.*\? )?"([a-z0-9-]+)"|glyph="([a-z0-9-]+)"|"glyph": "([a-z0-9-]+)"'
)


def folders(root: Path) -> list[Path]:
    return sorted(path for path in (root / "assets" / "third_party").iterdir() if path.is_dir())


def test_every_folder_has_its_licence_and_source(root: Path) -> None:
    assert len(folders(root)) >= 3
    for folder in folders(root):
        assert any((folder / name).is_file() for name in LICENCES), folder.name
        said = (folder / "SOURCE.md").read_text(encoding="utf-8")
        assert "Project: https://" in said, folder.name


def test_every_icon_that_a_screen_names_is_there(root: Path) -> None:
    icons = {file.stem for file in (root / "assets/third_party/tabler/icons").glob("*.svg")}
    named = {
        name
        for kind in ("*.qml", "*.py")
        for file in (root / "ui").rglob(kind)
        for found in ICON_USES.findall(file.read_text(encoding="utf-8"))
        for name in found
        if name
    }
    assert named
    assert named <= icons, sorted(named - icons)


@pytest.mark.parametrize("banned", ["marianne", "dsfr"])
def test_the_states_design_is_not_used(root: Path, banned: str) -> None:
    # the French State reserves its typeface and design system to itself
    files = [path.name.lower() for path in (root / "assets").rglob("*")]
    assert not any(banned in name for name in files)
