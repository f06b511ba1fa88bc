"""Asking for help imports nothing heavy, so that every command answers at once (CLI.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "PySide6",
    "aiohttp",
    "asyncio",
    "babel",
    "cryptography",
    "icalendar",
    "qasync",
    "rich",
    "smartcard",
    "sqlite_utils",
    "stripe",
    "structlog",
}
PROBE = """
import sys
from kiosk.app.cli import build
import typer
typer.main.get_command(build(sys.argv[1]))
print(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


def imported_for(command: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("command", ["", *sorted(COMMANDS)])
def test_registering_a_command_imports_nothing_heavy(command: str) -> None:
    assert imported_for(command) & HEAVY == set()


def test_the_probe_sees_what_is_imported() -> None:
    assert {"typer", "kiosk"} <= imported_for("doctor")


def test_main_is_the_same_entry_point() -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "doctor", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "alveole doctor" in done.stdout
