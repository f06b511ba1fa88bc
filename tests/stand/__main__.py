"""Prepares the namespace it was started in (loopback, an own /run), then becomes the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.stand.namespace import INSIDE


def main(command: list[str]) -> None:
    """Never comes back: exits when the namespace can't be prepared."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    Path("/run/pcscd").mkdir()
    os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})


if __name__ == "__main__":
    main(sys.argv[1:])
