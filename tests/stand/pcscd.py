"""Debian's pcscd with vpcd, started and killed at will; only inside the stand."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cardreader.pcsc import Context
from tests.stand.namespace import DRIVER, inside

SOCKET = Path("/run/pcscd/pcscd.comm")
FIRST_PORT = 35963
SLOTS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
CONFIGURATION = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{FIRST_PORT:X}
LIBPATH {DRIVER}
CHANNELID 0x{FIRST_PORT:X}
"""
READY_MAX_S = 10.0
STEP_S = 0.02


class Pcscd:
    """One daemon at a time."""

    def __init__(self) -> None:
        assert inside(), "pcscd of the tests runs in the stand only"
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        (self._folder / "reader.conf").write_text(CONFIGURATION, encoding="ascii")

    def start(self) -> None:
        """Start it, and wait until both slots can be reached."""
        log = (self._folder / "log").open("ab")
        command = ["pcscd", "--foreground", "--config", str(self._folder / "reader.conf")]
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        wait_for(lambda: SOCKET.exists() and all(_listens(FIRST_PORT + n) for n in range(2)))

    def kill(self) -> None:
        """Kill it, as a crash does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None
        SOCKET.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it if it runs."""
        if self._process is not None:
            self.kill()


def wait_for(condition: Callable[[], bool], *, most_s: float = READY_MAX_S) -> None:
    """Wait until ``condition()`` holds; fails after ``most_s``."""
    end = time.monotonic() + most_s
    while not condition():
        assert time.monotonic() < end, f"not so after {most_s} s"
        time.sleep(STEP_S)


def noticed_empty() -> None:
    """Wait until PC/SC sees no card: within its 0.4 s a lifted card still seems to lie there."""
    context = Context()
    wait_for(lambda: not any(slot.present for slot in context.slots()))
    context.close()


def _listens(port: int) -> bool:
    """Whether vpcd listens, seen from the kernel's table: to connect would be to lay a card."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(f":{port:04X} " in line.split(" rem ")[0][:30] for line in lines)
