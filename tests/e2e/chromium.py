"""A headless Chromium that runs one page and hands back what it became."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

BROWSER = shutil.which("chromium") or ""
TIMEOUT_S = 120
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
)
needs_chromium = pytest.mark.skipif(not BROWSER, reason="chromium isn't installed")


def dom(page: Path, profile: Path, fragment: str = "") -> str:
    """Open a page with ``fragment`` and give its document once its scripts have ended."""
    done = subprocess.run(
        [
            BROWSER,
            *OPTIONS,
            f"--user-data-dir={profile}",
            "--dump-dom",
            f"{page.as_uri()}#{fragment}",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    return done.stdout


def told(document: str) -> object:
    """Read the JSON that a page's script has put into its <output>."""
    found = re.search(r"<output>(.*?)</output>", document, re.DOTALL)
    assert found is not None, document[-2000:]
    return json.loads(html.unescape(found[1]))
