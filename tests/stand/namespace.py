"""A private network and mount namespace for pcscd and vpcd: two suites never meet.

vpcd listens on every address and pcscd has one socket for the whole machine, so the real chain
runs apart: its own loopback, its own /run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

INSIDE = "CARD_STAND"  # the environment's mark of a process inside
NEEDED = ("unshare", "ip", "mount", "pcscd")
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PROBE_TIMEOUT_S = 30


def inside() -> bool:
    """Whether this process runs in the stand."""
    return os.environ.get(INSIDE) == "1"


def entering(command: Sequence[str]) -> list[str]:
    """Give the command line that runs ``command`` in a new stand."""
    root = () if os.geteuid() == 0 else ("--map-root-user",)
    return ["unshare", *root, "-n", "-m", "--", sys.executable, "-m", "tests.stand", *command]


def refusal() -> str:
    """Give why there can be no stand on this machine, "" when there can."""
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if not Path(DRIVER).exists():
        return f"vsmartcard-vpcd isn't installed: no {DRIVER}"
    probe = subprocess.run(
        entering(["true"]), capture_output=True, text=True, timeout=PROBE_TIMEOUT_S, check=False
    )
    return f"namespaces aren't permitted: {probe.stderr.strip()}" if probe.returncode else ""
