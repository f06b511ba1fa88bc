"""The command ``run``: what it refuses before anything is painted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app.cli_ui import pixels
from kiosk.domain.errors import InputRefused

NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def alveole(
    root: Path, data: Path, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in NO_DISPLAY}
    return subprocess.run(
        [sys.executable, str(root / "main.py"), "--data", str(data), *words],
        cwd=root,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "size"), [("", (0, 0)), ("1080x1920", (1080, 1920)), ("540x960", (540, 960))]
)
def test_a_size_is_read(text: str, size: tuple[int, int]) -> None:
    assert pixels(text) == size


@pytest.mark.parametrize("text", ["1080", "1080*1920", "10x10", "99999x10", "-1080x1920", "axb"])
def test_a_size_that_no_panel_has_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="not a size") as refused:
        pixels(text)
    assert refused.value.where == "--size"


@pytest.mark.parametrize("words", [(), ("run",), ("run", "--demo")])
def test_without_a_display_it_says_so_in_a_line_and_offers_the_tour(
    root: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = alveole(root, tmp_path, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "make tour" in done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("run", "--at", "yesterday"), "--at"),
        (("run", "--size", "big"), "--size"),
        (("--territory", "atlantis", "run"), "atlantis"),
    ],
)
def test_a_wrong_call_is_refused_in_a_line(
    root: Path, tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    done = alveole(root, tmp_path, *words, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2
    assert what in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_production_refuses_the_demonstration(root: Path, tmp_path: Path) -> None:
    done = alveole(root, tmp_path, "run", QT_QPA_PLATFORM="offscreen", ALVEOLE_ENV="production")
    assert done.returncode == 2
    assert "refused in production" in done.stderr
